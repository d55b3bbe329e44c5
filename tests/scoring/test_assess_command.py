"""`watchfire assess`, `evaluate` and `train` from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scoring.sample import read_samples
from tests.scoring.plain import TOPICS

LINES = [
    b'{"id": "a", "title": "Soldiers seize power in Niger", "text": "", "lang": "en"}',
    b"{ not JSON",
    b'{"id": 7, "title": "\xe5\xb0\xbc\xe6\x97\xa5\xe5\xb0\x94\xe5\x8f\x91\xe7\x94\x9f\xe6\x94\xbf\xe5\x8f\x98"}',
    b"",
    b'{"id": 8}',
    b'{"id": 9, "title": 3}',
    b'["a list"]',
    b'{"id": {"odd": 1}, "title": "Team wins cup", "text": null}',
    b"\xff\xfe",
    b'{"id": 10, "title": "\\ud800 broken letter"}',
]
KEYS = {"labels", "uncertain", "probabilities", "subtypes", "countries", "severity", "urgency", "certainty", "reasons"}


def run(*arguments: str, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **settings}
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments], input=given, capture_output=True, env=environment, check=False
    )


def test_one_line_for_each_line_in_order() -> None:
    done = run("assess", "--jsonl", given=b"\n".join(LINES))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, 7, None, 8, 9, None, {"odd": 1}, None, 10]
    assert ["error" in answer for answer in answers] == [i in (1, 3, 4, 5, 6, 8) for i in range(10)]
    assert answers[0].keys() >= KEYS
    assert "political" in answers[0]["labels"]
    assert answers[0]["countries"] == ["NE"]
    assert "political" in answers[2]["labels"]
    assert answers[7]["labels"] == []


def test_a_missing_model_is_one_sentence(tmp_path: Path) -> None:
    done = run("assess", "--jsonl", given=LINES[0], WATCHFIRE_MODEL=str(tmp_path / "none.npz"))
    assert done.returncode == 2
    assert b"is missing. Run `watchfire train`" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_train_then_evaluate_with_what_was_trained(tmp_path: Path) -> None:
    rows = [
        {"id": f"{i}", "lang": "en", "title": f"{words} {place}", "text": "", "labels": [topic] if topic else ["none"]}
        for i, (topic, words, place) in enumerate(
            (topic, words, place)
            for topic, happenings in TOPICS.items()
            for words in happenings
            for place in ("in Chad", "in Peru", "in Laos", "in Iran")
        )
    ]
    (tmp_path / "corpus").mkdir()
    corpus = tmp_path / "corpus" / "own.jsonl"
    corpus.write_text("\n".join(json.dumps(row) for row in rows))
    out = tmp_path / "own.npz"
    trained = run("train", "--corpus", str(corpus.parent), "--out", str(out))
    assert trained.returncode == 0, trained.stderr
    assert out.exists()
    assert json.loads(out.with_suffix(".json").read_text())["data"]["samples"] == sum(
        not sample.fixed for sample in read_samples(corpus)
    )
    measured = run("evaluate", str(corpus), "--json", WATCHFIRE_MODEL=str(out))
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout)["macro_f1"] > 0.9


def test_wrong_text_to_learn_from_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "few.jsonl").write_text('{"id": 1, "title": "x", "labels": ["weather"]}')
    done = run("train", "--corpus", str(tmp_path), "--out", str(tmp_path / "x.npz"))
    assert done.returncode == 2
    assert b"few.jsonl, line 1" in done.stderr
    assert b"Traceback" not in done.stderr
