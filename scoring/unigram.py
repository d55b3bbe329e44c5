"""Text → numbers of pieces, by a vocabulary whose pieces have a likelihood each: the likeliest way to cut a text.

The package `sentencepiece` (Apache-2.0, 1.4 MB) cuts; in Python the same takes ten times as long. It makes one of
several characters in a row that no piece has; here each counts, as the readers learnt it.
"""

import struct
from collections.abc import Iterable
from pathlib import Path

from sentencepiece import SentencePieceProcessor

# SentencePiece's form (sentencepiece_model.proto): fields of a piece, and what kinds of pieces there are.
_PIECES, _TRAINER, _NORMALIZER = b"\x0a", b"\x12", b"\x1a"
_WRITTEN, _SCORE, _KIND = b"\x0a", b"\x15", b"\x18"
_COMMON, _UNKNOWN, _SIGN = 1, 2, 3
_UNIGRAM = b"\x18\x01"  # fields of the trainer: which algorithm, then which numbers the signs have
_NONE, _BEGIN, _END, _FILLER = b"\xc0\x02", b"\xc8\x02", b"\xd0\x02", b"\xd8\x02"
_AS_IT_IS = b"\x0a\x08identity\x18\x00\x20\x00\x28\x00"  # no blank before it, none taken away, none escaped
_BYTE = 0x80


class Cutter:
    """A vocabulary. Its calls may run side by side."""

    def __init__(self, processor: SentencePieceProcessor) -> None:
        self._processor = processor
        self._unknown = processor.unk_id()

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces, without begin and end."""
        found: list[int] = self._processor.encode_as_ids(text)
        return self._each(found, text) if self._unknown in found else found

    def _each(self, found: list[int], text: str) -> list[int]:
        """Characters that no piece has: each by itself."""
        spelt = zip(found, self._processor.encode_as_pieces(text), strict=True)
        return [number for number, piece in spelt for _ in (piece if number == self._unknown else "1")]


def stored_cutter(path: Path) -> Cutter:
    """The vocabulary of a file in SentencePiece's own form."""
    return Cutter(SentencePieceProcessor(model_file=str(path)))


def made_cutter(pieces: Iterable[tuple[bytes, float]], signs: Iterable[bytes], unknown: int) -> Cutter:
    """A vocabulary of pieces, in UTF-8, with their likelihoods. `signs` come first (begin, filler, end, …) and are
    never found in a text; number `unknown` among them stands for what no piece has. A text is cut as it is given."""
    rows = [_row(_piece(sign, 0.0, _UNKNOWN if i == unknown else _SIGN)) for i, sign in enumerate(signs)]
    rows += [_row(_piece(written, score, _COMMON)) for written, score in pieces]
    places = ((_NONE, unknown), (_BEGIN, 0), (_FILLER, 1), (_END, 2))
    trainer = _UNIGRAM + b"".join(field + _number(place) for field, place in places)
    tail = _TRAINER + _sized(trainer) + _NORMALIZER + _sized(_AS_IT_IS)
    return Cutter(SentencePieceProcessor(model_proto=b"".join(rows) + tail))


def _piece(written: bytes, score: float, kind: int) -> bytes:
    return _WRITTEN + _sized(written) + _SCORE + struct.pack("<f", score) + _KIND + bytes((kind,))


def _row(piece: bytes) -> bytes:
    return _PIECES + _sized(piece)


def _sized(body: bytes) -> bytes:
    return _number(len(body)) + body


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    found = bytearray()
    while value >= _BYTE:
        found.append(value % _BYTE | _BYTE)
        value //= _BYTE
    found.append(value)
    return bytes(found)
