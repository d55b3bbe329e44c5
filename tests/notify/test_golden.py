"""What each channel sends, kept as files to be looked at: a change of a card shows in review.

After a change that is meant, write them anew with `REFRESH_GOLDEN=1 pytest tests/notify/test_golden.py` and read the
difference.
"""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from service.notify.channel import ChannelInfo, Letter
from service.notify.channels import CHANNELS
from tests.notify.world import MESSAGE, WORDS

FOLDER = Path(__file__).parent / "golden"
# Codes of no catalogue: the files need not change with the wording of reasons, which others look after.
REASONS = (
    {"kind": "country", "code": "golden.place", "value": "NE", "words": "Niamey", "weight": 0.4},
    {"kind": "severity", "code": "golden.dead", "value": "5", "words": "five <dead>", "weight": 0.9},
)
RAISED = replace(MESSAGE, reasons=REASONS)
CASES = {
    "raised": RAISED,
    "withdrawn": replace(
        RAISED, action="withdraw", withdrawn=True, level=2, demo=True, unconfirmed=False, acknowledge_by=None, url="/1"
    ),
}


def rendered(kind: str, case: str, language: str) -> Any:
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/"
    outgoing = CHANNELS[kind].render(CASES[case], ChannelInfo(kind, "room", address, None, language), WORDS)
    if isinstance(outgoing, Letter):
        return asdict(outgoing) | {"date": str(outgoing.date), "text": outgoing.text.splitlines()}
    return json.loads(outgoing.body)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("kind", list(CHANNELS))
def test_golden(kind: str, case: str, language: str) -> None:
    path = FOLDER / f"{kind}.{case}.{language}.json"
    found = rendered(kind, case, language)
    if os.environ.get("REFRESH_GOLDEN") == "1":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_no_file_is_left_over() -> None:
    expected = {f"{kind}.{case}.{lang}.json" for kind in CHANNELS for case in CASES for lang in ("zh", "en")}
    assert {path.name for path in FOLDER.glob("*.json")} == expected
