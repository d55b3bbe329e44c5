"""The guideline in force, and the way to another: propose → backtest → a second person approves → effective date.

In force is what was adopted here last; until something is, the operator's file, else the shipped guideline. A text
with a fault never takes the place of a good one: not as a proposal, nor as a file that is changed while we run.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from service.auth.access import GRANTS, Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.backtest import Backtest, backtest_values, run_backtest
from service.desk.guideline_in_force import InForce
from service.desk.means import people_of
from service.desk.owners import read_file
from service.errors import Conflict, Invalid, NotFound, Refused, SetupError
from service.record.guideline_notice import ask_approvers, tell_proposer
from service.settings import Settings
from service.store.guidelines import get_version, lock_versions, number_in_force, version_text
from service.store.scope import Scope
from service.store.tables import GuidelineVersion

APPROVING = frozenset(role.value for role, granted in GRANTS.items() if Permission.RULES in granted)
LONGEST_NOTE = 2_000
LONGEST_TEXT = 400_000
FURTHEST = timedelta(days=366)
SINCE = timedelta(days=90)  # how far back a proposal is tried, unless somebody says otherwise


def in_force(premises: Premises, scope: Scope) -> InForce:
    """The guideline in force, for a page or a command; a file with a fault is told as its problem."""
    demand(scope, Permission.READ)
    _at_home(scope)
    now = premises.clock()
    with premises.store.read() as session:
        number = number_in_force(session, scope.organisation_id, now)
        if number is not None:
            text = version_text(session, number)
            return InForce(parse_guideline(text, f"guideline {number}"), text, "adopted", number)
    path = premises.settings.guideline
    if path is None:
        return InForce(default_guideline(), default_text(), "shipped")
    try:
        text = read_file(path, "WATCHFIRE_GUIDELINE")
        return InForce(parse_guideline(text, path.name), text, "file")
    except GuidelineError as error:
        return InForce(default_guideline(), default_text(), "shipped", problem=str(error))
    except SetupError as error:
        return InForce(default_guideline(), default_text(), "shipped", problem=error.what, advice=error.advice)


def propose(premises: Premises, scope: Scope, text: str, note: str = "") -> GuidelineVersion:
    """Lay a text before the others. GuidelineError lists its faults; Conflict when it is what holds already."""
    demand(scope, Permission.RULES)
    if len(text) > LONGEST_TEXT:
        raise Invalid("The text is too long for a guideline.", "Check that it is the right file.")
    guideline = parse_guideline(text, "guideline")
    now, held = premises.clock(), in_force(premises, scope)
    if guideline.version == held.guideline.version:
        raise Conflict(f"{guideline.version} is in force already.", "Change something, and raise its version.")
    row = GuidelineVersion(
        organisation_id=scope.organisation_id,
        version=guideline.version,
        parent=held.guideline.version,
        text=text,
        note=" ".join(note.split())[:LONGEST_NOTE],
        proposed_at=now,
        proposed_by=scope.actor,
    )
    with premises.store.write() as session:
        session.add(row)
        session.flush()
        leave_line(session, scope, now, "guideline.propose", row.id, version=row.version, parent=row.parent)
        ask_approvers(session, row, APPROVING, premises.public_url, now, demo=premises.demo)
    return row


def try_version(premises: Premises, scope: Scope, number: int, since: datetime | None = None) -> Backtest:
    """Backtest a proposal against what is in force, and keep what came of it with the proposal."""
    demand(scope, Permission.RULES)
    now = premises.clock()
    with premises.store.read() as session:
        text = _found(session, scope, number).text
    texts = (in_force(premises, scope).text, text)
    found = run_backtest(premises.store, texts, people_of(premises), since or now - SINCE, now)
    with premises.store.write() as session:
        row = _found(session, scope, number)
        row.backtest, row.backtest_at = backtest_values(found), now
        session.add(row)
        counts = {"events": found.tally.events, "added": found.added, "gone": found.gone}
        leave_line(session, scope, now, "guideline.backtest", number, against=found.old, **counts)
    return found


def approve(premises: Premises, scope: Scope, number: int, effective: datetime | None = None) -> GuidelineVersion:
    """Let a proposal take effect, now or at a later time. Refused to whoever proposed it: it takes a second person."""
    demand(scope, Permission.RULES)
    now = premises.clock()
    at = effective or now
    if at > now + FURTHEST:
        raise Invalid("That is more than a year ahead.", "Give an earlier date.")
    if effective is not None and at < now - timedelta(minutes=1):
        raise Invalid("The date lies in the past.", "Leave it out to begin now.")
    with premises.store.write() as session:
        lock_versions(session)
        row = _open(session, scope, number)
        if row.proposed_by == scope.actor:
            raise Refused("You proposed this version yourself.", "Ask another manager or administrator to approve it.")
        if row.backtest is None:
            raise Conflict("This version was never tried on what is stored.", "Run the backtest, then decide.")
        row.state, row.decided_at, row.decided_by, row.effective_at = "approved", now, scope.actor, max(at, now)
        session.add(row)
        leave_line(
            session,
            scope,
            now,
            "guideline.approve",
            number,
            version=row.version,
            effective=row.effective_at.isoformat(),
        )
        tell_proposer(session, row, premises.public_url, now, demo=premises.demo)
    return row


def turn_down(premises: Premises, scope: Scope, number: int, reason: str) -> GuidelineVersion:
    """Reject a proposal, or withdraw it when it is one's own; also one that is approved and not yet in effect."""
    demand(scope, Permission.RULES)
    now = premises.clock()
    with premises.store.write() as session:
        lock_versions(session)
        row = _found(session, scope, number)
        waiting = row.state == "approved" and row.effective_at is not None and row.effective_at > now
        if row.state != "proposed" and not waiting:
            raise Conflict("This version is decided on already.", "Roll back to an earlier one instead.")
        own = row.proposed_by == scope.actor
        row.state, row.decided_at, row.decided_by = "withdrawn" if own else "rejected", now, scope.actor
        row.seen_at = None
        row.reason = " ".join(reason.split())[:LONGEST_NOTE]
        session.add(row)
        leave_line(session, scope, now, "guideline.withdraw" if own else "guideline.reject", number, reason=row.reason)
        tell_proposer(session, row, premises.public_url, now, demo=premises.demo)
    return row


