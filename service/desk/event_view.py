"""An event as a person looks at it: titles in both languages, reports in the order of time, severity as it develops."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from scoring.joint.title import Told, best_title
from service.locale.catalogue import Catalogue
from service.locale.gloss import glossed
from service.store.read_rest import get_event
from service.store.rulings import rulings_on, told_in
from service.store.scope import Scope
from service.store.tables import AssessmentRow, EntryRow, Event, Ruling, SourceRow


@dataclass(frozen=True, slots=True)
class TitleShown:
    """A title in one language; `gloss` says that nobody told it in that language, and this is what is known of it."""

    text: str
    language: str | None
    gloss: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    """One report. `gravest` is the highest severity that was told up to then, `voices` how many spoke independently."""

    entry: EntryRow
    source: SourceRow
    severity: float
    gravest: float
    voices: int
    copy: bool
    made: AssessmentRow | None = None  # the newest word on it


@dataclass(frozen=True, slots=True)
class EventView:
    """Everything that is shown of an event, as far as the reader may see it."""

    number: int
    event: Event
    titles: Mapping[str, TitleShown]
    lines: tuple[EventLine, ...]
    rulings: tuple[Ruling, ...]

    @property
    def voices(self) -> int:
        """How many sources speak independently of one another."""
        return self.lines[-1].voices if self.lines else 0

    @property
    def severity(self) -> float:
        """The highest severity that a current report tells of."""
        return max((line.severity for line in self.lines if line.entry.latest), default=0.0)


def event_view(session: Session, scope: Scope, event_id: int, words: Catalogue | None = None) -> EventView:
    """One event; NotFound when there is none that this reader may see."""
    event = get_event(session, scope, event_id)
    rows = told_in(session, scope, event_id)
    lines: list[EventLine] = []
    heard: dict[str, str] = {}
    gravest = 0.0
    for entry, source, origin, made in rows:
        severity = made.severity if made is not None else 0.0
        gravest = max(gravest, severity)
        first = heard.setdefault(origin, source.key)
        lines.append(EventLine(entry, source, severity, gravest, len(heard), first != source.key, made))
    titles = _titles(event, rows, words or Catalogue())
    return EventView(event_id, event, titles, tuple(lines), tuple(rulings_on(session, scope, event_id)))


def _titles(event: Event, rows: list[tuple[Any, ...]], words: Catalogue) -> dict[str, TitleShown]:
    told = [
        Told(
            entry.title,
            entry.language,
            entry.reliability,
            made.certainty if made is not None else 0.0,
            entry.published_at or entry.first_seen_at,
        )
        for entry, _, _, made in rows
        if entry.latest
    ]
    held: dict[str, Any] = {"labels": event.categories, "subtypes": event.subtypes, "countries": event.countries}
    found = {}
    for language in words.languages:
        best = best_title(told, language)
        if best is not None:
            found[language] = TitleShown(best.title, best.language, gloss=False)
        elif gloss := glossed(words, language, event.title, event.language, **held):
            found[language] = TitleShown(gloss, language, gloss=True)
        else:
            found[language] = TitleShown(event.title, event.language, gloss=False)
    return found
