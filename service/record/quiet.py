"""Quiet: what may keep changes quiet, read once a batch for each organisation, and what a decision leaves of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from rules.decision import BEGINS, Action, Decision, Duty, Hush
from rules.quiet import Quiet
from rules.quiet_rule import HELD, RestraintRule
from service.store.held import release_early
from service.store.log import log_alert
from service.store.quiet import closed_since, graver_of, graver_open, held_by, opened_since, silences_now
from service.store.tables import Alert, HushRow, SilenceRow
from service.store.tables import Duty as DutyRow

ALL = 100_000


@dataclass
class Calm:
    """The quiet of each organisation at one moment, kept up to date while a batch is decided."""

    session: Session
    rule: RestraintRule
    now: datetime
    _known: dict[int, Quiet] = field(default_factory=dict)

    def of(self, organisation_id: int, event_id: int | None) -> Quiet:
        """What may keep a change of this event quiet."""
        if organisation_id not in self._known:
            self._known[organisation_id] = self._read(organisation_id)
        return replace(self._known[organisation_id], event=str(event_id or ""))

    def _read(self, organisation_id: int) -> Quiet:
        session, rule, now = self.session, self.rule, self.now
        session.flush()
        return Quiet(
            silences=silences_now(session, organisation_id, now),
            graver=graver_open(session, organisation_id, rule.inhibiting) if rule.inhibit else (),
            closed=closed_since(session, organisation_id, now - rule.longest_cooldown) if rule.cooldown else (),
            opened=opened_since(session, organisation_id, now - rule.storm.within),
            organisation=str(organisation_id),
        )

    def note(self, organisation_id: int, decision: Decision, alert: Alert | None) -> None:
        """Take in what was just decided: one more alert of a storm, one that mutes others or does so no more."""
        known = self._known.get(organisation_id)
        if known is None or alert is None or decision.action is Action.NONE or decision.level is None:
            return
        opened = known.opened + (decision.action is Action.OPEN and decision.level in HELD)
        others = tuple(one for one in known.graver if one.alert != str(alert.id))
        mutes = decision.level in self.rule.inhibiting and not alert.withdrawn
        graver = (*others, graver_of(alert)) if mutes else others
        self._known[organisation_id] = replace(known, opened=opened, graver=graver)


def keep_hush(session: Session, alert: Alert, hush: Hush | None, action: str, now: datetime) -> None:
    """Write what keeps a change quiet, or would have; an alert that was told at once is marked so."""
    if hush is None or hush.passed:
        alert.told_at = now
    if hush is None:
        return
    silence, cause = numbers_of(hush)
    row = HushRow(
        organisation_id=alert.organisation_id,
        alert_id=alert.id or 0,
        version=alert.version,
        action=action,
        level=alert.level,
        kind=hush.kind,
        cause=hush.cause,
        silence_id=silence,
        cause_alert_id=cause,
        until=hush.until,
        passed=hush.passed,
        at=now,
    )
    session.add(row)
    said: dict[str, Any] = {"kind": hush.kind, "cause": hush.cause, "level": alert.level, "change": row.action}
    said["until"] = hush.until.isoformat() if hush.until is not None else None
    log_alert(session, alert, "quiet.passed" if hush.passed else "quiet.held", "rules", said, now, subject="quiet")


def numbers_of(hush: Hush) -> tuple[int | None, int | None]:
    """The silence and the alert that a cause names, as numbers."""
    what, _, number = hush.cause.partition(":")
    if not number.isdigit():
        return (None, None)
    return (int(number) if what == "silence" else None, int(number) if what == "alert" else None)


def put_off(decision: Decision, now: datetime) -> tuple[Duty, ...]:
    """Nobody is late with what they were not told yet: time to answer, where it begins now, begins when it is told."""
    return later(decision.duties, decision.hush, now) if decision.action in BEGINS else decision.duties


def later(duties: tuple[Duty, ...], hush: Hush | None, now: datetime) -> tuple[Duty, ...]:
    """Duties whose time to answer begins when what holds them back is over."""
    if hush is None or hush.passed or hush.until is None:
        return duties
    wait = hush.until - now
    return tuple(replace(duty, acknowledge_by=duty.acknowledge_by + wait) for duty in duties)


def bring_forward(session: Session, silence: SilenceRow, now: datetime) -> None:
    """A silence ends early: what it still holds is told now, and time to answer it begins now."""
    release_early(session, silence.kind, f"silence:{silence.id}", now)
    for row, alert in held_by(session, silence, ALL):
        if row.passed or row.version != alert.version or row.until is None or row.action not in BEGINS:
            continue
        if alert.state != "open" or alert.acknowledge_by is None or row.until <= now:
            continue
        early = row.until - now
        for duty in session.exec(select(DutyRow).where(DutyRow.alert_id == alert.id)).all():
            duty.acknowledge_by -= early
            session.add(duty)
        alert.acknowledge_by -= early
        session.add(alert)
