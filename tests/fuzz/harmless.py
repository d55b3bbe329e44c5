"""Faults of servers and publishers that cost nothing: the same items must be read with them as without."""

import gzip
import re
from collections.abc import Callable

TAG = re.compile(r"<(/?)([A-Za-z][\w.-]*)(?=[\s/>])")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
CLOSING = re.compile(r"(?:</(?:channel|rss|feed|rdf:RDF)>\s*)+$")
FIRST_END = re.compile(r"(</title>)", re.IGNORECASE)
PREFIX = re.compile(r"""\sxmlns:[\w.-]+\s*=\s*("[^"]*"|'[^']*')""")

Change = Callable[[str], str | bytes]


def bare(text: str) -> str:
    """The document without its XML declaration, so that it can be written in another encoding."""
    return DECLARATION.sub("", text.lstrip("\ufeff"))


def outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """The text with its markup changed, CDATA sections and comments left as they are."""
    parts = re.split(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", text, flags=re.DOTALL)
    parts[::2] = [change(part) for part in parts[::2]]
    return "".join(parts)


def _in_capitals(text: str) -> str:
    return outside_cdata(text, lambda part: TAG.sub(lambda tag: f"<{tag[1]}{tag[2].upper()}", part))


def _declared_twice(text: str) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n<?xml version="1.0" encoding="utf-8"?>\n' + bare(text)


# Of any kind of document.
ANY: dict[str, Change] = {
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "two marks": lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
    "blank lines before": lambda text: "\r\n\n  \t" + text,
    "blank lines behind": lambda text: text + "\n \r\n\t",
    "zeros behind": lambda text: text + "\x00" * 64,
    "packed": lambda text: gzip.compress(text.encode(), mtime=0),
    "utf-16": lambda text: bare(text).encode("utf-16"),
    "utf-16, no mark": lambda text: bare(text).encode("utf-16-le"),
    "utf-16 the other way": lambda text: bare(text).encode("utf-16-be"),
    "utf-32": lambda text: bare(text).encode("utf-32"),
    "zero width before": lambda text: "\u200b\ufeff" + text,
}
# Of XML of any kind.
XML: dict[str, Change] = {
    "declared twice": _declared_twice,
    "declared in capitals": lambda text: '<?XML VERSION="1.0"?>' + bare(text),
    "declared 1.1": lambda text: '<?xml version="1.1"?>' + bare(text),
    "no declaration": bare,
    "comment before": lambda text: "<!-- served in 3 ms -->\n" + text,
    "stylesheet": lambda text: '<?xml-stylesheet type="text/xsl" href="/x.xsl"?>' + bare(text),
    "comment behind": lambda text: text + "\n<!-- page cached -- 3 ms -->",
    "script behind": lambda text: text + "<script>var a = 1 < 2 && 'x';</script>",
    "page behind": lambda text: text + "</body></html>",
    "warning before": lambda text: "<br />\n<b>Warning</b>: in <b>/f.php</b> on line <b>3</b><br />\n" + text,
    "plain warning before": lambda text: "Notice: Undefined index: a in /srv/f.php on line 3\n" + text,
    "zero in a title": lambda text: FIRST_END.sub("\x00\\1", text, count=2),
    "control in a title": lambda text: FIRST_END.sub("\x0b\\1", text, count=2),
    "bad reference in a title": lambda text: FIRST_END.sub(r"&#2;\1", text, count=2),
    "carriage returns": lambda text: text.replace("\r\n", "\n").replace("\n", "\r"),
    "doctype": lambda text: '<!DOCTYPE rss PUBLIC "-//X//DTD RSS 0.91//EN" "http://x.example/rss.dtd">\n' + bare(text),
    "doctype with a subset": lambda text: '<!DOCTYPE x [ <!ENTITY nbsp "&#160;"> <!ELEMENT x ANY> ]>' + bare(text),
    "prefixes not declared": lambda text: PREFIX.sub("", text),
}  # fmt: skip
# Of feeds: where two or three items are enough to see it.
FEEDS: dict[str, Change] = {
    "capitals": _in_capitals,
    "end cut off": lambda text: CLOSING.sub("", text.rstrip()),
    "line break left open": lambda text: re.sub(r"(</item>|</entry>)", r"<p>x<br>\1", text, count=1),
}
