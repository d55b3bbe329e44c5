"""Rosters as people work with them: checked before they take effect, shown, and changed by swaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from rules.document import DocumentError
from rules.level import Level
from rules.owners import find_owners
from rules.roster import Rosters, Span, Stand, holder_of, on_duty, spans
from rules.roster_check import Finding, check
from rules.roster_file import RosterError, parse_rosters
from rules.routing import CENTRAL, Asked, find
from scoring.category import Category
from service.auth.access import Permission, allows, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.owners import read_owners, read_routes
from service.desk.words import one_line
from service.errors import Conflict, Invalid, Refused
from service.store.escalations import lapsed_alerts
from service.store.rosters import (
    file_in_force,
    get_swap,
    load_rosters,
    reached,
    roster_files,
    swaps_from,
)
from service.store.scope import Scope
from service.store.tables import Alert, EscalationRow, RosterFile, RosterSwap

LONGEST = timedelta(days=92)
MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class Calendar:
    """Who is on duty for each owner with a roster, from `start` to `end`; owners without one stand apart."""

    start: datetime
    end: datetime
    rosters: Rosters
    owners: tuple[tuple[str, tuple[Span, ...]], ...]
    without: tuple[str, ...]
    file: RosterFile | None
    swaps: tuple[RosterSwap, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a thought-up alert, with who would be asked, in order."""

    owner: str
    role: str
    people: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """Who would answer for an alert, by which routes, and under whose command."""

    duties: tuple[Duty, ...]
    path: tuple[str, ...]
    central: bool


class FaultyRoster(Invalid):
    """A roster file cannot be read; `faults` are all that is wrong with it, the first of them in its words."""

    def __init__(self, what: str, faults: tuple[DocumentError, ...]) -> None:
        super().__init__(what)
        self.faults = faults


