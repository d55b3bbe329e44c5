"""An event's page: titles in both languages, how it was told, and how grave it became."""

from dataclasses import dataclass

from service.desk.event_view import EventLine, EventView
from service.notify.text import safe_link
from service.store.tables import Ruling
from service.web.shown.carried import Carried, carried
from service.web.shown.outside import Outside, language_name, outside
from service.web.shown.reading import Reading, reading_of
from service.web.shown.row import Telling, titled
from service.web.shown.times import Moment

EXCERPT = 300
REPORTS = 50  # on one page
ALL = 500  # on paper


@dataclass(frozen=True, slots=True)
class TitleLine:
    """The best title in one language."""

    language: str
    title: Outside
    gloss: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """One report. `share` is the gravest severity so far in hundredths, `rose` whether this report raised it."""

    entry: int
    title: Outside
    text: Outside
    language: str
    source: str
    letter: str
    link: str | None
    told: Moment
    severity: str
    share: int
    rose: bool
    voices: int
    copy: bool
    superseded: bool
    reading: Reading | None
    carried: Carried  # title and text with the words that counted marked


@dataclass(frozen=True, slots=True)
class RulingShown:
    """What a person said of the event."""

    text: str
    who: str
    at: Moment
    why: str
    other: int


@dataclass(frozen=True, slots=True)
class EventShown:
    """Everything on the page."""

    number: int
    main: Outside
    titles: tuple[TitleLine, ...]
    places: str
    kinds: str
    sharing: str
    opened: Moment
    last: Moment
    voices: int
    severity: int
    lines: tuple[LineShown, ...]
    told: int  # reports in all
    passed: int  # newer reports that this page passes over
    newer: int | None  # how many reports the page with newer ones passes over; None where there is none
    older: int | None
    rulings: tuple[RulingShown, ...]
    waits: bool = False  # a correction is yet to be decided on

    @property
    def carried(self) -> frozenset[str]:
        """Which kinds of marks there are in its reports."""
        return frozenset(kind for line in self.lines for kind in line.carried.kinds)


def event_shown(view: EventView, telling: Telling, passed: int = 0, most: int = REPORTS) -> EventShown:
    """The event in the reader's words, newest report first: those of one page, so many newer ones passed over."""
    event, joint = view.event, telling.say("notify.list_joint")
    mine = view.titles.get(telling.lang)
    raised = 0.0
    told = len(view.lines)
    passed = min(passed, max(0, told - 1)) // REPORTS * REPORTS
    shown = range(max(0, told - passed - most), told - passed)
    lines = []
    for place, line in enumerate(view.lines):
        if place in shown:
            lines.append(_line(line, telling, rose=line.gravest > raised + 0.02))
        raised = max(raised, line.gravest)
    return EventShown(
        number=view.number,
        main=outside(mine.text, mine.language) if mine else outside(event.title, event.language),
        titles=tuple(
            TitleLine(telling.say(f"joining.in.{language}"), outside(title.text, title.language), title.gloss)
            for language, title in view.titles.items()
        ),
        places=joint.join(telling.country(code) for code in event.countries) or telling.say("web.place.unknown"),
        kinds=joint.join(telling.words.subtype(key, telling.lang) for key in event.subtypes)
        or joint.join(telling.words.category(key, telling.lang) for key in event.categories),
        sharing=event.sharing,
        opened=telling.surely(event.opened_at),
        last=telling.surely(event.last_at),
        voices=view.voices,
        severity=round(100 * view.severity),
        lines=tuple(reversed(lines)),
        told=told,
        passed=passed,
        newer=passed - most if passed else None,
        older=passed + most if shown.start else None,
        waits=any(line.entry.stage == "assessed" for line in view.lines),
        rulings=tuple(_ruling(one, view.number, telling) for one in view.rulings),
    )


def _line(line: EventLine, telling: Telling, *, rose: bool) -> LineShown:
    entry = line.entry
    title = titled(entry.title, entry.language, telling)
    text = outside(entry.text, entry.language, EXCERPT)
    return LineShown(
        entry=entry.id or 0,
        title=title,
        text=text,
        language=language_name(title, telling.words, telling.lang),
        source=outside(telling.source(line.source.name), None).text,
        letter=entry.reliability,
        link=safe_link(entry.link),
        told=telling.surely(entry.published_at or entry.first_seen_at),
        severity=telling.words.number(100 * line.severity, telling.lang, "#,##0"),
        share=round(100 * line.gravest),
        rose=rose,
        voices=line.voices,
        copy=line.copy,
        superseded=not entry.latest,
        reading=reading_of(entry.id or 0, line.made, None, telling) if line.made is not None else None,
        carried=carried(title.text, text.text, len(text.text), line.made.reasons if line.made else (), telling),
    )


def _ruling(one: Ruling, number: int, telling: Telling) -> RulingShown:
    inward = one.other_id == number
    other = one.event_id if inward else one.other_id
    key = f"joining.ruling.{one.deed}.{'in' if inward else 'out'}"
    text = telling.say(key, other=other, count=len(one.entries))
    return RulingShown(text, telling.actor(one.actor), telling.surely(one.at), one.reason, other)
