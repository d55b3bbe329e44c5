"""Finding by words: alerts as the reader may see them, reports behind and beside them, and making the index anew."""

from dataclasses import dataclass

from service.auth.premises import Premises
from service.errors import Invalid
from service.store.engine import Store
from service.store.pages import Page
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.read_rest import found_entries
from service.store.scope import Scope
from service.store.search import alerts_after, entries_after, index_alerts, index_entries, is_current, mark_current
from service.store.tables import Alert, EntryRow, SourceRow

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: alerts, the newest change first, and reports, the newest first, each with its event if any."""

    alerts: Page[Alert]
    reports: list[tuple[EntryRow, SourceRow, int | None]]


def find(premises: Premises, scope: Scope, words: str, *, limit: int = 20, cursor: str | None = None) -> Found:
    """Alerts in any state and reports that hold all the words; Invalid when there are none to look for."""
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid("Say what to look for.", f"Give one to {LONGEST} letters.")
    with premises.store.read() as session:
        alerts = list_alerts(session, scope, AlertFilter(words=words), limit=limit, cursor=cursor)
        return Found(alerts, found_entries(session, scope, words, limit) if cursor is None else [])


def reindex(store: Store, *, anew: bool = False) -> tuple[int, int]:
    """Put everything into the index that was stored before there was one (or all once more); answers how many alerts
    and entries. In short transactions, so that the desk works on meanwhile."""
    with store.read() as session:
        if is_current(session) and not anew:
            return 0, 0
    alerts = entries = last = 0
    while True:
        with store.write() as session:
            ids = alerts_after(session, last)
            index_alerts(session, ids)
        if not ids:
            break
        alerts, last = alerts + len(ids), ids[-1]
    last = 0
    while True:
        with store.write() as session:
            ids = entries_after(session, last)
            entries += index_entries(session, ids)
            if not ids:
                mark_current(session)
                return alerts, entries
        last = ids[-1]
