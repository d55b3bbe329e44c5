"""Is everything alive? Each part is looked at by itself: one that cannot be looked at is unknown, never well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from scoring.keywords import is_fallback
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk import vital
from service.desk.beats import free_bytes
from service.desk.mailbox import mailbox_health
from service.desk.models import serving
from service.desk.vital import Line, Vital, worst
from service.errors import Refused, WatchfireError
from service.store.beat import (
    SLOT,
    database_clock,
    database_size,
    database_version,
    oldest_due,
    oldest_new,
    pulses,
    slot_of,
    slot_start,
    workers,
)
from service.store.health import critical_in_trouble, looks, states
from service.store.migrate import current, head
from service.store.models import newest_training
from service.store.outbox import waiting_notices
from service.store.scope import Scope
from service.store.search import is_current
from service.store.tables import WorkerRow
from service.store.work import waiting
from service.translate.health import translation_health

DAY = timedelta(days=1)
STEP = 6  # slots of five minutes in one bar of history
FIGURES = ("entries", "outbox", "behind", "sources", "load", "free")
TIMES = ("at", "ok", "failed", "begun")
_head = cache(head)


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines that belong together; `key` has the word `system.part.KEY`."""

    key: str
    lines: tuple[Line, ...]

    @property
    def state(self) -> Vital:
        """The gravest of its lines."""
        return worst(self.lines)


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that was looked at, at one time."""

    at: datetime
    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def state(self) -> Vital:
        """The gravest of all."""
        return worst(self.lines)


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure over the last day: a value for each half hour, the highest in it; None where nobody measured.

    `now` is what was measured within the last ten minutes.
    """

    key: str
    since: datetime
    step: timedelta
    values: tuple[int | None, ...]
    now: int | None


def status(premises: Premises, scope: Scope) -> Status:
    """Everything. Refused to who is not of the desk."""
    demand_desk(scope)
    return look_at_all(premises)


def demand_desk(scope: Scope) -> None:
    """How the machine does is the desk's own."""
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("How the machine does is the desk's own.", "Ask its administrator.")


def look_at_all(premises: Premises) -> Status:
    """The same for whoever may run commands here; nothing but the database must be there, and even that may be away."""
    now = premises.clock()
    parts: list[tuple[str, tuple[tuple[str, Callable[[], Iterator[Line]]], ...]]] = [
        ("store", (("database", lambda: _database(premises)), ("schema", lambda: _schema(premises)))),
        ("work", (("work", lambda: _workers(premises, now)),)),
        ("flow", (("entries", lambda: _entries(premises, now)), ("outbox", lambda: _outbox(premises, now)))),
        ("outside", (("sources", lambda: _sources(premises, now)), ("remote", lambda: _remote(premises)))),
        ("reading", (("model", lambda: _model(premises)), ("index", lambda: _index(premises)))),
        ("machine", (("disk", lambda: _disk(premises)), ("clock", lambda: _clock(premises, now)))),
    ]
    return Status(
        now, tuple(Part(key, tuple(line for one in looks_ for line in _looked(*one))) for key, looks_ in parts)
    )


def _looked(key: str, look: Callable[[], Iterator[Line]]) -> list[Line]:
    try:
        return list(look())
    except WatchfireError as error:
        state = Vital.BROKEN if key == "database" else Vital.UNKNOWN
        return [Line(key, state, "away", original=str(error))]
    except Exception as error:  # one part that fails must not hide how the others do
        return [Line(key, Vital.UNKNOWN, "away", original=type(error).__name__)]


def _database(premises: Premises) -> Iterator[Line]:
    with premises.store.read() as session:
        values = {"engine": database_version(session), "size": database_size(session)}
    yield Line("database", Vital.WELL, "answers", values)


def _schema(premises: Premises) -> Iterator[Line]:
    yield vital.schema(current(premises.store), _head())


def _workers(premises: Premises, now: datetime) -> Iterator[Line]:
    with premises.store.read() as session:
        rows = workers(session)
    lines = [(row, vital.worker(row.name, row.started_at, row.seen_at, row.stopped_at, now)) for row in rows]
    alive = [row for row, line in lines if line.code == "alive"]
    yield vital.work(len(alive), len(rows))
    yield from (line for _, line in lines)
    yield from _ticks(alive, now)


