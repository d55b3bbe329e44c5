"""The fallback: words alone, and it says so."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from ingest.entry import Entry, Item, Sharing
from scoring.assess import assess
from scoring.category import CATEGORIES, Category
from scoring.keywords import keyword_model
from scoring.nearest import nearest

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def entry(title: str, language: str) -> Entry:
    """An entry with a title only."""
    return Entry("test", "B", Sharing.CLEAR, NOW, Item(key=title, raw_hash="", title=title, language=language))


@pytest.mark.parametrize(
    ("title", "language", "category", "subtype"),
    [
        ("Army officers stage coup and close the borders", "en", Category.POLITICAL, "coup"),
        ("央行突然实施外汇管制 企业利润无法汇出", "zh", Category.FINANCIAL, "capital_control"),
        ("Fuerte sismo deja decenas de muertos", "es", Category.SECURITY, "natural_hazard"),
        ("Хакеры взломали сеть больниц", "ru", Category.SECURITY, "cyber"),
    ],
)
def test_sharp_words_are_found_without_any_model(title: str, language: str, category: Category, subtype: str) -> None:
    (made,) = assess([entry(title, language)], keyword_model(), NOW)
    assert category in made.labels
    assert subtype in made.subtypes
    assert made.model.startswith("keywords-")
    assert any(reason.words for reason in made.reasons if reason.value == category.value)
    assert nearest(made.vector, keyword_model().encoder.name) == ()


def test_what_holds_no_sharp_word_is_left_alone() -> None:
    (made,) = assess([entry("Orchestra opens its season with a new symphony", "en")], keyword_model(), NOW)
    assert made.labels == ()
    assert set(made.probabilities) == set(CATEGORIES)


def test_the_command_says_that_it_is_the_fallback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "assess", "--jsonl"],
        input=json.dumps({"id": 1, "title": "Coup in Mali: soldiers seize power"}).encode(),
        capture_output=True,
        env={**os.environ, "WATCHFIRE_MODEL": "keywords"},
        check=True,
    )
    assert json.loads(done.stdout)["model"].startswith("keywords-")
    assert b"read by words alone" in done.stderr
