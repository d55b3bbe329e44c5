"""How many alerts there are by what they could be filtered by, as far as the reader may see them.

One query for the few columns that filters look at, counted here: measured on 20,000 alerts it is faster than a query
for each of the six counts, since each of these would look at the same rows for the sake of one column.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from service.store.read_alerts import LIVE, SNOOZED, AlertFilter, asleep, narrowed, visible
from service.store.scope import Scope
from service.store.tables import Alert, AlertFact, Snooze

KINDS = ("level", "state", "country", "category", "owner", "letter")


@dataclass(frozen=True, slots=True)
class Facets:
    """For each kind of filter, what would be shown if it alone were set otherwise: value → how many."""

    level: dict[str, int]
    state: dict[str, int]
    country: dict[str, int]
    category: dict[str, int]
    owner: dict[str, int]
    letter: dict[str, int]


def count_facets(session: Session, scope: Scope, wanted: AlertFilter, now: datetime) -> Facets:
    """The counts beside the filters that are set."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for row in _rows(session, scope, wanted.words, now):
        values = _values(row, home=scope.home)
        misses = [kind for kind in KINDS if not _fits(kind, values[kind], wanted)]
        if len(misses) > 1:
            continue
        for kind in misses or KINDS:
            counts[kind].update(values[kind])
    return Facets(**{kind: dict(counted) for kind, counted in counts.items()})


def _rows(session: Session, scope: Scope, words: str, now: datetime) -> Iterable[Any]:
    columns: list[Any] = [Alert.level, Alert.state, Alert.countries, Alert.categories]
    columns += [AlertFact.owner, AlertFact.letter]
    query = select(*columns, col(Snooze.alert_id).is_not(None) & asleep(now)).select_from(Alert)
    query = query.join(Snooze, col(Snooze.alert_id) == col(Alert.id), isouter=True)
    query = query.join(AlertFact, col(AlertFact.alert_id) == col(Alert.id), isouter=True).where(visible(scope))
    return session.connection().execute(narrowed(session, query, AlertFilter(words=words)))


def _values(row: Any, *, home: bool) -> dict[str, tuple[str, ...]]:
    level, state, countries, categories, owner, letter, snoozed = row
    return {
        "level": (str(level),),
        "state": (SNOOZED,) if snoozed and state in LIVE else (state, "live") if state in LIVE else (state,),
        "country": tuple(countries),
        "category": tuple(categories),
        "owner": (owner,) if owner and home else (),
        "letter": (letter,) if letter else (),
    }


def _fits(kind: str, values: tuple[str, ...], wanted: AlertFilter) -> bool:
    asked = getattr(wanted, kind)
    return asked is None or str(asked) in values
