"""Markup gone wrong: tags lost, doubled, nested, renamed, texts replaced."""

import re
from random import Random

TOKEN = re.compile(r"<[^>]*>|[^<]+")
NAME = re.compile(r"(</?)([\w:.-]+)")
ITEM = re.compile(r"<(item|entry|alert|info|record)\b.*?</\1>", re.DOTALL)
NAMES = (
    "item", "entry", "title", "link", "description", "channel", "rss", "feed", "alert", "info", "area", "html", "div",
    "a:b", "atom:entry", "content:encoded", "georss:point", "x", "opml", "media:title", "dc:date", "rdf:RDF",
)  # fmt: skip
TEXTS = (
    "", " ", "&", "&amp;amp;", "&#0;", "&#xD800;", "&nosuch;", "&lt;script&gt;x&lt;/script&gt;", "<![CDATA[a]]>",
    "<![CDATA[<![CDATA[a]]]]>", "<!-- -- -->", "<?php echo 1 ?>", "]]>", "\u202e\u0000", "\ud83d\ude00".encode(
        "utf-16", "surrogatepass").decode("utf-16"), "-999 1e999", "90,180", "91 181", "nan nan", "9" * 400,
    "2026-02-30T25:61:61+99:99", "Thu, 32 Foo 2026 99:99:99 XYZ", "今天 14:05", "1405/09/31", "javascript:alert(1)",
    "http://[::1]:99999/", "//x", "data:text/html,x", "http://a.example/\r\nb", "a" * 5000, "<b>" * 300, "<p " * 100,
    "&lt;b&gt;" * 400, "(" * 500, "1;" * 300, "é" * 300, "\u0301" * 600,
)  # fmt: skip
ATTRIBUTES = (
    ' xmlns="urn:x"', ' xmlns:a="urn:a"', ' xml:base="http://[bad"', ' type="xhtml"', ' type="html"', " a=b",
    ' type="application/octet-stream"', ' mode="base64"', ' xml:lang="zz-"', " checked", ' href="&amp;"', ' rel=""',
    " a='1' a='2'", ' xlink:href="x"', ' isPermaLink="false"', ' src="x" type="image/png"',
)  # fmt: skip


def change_markup(text: str, random: Random) -> str:
    """One to three changes of tags or texts."""
    tokens = TOKEN.findall(text)
    for _ in range(random.randint(1, 3)):
        if not tokens:
            break
        random.choice((_lose, _double, _swap, _nest, _rename, _retext, _mark))(tokens, random)
    changed = "".join(tokens)
    return random.choice(WHOLE)(changed, random) if random.random() < 0.2 else changed


def _lose(tokens: list[str], random: Random) -> None:
    del tokens[random.randrange(len(tokens))]


def _double(tokens: list[str], random: Random) -> None:
    at = random.randrange(len(tokens))
    tokens[at] *= random.choice((2, 2, 40))


def _swap(tokens: list[str], random: Random) -> None:
    one, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]


def _nest(tokens: list[str], random: Random) -> None:
    at, tag, depth = random.randrange(len(tokens)), random.choice(NAMES), random.choice((1, 3, 300))
    tokens[at] = f"<{tag}>" * depth + tokens[at] + f"</{tag}>" * random.choice((depth, depth, 0))


def _rename(tokens: list[str], random: Random) -> None:
    at = random.randrange(len(tokens))
    new = random.choice(NAMES)
    old = NAME.match(tokens[at])
    if old and random.random() < 0.5:  # everywhere
        for i, token in enumerate(tokens):
            tokens[i] = NAME.sub(lambda found: found[1] + (new if found[2] == old[2] else found[2]), token, count=1)
    else:
        tokens[at] = NAME.sub(lambda found: found[1] + new, tokens[at], count=1)


def _retext(tokens: list[str], random: Random) -> None:
    texts = [i for i, token in enumerate(tokens) if token[:1] != "<"] or [0]
    tokens[random.choice(texts)] = random.choice(TEXTS)


def _mark(tokens: list[str], random: Random) -> None:
    tags = [i for i, token in enumerate(tokens) if NAME.match(token)] or [0]
    at = random.choice(tags)
    tokens[at] = NAME.sub(lambda found: found[0] + random.choice(ATTRIBUTES), tokens[at], count=1)


def _in_capitals(text: str, random: Random) -> str:
    return NAME.sub(lambda found: found[0].upper(), text)


def _without_ends(text: str, random: Random) -> str:
    tag = random.choice(NAMES)
    return re.sub(rf"</{tag}\s*>", "", text)


def _many_items(text: str, random: Random) -> str:
    found = ITEM.search(text)
    return text.replace(found[0], found[0] * random.choice((2, 30, 300)), 1) if found else text


def _with_entities(text: str, random: Random) -> str:
    bodies = ("'x'", "SYSTEM 'file:///etc/hostname'", "'&b;&b;'", "'" + "y" * 199 + "'", "'&#60;b&#62;'")
    doctype = "".join(f"<!ENTITY {key} {random.choice(bodies)}>" for key in "abc")
    return f"<!DOCTYPE x [{doctype}]>" + text.replace("</title>", "&a;&b;</title>")


def _in_page(text: str, random: Random) -> str:
    return f"<html><body>{text}</body></html>"


def _prefixed(text: str, random: Random) -> str:
    return NAME.sub(lambda found: f"{found[1]}q:{found[2]}" if ":" not in found[2] else found[0], text)


WHOLE = (_in_capitals, _without_ends, _many_items, _with_entities, _in_page, _prefixed)