def note_seen(premises: Premises, scope: Scope, number: int) -> None:
    """Who proposed a version has looked at what was decided about it."""
    now = premises.clock()
    with premises.store.write() as session:
        row = _found(session, scope, number)
        if row.proposed_by == scope.actor and row.decided_at is not None and row.seen_at is None:
            row.seen_at = now
            session.add(row)


def roll_back(premises: Premises, scope: Scope, number: int | None, reason: str = "") -> GuidelineVersion:
    """Take up at once what was in force before: an approved version, or for None the file or shipped one.

    One person suffices: it was approved before, and going back must not wait.
    """
    demand(scope, Permission.RULES)
    now, held = premises.clock(), in_force(premises, scope)
    text = _base_text(premises.settings) if number is None else None
    with premises.store.write() as session:
        lock_versions(session)
        if number is not None:
            earlier = _found(session, scope, number)
            if earlier.state != "approved" or (earlier.effective_at or now) > now:
                raise Conflict("That version was never in force.", "Approve it instead.")
            text = earlier.text
        assert text is not None
        guideline = parse_guideline(text, "guideline")
        if guideline.version == held.guideline.version:
            raise Conflict(f"{guideline.version} is in force already.", "There is nothing to go back to.")
        row = GuidelineVersion(
            organisation_id=scope.organisation_id,
            version=guideline.version,
            parent=held.guideline.version,
            text=text,
            note=" ".join(reason.split())[:LONGEST_NOTE],
            state="approved",
            proposed_at=now,
            proposed_by=scope.actor,
            decided_at=now,
            decided_by=scope.actor,
            effective_at=now,
            back_to=number or 0,
        )
        session.add(row)
        session.flush()
        leave_line(
            session, scope, now, "guideline.rollback", row.id, version=row.version, before=held.guideline.version
        )
    return row


def _base_text(settings: Settings) -> str:
    return default_text() if settings.guideline is None else read_file(settings.guideline, "WATCHFIRE_GUIDELINE")


def _at_home(scope: Scope) -> None:
    if not scope.home:
        raise Refused("The guideline is the desk's own.", "Ask a member of the desk.")


def _found(session: Session, scope: Scope, number: int) -> GuidelineVersion:
    row = get_version(session, scope, number)
    if row is None:
        raise NotFound(f"There is no version {number} of the guideline.", "`watchfire rules versions` shows them.")
    return row


def _open(session: Session, scope: Scope, number: int) -> GuidelineVersion:
    row = _found(session, scope, number)
    if row.state != "proposed":
        raise Conflict(f"This version is {row.state} already.", "Propose it anew.")
    return row
