"""Bytes → text: undo compression, then find the encoding that the bytes are really in.

Order of belief: byte-order mark, then whether the bytes are UTF-8, then what the document or the server declares,
then which language the letters would make under each candidate. A declaration is often wrong; valid UTF-8 with
letters beyond ASCII hardly ever happens by chance.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.letters import guess, is_latin, likelier

MAX_BYTES = 32 * 2**20
MAX_RATIO = 100  # feeds shrink 5- to 20-fold; only a bomb shrinks this much
FREE_BYTES = 4 * 2**20  # up to this size any ratio is harmless
MEMBERS = 100  # pieces of one gzip body that are put together

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the first character of a document ("<", "{", "[") looks like without a mark.
WIDE = (
    (re.compile(rb"[<{\[]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[]"), "utf-32-be"),
    (re.compile(rb"[<{\[]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\[]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"(?:[\t\r\n\x20-\x7e]\0){4}"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\r\n\x20-\x7e]){4}"), "utf-16-be"),
)
EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"
UNOFFICIAL = re.compile(r"^x-|(?<=-8)-[ie]$", re.IGNORECASE)  # x-gbk, x-mac-cyrillic, iso-8859-8-i
# Characters beyond the basic plane as two surrogates of three bytes each (CESU-8): Java and old databases write them.
CESU = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
SHIFTED = re.compile(r"iso-?2022|^hz|utf-?7")  # encodings that look like ASCII
SHIFTS = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B(]|\([JI])"), "iso2022_jp_2"),
    (re.compile(rb"~\{(?:[!-w][!-~]){2,}+~\}"), "hz"),
)

# A declared name → the superset that publishers mean by it (WHATWG Encoding Standard).
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:\-]{1,40})["']""")
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)
DECLARATION_WINDOW = 4096

PLENTY = 20
FEW_BYTES = 3  # so few bytes beyond ASCII tell nothing: a stray letter, not a language


class CompressedError(ValueError):
    """Compressed bytes that cannot, or must not, be unpacked."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte-order mark, the encoding that it came in, and what was odd about it."""

    text: str
    encoding: str
    problems: tuple[str, ...] = ()


def unpack(body: bytes) -> bytes:
    """The body, gunzipped when it is gzip without having said so. CompressedError: broken, or a bomb."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    limit = min(MAX_BYTES, max(FREE_BYTES, len(body) * MAX_RATIO))
    out = b""
    for _ in range(MEMBERS):
        if not body.startswith(b"\x1f\x8b") or len(out) > limit:
            break
        machine = zlib.decompressobj(wbits=31)
        try:
            out += machine.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            raise CompressedError("The document is gzip, but broken.") from error
        body = machine.unused_data
    if len(out) > limit:
        raise CompressedError(f"The document is gzip that unpacks to more than {limit >> 20} MB, like a bomb.")
    if out.startswith(b"\x1f\x8b"):
        raise CompressedError("The document is gzip within gzip, which no feed needs.")
    return out


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Text of a document. `charset` is the Content-Type header or a charset name: a hint, no more. Never fails."""
    for mark, codec in BOMS:
        if body.startswith(mark):
            return _certain(body[len(mark) :], codec)
    for pattern, codec in WIDE:
        if pattern.match(body):
            return _certain(body, codec)
    names = [name for name in _declared(body, charset) if name]
    if body.startswith(EBCDIC):
        names = [*names, "cp037"]
    elif body.isascii() and (shifted := _shifted(body, names)):
        names = [*shifted, *names]
    elif (text := _utf8(body)) is not None:
        return Decoded(text, "utf-8", _disagreement(names, "utf-8") if not body.isascii() else ())
    return _declared_or_guessed(body, names)


def _declared_or_guessed(body: bytes, names: list[str]) -> Decoded:
    good, bad = _utf8_sequences(body)
    mended = "Some bytes are not UTF-8; they were read as Windows-1252."
    if good >= PLENTY and bad * PLENTY <= good:
        return Decoded(body.decode("utf-8", "watchfire-cp1252"), "utf-8", (mended,))
    for name in names:
        codec = SUPERSETS.get(name, name)
        if codec != "utf-8" and (text := _strictly(body, codec)) is not None:
            better = likelier(body, codec)
            if better is None:
                return Decoded(text, codec)
            return Decoded(body.decode(better, "replace"), better, _disagreement(names, better))
    if (good and bad <= 2) or (not good and bad <= FEW_BYTES and "utf-8" in names and not is_latin(body)):
        return Decoded(body.decode("utf-8", "watchfire-cp1252"), "utf-8", (mended,))
    codec = guess(body) or "cp1252"
    told = _disagreement(names, codec) or (f"The document names no encoding; it was read as {codec}.",)
    return Decoded(body.decode(codec, "replace"), codec, told)


def _certain(body: bytes, codec: str) -> Decoded:
    text = body.decode(codec, "replace")
    return Decoded(text, codec, ("Some bytes are broken.",) if "\ufffd" in text else ())


def _declared(body: bytes, charset: str | None) -> Iterator[str | None]:
    head = body[:DECLARATION_WINDOW]
    if body.startswith(EBCDIC):
        head = head.decode("cp037", "replace").encode("ascii", "replace")
    if found := DECLARED.search(head):
        yield _codec(found[1].decode("ascii"))
    if charset:
        named = CHARSET.search(charset)
        yield _codec(named[1] if named else charset)


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(UNOFFICIAL.sub("", name))
    except (LookupError, ValueError):
        return None
    # base64, zip and other transforms are codecs too, but yield no text
    return codec.name if getattr(codec, "_is_text_encoding", True) else None


def _utf8(body: bytes) -> str | None:
    text = _strictly(body, "utf-8")
    return text if text is not None else _strictly(CESU.sub(_one_character, body), "utf-8")


def _one_character(pair: re.Match[bytes]) -> bytes:
    return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _shifted(body: bytes, names: list[str]) -> list[str]:
    """Names of the encodings that look like ASCII, declared ones or by the signs with which they shift."""
    told = [name for name in names if SHIFTED.search(name)]
    return told or [name for sign, name in SHIFTS if sign.search(body)]


def _disagreement(names: list[str], codec: str) -> tuple[str, ...]:
    if not names or names[0] in (codec, "ascii") or SUPERSETS.get(names[0]) == codec:
        return ()
    return (f"The document says it is {names[0]}, but it is {codec}.",)


def _utf8_sequences(body: bytes) -> tuple[int, int]:
    """How many good UTF-8 sequences and how many broken ones: a cut character, a pasted quotation mark."""
    good = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", body))
    return good, body.decode("utf-8", "replace").count("\ufffd")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """A broken byte between ASCII ones is a letter of Windows-1252; among other letters, the rest of a cut one."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    around = error.object[max(error.start - 1, 0) : error.start] + error.object[error.end : error.end + 1]
    if not around.isascii():
        return "\ufffd", error.end
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("watchfire-cp1252", _as_cp1252)
