"""What people do to deliveries: a dead letter is sent again, a held notice at once."""

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.notify.deliver import retry_notice
from service.record.holding import send_now
from service.store.read_rest import get_notice
from service.store.scope import Scope
from service.store.tables import Notice


def retry_delivery(premises: Premises, scope: Scope, notice_id: str) -> Notice:
    """Send a dead letter again; Conflict when it is not dead."""
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        return retry_notice(session, scope, get_notice(session, scope, notice_id), premises.clock())


def send_held(premises: Premises, scope: Scope, notice_id: str) -> Notice:
    """Send a held notice now instead of in a digest; Conflict when it is not held."""
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        return send_now(session, get_notice(session, scope, notice_id), scope.actor, premises.clock())
