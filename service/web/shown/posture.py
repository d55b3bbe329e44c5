"""Postures, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.catalogue.packs import packs
from ingest.place.countries import CODES
from rules.posture import Posture
from service.desk.postures import Crisis, Looks
from service.notify.text import clean, shorten
from service.store.tables import LogLine, PostureRow
from service.web.shown.detail import HistoryShown, history_line
from service.web.shown.row import Telling
from service.web.shown.times import Moment, length


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the crisis changes: what, how it is now, how it usually is."""

    what: str
    now: str
    usual: str


@dataclass(frozen=True, slots=True)
class CrisisShown:
    """A place in crisis. `asks`: the return date has come; `red` are the alerts that keep it so."""

    place: str
    name: str
    since: Moment
    until: Moment
    until_day: str
    left: str
    asks: bool
    author: str
    reason: str
    by_rule: bool
    alert: int | None
    changes: tuple[Change, ...]
    red: tuple[int, ...]
    deeds: tuple[HistoryShown, ...]


@dataclass(frozen=True, slots=True)
class PastShown:
    """One that was."""

    name: str
    place: str
    since: Moment
    ended: Moment
    lasted: str
    author: str
    reason: str
    ended_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A crisis as a banner names it."""

    place: str
    name: str
    until: Moment
    asks: bool


def place_name(place: str, telling: Telling) -> str:
    """What a country or region is called."""
    return telling.words.place(place, telling.lang)


def places(telling: Telling) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What can be chosen: regions, and countries by name."""
    regions = tuple((key, place_name(key, telling)) for key, pack in packs().items() if pack.is_region)
    names = sorted((telling.country(code), code) for code in CODES)
    return regions, tuple((code, name) for name, code in names)


def marks_of(rows: Sequence[PostureRow], countries: Sequence[str], telling: Telling) -> tuple[Mark, ...]:
    """The crises of these countries."""
    found = [row for row in rows if _value(row).covers(countries)]
    return tuple(
        Mark(row.place, place_name(row.place, telling), telling.surely(row.until), row.until <= telling.now)
        for row in found
    )


def _value(row: PostureRow) -> Posture:
    return Posture(row.place, row.since, row.until, row.author)


def crisis_shown(found: Crisis, telling: Telling) -> CrisisShown:
    """A crisis in the reader's language."""
    row = found.row
    reason = telling.say("posture.by_rule", alert=row.alert_id or "") if row.by_rule else row.reason
    return CrisisShown(
        place=row.place,
        name=place_name(row.place, telling),
        since=telling.surely(row.since),
        until=telling.surely(row.until),
        until_day=telling.words.day(row.until.date(), telling.lang),
        left=length(row.until - telling.now, telling.words, telling.lang),
        asks=found.asks,
        author=telling.actor(row.author),
        reason=shorten(clean(reason), 500),
        by_rule=row.by_rule,
        alert=row.alert_id,
        changes=tuple(_changes(found, telling)),
        red=found.red,
        deeds=log_shown(found.log, telling),
    )


def _changes(found: Crisis, telling: Telling) -> list[Change]:
    say, rule = telling.say, found.rule
    usual = say("posture.usual")
    told = [
        Change(say("posture.thresholds"), f"× {rule.thresholds:g}", "× 1"),
        *(
            Change(say("posture.answer", level=level.roman), minutes(short, telling), minutes(wait, telling))
            for level, (wait, short) in found.waits.items()
        ),
        Change(say("posture.sources"), _looks(found.looks, telling), _usually(found.looks, telling)),
    ]
    if rule.report_every is not None:
        told.append(
            Change(say("posture.reports"), say("posture.every", span=minutes(rule.report_every, telling)), usual)
        )
    if rule.roster:
        told.append(Change(say("posture.roster"), say("posture.routes", tag=rule.roster), usual))
    return told


def _looks(looks: Sequence[Looks], telling: Telling) -> str:
    if not looks:
        return telling.say("posture.no_sources")
    count = telling.say(f"posture.source_count.{'one' if len(looks) == 1 else 'other'}", count=len(looks))
    return f"{count}{telling.say('web.joint.facts')}{_spread([look.now for look in looks], telling)}"


def _usually(looks: Sequence[Looks], telling: Telling) -> str:
    return _spread([look.usual for look in looks], telling) if looks else ""


def _spread(seconds: Sequence[int], telling: Telling) -> str:
    low, high = (minutes(timedelta(seconds=one), telling) for one in (min(seconds), max(seconds)))
    return telling.say("posture.every", span=low if low == high else telling.say("posture.from_to", low=low, high=high))


def minutes(span: timedelta, telling: Telling) -> str:
    """A length of time that hides no half: `7.5 min`, `4 h`."""
    for unit, size in (("day", timedelta(days=2)), ("hour", timedelta(hours=1)), ("minute", timedelta())):
        if span >= size:
            one = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}[unit]
            return telling.say(f"web.time.span.{unit}", count=f"{round(span / one, 1):g}")
    raise AssertionError("a negative span")


def past_shown(row: PostureRow, telling: Telling) -> PastShown:
    """One that was, in the reader's language."""
    ended = row.ended_at or telling.now
    reason = telling.say("posture.by_rule", alert=row.alert_id or "") if row.by_rule else row.reason
    return PastShown(
        name=place_name(row.place, telling),
        place=row.place,
        since=telling.surely(row.since),
        ended=telling.surely(ended),
        lasted=length(ended - row.since, telling.words, telling.lang),
        author=telling.actor(row.author),
        reason=shorten(clean(reason), 300),
        ended_by=telling.actor(row.ended_by or ""),
        note=shorten(clean(row.note), 300) or telling.say("posture.lapsed"),
    )


def log_shown(lines: Sequence[LogLine], telling: Telling) -> tuple[HistoryShown, ...]:
    """Deeds about postures and alerts, in the order given."""
    shown = []
    for line in lines:
        if line.subject != "posture":
            made = history_line(line, telling)
            shown.append(HistoryShown(made.at, made.who, f"{_of_alert(line, telling)}{made.what}", made.why))
            continue
        why = line.detail.get("note") or line.detail.get("reason") or ""
        until = _until(str(line.detail.get("until", "")), telling)
        what = telling.say(f"posture.deed.{line.action.partition('.')[2]}", until=until)
        shown.append(
            HistoryShown(telling.surely(line.at), telling.actor(line.actor), what, shorten(clean(str(why)), 300))
        )
    return tuple(shown)


def _of_alert(line: LogLine, telling: Telling) -> str:
    return telling.say("posture.of_alert", alert=line.subject_id)


def _until(stamp: str, telling: Telling) -> str:
    try:
        return telling.words.day(datetime.fromisoformat(stamp).date(), telling.lang)
    except ValueError:
        return stamp


def default_day(now: datetime) -> str:
    """The return date that a form begins with: a week from now."""
    return (now + timedelta(days=7)).date().isoformat()
