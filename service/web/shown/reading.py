"""What is said of one entry: by the machine, or by a person over it; and the form in which a person says it."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.category import CATEGORIES, SUBTYPES
from scoring.judgement import GRAVEST, proposed
from scoring.nearest import Example
from service.desk.queue import Asked
from service.notify.text import clean, shorten
from service.store.rows import assessment_of
from service.store.tables import AssessmentRow, Correction, EntryRow, SourceRow
from service.web.shown.outside import EXCERPT, Outside, language_name, outside
from service.web.shown.row import Kind, Telling, kinds_of, titled
from service.web.shown.times import Moment

REASON = 300
LEDE = 320


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest word on an entry. `person` is "" for the machine's own, and where the reader may not know who."""

    entry: int
    kinds: tuple[Kind, ...]
    subtypes: tuple[str, ...]
    severity: int
    places: tuple[str, ...]
    corrected: bool
    person: str
    at: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One category to tick. `percent` is the machine's probability; `open`: it was left to a person."""

    key: str
    label: str
    number: int
    chosen: bool
    open: bool
    percent: int
    subtypes: tuple[tuple[str, str, bool], ...]  # key, word, chosen


@dataclass(frozen=True, slots=True)
class Card:
    """An entry with the form by which it is judged. `source` and what else is told stand above it."""

    entry: int
    title: Outside
    text: str
    language: str
    source: str
    letter: str
    seen: Moment
    link: str
    choices: tuple[Choice, ...]
    severity: int
    places: tuple[str, ...]
    codes: tuple[str, ...]
    why: tuple[str, ...]
    standing: Reading


@dataclass(frozen=True, slots=True)
class Like:
    """A labelled text that an entry reads like. Without kinds it is no risk."""

    title: Outside
    kinds: tuple[Kind, ...]
    percent: int


def example_of(example: Example, telling: Telling) -> Like:
    """One of the nearest examples."""
    title = outside(example.title, example.language)
    return Like(title, kinds_of(list(example.labels), telling), max(0, round(100 * example.cosine)))


def reading_of(entry: int, made: AssessmentRow, held: Correction | None, telling: Telling) -> Reading:
    """What is said of an entry at this moment."""
    return Reading(
        entry=entry,
        kinds=kinds_of(made.labels, telling),
        subtypes=tuple(telling.words.subtype(key, telling.lang) for key in made.subtypes),
        severity=round(made.severity * GRAVEST) if made.labels else 0,
        places=tuple(telling.country(code) for code in made.countries),
        corrected=made.model == "person",
        person=telling.actor(held.actor) if held is not None else "",
        at=telling.moment(held.at) if held is not None else None,
        reason=shorten(clean(held.reason), REASON) if held is not None else "",
    )


def asked_card(asked: Asked, telling: Telling) -> Card:
    """One entry of the queue."""
    why = tuple(telling.words.learning_why(one.code, one.value, telling.lang) for one in asked.pick.why)
    return card_of((asked.entry, asked.source, asked.assessment), asked.assessment, None, telling, why, LEDE)


def card_of(
    row: tuple[EntryRow, SourceRow, AssessmentRow],
    newest: AssessmentRow,
    held: Correction | None,
    telling: Telling,
    why: tuple[str, ...] = (),
    most: int = EXCERPT,
) -> Card:
    """An entry with its form, which begins with what is said of it now. `row` has the machine's assessment."""
    entry, source, machine = row
    said = assessment_of(newest)
    title = titled(entry.title, entry.language, telling)
    return Card(
        entry=entry.id or 0,
        title=title,
        text=outside(entry.text, entry.language, most).text,
        language=language_name(title, telling.words, telling.lang),
        source=outside(telling.source(source.name), None).text,
        letter=entry.reliability,
        seen=telling.surely(entry.first_seen_at),
        link=f"/entries/{entry.id}/correct",
        choices=tuple(_choices(newest, machine, telling)),
        severity=proposed(said, said.labels).severity or max(1, round(newest.severity * GRAVEST)),
        places=tuple(telling.country(code) for code in newest.countries),
        codes=tuple(newest.countries),
        why=why,
        standing=reading_of(entry.id or 0, newest, held, telling),
    )


def _choices(newest: AssessmentRow, machine: AssessmentRow, telling: Telling) -> list[Choice]:
    return [
        Choice(
            key=category.value,
            label=telling.words.category(category.value, telling.lang),
            number=number,
            chosen=category.value in newest.labels,
            open=category.value in newest.uncertain,
            percent=round(100 * _probability(machine.probabilities, category.value)),
            subtypes=tuple(
                (key, telling.words.subtype(key, telling.lang), key in newest.subtypes)
                for key, parent in SUBTYPES.items()
                if parent is category
            ),
        )
        for number, category in enumerate(CATEGORIES, 1)
    ]


def _probability(probabilities: Mapping[str, float], key: str) -> float:
    return probabilities.get(key, 0.0)
