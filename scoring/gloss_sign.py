"""The sharp words of a title, as codes, and what takes them back, doubts them or looks back at them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from scoring.category import Category
from scoring.gloss_number import listed
from scoring.impact_severity import measures, taken_back_by
from scoring.impact_toll import Count
from scoring.impact_urgency import looks_back
from scoring.impact_words import Reading
from scoring.indicator_files import table
from scoring.signals import signals
from scoring.words import normalise, words

SIGNS = 3  # of what is done or declared; what qualifies it comes besides


def signs(
    reading: Reading,
    counts: Mapping[str, Count],
    held: tuple[Category, ...],
    subtypes: Sequence[str],
    *,
    is_quake: bool,
) -> Iterator[str]:
    """Keys of messages. `is_quake`: a magnitude is told, so that the word adds nothing; nor do sub-types' own words."""
    if not held:
        return
    found = dict.fromkeys([*_done(reading, held), *_concepts(reading, subtypes)])
    said = {*(f"severity.{key}" for key in subtypes), *(("gloss.quake",) if is_quake else ())}
    yield from [code for code in found if code not in said][:SIGNS]
    yield from _manner(reading, counts, done=any(code.startswith("severity.") for code in found))


def _done(reading: Reading, held: tuple[Category, ...]) -> Iterator[str]:
    for reason in measures(reading, held, taken_back_by(reading)):
        if reason.code in _sure():
            yield reason.code


def _concepts(reading: Reading, subtypes: Sequence[str]) -> Iterator[str]:
    """Words that say more than a sub-type does: of natural hazards, whether the earth shook or a river rose."""
    wanted = {concept for key in subtypes for concept in _refining().get(key, ())}
    if not wanted:
        return
    known, spaced = signals(), []
    for word in words(normalise(reading.text)):
        if word.dense:
            yield from (f"gloss.{hit.key}" for hit in known.in_run(word) if hit.key in wanted)
        else:
            spaced.append(word)
    yield from (f"gloss.{hit.key}" for hit in known.in_words(spaced) if hit.key in wanted)


def _manner(reading: Reading, counts: Mapping[str, Count], *, done: bool) -> Iterator[str]:
    """A look back; taken back, denied, told with reservation or feared; free again, ended, or only talked about."""
    told = done or any(count.told for count in counts.values())
    if told and looks_back(reading):
        yield "urgency.anniversary"
    if reading.of("retraction"):
        yield "certainty.retracted"
    elif reading.of("denial"):
        yield "certainty.denied"
    elif _is_hedged(reading) or (told and _is_any("feared", reading)):
        yield "certainty.hedged"
    if "taken" in counts and _is_any("freed", reading):
        yield "gloss.freed"
    elif done and _is_any("eased", reading):
        yield "gloss.relief"
    elif done and any(mark.sense.code == "talk" for mark in reading.of("shift")):
        yield "gloss.talk"


def _is_hedged(reading: Reading) -> bool:
    return any(mark.sense.code != "light" for mark in reading.of("hedge"))


def _is_any(name: str, reading: Reading) -> bool:
    """Whether a word of a list stands in the title."""
    wanted = listed(name)
    return not wanted.isdisjoint(reading.keys) or any(word in reading.plain for word in wanted if word > "\u3000")


@cache
def _refining() -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(concepts) for key, concepts in table("gloss")["concepts"].items()}


@cache
def _sure() -> frozenset[str]:
    return frozenset(f"severity.{code}" for code in table("gloss")["signs"])
