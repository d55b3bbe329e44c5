"""`watchfire silence`, on a database of its own; what `rules test` prints of quiet."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desk.test_commands import data, say

__all__ = ["data", "say"]

CASES = """
cases:
  - name: a silence
    steps:
      - {at: 0 h, silence: {for: 8 h, countries: [NE], reason: site works}}
      - {at: 1 h, report: {source: wire, kind: protest_strike, countries: [NE], severity: 0.3, reliability: B}}
      - {at: 1 h, expect: {level: 4, hush: silence}}
"""


def test_a_silence_from_the_command_line(data: Path, say) -> None:
    say("db", "upgrade")
    assert "Nothing is silenced" in say("silence", "list")
    tried = say("silence", "add", "noise", "--country", "ne", "--dry-run")
    assert tried == "In the last 7 days it would have held 0 of 0 changes; 0 too grave.\n"
    assert "Silence 1 holds from" in say(
        "silence", "add", "site works", "--country", "ne", "--for", "3 d", "--level", "4"
    )
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    window = ("--subtype", "unrest", "--from", later, "--for", "60 d", "--weekly", "90")
    assert "Window 2 holds from" in say("silence", "add", "siren test", *window)
    rows = json.loads(say("silence", "list", "--json"))
    assert [(row["id"], row["state"], row["what"]) for row in rows] == [
        (2, "planned", "unrest"),
        (1, "active", "NE, level 4"),
    ]
    assert "Silence 1 is ended. It held 0 changes" in say("silence", "end", "1")
    assert "nothing so far" in say("silence", "held", "1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("noise",), "silence everything"),
        (("noise", "--country", "ne", "--for", "40 d"), "30 days"),
        (("noise", "--country", "ne", "--for", "long"), "no time span"),
        (("noise", "--country", "ne", "--until", "soon"), "no time"),
        (("noise", "--country", "zz"), "no country ZZ"),
    ],
)
def test_what_is_no_silence(data: Path, say, words: tuple[str, ...], told: str) -> None:
    say("db", "upgrade")
    assert told in say("silence", "add", *words, fails=2)


def test_rules_test_shows_what_was_quiet(data: Path, say) -> None:
    say("db", "upgrade")
    (data / "cases.yaml").write_text(CASES)
    assert "[silence silence:line 5 until 2026-01-05 16:00Z]" in say("rules", "test", str(data / "cases.yaml"))
    (told,) = json.loads(say("rules", "test", str(data / "cases.yaml"), "--json"))
    assert told["steps"][0]["hush"]["kind"] == "silence"
