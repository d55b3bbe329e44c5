"""Time acts on postures: the alerts of a place that comes into crisis are looked at again, on the return date the desk
is asked, and reports are asked for in their rhythm."""

from rules.level import Level
from rules.posture import countries_of
from service.log import logger
from service.pipeline import Walk, decide_each
from service.record import open_book
from service.record.posture import Asking, see_to
from service.record.situation_report import remind_of_reports, reporting_of
from service.store.engine import advisory_lock
from service.store.events import DECIDE_LOCK
from service.store.open_events import WINDOW
from service.store.people import organisation_by_id
from service.store.postures import events_of, open_rows, to_recheck
from service.store.tables import PostureRow

PRESSED = 100  # events decided on in one transaction: the write lock is for others, too
log = logger(__name__)


def posture_due(walk: Walk) -> int:
    """See to postures that have begun, ended, come to their return date, or want a report. Answers how many."""
    now = walk.clock()
    with walk.store.read() as session:
        changed = [(row.id or 0, row.place) for row in to_recheck(session, now)]
        open_now = open_rows(session, walk.organisation_id)
        guideline = walk.guideline_now(session) if open_now else None
    for number, place in changed:
        _look_again(walk, number, place)
    if guideline is None:
        return len(changed)
    stale = any(row.polling != guideline.crisis.polling for row in open_now)
    every = guideline.crisis.report_every
    silent = all(now < row.until and not reporting_of(row).presses(every, now) for row in open_now)
    if not stale and silent:
        return len(changed)  # nearly always: no lock is taken for it
    with walk.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        asking = Asking(
            *(guideline, walk.owners, walk.routes, walk.organisation_id, walk.public_url, walk.demo),
            organisation=organisation_by_id(session, walk.organisation_id).key,
        )
        done = see_to(session, asking, now)
        done += remind_of_reports(session, asking, walk.plans.remind[Level.RED], now)
    for place, deed in done:
        log.warning("crisis of %s: %s", place, deed)
    return len(changed) + len(done)


def _look_again(walk: Walk, number: int, place: str) -> None:
    """Decide again on the events of a place, in batches: a country with many must not hold the lock in one piece."""
    with walk.store.read() as session:
        events = events_of(session, countries_of(place), walk.clock() - WINDOW)
    for start in range(0, len(events), PRESSED):
        with walk.store.write() as session:
            advisory_lock(session, DECIDE_LOCK)
            book = open_book(session, [], walk.organisation_id, walk.clock())
            found = (book.happening(event_id) for event_id in events[start : start + PRESSED])
            decide_each(walk, session, book, [one for one in found if one is not None])
    with walk.store.write() as session:
        session.get_one(PostureRow, number).recheck = False
    log.info("%s: %d events looked at again", place, len(events))
