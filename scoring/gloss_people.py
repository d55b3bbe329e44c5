"""The victims that a title counts beyond doubt: what `toll` reads, without whatever could mean something else."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ingest.place.text import UNSPACED
from scoring.gloss_number import Bound, bound_of, listed
from scoring.impact_toll import Count
from scoring.impact_words import Reading, key_of
from scoring.indicator_files import table

_PARTED = re.compile(r"[,،，、]\s|[，、]")  # a comma that is none of a number
# One number for the dead and the wounded together.
_BOTH = re.compile(
    r"(?:killed|dead) (?:and|or) (?:wounded|injured)|muertos y heridos|tués et blessés|mortos e feridos"
    r"|убиты и ранены|قتيل وجريح|کشته و زخمی|伤亡|死伤",
    re.IGNORECASE,
)
_CROWD = 1000  # fewer that are moved may be villages or households


def sure_counts(reading: Reading, counts: Mapping[str, Count]) -> Iterator[tuple[str, float | None, Bound]]:
    """Kind, number and how it is meant; None for a verb that without a number says that there were some."""
    for kind, count in counts.items():
        if not count.told:
            if _is_plain(count):
                yield kind, None, Bound.EXACT
        elif _is_sure(kind, count, reading):
            yield kind, count.value, bound_of(count, reading)


def _is_sure(kind: str, count: Count, reading: Reading) -> bool:
    """No comma parts number and verb, it is not `no one`, not of dead and wounded, and no villages are evacuated."""
    if _PARTED.search(count.words) or _is_none(count, reading) or _BOTH.search(reading.text[count.start :]):
        return False
    if kind != "displaced" or count.value >= _CROWD or UNSPACED.search(count.words):
        return True
    end = count.start + len(count.words)
    near = [key for key, (at, _) in zip(reading.keys, reading.spans, strict=True) if count.start <= at <= end + 1]
    return not _people().isdisjoint(near)


def _is_none(count: Count, reading: Reading) -> bool:
    first = next((number for number, (at, _) in enumerate(reading.spans) if at >= count.start), 0)
    return first > 0 and reading.keys[first - 1] in listed("none")


def _is_plain(count: Count) -> bool:
    """Whether a verb alone cannot mean anything else."""
    return bool(UNSPACED.search(count.words)) or " ".join(map(key_of, count.words.split())) in _verbs()


@cache
def _verbs() -> frozenset[str]:
    return frozenset(" ".join(map(key_of, verb.split())) for verb in table("gloss")["bare"])


@cache
def _people() -> frozenset[str]:
    return frozenset(key_of(word) for phrase in table("toll")["people"] for word in phrase.split())
