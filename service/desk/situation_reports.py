"""Situation reports as people send them: one act, with the text, and the next is counted from it."""

from service.auth.access import Permission, allows, demand
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.desk.postures import demand_desk
from service.desk.words import lines_of
from service.errors import Invalid
from service.record.situation_report import send_report
from service.store.engine import advisory_lock
from service.store.events import DECIDE_LOCK
from service.store.postures import get_posture
from service.store.scope import Scope
from service.store.situation_reports import reports_of
from service.store.tables import SituationReport

LEAST_TEXT, MOST_TEXT = 3, 4000


def may_report(scope: Scope) -> bool:
    """Whoever answers alerts of the desk, all of them or their own, may report on a crisis."""
    return allows(scope, Permission.ACT) or allows(scope, Permission.ACT_OWN)


def send_situation_report(premises: Premises, scope: Scope, place: str, text: str) -> SituationReport:
    """Send the report of a place in crisis. NotFound in normal life, Invalid without a text."""
    if not may_report(scope):
        demand(scope, Permission.ACT)
    told = _paragraphs(text)
    guideline = in_force(premises, scope).guideline
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        row = get_posture(session, scope, place)
        report = send_report(session, row, guideline, scope.actor, told, premises.clock())
        session.refresh(report)
        session.expunge(report)
        return report


def situation_reports(premises: Premises, scope: Scope, place: str) -> list[SituationReport]:
    """The reports on the crisis of a place, the newest first; NotFound in normal life."""
    demand_desk(scope)
    with premises.store.read() as session:
        return reports_of(session, scope, [get_posture(session, scope, place).id or 0])


def _paragraphs(text: str) -> str:
    """The text with its line breaks, and without what cannot be seen."""
    told = "\n".join(filter(None, lines_of(text[: 2 * MOST_TEXT])))
    if len(told) < LEAST_TEXT:
        raise Invalid("A situation report needs a text.", "Say in a few lines how things stand, and what comes next.")
    if len(told) > MOST_TEXT:
        raise Invalid("The report is too long.", f"Use at most {MOST_TEXT} characters.")
    return told
