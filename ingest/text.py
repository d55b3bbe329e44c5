"""What a publisher wrote, as plain text that is safe to store, compare and show; and the language it is in."""

import html
import re
from collections import Counter

import nh3

from ingest.marks import composed

TITLE_LENGTH = 500
TEXT_LENGTH = 4_000
READ_LENGTH = 200_000  # no more markup than this is read of one item
MANY_TAGS = 500
DEEP = 200

UNSEEN = {"script", "style", "noscript", "template", "iframe", "svg", "head", "select", "button"}
BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|td|th|table|section|article|header|footer|blockquote|pre|h[1-6])\b)",
    re.IGNORECASE,
)
MARKUP = re.compile(
    r"</?(?:a|b|i|u|p|br|hr|em|strong|img|div|span|font|script|style|iframe|object|embed|form|svg|ul|ol|li|table|t[rdh]"
    r"|h[1-6]|blockquote|small|su[bp]|code|pre)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Tags that say nothing and hide nothing, as most feeds write them. A text with no others needs no parser of HTML: 3 µs
# against 15. Attributes are passed over whole, in time that grows with their length.
ATTRIBUTES = r"""(?:\s++[a-zA-Z][\w:-]*+(?:=(?:"[^"<>]*+"|'[^'<>]*+'))?+)*+\s*+/?"""
HARMLESS_BLOCK = re.compile(
    rf"</?(?:p|div|br|hr|li|ul|ol|table|tr|td|th|blockquote|h[1-6])\b{ATTRIBUTES}>", re.IGNORECASE
)
HARMLESS_INLINE = re.compile(rf"</?(?:a|b|i|u|em|strong|span|img|font|small)\b{ATTRIBUTES}>", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
ANY_TAG = re.compile(r"<[^<>]*>")
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
LONE = re.compile("[\ud800-\udfff]")  # half a character, as JSON can write it; nh3 takes none
CDATA_SIGN = re.compile(r"<!\[CDATA\[|\]\]>")
# Controls, bidi embeddings, overrides and isolates, invisible separators, soft hyphen, byte-order mark,
# interlinear marks, lone surrogates and non-characters. Joiners stay: Persian and Indic spelling need them.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)


def plain(markup: str, limit: int = TEXT_LENGTH) -> str:
    """HTML to text: no tags, no scripts, entities resolved, folded. At most `limit` characters."""
    text = _resolved(markup[:READ_LENGTH])
    if MARKUP.search(text):  # markup that was escaped twice
        text = _resolved(text)
    return fold(text, limit)


def label(text: str, limit: int = TITLE_LENGTH) -> str:
    """Text that is plain by its declaration: `1 < 2` stays; HTML tags and entities that came in all the same go."""
    text = _without_sections(text[:READ_LENGTH])
    if MARKUP.search(text):
        return plain(text, limit)
    return fold(html.unescape(text) if ENTITY.search(text) else text, limit)


def fold(text: str, limit: int | None = None) -> str:
    """NFC, white space folded to single blanks, controls and direction overrides gone, cut at a word."""
    if not text.isprintable():  # white space that is no blank, controls, private characters
        text = UNWANTED.sub("", text)
    text = " ".join(text.split())
    if not text.isascii():
        text = composed(text)
    return text if limit is None or len(text) <= limit else cut(text, limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending with an ellipsis, between words where the script has blanks."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ", limit * 3 // 4)
    return (head if word < 0 else head[:word]).rstrip() + "…"


def headline(text: str, limit: int = 120) -> str:
    """A title made up from a text without one: its first sentence, or as much as fits."""
    first = re.split(r"(?<=[.!?؟])\s|(?<=[。！？])", text[: limit * 4], maxsplit=1)[0]
    return cut(first.strip(), limit)


def _without_sections(text: str) -> str:
    """Without the signs of CDATA sections that were escaped, or put into each other, as if they were text."""
    return CDATA_SIGN.sub("", text) if "[CDATA[" in text else text


def _resolved(markup: str) -> str:
    markup = _without_sections(markup)
    if "<" in markup:
        return html.unescape(_untagged(markup))
    return html.unescape(markup) if "&" in markup else markup


def _untagged(markup: str) -> str:
    """Markup without tags, still escaped. nh3 takes seconds on deep nesting (measured: 100,000 open tags, 14 s)."""
    bare = HARMLESS_INLINE.sub("", HARMLESS_BLOCK.sub(" ", markup))
    if "<" not in bare:
        return bare
    if markup.count("<") > MANY_TAGS and _depth(markup) > DEEP:
        return ANY_TAG.sub(" ", markup)
    markup = LONE.sub("", markup)
    return nh3.clean(BLOCK.sub(" <", markup), tags=set(), clean_content_tags=UNSEEN)


def _depth(markup: str) -> int:
    deepest = depth = 0
    for found in TAG.finditer(markup):
        if found[1]:
            depth = max(depth - 1, 0)
        elif found[2].lower() not in VOID:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEP:
                break
    return deepest


# Script → (its characters, the language that it means unless another of the same script is declared, those others).
WRITTEN = (
    ("\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff", "zh", "ja yue ko"),
    ("\u3040-\u30ff\uff66-\uff9f", "ja", ""),
    ("\uac00-\ud7af\u1100-\u11ff\u3130-\u318f", "ko", ""),
    ("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", "ar", "fa ur ps ug sd ku ckb prs"),
    ("\u0400-\u052f", "ru", "uk be bg sr mk kk ky tg mn tt"),
    ("\u0e00-\u0e7f", "th", ""),
    ("\u0900-\u097f", "hi", "mr ne sa"),
    ("\u0980-\u09ff", "bn", "as"),
    ("\u0370-\u03ff\u1f00-\u1fff", "el", ""),
    ("\u0590-\u05ff", "he", "yi"),
    ("\u0b80-\u0bff", "ta", ""),
    ("\u0c00-\u0c7f", "te", ""),
    ("\u0c80-\u0cff", "kn", ""),
    ("\u0d00-\u0d7f", "ml", ""),
    ("\u0a80-\u0aff", "gu", ""),
    ("\u0a00-\u0a7f", "pa", ""),
    ("\u0d80-\u0dff", "si", ""),
    ("\u1000-\u109f", "my", ""),
    ("\u1780-\u17ff", "km", ""),
    ("\u0e80-\u0eff", "lo", ""),
    ("\u1200-\u137f", "am", "ti"),
    ("\u10a0-\u10ff", "ka", ""),
    ("\u0530-\u058f", "hy", ""),
    ("\u0f00-\u0fff", "bo", "dz"),
)
LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")
NO_SCRIPT, IN_LATIN, HAN = -1, -2, 0
HAN_RUN, LATIN_RUN = re.compile("[\u4e00-\u9fff]+"), re.compile("[A-Za-z]+")


class _ScriptOf(dict[str, int]):
    """Character → the number of its script in WRITTEN, found out when it is first met."""

    def __missing__(self, char: str) -> int:
        number = next((number for number, (chars, _, _) in enumerate(WRITTEN) if _is_within(char, chars)), NO_SCRIPT)
        if number == NO_SCRIPT and LATIN.match(char):
            number = IN_LATIN
        if char <= "\uffff":  # those beyond are rare, and too many to remember
            self[char] = number
        return number


def _is_within(char: str, ranges: str) -> bool:
    return any(first <= char <= last for first, last in zip(ranges[::3], ranges[2::3], strict=True))


SCRIPT_OF = _ScriptOf()
WRITTEN_OTHERWISE = frozenset(code for _, main, others in WRITTEN for code in (main, *others.split()))
# Letters that tell a language of a shared script from the main one.
TELLING = (
    ("ur", "ar", re.compile("[ٹڈڑےں]")),
    ("fa", "ar", re.compile("[پچژگ]")),
    ("uk", "ru", re.compile("[іїєґІЇЄҐ]")),
)
THREE = {
    "eng": "en", "zho": "zh", "chi": "zh", "fra": "fr", "fre": "fr", "spa": "es", "ara": "ar", "rus": "ru", "deu": "de",
    "ger": "de", "por": "pt", "jpn": "ja", "kor": "ko", "ita": "it", "per": "fa", "fas": "fa",
}  # fmt: skip
ENOUGH = 0.2  # share of letters that decides: names and loan words in Latin script stand in any text


def language(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code by the script of the text; a declared language is believed only if that script can write it."""
    told = tongue(declared)
    sample = text[:1000]
    if sample.isascii():  # most often, and 24 searches saved
        return None if told in WRITTEN_OTHERWISE and LATIN.search(sample) else told
    of_script = _scripts_in(sample)
    total = of_script.total()
    del of_script[IN_LATIN]
    counts = [(of_script[number], *WRITTEN[number][1:]) for number in sorted(of_script)]
    if not total:
        return told
    count, main, others = max(counts, key=lambda row: row[0], default=(0, "", ""))
    if count < total * ENOUGH:
        return None if told in WRITTEN_OTHERWISE else told
    if main == "zh" and next((count for count, main, _ in counts if main == "ja"), 0) > total * 0.05:
        return "ja"
    return told if told and told in (main, *others.split()) else _told_apart(sample, main)


def _scripts_in(text: str) -> Counter[int]:
    """How many characters of each script there are, the two that most texts consist of by the run."""
    no_han = HAN_RUN.sub("", text)
    rest = LATIN_RUN.sub("", no_han)
    found = Counter(map(SCRIPT_OF.__getitem__, rest))
    del found[NO_SCRIPT]
    if han := len(text) - len(no_han):
        found[HAN] += han
    if latin := len(no_han) - len(rest):
        found[IN_LATIN] += latin
    return found


def tongue(declared: str | None) -> str | None:
    """`en-US`, `EN`, `zh_Hans`, `eng` → `en`, `en`, `zh`, `en`; None when it is no language code."""
    if not declared or not (found := re.match(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]+)?\s*$", declared)):
        return None
    code = found[1].lower()
    return THREE.get(code, code) if code not in ("und", "mul", "zxx") else None


def _told_apart(sample: str, main: str) -> str:
    # One stray letter is a name; a text in the language holds many.
    for code, base, pattern in TELLING:
        if base == main and len(pattern.findall(sample)) * 50 >= len(sample):
            return code
    return main
