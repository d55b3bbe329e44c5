"""The whole walk: claim a batch, call one stage's door with no transaction open, store what it says in one.

collect → assess → decide → deliver. Each step may be run by any number of workers at once, may die at any moment,
and is picked up again by whoever comes next: what is claimed comes back when its lease runs out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from ingest.fetch import LIMITS, Limits
from ingest.http import Client
from ingest.visitor import Gates
from rules.counterfactual import counterfactuals
from rules.decide import decide
from rules.decision import Action, Decision
from rules.guideline import Guideline
from rules.level import Level
from rules.plan import Plans
from rules.plan_file import default_plans
from rules.routing import Route
from rules.situation import Owner, Situation
from scoring.assess import assess
from scoring.assessment import Assessment
from scoring.model import Model
from service.collecting import Collecting, Visits, collect_all
from service.errors import WatchfireError
from service.log import logger
from service.notify.deliver import Sender, deliver_batch
from service.observe import Metrics
from service.record import Book, Grounds, Happening, open_book, record_decision, ring_alarms
from service.record.alarm import Bell, verdicts
from service.record.audience import Audience
from service.record.concerned import cleared, concerned
from service.record.decision import held_alerts
from service.record.posture import Opened, enter_opened, opened_by
from service.record.quiet import Calm
from service.record.response import Playbook
from service.record.situated import Means, situation_of
from service.store.engine import Store, advisory_lock
from service.store.events import DECIDE_LOCK, Told
from service.store.exposure import CurrentHoldings
from service.store.lease import LEASE
from service.store.people import organisation_by_id
from service.store.postures import in_force
from service.store.search import index_alerts
from service.store.stage import apart
from service.store.tables import Alert
from service.store.work import Walking, advance, claim_entries, load_entries, set_aside, store_assessments

BATCH = 64
log = logger(__name__)


@dataclass(frozen=True)
class Walk:
    """Everything the walk needs, made once by the composition root. `model` is a call, so that it loads late."""

    store: Store
    client: Client
    model: Callable[[], Model]
    guideline: Callable[[Session, datetime], Guideline]  # looked up when it is asked for: it may change meanwhile
    owners: tuple[Owner, ...]
    sender: Sender
    metrics: Metrics
    by: str
    organisation_id: int
    clock: Callable[[], datetime]
    concurrency: int = 16
    demo: bool = False
    public_url: str = ""
    limits: Limits = LIMITS
    gates: Gates = field(default_factory=Gates)
    plans: Plans = field(default_factory=default_plans)
    routes: Route | None = None
    holdings: CurrentHoldings = field(default_factory=CurrentHoldings)  # what each organisation has abroad
    closely: bool = True  # whether doubtful pairs are read together before they are joined

    def guideline_now(self, session: Session) -> Guideline:
        """The guideline that holds now. One small query: ask once a batch."""
        return self.guideline(session, self.clock())

    def collecting(self) -> Collecting:
        """What the first stage needs of it."""
        return Collecting(
            self.store, self.client, self.metrics, self.by, self.clock, self.concurrency, self.limits, self.gates
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a batch is decided by: the guideline that holds, what all its situations have in common, and what keeps
    quiet."""

    guideline: Guideline
    means: Means
    calm: Calm


async def collect_due(walk: Walk, *, all_active: bool = False) -> Visits:
    """Visit the sources that are due (or all active ones) until none is left; everything found is stored."""
    return await collect_all(walk.collecting(), all_active=all_active)


def assess_due(walk: Walk) -> int:
    """Assess one batch of new entries; answers how many were claimed, 0 when none wait."""
    with walk.store.write() as session:
        ids = claim_entries(session, "new", walk.clock(), walk.by, BATCH)
        batch = load_entries(session, ids)
    if not batch:
        return 0
    assessed = _assessed(walk, batch)
    with walk.store.write() as session:
        store_assessments(session, assessed, walk.clock(), walk.by)
    walk.metrics.assessed(len(assessed))
    log.info("assessed %d entries, %d of them risks", len(assessed), sum(bool(made.labels) for _, made in assessed))
    return len(batch)


