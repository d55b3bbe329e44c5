"""What people do to deliveries: a dead letter is sent again, or all that are like it; a held notice at once."""

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.errors import Conflict
from service.notify.deliver import retry_notice
from service.record.holding import send_now
from service.store.dead import dead_like
from service.store.read_rest import get_notice
from service.store.scope import Scope
from service.store.tables import Notice

AT_ONCE = 500  # dead letters sent again by one wish


def retry_delivery(premises: Premises, scope: Scope, notice_id: str) -> Notice:
    """Send a dead letter again; Conflict when it is not dead."""
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        return retry_notice(session, scope, get_notice(session, scope, notice_id), premises.clock())


def retry_like(premises: Premises, scope: Scope, notice_id: str) -> int:
    """Send a dead letter and all of its channel and cause again; answers how many, at most `AT_ONCE`.

    What still has no way out stays a dead letter; Conflict when none has one, or this one is not dead.
    """
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        first = get_notice(session, scope, notice_id)
        if first.state != "dead":
            retry_notice(session, scope, first, premises.clock())  # says why not
        sent, refused = 0, None
        for notice in dead_like(session, first, AT_ONCE):
            try:
                retry_notice(session, scope, notice, premises.clock())
                sent += 1
            except Conflict as fault:
                refused = fault
        if refused is not None and not sent:
            raise refused
        return sent


def send_held(premises: Premises, scope: Scope, notice_id: str) -> Notice:
    """Send a held notice now instead of in a digest; Conflict when it is not held."""
    demand(scope, Permission.DELIVERIES)
    with premises.store.write() as session:
        return send_now(session, get_notice(session, scope, notice_id), scope.actor, premises.clock())
