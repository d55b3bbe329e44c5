"""Sources as their pages show them: what they are, how they do, and what of it is known at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.checkup import Checkup, checkup
from ingest.health import Day, State, health_of
from service.notify.text import clean, safe_link, shorten
from service.store.rows import feed_of
from service.store.source_health import since, word_of
from service.store.tables import EntryRow, SourceRow
from service.web.shown.outside import Outside, outside
from service.web.shown.rest import hidden_address
from service.web.shown.row import Telling, titled
from service.web.shown.times import Moment, length

NAME, ERROR = 120, 300
HEIGHT = 24  # of a sparkline
SHARES = ("success", "known", "copies", "dated")
WRONG_DATES = ("missing", "future", "ancient", "unreadable")  # told where there are any


@dataclass(frozen=True, slots=True)
class Bar:
    """One day in a sparkline: `look` is news, calm, failed (most looks failed) or blind (nobody looked)."""

    x: int
    y: float
    height: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source in the list. `note` says in a sentence what is wrong with it, if anything is."""

    id: int
    name: Outside
    host: str
    address: str
    kind: str
    place: str
    language: str
    letter: str
    critical: bool
    state: str
    state_name: str
    since: Moment | None
    note: str
    error: str
    rhythm: str
    lag: str
    last_success: Moment | None
    last_entry: Moment | None
    next_check: Moment | None
    paused: bool
    bars: tuple[Bar, ...]
    bars_told: str


@dataclass(frozen=True, slots=True)
class FailureShown:
    """A kind of failure."""

    kind: str
    times: int
    last: Moment


@dataclass(frozen=True, slots=True)
class NewestShown:
    """One of a source's newest entries."""

    title: Outside
    link: str | None
    published: Moment | None
    seen: Moment


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Everything about one source. `facts` are label and value, in the order in which they are read."""

    row: SourceShown
    about: str
    key: str
    moved_to: str
    interval: int
    zone: str
    sharing: str
    access: str
    has_proxy: bool
    has_credentials: bool
    held: Moment | None
    troubles: tuple[str, ...]
    problems: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    failures: tuple[FailureShown, ...]
    newest: tuple[NewestShown, ...]


def source_shown(row: SourceRow, telling: Telling) -> SourceShown:
    """One source in the list."""
    facts = checkup(feed_of(row), health_of(row.health), telling.now)
    word, known = word_of(row, telling.now), row.last_look_at is not None
    tongue = f"web.language.{(row.language or '').split('-')[0]}"
    bars = bars_of(facts.days, telling)
    return SourceShown(
        id=row.id or 0,
        name=outside(telling.source(row.name), row.language, NAME),
        host=hidden_address("", row.address).removesuffix("/…"),
        address=shorten(clean(row.address), ERROR),
        kind=telling.say(f"web.kind.{row.kind}"),
        place=telling.country(row.country) if row.country else "",
        language=telling.say(tongue) if telling.words.has(tongue) else (row.language or ""),
        letter=row.reliability,
        critical=row.critical,
        state=word.value,
        state_name=telling.say(f"health.state.{word.value}"),
        since=telling.moment(since(row, telling.now)) if word is not State.PAUSED else None,
        note=_note(word, facts, telling),
        error=shorten(clean(row.error), ERROR),
        rhythm=_rhythm(facts, telling) if known else "",
        lag=telling.say("health.lag", span=_span(facts.lag, telling)) if facts.lag is not None else "",
        last_success=telling.moment(row.last_success_at),
        last_entry=telling.moment(row.last_entry_at),
        next_check=telling.moment(row.paused_until if word is State.PAUSED else row.next_check_at),
        paused=word is State.PAUSED,
        bars=bars,
        bars_told=telling.say(
            "health.bars",
            entries=sum(day.entries for day in facts.days),
            days=sum(1 for day in facts.days if day.looks),
        ),
    )


def source_page(row: SourceRow, newest: Sequence[EntryRow], telling: Telling) -> SourcePage:
    """One source with everything known about it."""
    facts = checkup(feed_of(row), health_of(row.health), telling.now)
    shown = source_shown(row, telling)
    moved = row.moved_to if row.moved_to and row.moved_to != row.address else ""
    return SourcePage(
        row=shown,
        about=telling.say(f"health.about.{shown.state}"),
        key=row.key,
        moved_to=shorten(clean(moved), ERROR),
        interval=row.interval_s,
        zone=row.zone or "",
        sharing=row.sharing,
        access=telling.say(f"access.is.{_access(row)}"),
        has_proxy=row.proxy is not None,
        has_credentials=row.credentials is not None,
        held=telling.moment(row.hold_until) if row.hold_until and row.hold_until > telling.now else None,
        troubles=tuple(telling.say(f"health.trouble.{code}") for code in facts.troubles),
        problems=tuple(shorten(clean(one), ERROR) for one in facts.problems),
        facts=tuple(_facts(facts, telling)),
        failures=tuple(
            FailureShown(_failure(one.kind, telling), one.times, telling.surely(datetime.fromtimestamp(one.at, UTC)))
            for one in facts.failures
        ),
        newest=tuple(
            NewestShown(
                titled(entry.title, entry.language, telling),
                safe_link(entry.link),
                telling.moment(entry.published_at),
                telling.surely(entry.first_seen_at),
            )
            for entry in newest
        ),
    )


def _access(row: SourceRow) -> str:
    """What may be told of how it is reached: a secret's being, never the secret."""
    ways = {(False, False): "plain", (True, False): "proxy", (False, True): "credentials", (True, True): "both"}
    return ways[row.proxy is not None, row.credentials is not None]


