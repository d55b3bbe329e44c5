"""Time acts on alerts and steps that nobody has answered: they are pressed for, as roster and rules will have it."""

from rules.posture import CRISIS
from service.log import logger
from service.pipeline import Walk
from service.record.escalation import Office, escalate
from service.record.steps import remind_late
from service.store.escalations import due_alerts
from service.store.people import organisation_by_id
from service.store.postures import in_force
from service.store.responses import due_steps

PRESSED = 100  # alerts escalated in one transaction: half a second of the write lock
log = logger(__name__)


def escalate_due(walk: Walk) -> int:
    """Press for an answer where none came in time, as roster and rules will have it. Answers how many alerts."""
    now = walk.clock()
    with walk.store.read() as session:
        rules, held = walk.guideline_now(session), in_force(session, now)
        office = Office(
            *(walk.owners, walk.routes, rules.waits, walk.organisation_id, walk.public_url),
            hastened=rules.waits_in(CRISIS),
            postures=held,
            roster=rules.crisis.roster,
            organisation=organisation_by_id(session, walk.organisation_id).key,
        )
        if not due_alerts(session, walk.organisation_id, now, 1):
            return 0  # nearly always: no lock is taken for it
    total, more = 0, True
    while more:  # in batches: a flood of alerts must not hold the write lock in one piece
        with walk.store.write() as session:
            done = escalate(session, office, now, PRESSED)
            more = bool(due_alerts(session, walk.organisation_id, now, 1)) and bool(done)
        for number, action in done:
            log.warning("alert %d: %s", number, action)
        total += len(done)
    return total


def remind_due(walk: Walk) -> int:
    """Tell of the steps of responses that are late. Answers how many there were."""
    now = walk.clock()
    with walk.store.read() as session:
        if not due_steps(session, walk.organisation_id, now, limit=1):
            return 0  # nearly always: no lock is taken for it
    with walk.store.write() as session:
        return remind_late(session, walk.organisation_id, walk.plans.remind, walk.public_url, now)
