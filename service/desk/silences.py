"""Silences and maintenance windows: people say what shall not interrupt anybody, until when and why.

Nothing is lost by it: alerts open, change and are listed as ever, levels 1 and 2 are told at once, and what was held is
told when it ends. A silence is never removed, only ended; who made it, who ended it and what it held stay readable.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from ingest.place.countries import CODES
from rules.hours import is_zone
from rules.quiet import SILENCES, Matter, Silence
from rules.quiet_rule import HELD
from rules.watching import Trouble
from scoring.category import CATEGORIES, SUBTYPES, Category
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.words import one_line
from service.errors import Conflict, Invalid, Refused
from service.record.quiet import bring_forward
from service.store.alarm_quiet import told_alarms
from service.store.events import get_event
from service.store.quiet import Change, get_silence, silence_of, source_keys, told_changes
from service.store.scope import Scope
from service.store.tables import Alert, SilenceRow

LONGEST = timedelta(days=30)
LONGEST_WEEKLY = timedelta(days=182)
MOST_MINUTES = 24 * 60
MOST_REASON = 300
LOOK_BACK = timedelta(days=7)
EXAMPLES = 5
FENCES = ("countries", "categories", "subtypes", "sources", "event_id", "alarms")
OF_WORLD = ("countries", "categories", "subtypes", "event_id")  # what an alarm about a source says nothing of


@dataclass(frozen=True, slots=True)
class SilenceGiven:
    """A silence as it is asked for. `weekly_minutes`: a window that comes back every week, for so long each time.

    It keeps to the clock on the wall of `zone`. `alarms`: it is about alarms of our own sources, of these troubles.
    """

    ends_at: datetime
    reason: str
    kind: str = "silence"
    starts_at: datetime | None = None  # None: now
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    event_id: int | None = None
    weekly_minutes: int | None = None
    zone: str = "UTC"
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a silence would have done in the last days: held, let pass because too grave, out of how many told."""

    held: int
    passed: int
    told: int
    examples: tuple[Alert, ...]


def add_silence(premises: Premises, scope: Scope, given: SilenceGiven) -> SilenceRow:
    """Begin a silence or window, or plan one; Invalid says what cannot be used."""
    demand(scope, Permission.SILENCE)
    now = premises.clock()
    with premises.store.write() as session:
        row = _row(session, scope, checked(given, now), now)
        session.add(row)
        session.flush()
        said = {"reason": row.reason, "ends_at": row.ends_at.isoformat(), "kind": row.kind}
        leave_line(session, scope, now, "silence.add", row.id, **said)
        return _taken_out(session, row)


def end_silence(premises: Premises, scope: Scope, number: int) -> SilenceRow:
    """End a silence now, or call a planned one off; Conflict when it is over already."""
    demand(scope, Permission.SILENCE)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_silence(session, scope, number, lock=True)
        if row.over_at <= now:
            raise Conflict(f"Silence {number} is over already.", "There is nothing to end.")
        bring_forward(session, row, now)
        row.ended_at, row.ended_by = now, scope.actor
        session.add(row)
        leave_line(session, scope, now, "silence.end", row.id, reason=row.reason)
        return _taken_out(session, row)


def _taken_out(session: Session, row: SilenceRow) -> SilenceRow:
    """The row as it is stored, to be looked at after its transaction."""
    session.flush()
    session.refresh(row)
    session.expunge(row)
    return row


def try_silence(premises: Premises, scope: Scope, given: SilenceGiven) -> Trial:
    """What it would have held of what was told in the last seven days; nothing is stored."""
    demand(scope, Permission.READ)
    now = premises.clock()
    with premises.store.read() as session:
        silence = silence_of(_row(session, scope, checked(given, now), now))
        changes = _told(session, scope, silence, now - LOOK_BACK)
        covered = [change for change, matter in changes if silence.covers(matter)]
    held = [change.alert for change in covered if not change.grave]
    examples = {alert.id: alert for alert in held}
    return Trial(len(held), len(covered) - len(held), len(changes), tuple(examples.values())[:EXAMPLES])


def _told(session: Session, scope: Scope, silence: Silence, since: datetime) -> list[tuple[Change, Matter]]:
    """What was told since then of the kind that a silence is about: of the world, or of our own sources."""
    if silence.alarms:
        found = told_alarms(session, scope, since)
        return [(one, replace(_matter(one), event="", alarm=trouble)) for one, trouble in found]
    return [(one, _matter(one)) for one in told_changes(session, scope, since, sources=bool(silence.sources))]