def _assessed(walk: Walk, batch: list[Walking]) -> list[tuple[int, Assessment]]:
    """Assess together; if one entry breaks the batch, one by one, so that only that one is set aside."""
    model = walk.model()
    try:
        together = assess([walking.entry for walking in batch], model, walk.clock())
        return [(walking.id, assessment) for walking, assessment in zip(batch, together, strict=True)]
    except Exception as error:
        if len(batch) > 1:
            return [pair for walking in batch for pair in _assessed(walk, [walking])]
        _fail(walk, batch[0].id, "assess", error)
        return []


def _fail(walk: Walk, entry_id: int, stage: str, error: Exception) -> None:
    log.exception("entry %d cannot be handled (%s)", entry_id, stage, exc_info=error)
    with walk.store.write() as session:
        set_aside(session, [entry_id], f"{stage}: {type(error).__name__}: {error}", walk.by)


def decide_due(walk: Walk) -> int:
    """Join one batch of assessed entries to events and decide on each; answers how many were claimed."""
    with walk.store.write() as session:
        ids = claim_entries(session, "assessed", walk.clock(), walk.by, BATCH)
    if ids:
        _decided(walk, ids)
    return len(ids)


def _decided(walk: Walk, ids: list[int]) -> None:
    try:
        with walk.store.write() as session:
            advisory_lock(session, DECIDE_LOCK)
            held = advance(session, ids, "assessed", "decided", walk.by)
            for part in apart(session, held):
                _join_and_decide(walk, session, part)
    except WatchfireError:
        raise
    except Exception as error:
        if len(ids) == 1:
            _fail(walk, ids[0], "decide", error)
            return
        for entry_id in ids:
            _decided(walk, [entry_id])


def _join_and_decide(walk: Walk, session: Session, held: list[int]) -> None:
    book = open_book(session, held, walk.organisation_id, walk.clock(), closely=walk.closely)
    touched: dict[int, Happening] = {}
    with session.no_autoflush:
        for one in book.waiting:
            happening = book.join(one)
            if happening is not None and not one.entry.archived:  # history alerts nobody
                touched[happening.event.id or 0] = happening
        # once, when all is joined: the order of a batch decides nothing
        decide_each(walk, session, book, touched.values())


def decide_each(walk: Walk, session: Session, book: Book, happenings: Iterable[Happening]) -> None:
    """Decide on the events of a batch, all by the same terms: looked up when there is any. Their alerts are found by
    what they say now.

    What they bring into crisis is entered when all are decided: the order of a batch decides nothing.
    """
    terms: Terms | None = None
    found: list[Opened | None] = []
    alerts: list[int] = []
    for happening in happenings:
        terms = terms or _terms(walk, session, book.now)
        found.append(_decide(walk, session, book, happening, terms))
        standing = (happening.alert, *happening.others.values())
        alerts += [alert.id for alert in standing if alert is not None and alert.id is not None]
    opened = [one for one in found if one is not None]
    if terms is not None and opened:
        enter_opened(session, opened, walk.organisation_id, terms.guideline.crisis.polling, book.now)
    index_alerts(session, alerts)


def _terms(walk: Walk, session: Session, now: datetime) -> Terms:
    guideline = walk.guideline_now(session)
    means = Means(
        *(walk.owners, walk.routes, walk.plans), everybody=walk.holdings(session), postures=in_force(session, now)
    )
    return Terms(guideline, means, Calm(session, guideline.restraint, now))