def _note(word: State, facts: Checkup, telling: Telling) -> str:
    if word is State.DEGRADED:
        return telling.say("web.joint.reasons").join(telling.say(f"health.trouble.{code}") for code in facts.troubles)
    if word is State.QUIET and facts.silence is not None:
        return telling.say("health.silent", span=_span(facts.silence, telling))
    return telling.say(f"health.note.{word.value}") if word in (State.UNKNOWN, State.MOVED) else ""


def _rhythm(facts: Checkup, telling: Telling) -> str:
    if not facts.learnt or facts.usual is None or facts.longest is None:
        return telling.say("health.rhythm_unknown")
    spans = {"usual": _span(facts.usual, telling), "longest": _span(facts.longest, telling)}
    return telling.say("health.rhythm", **spans)


def _facts(facts: Checkup, telling: Telling) -> list[tuple[str, str]]:
    told: list[tuple[str, str | None]] = [("rhythm", _rhythm(facts, telling))]
    told.append(("patience", _span(facts.patience, telling)))
    told += [(name, _maybe(getattr(facts, name), telling)) for name in ("silence", "lag")]
    told += [(name, _share(getattr(facts, name))) for name in SHARES]
    told += [(name, _share(getattr(facts, name))) for name in WRONG_DATES if getattr(facts, name)]
    told.append(("looks", telling.say("health.of_looks", looks=facts.looks, failed=facts.failed)))
    told.append(("entries", telling.words.number(facts.entries, telling.lang)))
    told.append(("bytes", telling.say("health.of_bytes", total=_bytes(facts.bytes), each=_bytes(facts.size))))
    return [(telling.say(f"health.fact.{name}"), text or telling.say("health.not_known")) for name, text in told]


def _failure(kind: str, telling: Telling) -> str:
    key = f"health.failure.{kind.replace(' ', '_')}"
    return telling.say(key) if telling.words.has(key) else clean(kind).upper()


def _maybe(span: timedelta | None, telling: Telling) -> str | None:
    return _span(span, telling) if span is not None else None


def _span(span: timedelta, telling: Telling) -> str:
    if span < timedelta(minutes=1):
        return telling.say("health.under_a_minute")
    return length(span, telling.words, telling.lang)


def _share(value: float | None) -> str | None:
    """In per cent; what is little is not nothing, and what is nearly all is not all."""
    if value is None:
        return None
    whole = round(100 * value)
    if 0 < value < 1 and whole in (0, 100):
        return "< 1%" if whole == 0 else "> 99%"
    return f"{whole}%"


def _bytes(size: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def bars_of(days: Sequence[Day], telling: Telling) -> tuple[Bar, ...]:
    """A bar a day, the highest as high as the picture; root scale, because one big day must not flatten the others."""
    most = max((day.entries for day in days), default=0) or 1
    today = telling.now.astimezone(UTC).date()
    bars = []
    for place, day in enumerate(days):
        date = today - timedelta(days=len(days) - 1 - place)
        look = (
            "blind" if not day.looks else "failed" if day.failed * 2 > day.looks else "news" if day.entries else "calm"
        )
        height = HEIGHT if look == "blind" else max(HEIGHT * math.sqrt(day.entries / most), 1.5)
        counts = {"date": f"{date:%m-%d}", "entries": day.entries, "looks": day.looks, "failed": day.failed}
        title = telling.say("health.day_blind" if look == "blind" else "health.day", **counts)
        bars.append(Bar(place * 5, round(HEIGHT - height, 1), round(height, 1), look, title))
    return tuple(bars)
