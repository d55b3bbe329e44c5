"""The labelled text is what it says it is: well formed, in known words, each row its own."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pycountry
import pytest

from scoring import corpus_card
from scoring.category import CATEGORIES, SUBTYPES
from scoring.features import Text
from scoring.sample import Sample, read_samples
from tests.scoring.alikeness import Pair, near_copies, same_shapes, skeleton

CORPUS = Path(__file__).parents[2] / "scoring" / "corpus"
FIELDS = {"id", "lang", "title", "text", "labels", "subtypes", "severity", "countries"}
LANGUAGES = {"ar", "en", "es", "fa", "fr", "hi", "id", "my", "pt", "ru", "sw", "ur", "vi", "zh"}
FORMER = {"XK"}  # Kosovo, which ISO leaves to its users


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    files = sorted(CORPUS.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def corpus() -> list[Sample]:
    return read_samples(CORPUS)


def faults(row: dict[str, Any]) -> list[str]:
    """What is wrong with a row."""
    labels, kinds = row["labels"], row["subtypes"]
    told = {
        "fields": set(row) != FIELDS,
        "words": not (row["title"] + row["text"]).strip(),
        "language": row["lang"] not in LANGUAGES,
        "labels": not labels or not set(labels) <= {*CATEGORIES, "none"} or ("none" in labels and len(labels) > 1),
        "sub-types": any(SUBTYPES.get(kind) not in labels for kind in kinds),
        "severity": row["severity"] not in range(5) or (row["severity"] == 0) != (labels == ["none"]),
        "countries": any(pycountry.countries.get(alpha_2=code) is None for code in {*row["countries"]} - FORMER),
    }
    return [what for what, wrong in told.items() if wrong]


def test_every_row_is_well_formed_and_in_known_words(rows: list[dict[str, Any]]) -> None:
    assert {row["id"]: found for row in rows if (found := faults(row))} == {}


def test_no_id_stands_twice(rows: list[dict[str, Any]]) -> None:
    assert [key for key, count in Counter(row["id"] for row in rows).items() if count > 1] == []


def test_all_fourteen_languages_and_all_subtypes_are_there(rows: list[dict[str, Any]]) -> None:
    assert {row["lang"] for row in rows} == LANGUAGES
    assert {kind for row in rows for kind in row["subtypes"]} == SUBTYPES.keys()


def test_no_row_is_nearly_another(corpus: list[Sample]) -> None:
    assert [str(pair) for pair in near_copies(corpus)] == []


def test_no_two_rows_of_a_file_are_one_template(corpus: list[Sample]) -> None:
    assert [str(pair) for pair in same_shapes(corpus)] == []


def sample(key: str, title: str, lede: str = "", language: str = "en") -> Sample:
    return Sample(key, Text(title, lede, language), ())


def kinds(pairs: list[Pair]) -> set[str]:
    return {pair.what for pair in pairs}


def test_a_near_copy_is_found_and_named() -> None:
    one = sample("x-1", "Flood closes the road to Mombasa port", "Lorries wait at the bridge.")
    other = sample("x-2", "Flood closes the road to Mombasa port again", "Lorries wait at the old bridge.")
    found = near_copies([one, other, sample("x-3", "Singer opens the festival of lights in Lyon")])
    assert kinds(found) == {"copy", "title"}
    assert "x-1 'Flood closes" in str(found[0])
    assert "x-2" in str(found[0])


def test_copies_in_another_language_are_translations() -> None:
    words = "Explosion en el puerto de Callao deja tres heridos"
    assert near_copies([sample("x-1", words), sample("x-2", words, language="es")]) == []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Police in Lagos arrest 14 over stolen cable", "Police in Quito arrest 9 over stolen cable"),
        ("zh", "肯尼亚内罗毕发生客车翻车事故 造成12人受伤送医", "秘鲁利马发生客车翻车事故 造成7人受伤送医"),
    ],
)  # fmt: skip
def test_a_template_filled_twice_is_found(language: str, one: str, other: str) -> None:
    pair = [sample("x-1", one, language=language), sample("x-2", other, language=language)]
    assert kinds(same_shapes(pair)) == {"shape", "title shape"}
    assert same_shapes([pair[0], sample("y-2", other, language=language)]) == []  # another file


def test_a_skeleton_has_neither_names_nor_numbers() -> None:
    assert skeleton("Ministers of Kenya and Mali met Anna Berg on 14 May", "en") == "Ministers of □ and □ met □ on □"
    assert skeleton("肯尼亚与马里签署3项协议", "zh") == "□与□签署□项协议"


def test_the_card_of_the_corpus_has_the_counts_of_the_corpus(corpus: list[Sample]) -> None:
    assert corpus_card.table(corpus) in (CORPUS / "README.md").read_text("utf-8")