def _decide(walk: Walk, session: Session, book: Book, happening: Happening, terms: Terms) -> Opened | None:
    """Ask the rules about an event as it now stands, for whom it touches and for the desk, and carry out what they say.

    The desk comes last: who is warned by an alert of their own is not told by the desk's as well.
    """
    warned: tuple[int, ...] = ()  # besides the desk: what is invented is for the desk's eyes only
    if not happening.staged:
        warned = concerned(happening, terms.means.everybody, terms.guideline, walk.organisation_id)
    for key in warned:
        audience = book.audience_of(key)
        told = cleared(happening.told, audience.home)
        if told:
            grounds = _grounds(walk, happening, tuple(told), happening.others.get(key), audience)
            alert, _ = _carry_out(walk, session, grounds, terms, book.now)
            happening.others = {**happening.others, **({key: alert} if alert is not None else {})}
    before = Level(happening.alert.level) if happening.alert is not None else None
    grounds = _grounds(walk, happening, tuple(happening.told), happening.alert, book.audience)
    happening.alert, decision = _carry_out(walk, session, grounds, terms, book.now)
    if happening.staged:
        return None  # and brings no place into crisis
    return opened_by(happening.alert, before, decision, terms.guideline, terms.means.postures, book.now)


def _asked(grounds: Grounds, situation: Situation, guideline: Guideline, now: datetime) -> Decision:
    """What the rules say, and where there is an alert that somebody will look at, what would be otherwise."""
    asked = ([one.report for one in grounds.told], situation, guideline, now)
    decision = decide(*asked)
    return decision if decision.level is None else replace(decision, counterfactuals=counterfactuals(*asked))


def _grounds(
    walk: Walk, happening: Happening, told: tuple[Told, ...], alert: Alert | None, audience: Audience
) -> Grounds:
    return Grounds(
        happening.event,
        told,
        alert,
        audience,
        happening.fresh,
        walk.demo or happening.staged,
        walk.public_url,
        Playbook(walk.plans, walk.owners, walk.routes, audience.home.key),
    )


def _carry_out(
    walk: Walk, session: Session, grounds: Grounds, terms: Terms, now: datetime
) -> tuple[Alert | None, Decision]:
    """Ask the rules about an event for one organisation, and do what they say."""
    quiet = terms.calm.of(grounds.organisation_id, grounds.event.id)
    situation = situation_of(session, grounds.alert, grounds.audience.home, terms.means, quiet)
    decision = _asked(grounds, situation, terms.guideline, now)
    alert = record_decision(session, grounds, decision, now, terms.guideline.restraint)
    terms.calm.note(grounds.organisation_id, decision, alert)
    if alert is not None and decision.action is not Action.NONE:
        walk.metrics.decided(decision.action.value, alert.level)
        log.info("alert %s: %s at level %d by %s", alert.id, decision.action.value, alert.level, alert.clause)
    return alert, decision


def recheck_due(walk: Walk) -> int:
    """Decide again on alerts held above what their reports say: time alone may lower them. Answers how many."""
    with walk.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        book = open_book(session, [], walk.organisation_id, walk.clock())
        events = held_alerts(session)
        found = (book.happening(event_id) for event_id in events)
        decide_each(walk, session, book, (one for one in found if one is not None))
    return len(events)


def alarm_due(walk: Walk) -> int:
    """Open, change and end the alarms about our own sources, as the rules will have it. Answers how many."""
    now = walk.clock()
    with walk.store.read() as session:
        bell = Bell(
            *(walk.guideline_now(session), walk.owners, walk.organisation_id, walk.sender.catalogue, walk.routes),
            organisation=organisation_by_id(session, walk.organisation_id).key,
            plans=walk.plans,
        )
        if not verdicts(session, bell, now):
            return 0  # nearly always: no lock is taken for it
    with walk.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        rung = ring_alarms(session, bell, now, demo=walk.demo, public_url=walk.public_url)
    for alert, step in rung:
        walk.metrics.decided(step, alert.level)
        log.warning("alert %s: %s, %s by %s", alert.id, alert.title, step, alert.clause)
    return len(rung)


async def deliver_due(walk: Walk) -> int:
    """Send one batch of due notices; answers how many were tried."""
    return await deliver_batch(walk.store, walk.sender, walk.metrics, walk.by, walk.clock, lease=LEASE)