def checked(given: SilenceGiven, now: datetime) -> SilenceGiven:
    """What is given, in order; Invalid when it cannot be a silence."""
    given = replace(given, reason=one_line(given.reason), starts_at=max(given.starts_at or now, now))
    if given.kind not in SILENCES:
        raise Invalid(f"{given.kind} is no kind of silence.", f"Use {' or '.join(SILENCES)}.")
    if not 1 <= len(given.reason) <= MOST_REASON:
        raise Invalid("A silence needs a reason.", f"Say in up to {MOST_REASON} characters why nobody is to be told.")
    if not any(getattr(given, name) for name in FENCES):
        raise Invalid("This would silence everything.", "Name countries, kinds, sources or an event.")
    if given.alarms and any(getattr(given, name) for name in OF_WORLD):
        raise Invalid("An alarm about a source is of no country, kind or event.", "Name troubles, sources or levels.")
    if not is_zone(given.zone):
        raise Invalid(f"{given.zone[:40]} is no time zone.", "Use an IANA name such as Africa/Cairo.")
    _known(given)
    _times(given, now)
    return given


def _known(given: SilenceGiven) -> None:
    fences = (
        ("country", given.countries, CODES),
        ("category", given.categories, [key.value for key in CATEGORIES]),
        ("sub-type", given.subtypes, SUBTYPES),
        ("trouble of a source", given.alarms, [one.value for one in Trouble]),
    )
    for name, found, known in fences:
        for one in found:
            if one not in known:
                raise Invalid(f"There is no {name} {one}.", "Check the key.")
    if not set(given.levels) <= {int(level) for level in HELD}:
        raise Invalid("Levels 1 and 2 are always told at once.", "Levels 3 and 4 can be silenced.")


def _times(given: SilenceGiven, now: datetime) -> None:
    start = given.starts_at or now
    if given.ends_at <= start:
        raise Invalid("A silence ends after it begins, and not in the past.", "Give a later end.")
    if given.weekly_minutes is not None:
        if given.kind != "window" or not 1 <= given.weekly_minutes <= MOST_MINUTES:
            raise Invalid("Only a window comes back every week, for a day at most.", "Give 1 to 1440 minutes.")
        if given.ends_at - start > LONGEST_WEEKLY:
            raise Invalid("A weekly window lasts half a year at most.", "Give an earlier end; it can be planned anew.")
    elif given.ends_at - start > LONGEST:
        raise Invalid("A silence lasts 30 days at most.", "Give an earlier end; it can be planned anew.")


def _row(session: Session, scope: Scope, given: SilenceGiven, now: datetime) -> SilenceRow:
    if given.alarms and not scope.home:
        raise Refused("Alarms about sources are the desk's own.", "Ask a member of the desk.")
    missing = set(given.sources) - source_keys(session, scope, given.sources)
    if missing:
        raise Invalid(f"There is no source {min(missing)}.", "`watchfire source list` shows their keys.")
    if given.event_id is not None and (not scope.home or get_event(session, given.event_id) is None):
        raise Invalid(f"There is no event {given.event_id}.", "Its number stands at the top of its page.")
    return SilenceRow(
        organisation_id=scope.organisation_id,
        kind=given.kind,
        countries=_sorted(given.countries),
        categories=_sorted(given.categories),
        subtypes=_sorted(given.subtypes),
        levels=sorted(set(given.levels)),
        sources=_sorted(given.sources),
        event_id=given.event_id,
        starts_at=given.starts_at or now,
        ends_at=given.ends_at,
        weekly_minutes=given.weekly_minutes,
        zone=given.zone,
        alarms=_sorted(given.alarms),
        author=scope.actor,
        reason=given.reason,
        created_at=now,
    )


def _sorted(keys: Iterable[str]) -> list[str]:
    return sorted(set(keys))


def _matter(change: Change) -> Matter:
    alert = change.alert
    return Matter(
        level=change.level,
        countries=tuple(alert.countries),
        categories=tuple(Category(key) for key in alert.categories),
        subtypes=tuple(alert.subtypes),
        sources=change.sources,
        event=str(alert.event_id),
    )
