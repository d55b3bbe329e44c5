"""How many alerts there are by what they could be filtered by, as far as the reader may see them.

One query for the few columns that filters look at, counted here column by column: measured on 20,000 alerts it is
faster than a query for each of the six counts, since each of these would look at the same rows for the sake of one
column, and than looking at each row by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Text, cast, select
from sqlmodel import Session, col

from service.store.read_alerts import LIVE, SNOOZED, AlertFilter, asleep, narrowed, visible
from service.store.scope import Scope
from service.store.tables import Alert, AlertFact, Snooze

KINDS = ("level", "state", "country", "category", "owner", "letter")
Row = tuple[Any, ...]


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
    rows = _rows(session, scope, wanted.words, now)
    asked = [kind for kind in KINDS if getattr(wanted, kind) is not None]
    fitting, missing = _parted(rows, asked, wanted, home=scope.home)
    counts = {}
    for kind in KINDS:
        # A row that misses this kind alone would be shown, were it set otherwise.
        counts[kind] = _counted(kind, [*fitting, *missing.get(kind, ())], home=scope.home)
    return Facets(**counts)


def _rows(session: Session, scope: Scope, words: str, now: datetime) -> Sequence[Row]:
    """Level, state, countries, categories (lists as they are written), owner, letter, whether it is snoozed."""
    columns: list[Any] = [Alert.level, Alert.state, cast(col(Alert.countries), Text), cast(col(Alert.categories), Text)]
    columns += [AlertFact.owner, AlertFact.letter]
    query = select(*columns, col(Snooze.alert_id).is_not(None) & asleep(now)).select_from(Alert)
    query = query.join(Snooze, col(Snooze.alert_id) == col(Alert.id), isouter=True)
    query = query.join(AlertFact, col(AlertFact.alert_id) == col(Alert.id), isouter=True).where(visible(scope))
    found = session.connection().execute(narrowed(session, query, AlertFilter(words=words)))
    return [tuple(row) for row in found]


def _parted(
    rows: Sequence[Row], asked: Sequence[str], wanted: AlertFilter, *, home: bool
) -> tuple[Sequence[Row], dict[str, list[Row]]]:
    """The rows that fit everything asked for, and by kind those that miss this alone."""
    if not asked:
        return rows, {}
    fitting: list[Row] = []
    missing: dict[str, list[Row]] = {kind: [] for kind in asked}
    tests = [(kind, _of(kind), str(getattr(wanted, kind)), _Read(kind, home=home)) for kind in asked]
    for row in rows:
        misses = [kind for kind, of, value, read in tests if value not in read[of(row)]]
        if not misses:
            fitting.append(row)
        elif len(misses) == 1:
            missing[misses[0]].append(row)
    return fitting, missing


def _counted(kind: str, rows: Iterable[Row], *, home: bool) -> dict[str, int]:
    counted: Counter[str] = Counter()
    read = _Read(kind, home=home)
    for held, count in Counter(map(_of(kind), rows)).items():
        for value in read[held]:
            counted[value] += count
    return dict(counted)


def _of(kind: str) -> Callable[[Row], Any]:
    """What of a row a kind of filter looks at."""
    return itemgetter(1, 6) if kind == "state" else itemgetter(KINDS.index(kind))


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
