"""How many alerts there are by what they could be filtered by, as far as the reader may see them.

One query for the few columns that filters look at, counted here column by column: measured on 20,000 alerts it is
faster than a query for each of the six counts, since each of these would look at the same rows for the sake of one
column, and than looking at each row by itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Text, cast, select
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
    columns = _columns(session, scope, wanted, now)
    values = {kind: _asked(getattr(wanted, kind)) for kind in KINDS}
    asked = [kind for kind in KINDS if values[kind]]
    fits = {kind: _fits(kind, columns[kind], values[kind], home=scope.home) for kind in asked}
    counts = {}
    for kind in KINDS:
        # What would be shown, were this kind alone set otherwise: all that fits the others.
        others = [fits[other] for other in asked if other != kind]
        held = compress(columns[kind], map(all, zip(*others, strict=True))) if others else columns[kind]
        counts[kind] = _counted(kind, held, home=scope.home)
    return Facets(**counts)


def _asked(given: Any) -> frozenset[str]:
    """The values of a kind that are asked for, as they are counted."""
    return frozenset(map(str, given if isinstance(given, tuple) else () if given is None else (given,)))


def _columns(session: Session, scope: Scope, wanted: AlertFilter, now: datetime) -> dict[str, Sequence[Any]]:
    """For each kind what every alert holds: countries and categories as they are written, state with whether it is
    snoozed."""
    columns: list[Any] = [Alert.level, Alert.state, cast(col(Alert.countries), Text), cast(col(Alert.categories), Text)]
    columns += [AlertFact.owner, AlertFact.letter]
    query = select(*columns, col(Snooze.alert_id).is_not(None) & asleep(now)).select_from(Alert)
    query = query.join(Snooze, col(Snooze.alert_id) == col(Alert.id), isouter=True)
    query = query.join(AlertFact, col(AlertFact.alert_id) == col(Alert.id), isouter=True).where(visible(scope))
    alone = AlertFilter(words=wanted.words, changed_since=wanted.changed_since, unseen_by=wanted.unseen_by)
    found = session.connection().execute(narrowed(session, query, alone))
    rows = list(map(tuple, found))
    level, state, country, category, owner, letter = (list(map(itemgetter(place), rows)) for place in range(6))
    states = list(zip(state, map(itemgetter(6), rows), strict=True))
    return dict(zip(KINDS, (level, states, country, category, owner, letter), strict=True))


def _fits(kind: str, column: Sequence[Any], values: frozenset[str], *, home: bool) -> list[bool]:
    read = _Read(kind, home=home)
    return [not values.isdisjoint(read[held]) for held in column]


def _counted(kind: str, column: Iterable[Any], *, home: bool) -> dict[str, int]:
    counted: Counter[str] = Counter()
    read = _Read(kind, home=home)
    for held, count in Counter(column).items():
        for value in read[held]:
            counted[value] += count
    return dict(counted)


class _Read(dict[Any, tuple[str, ...]]):
    """What a row holds of a kind → the values that it counts for; there are few different ones."""

    def __init__(self, kind: str, *, home: bool) -> None:
        super().__init__()
        self._kind, self._home = kind, home

    def __missing__(self, held: Any) -> tuple[str, ...]:
        self[held] = found = self._values(held)
        return found

    def _values(self, held: Any) -> tuple[str, ...]:
        if self._kind == "state":
            state, snoozed = held
            return (SNOOZED,) if snoozed and state in LIVE else (state, "live") if state in LIVE else (state,)
        if self._kind in ("country", "category"):
            return tuple(orjson.loads(held))
        if held is None or held == "" or (self._kind == "owner" and not self._home):
            return ()
        return (str(held),)
