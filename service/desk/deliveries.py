"""What people do to deliveries."""

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.notify.deliver import retry_notice
from service.store.read_rest import get_notice
from service.store.scope import Scope
from service.store.tables import Notice


def retry_delivery(premises: Premises, scope: Scope, notice_id: str) -> Notice:
    """Send a dead letter again; Conflict when it is not dead."""
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        return retry_notice(session, scope, get_notice(session, scope, notice_id), premises.clock())