class GraveRoster(Invalid):
    """A roster that is well written must not take effect in this house; `findings` say why."""

    def __init__(self, what: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(what, "`watchfire roster check FILE` says more.")
        self.findings = findings


def read_text(text: str, name: str) -> Rosters:
    """A roster file; FaultyRoster has every fault with its line."""
    try:
        return parse_rosters(text, name)
    except RosterError as error:
        told = f"The roster has {len(error.every)} fault(s), and the one in force stays: {error}"
        raise FaultyRoster(told, error.every) from error


def check_text(premises: Premises, scope: Scope, text: str | None, name: str) -> tuple[Rosters, tuple[Finding, ...]]:
    """A roster file, or with None the one in force, held against the house: owners, channels, gaps, expiry."""
    _demand_desk(scope)
    now = premises.clock()
    given = read_text(text, name) if text is not None else None
    with premises.store.read() as session:
        held = load_rosters(session, scope.organisation_id, now)
        rosters = held if given is None else Rosters(given.members, given.rosters, given.policies, held.swaps)
        there = reached(session, scope.organisation_id, list(rosters.members))
    return rosters, check(rosters, read_owners(premises.settings), read_routes(premises.settings), there, now)


def import_roster(
    premises: Premises, scope: Scope, text: str, *, name: str = "roster.yaml", note: str = ""
) -> tuple[RosterFile, tuple[Finding, ...]]:
    """Put a roster in force. FaultyRoster, or GraveRoster for one with a grave finding: the one in force stays."""
    demand(scope, Permission.ROSTERS)
    rosters, findings = check_text(premises, scope, text, name)
    grave = [finding for finding in findings if finding.grave]
    if grave:
        raise GraveRoster(f"The roster was not put in force: {len(grave)} grave finding(s).", tuple(grave))
    now = premises.clock()
    with premises.store.write() as session:
        known = file_in_force(session, scope.organisation_id)
        if known is not None and known.text == text:
            raise Conflict("This roster is in force already.", "Change it first.")
        row = RosterFile(
            organisation_id=scope.organisation_id, text=text, note=_words(note), by=scope.actor, created_at=now
        )
        session.add(row)
        session.flush()
        counts = {"people": len(rosters.members), "rosters": len(rosters.rosters), "findings": len(findings)}
        leave_line(session, scope, now, "roster.import", row.id, note=row.note, **counts)
    return row, findings


def roster_in_force(premises: Premises, scope: Scope) -> RosterFile | None:
    """The file in force, None when there is none."""
    _demand_desk(scope)
    with premises.store.read() as session:
        return file_in_force(session, scope.organisation_id)


def history(premises: Premises, scope: Scope) -> list[RosterFile]:
    """What was in force when, the newest first."""
    _demand_desk(scope)
    with premises.store.read() as session:
        return roster_files(session, scope.organisation_id)


def calendar(premises: Premises, scope: Scope, start: datetime, end: datetime) -> Calendar:
    """Who is on duty when, gaps included."""
    _demand_desk(scope)
    if not timedelta() < end - start <= LONGEST:
        raise Invalid("The time asked for is empty or too long.", f"Ask for at most {LONGEST.days} days.")
    now = premises.clock()
    with premises.store.read() as session:
        rosters = load_rosters(session, scope.organisation_id, now)
        file = file_in_force(session, scope.organisation_id)
        swaps = tuple(swaps_from(session, scope.organisation_id, min(now, start)))
    shown = tuple((owner, spans(rosters, owner, start, end)) for owner in rosters.rosters)
    without = tuple(owner.key for owner in read_owners(premises.settings) if owner.key not in rosters.rosters)
    return Calendar(start, end, rosters, shown, without, file, swaps)


def standing_at(premises: Premises, scope: Scope, at: datetime) -> list[tuple[str, tuple[Stand, ...]]]:
    """For each owner of the owners file who would be asked at an instant, in order; nobody where there is no roster."""
    _demand_desk(scope)
    with premises.store.read() as session:
        rosters = load_rosters(session, scope.organisation_id, premises.clock())
    keys = dict.fromkeys((*rosters.rosters, *(owner.key for owner in read_owners(premises.settings))))
    return [(key, on_duty(rosters, key, at)) for key in keys]


def who(
    premises: Premises,
    scope: Scope,
    country: str,
    categories: Sequence[Category],
    level: Level,
    at: datetime | None = None,
    *,
    roster: str = "",
) -> Answering:
    """Who would answer for an alert in this country, of these kinds and level; `roster` is the tag of a posture."""
    _demand_desk(scope)
    now = at or premises.clock()
    owners, routes = read_owners(premises.settings), read_routes(premises.settings)
    countries = [country] if country else []
    duties = find_owners(owners, countries, categories, level, now, routes=routes, roster=roster)
    path = find(routes, Asked(level, country, tuple(categories), roster=roster), now).path if routes is not None else ()
    with premises.store.read() as session:
        rosters = load_rosters(session, scope.organisation_id, premises.clock())
    told = tuple(Duty(one.owner, one.role, on_duty(rosters, one.owner, now)) for one in duties)
    return Answering(told, path, level in CENTRAL)


def add_swap(
    premises: Premises,
    scope: Scope,
    *,
    owner: str,
    person: str,
    start: datetime,
    end: datetime,
    instead: str | None = None,
    reason: str = "",
) -> RosterSwap:
    """Let somebody stand in. People may give away or take over a turn themselves; managers may for anybody."""
    _demand_desk(scope)
    now = premises.clock()
    with premises.store.write() as session:
        rosters = load_rosters(session, scope.organisation_id, now)
        _sound_swap(rosters, owner, person, instead, start, end, now)
        if not _may_swap(scope, rosters, owner, person, instead, start):
            raise Refused("You may swap your own turns only.", "Ask a manager.")
        row = RosterSwap(
            organisation_id=scope.organisation_id,
            owner=owner,
            person=person,
            instead=instead,
            starts_at=start,
            ends_at=end,
            reason=_words(reason),
            by=scope.actor,
            created_at=now,
        )
        session.add(row)
        session.flush()
        _leave_swap(session, scope, now, "roster.swap", row)
    return row


def cancel_swap(premises: Premises, scope: Scope, number: int) -> RosterSwap:
    """Take a swap back: whoever made it or is in it may, and managers."""
    _demand_desk(scope)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_swap(session, scope.organisation_id, number)
        if not (allows(scope, Permission.ROSTERS) or scope.actor in (row.by, row.person, row.instead)):
            raise Refused("You may take back your own swaps only.", "Ask a manager.")
        row.cancelled_at, row.cancelled_by = now, scope.actor
        session.add(row)
        _leave_swap(session, scope, now, "roster.unswap", row)
    return row


def morning(premises: Premises, scope: Scope) -> list[tuple[Alert, EscalationRow]]:
    """Alerts that nobody answered to the end of their escalation: to be gone through each morning."""
    _demand_desk(scope)
    with premises.store.read() as session:
        return lapsed_alerts(session, scope)


def _leave_swap(session: Session, scope: Scope, now: datetime, action: str, row: RosterSwap) -> None:
    told = {"owner": row.owner, "person": row.person, "instead": row.instead, "reason": row.reason}
    span = {"from": row.starts_at.isoformat(), "until": row.ends_at.isoformat()}
    leave_line(session, scope, now, action, row.id, **told, **span)


def _sound_swap(
    rosters: Rosters, owner: str, person: str, instead: str | None, start: datetime, end: datetime, now: datetime
) -> None:
    if owner not in rosters.rosters:
        raise Invalid(f"There is no roster for owner '{owner[:80]}'.", _one_of(rosters.rosters))
    for key in (person, *([instead] if instead is not None else [])):
        if key not in rosters.members:
            raise Invalid(f"The roster knows nobody called '{key[:80]}'.", _one_of(rosters.members))
    if person == instead:
        raise Invalid("Nobody can stand in for themselves.", "Name somebody else.")
    if end <= start or end <= now:
        raise Invalid("The swap ends before it begins, or is past.", "Give a later end.")
    if end - start > LONGEST:
        raise Invalid("The swap is too long.", f"Use at most {LONGEST.days} days, or change the roster.")


def _may_swap(scope: Scope, rosters: Rosters, owner: str, person: str, instead: str | None, start: datetime) -> bool:
    return allows(scope, Permission.ROSTERS) or scope.actor in (
        person,
        instead,
        holder_of(rosters, owner, start),
    )


def _one_of(keys: Iterable[str]) -> str:
    known = list(keys)[:40]
    return f"Use one of {', '.join(known)}." if known else "Put a roster in force first."


def _words(text: str) -> str:
    words = one_line(text)
    if len(words) > MOST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {MOST_REASON} characters.")
    return words


def _demand_desk(scope: Scope) -> None:
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("Rosters are the desk's own.", "Ask a member of the desk.")
