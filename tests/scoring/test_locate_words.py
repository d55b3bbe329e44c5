"""The shipped lists of words around places hold nothing that is never read."""

from dataclasses import fields

import pytest

from ingest.place.fold import fold
from ingest.place.forms import russian_stem
from ingest.place.gazetteer import places
from ingest.place.text import WORD
from scoring.indicator_files import table
from scoring.locate_common import spelling
from scoring.locate_turn_words import TurnWords, turn_words
from scoring.locate_words import PlaceWords, place_words


@pytest.mark.parametrize("words", [place_words(), turn_words()], ids=["place", "turns"])
def test_what_is_compared_with_one_word_is_one(words: PlaceWords | TurnWords) -> None:
    lists = {one.name: getattr(words, one.name) for one in fields(words)}
    single = {name: row for name, row in lists.items() if isinstance(row, frozenset) and name != "not_aside"}
    assert [(name, word) for name, row in single.items() for word in row if not WORD.fullmatch(word)] == []


def test_what_is_looked_for_in_chinese_is_chinese() -> None:
    lists = [*place_words().zh.items(), *turn_words().zh.items()]
    assert [(name, word) for name, row in lists for word in row if word.isascii()] == []


def test_what_stands_before_a_place_is_told_once() -> None:
    rows = table("place")["before"].items()
    lists = {(language, key): words for language, row in rows for key, words in row.items()}
    assert [name for name, words in lists.items() if len(words) != len(set(words))] == []


@pytest.mark.parametrize("language", table("place_common")["words"])
def test_a_common_word_would_be_a_place_elsewhere(language: str) -> None:
    words, known = table("place_common")["words"][language], places()
    keys = {word: fold(word) for word in words}
    assert len({spelling(word, key) for word, key in keys.items()}) == len(words)
    stems = {word for word, key in keys.items() if key not in known.words}
    assert [word for word in stems if russian_stem(keys[word]) not in known.stems] == []
