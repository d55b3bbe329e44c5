"""How the endpoint does: calls of the day, what went wrong last, and until when it is left alone. One row for all."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from service.store.engine import advisory_lock
from service.store.log import get_meta, set_meta

META = "translation"
LOCK = 7_245_008
FIRST_REST, LONGEST_REST = timedelta(seconds=15), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Health:
    """Times are ISO 8601 in UTC, "" for never. `failures` counts those since the last answer that could be used."""

    day: str = ""
    calls: int = 0
    failures: int = 0
    error: str = ""
    failed_at: str = ""
    answered_at: str = ""
    rest_until: str = ""

    def calls_on(self, now: datetime) -> int:
        """Calls of today."""
        return self.calls if self.day == _day(now) else 0

    def rests(self, now: datetime) -> bool:
        """Whether the endpoint is left alone for now."""
        return bool(self.rest_until) and datetime.fromisoformat(self.rest_until) > now


def translation_health(session: Session) -> Health:
    """What is remembered."""
    text = get_meta(session, META)
    return Health(**json.loads(text)) if text else Health()


def take_call(session: Session, budget: int, now: datetime) -> bool:
    """Count one call, before it is made; False when today's are used up or the endpoint is to be left alone."""
    advisory_lock(session, LOCK)
    kept = translation_health(session)
    calls = kept.calls_on(now)
    if calls >= budget or kept.rests(now):
        return False
    _keep(session, replace(kept, day=_day(now), calls=calls + 1))
    return True


def note_answer(session: Session, now: datetime) -> None:
    """It answered."""
    advisory_lock(session, LOCK)
    kept = translation_health(session)
    _keep(session, replace(kept, failures=0, error="", rest_until="", answered_at=now.isoformat()))


def note_trouble(session: Session, error: str, now: datetime, rest: timedelta | None, *, own: bool) -> None:
    """It did not. Unless one text alone is to blame, the next call waits, twice as long after each failure."""
    advisory_lock(session, LOCK)
    kept = translation_health(session)
    until, failures = kept.rest_until, kept.failures + 1
    if kept.rests(now):
        failures = kept.failures  # those of one batch fail together and count once
    elif not own or rest is not None:
        wait = rest or min(FIRST_REST * 2 ** min(kept.failures, 10), LONGEST_REST)
        until = (now + wait).isoformat()
    _keep(session, replace(kept, failures=failures, error=error[:300], failed_at=now.isoformat(), rest_until=until))


def _keep(session: Session, health: Health) -> None:
    set_meta(session, META, json.dumps(asdict(health)))


def _day(now: datetime) -> str:
    return now.date().isoformat()
