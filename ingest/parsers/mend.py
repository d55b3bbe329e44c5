"""What publishers get wrong in XML, put right in the text so that it can be read as a tree."""

import html.entities
import re

MAX_PREFIXES = 200
XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))

REFERENCE = re.compile(r"&(#?[\w.:-]{1,60});")
PREFIX = re.compile(r"xmlns:([\w.-]+)\s*=")
USED_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
C1 = re.compile("[\x80-\x84\x86-\x9f]")  # Windows-1252 letters that were copied as if they were Latin-1
CHARACTER = re.compile(r"&#(\d{1,10}|[xX][0-9a-fA-F]{1,8});")
CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
CDATA_OR_COMMENT = re.compile(r"<!\s*\[\s*CDATA\s*\[(.*?(?:\]\]>|\Z))|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
# A child of an item whose end tag is missing: its text runs on into the next child.
LEFT_OPEN = re.compile(
    r"<(title|link|guid|pubDate|author|category|comments)(?:\s[^<>]*(?<!/))?>[^<]+"
    r"(?=<(?:title|link|guid|pubDate|author|category|comments|description|item|/item|/channel)[\s>])"
)
BARE_AND = re.compile(r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
BARE_LESS = re.compile(r"<(?![A-Za-z_/!?:])")
# A tag with attributes; those that are as XML wants them; one attribute of any kind.
BROKEN_TAG = re.compile(r"<([A-Za-z_][\w.:-]*+)(\s[^<>]*+)>")
GOOD_ATTRIBUTES = re.compile(r"""(?:\s++[A-Za-z_][\w.:-]*+\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'))*+\s*+/?""")
ATTRIBUTE = re.compile(
    r"""(?<=\s)([A-Za-z_][\w.-]*+(?::[\w.-]++)?)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))"""
)
ODD_INSTRUCTION = re.compile(r"<\?(?![A-Za-z_])[^<>]*+>")
# A character beyond the basic plane, written as its two halves.
PAIR = re.compile(
    r"&#(?:[xX]([dD][89abAB][0-9a-fA-F]{2})|(5[56]\d{3}));&#(?:[xX]([dD][c-fC-F][0-9a-fA-F]{2})|(5[67]\d{3}));"
)
NUMBERS = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
NAMED = re.compile(r"&(amp|lt|gt|quot|apos);")

# Prefixes that feeds use without declaring them.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "cap": "urn:oasis:names:tc:emergency:cap:1.2",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


def mended(text: str) -> str:
    """Text with what publishers get wrong put right, outside CDATA sections; these lose only illegal characters."""
    text = CHARACTER.sub(_legal_character, PAIR.sub(_one_character, ILLEGAL.sub("", text)))
    text = ODD_INSTRUCTION.sub("", text)
    text = CDATA_OR_COMMENT.sub(lambda match: "" if match[1] is None else "<![CDATA[" + match[1], text)
    parts = CDATA.split(text)
    parts[::2] = [_mended_part(part) for part in parts[::2]]
    return _declared("".join(parts))


def _mended_part(part: str) -> str:
    part = BARE_LESS.sub("&lt;", BARE_AND.sub("&amp;", REFERENCE.sub(_html_entity, part)))
    return BROKEN_TAG.sub(_with_good_attributes, part).replace("]]>", "]]&gt;")


def _with_good_attributes(tag: re.Match[str]) -> str:
    """The tag with each attribute once, quoted; what is none is left out. A tag that is cut by a quoted `>` stays."""
    inner = tag[2]
    if GOOD_ATTRIBUTES.fullmatch(inner) and not _repeats(inner):
        return tag[0]
    if inner.count('"') % 2 or inner.count("'") % 2:
        return tag[0]
    found = {key: double or single or bare for key, double, single, bare in ATTRIBUTE.findall(inner)}
    end = "/" if inner.endswith("/") else ""
    return f"<{tag[1]}" + "".join(f' {key}="{_quoted(value)}"' for key, value in found.items()) + f"{end}>"


def _repeats(inner: str) -> bool:
    keys = [found[0] for found in ATTRIBUTE.findall(inner)]
    return len(set(keys)) < len(keys)


def _quoted(value: str) -> str:
    return value.replace('"', "&quot;")


def _declared(text: str) -> str:
    """The text with a declaration, on its first tag, of each namespace prefix that it uses undeclared."""
    used = {one or other for one, other in USED_PREFIX.findall(text)} - {"xml", "xmlns", ""}
    missing = sorted(used - set(PREFIX.findall(text)))[:MAX_PREFIXES]
    root = re.search(r"<[A-Za-z_][\w.:-]*", text)
    if not missing or not root:
        return text
    added = "".join(f' xmlns:{prefix}="{NAMESPACES.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in missing)
    return text[: root.end()] + added + text[root.end() :]


def in_numbers(text: str) -> str:
    """Text with `&amp;` as `&#38;` and the like: after its first error, libxml2 2.14 drops what is written by name."""
    parts = CDATA.split(text)
    parts[::2] = [NAMED.sub(lambda match: NUMBERS[match[1]], part) for part in parts[::2]]
    return "".join(parts)


def closed(text: str) -> str:
    """Text with the end tags of an item's children that lack them."""
    return LEFT_OPEN.sub(r"\g<0></\1>", text)


def without_controls(text: str) -> str:
    """Text with the letters of Windows-1252 that stand in it as controls."""
    return C1.sub(_from_cp1252, text)


def _from_cp1252(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", "ignore")


def _one_character(match: re.Match[str]) -> str:
    high = int(match[1], 16) if match[1] else int(match[2])
    low = int(match[3], 16) if match[3] else int(match[4])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match[0]
    return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)


def _legal_character(match: re.Match[str]) -> str:
    number = int(match[1][1:], 16) if match[1][0] in "xX" else int(match[1])
    if number in (9, 10, 13) or (
        0x20 <= number <= 0x10FFFF and not (0xD800 <= number <= 0xDFFF) and number & 0xFFFE != 0xFFFE
    ):
        return match[0].lower()  # &#X41; is none of XML's ways to write a character
    return ""


def _html_entity(match: re.Match[str]) -> str:
    key = match[1]
    if key.startswith("#") or key in XML_ENTITIES:
        return match[0]
    return html.entities.html5.get(key + ";") or html.entities.html5.get(key.lower() + ";", match[0])
