"""A document gone wrong, always the same one for the same seed and number."""

import gzip
from random import Random

from tests.fuzz.cells import change_rows
from tests.fuzz.tags import change_markup
from tests.fuzz.values import change_json
from tests.ingest.golden import DOCUMENTS

BODIES = [path.read_bytes() for path in DOCUMENTS]
LUMPS = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<item>", b"</item>", b"<entry>", b"{", b"}", b"[", b"]", b'"',
    b",", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;", b"&#0;",
    b"&#x110000;", b"null", b"NaN", b"-0-", b"\n", b"\t", b"2026-99-99", b"xmlns:a='b'", "令和元年".encode(),
    b"\xd6\xd0\xb9\xfa", b"\xed\xa0\xbd", b"\x1b$B", b"~{", b"+AAA-", b"\x85", b"'", b"\\", b"\\u0000", b"/*",
]  # fmt: skip
CODECS = (
    "utf-16", "utf-16-le", "utf-32-be", "gb18030", "big5", "koi8-r", "cp037", "utf-7", "cp1251", "shift_jis", "euc_kr",
    "iso2022_jp", "hz", "latin-1", "utf-8-sig",
)  # fmt: skip
LONGEST = 400_000


def document(seed: int, number: int) -> bytes:
    """The document of that number: changed by its structure, its bytes, its encoding, or several of these."""
    random = Random(f"{seed}/{number}")
    body = random.choice(BODIES)
    for _ in range(random.randint(1, 3)):
        body = random.choice((by_structure, by_structure, by_bytes, by_wrapping))(body, random)[:LONGEST]
    return body


def by_structure(body: bytes, random: Random) -> bytes:
    """Changed as XML, JSON or table, whichever it is."""
    text = body.decode("utf-8", "surrogateescape")
    head = text.lstrip("\ufeff \r\n\t")[:1]
    change = change_markup if head == "<" else change_json if head in ("{", "[") else change_rows
    return change(text, random).encode("utf-8", "surrogateescape")


def by_bytes(body: bytes, random: Random) -> bytes:
    """Pieces cut, doubled, replaced, put in, or taken over from another document."""
    for _ in range(random.randint(1, 4)):
        start = random.randint(0, len(body))
        end = min(len(body), start + random.choice((0, 1, random.randint(0, 200))))
        other = random.choice(BODIES)
        cut = random.randint(0, len(other))
        piece = random.choice((
            b"", body[start:end] * random.choice((2, 3, 50)), random.choice(LUMPS), random.choice(LUMPS) * 500,
            random.randbytes(random.randint(1, 8)), other[cut : cut + random.randint(0, 2000)],
        ))  # fmt: skip
        body = body[:start] + piece + body[end:]
    return body


def by_wrapping(body: bytes, random: Random) -> bytes:
    """In another encoding, packed, cut off, or with something before or after it."""
    kind = random.randrange(5)
    if kind == 0:
        return body.decode("utf-8", "replace").encode(random.choice(CODECS), "replace")
    if kind == 1:
        packed = gzip.compress(body, 1, mtime=0)
        return packed if random.random() < 0.5 else packed[: random.randint(0, len(packed))]
    if kind == 2:
        return body[: random.randint(0, len(body))]
    if kind == 3:
        return random.choice((*LUMPS, b"Warning: no such file in /var on line 1\n", b"<br />\n")) + body
    return body + random.choice((*LUMPS, body, b"<!-- served -->", bytes(100)))
