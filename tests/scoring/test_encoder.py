"""The encoder: unit rows, stable, and alike across languages."""

import numpy as np
import pytest

from scoring.encoder import DIMENSIONS, UniversalEncoder, universal

TOLD_TWICE = [
    ("Soldiers announce they have taken power", "军人宣布夺取政权"),
    ("Central bank raises interest rates", "Le banque centrale relève ses taux d'intérêt"),
    ("Earthquake destroys hundreds of homes", "Un terremoto destruye cientos de viviendas"),
    ("Ministry expels the ambassador", "الوزارة تطرد السفير"),
]


def test_rows_are_of_unit_length_whatever_the_text() -> None:
    rows = universal().encode(["A headline", "一个标题", "", " ", "x" * 600, "\u200b\u0301"])
    assert rows.shape == (6, DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_no_text_gives_no_rows_and_loads_nothing() -> None:
    encoder = UniversalEncoder()
    assert encoder.encode([]).shape == (0, DIMENSIONS)
    assert encoder._use is None


def test_a_text_has_the_same_row_in_every_company() -> None:
    alone = universal().encode(["Port workers walk out"])
    together = universal().encode(["军人宣布夺取政权", "Port workers walk out", "x"])
    assert together[1] == pytest.approx(alone[0], abs=1e-5)


def test_translations_are_nearer_than_anything_else() -> None:
    left = universal().encode([one for one, _ in TOLD_TWICE])
    right = universal().encode([other for _, other in TOLD_TWICE])
    assert (left @ right.T).argmax(axis=1).tolist() == list(range(len(TOLD_TWICE)))
