"""Places by class of sentence: own headlines in eight languages, every one of which must come out."""

from pathlib import Path

import pytest
import yaml

from scoring.locate import countries, locate

_CLASSES = yaml.load(Path(__file__).with_name("place_classes.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
ROWS = [pytest.param(*row, id=f"{name}-{number}") for name, rows in _CLASSES.items() for number, row in enumerate(rows)]


@pytest.mark.parametrize("row", [row.values for row in ROWS], ids=[str(row.id) for row in ROWS])
def test_a_headline_of_its_class(row: tuple[str, ...]) -> None:
    language, codes, title, *text = row
    assert set(countries(locate(title, "".join(text), language))) == set(codes.split())
