"""Silences and what they hold, as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from rules.hours import zone_of
from rules.level import Level
from service.desk.quiet_told import QuietTold, quiet_told, stage
from service.notify.text import clean, shorten
from service.store.quiet import holding, hushes_of, names_of
from service.store.tables import Alert, HushRow, SilenceRow
from service.web.shown.row import Telling
from service.web.shown.times import Moment

STAGES = ("active", "planned", "past")
TRACES = 3


@dataclass(frozen=True, slots=True)
class SilenceShown:
    """A silence in the reader's language. `fence` says what lies within it, phrase by phrase."""

    id: int
    kind: str
    kind_name: str
    stage: str
    stage_name: str
    fence: tuple[str, ...]
    author: str
    reason: str
    starts: Moment
    ends: Moment
    weekly: str
    local: str
    ended: Moment | None
    ended_by: str
    held: int
    passed: int


@dataclass(frozen=True, slots=True)
class HeldShown:
    """One change that a silence held, or that was too grave for it."""

    alert: int
    title: str
    what: str
    level: int
    roman: str
    roman_now: str
    state_name: str
    passed: bool
    at: Moment


def silence_shown(row: SilenceRow, counts: tuple[int, int], telling: Telling) -> SilenceShown:
    """One silence."""
    found = stage(row, telling.now)
    weekly = telling.words.span(timedelta(minutes=row.weekly_minutes), telling.lang) if row.weekly_minutes else ""
    return SilenceShown(
        id=row.id or 0,
        kind=row.kind,
        kind_name=telling.say(f"quiet.kind.{row.kind}"),
        stage="past" if found == "called_off" else found,
        stage_name=telling.say(f"quiet.stage.{found}"),
        fence=fence_told(row, telling),
        author=telling.actor(row.author),
        reason=clean(row.reason),
        starts=telling.surely(row.starts_at),
        ends=telling.surely(row.ends_at),
        weekly=telling.say("quiet.weekly", span=weekly) if weekly else "",
        local=_local(row, telling),
        ended=telling.moment(row.ended_at),
        ended_by=telling.actor(row.ended_by) if row.ended_by else "",
        held=counts[0],
        passed=counts[1],
    )


def _local(row: SilenceRow, telling: Telling) -> str:
    """From when to when by the clock on the wall: weekday and hours of a weekly window, else the zone; "" for UTC."""
    if not row.weekly_minutes:
        return telling.say("quiet.of_zone", zone=row.zone) if row.zone != "UTC" else ""
    first = row.starts_at.astimezone(zone_of(row.zone))
    last = first.replace(tzinfo=None) + timedelta(minutes=row.weekly_minutes)
    day = telling.say(f"quiet.day.{first.weekday()}")
    return telling.say("quiet.hours_of", day=day, start=f"{first:%H:%M}", end=f"{last:%H:%M}", zone=row.zone)


def fence_told(row: SilenceRow, telling: Telling) -> tuple[str, ...]:
    """What lies within a silence: countries, kinds, levels, sources, an event."""
    words, lang = telling.words, telling.lang
    joint = telling.say("notify.list_joint")
    parts = (
        [telling.country(code) for code in row.countries],
        [words.category(key, lang) for key in row.categories],
        [words.subtype(key, lang) for key in row.subtypes],
        [telling.say("quiet.level", level=Level(level).roman) for level in row.levels],
        [telling.say(f"quiet.alarm.{key}") for key in row.alarms],
        [telling.say("quiet.source", source=key) for key in row.sources],
        [telling.say("joining.number", number=row.event_id)] if row.event_id else [],
    )
    return tuple(joint.join(part) for part in parts if part)


def held_shown(found: Sequence[tuple[HushRow, Alert]], telling: Telling) -> list[HeldShown]:
    """What a silence held, the newest first."""
    return [
        HeldShown(
            alert=alert.id or 0,
            title=shorten(clean(alert.title), 160),
            what=telling.say(f"quiet.change.{row.action}"),
            level=row.level,
            roman=Level(row.level).roman,
            roman_now=Level(alert.level).roman,
            state_name=telling.say(f"web.state.{alert.state}"),
            passed=row.passed,
            at=telling.surely(row.at),
        )
        for row, alert in found
    ]


def quiet_now(
    session: Session, alerts: Sequence[Alert], organisation_id: int, telling: Telling
) -> dict[int, QuietTold]:
    """For each alert of the reader's own organisation that is kept quiet: until when and by what."""
    mine = [alert.id or 0 for alert in alerts if alert.organisation_id == organisation_id]
    return _told(session, holding(session, mine, telling.now), telling)


def traces(session: Session, alert: Alert, telling: Telling) -> tuple[QuietTold, ...]:
    """What would have kept it quiet, had it not been so grave; the newest, each once."""
    passed = {row.cause: row for row in reversed(hushes_of(session, alert)) if row.passed}
    rows = {row.id or 0: row for row in list(passed.values())[:TRACES]}
    return tuple(_told(session, rows, telling).values())


def _told(session: Session, rows: Mapping[int, HushRow], telling: Telling) -> dict[int, QuietTold]:
    silences = names_of(session, {row.silence_id for row in rows.values() if row.silence_id is not None})
    return {
        number: quiet_told(
            row, silences, telling.words, telling.lang, lambda at: telling.surely(at).exact, telling.members
        )
        for number, row in rows.items()
    }
