"""Views under a name, what the reader has seen, and who looks at what."""

from datetime import datetime

from service.auth.premises import Premises
from service.desk.words import one_line
from service.errors import Invalid, NotFound, WatchfireError
from service.log import logger
from service.store.personal import note_presence, note_seen, remove_view, save_view, seen_of
from service.store.read_alerts import get_alert
from service.store.scope import Scope
from service.store.tables import SavedView

LONGEST_NAME = 60
LONGEST_QUERY = 1000
log = logger(__name__)


def keep_view(premises: Premises, scope: Scope, name: str, query: str, *, shared: bool = False) -> SavedView:
    """Keep filters under a name, for the reader alone or for the house. Invalid without a name or with too many."""
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("The view needs a name.", f"Give it one of at most {LONGEST_NAME} characters.")
    if len(query) > LONGEST_QUERY:
        raise Invalid("The filters are too long.", f"Use at most {LONGEST_QUERY} characters.")
    with premises.store.write() as session:
        return save_view(session, scope, name, query, premises.clock(), shared=shared)


def forget_view(premises: Premises, scope: Scope, view_id: int) -> SavedView:
    """Remove a view of the reader's own; NotFound when it is none."""
    with premises.store.write() as session:
        return remove_view(session, scope, view_id)


def look_at(premises: Premises, scope: Scope, alert_id: int, changed: datetime) -> None:
    """Remember that the reader has seen an alert as it is. Nothing is written where they had; a busy database costs
    only the mark."""
    now = premises.clock()
    try:
        with premises.store.read() as session:
            before = seen_of(session, scope, [alert_id]).get(alert_id)
        if before is None or before < changed:
            with premises.store.write() as session:
                note_seen(session, scope, alert_id, max(now, changed))
    except WatchfireError as error:
        log.warning("what %s has seen is not noted: %s", scope.actor, error)


def be_at(premises: Premises, scope: Scope, alert_id: int | None) -> None:
    """Let colleagues know which alert somebody has before them, or none; what they may not see counts as none."""
    with premises.store.write() as session:
        if alert_id is not None:
            try:
                get_alert(session, scope, alert_id)
            except NotFound:
                alert_id = None
        note_presence(session, scope, alert_id, premises.clock())