def _ticks(alive: list[WorkerRow], now: datetime) -> Iterator[Line]:
    """Each kind of work once: as it does where it does worst."""
    found: dict[str, list[Line]] = {}
    for row in alive:
        for name, told in row.ticks.items():
            beat = {**told, **{key: datetime.fromisoformat(told[key]) for key in TIMES if key in told}}
            found.setdefault(name, []).append(vital.tick(name, beat, row.started_at, now))
    for lines in found.values():
        gravest = worst(lines)
        yield next(line for line in lines if line.state is gravest)


def _outbox(premises: Premises, now: datetime) -> Iterator[Line]:
    with premises.store.read() as session:
        notices = waiting_notices(session)
        yield from vital.outbox(notices["pending"], notices["dead"], oldest_due(session, now), now)


def _entries(premises: Premises, now: datetime) -> Iterator[Line]:
    with premises.store.read() as session:
        new = waiting(session, "new") + waiting(session, "assessed")
        yield from vital.backlog(new, oldest_new(session), waiting(session, "failed"), now)


def _sources(premises: Premises, now: datetime) -> Iterator[Line]:
    with premises.store.read() as session:
        counts = {state.value: count for state, count in states(session, now).items()}
        yield vital.sources(counts, looks(session, now).watched, len(critical_in_trouble(session, now)))


def _remote(premises: Premises) -> Iterator[Line]:
    with premises.store.read() as session:
        yield from _asked(premises, session)


def _asked(premises: Premises, session: Session) -> Iterator[Line]:
    post = mailbox_health(premises, session)
    if post is not None:
        yield vital.remote("mailbox", post.failures, post.error, never=not post.last_ok, href="/reports")
    if premises.settings.translate_url:
        held = translation_health(session)
        yield vital.remote("translation", held.failures, held.error, never=not held.answered_at, href="/sources")


def _model(premises: Premises) -> Iterator[Line]:
    used = serving(premises)
    made = str(used.card.get("made", used.card.get("date", used.card.get("trained", ""))))[:10]
    values = {"name": used.name, "made": made}
    if is_fallback(used.path):
        yield Line("model", Vital.LOOK, "keywords", values, "/models")
    elif not used.path.is_file():
        yield Line("model", Vital.BROKEN, "missing", values, "/models")
    else:
        yield Line("model", Vital.WELL, "dated" if made else "used", values, "/models")
    with premises.store.read() as session:
        wish = newest_training(session)
    if wish is not None and wish.state == "failed":
        yield Line("training", Vital.LOOK, "failed", {}, "/models", str(wish.error or ""))


def _index(premises: Premises) -> Iterator[Line]:
    with premises.store.read() as session:
        done = is_current(session)
    yield Line("index", Vital.WELL, "whole") if done else Line("index", Vital.LOOK, "partial")


def _disk(premises: Premises) -> Iterator[Line]:
    yield vital.disk(*free_bytes(premises.settings.data))


def _clock(premises: Premises, now: datetime) -> Iterator[Line]:
    with premises.store.read() as session:
        theirs = database_clock(session)
        ahead = max((row.seen_at - now for row in workers(session)), default=timedelta())
    yield vital.clock(now, theirs, max(ahead, timedelta()))


def curves(premises: Premises, scope: Scope) -> tuple[Curve, ...]:
    """The last 24 hours in half hours. Refused to who is not of the desk."""
    demand_desk(scope)
    now = premises.clock()
    last = slot_of(now) // STEP
    first = last - int(DAY.total_seconds()) // (SLOT * STEP) + 1
    with premises.store.read() as session:
        rows = pulses(session, slot_start(first * STEP))
    by_bar: dict[int, list[dict[str, int]]] = {}
    for row in rows:
        by_bar.setdefault(row.slot // STEP, []).append(row.figures)
    bars = [by_bar.get(bar, []) for bar in range(first, last + 1)]
    fresh = rows[-1].figures if rows and rows[-1].slot >= slot_of(now) - 2 else {}
    bars[-1] = bars[-1] or ([fresh] if fresh else [])
    return tuple(
        Curve(
            key,
            slot_start(first * STEP),
            timedelta(seconds=SLOT * STEP),
            tuple(_worst([one[key] for one in bar if key in one], key) for bar in bars),
            fresh.get(key),
        )
        for key in FIGURES
    )


def _worst(values: list[int], key: str) -> int | None:
    if not values:
        return None
    return min(values) if key == "free" else max(values)
