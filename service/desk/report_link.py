"""The link by which anybody who has it may report without an account. Only a hash of its token is kept."""

import hmac

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.auth.tokens import hash_token, is_token, new_token
from service.desk.audit import leave_line
from service.errors import Conflict, NotFound
from service.store.log import get_meta, set_meta
from service.store.scope import Scope

META = "report_link"


def make_link(premises: Premises, scope: Scope) -> str:
    """A new link, shown this once; the one before works no more."""
    demand(scope, Permission.KEYS)
    if premises.settings.report_form != "link":
        raise Conflict("The form without an account is shut.", "Set WATCHFIRE_REPORT_FORM=link.")
    token = new_token()
    with premises.store.write() as session:
        set_meta(session, META, hash_token(token))
        leave_line(session, scope, premises.clock(), "report.link", "")
    return f"{premises.public_url.rstrip('/')}/report/{token}"


def demand_link(premises: Premises, token: str) -> None:
    """NotFound unless the operator has opened the form and this is the token of its link."""
    if premises.settings.report_form == "link" and is_token(token):
        with premises.store.read() as session:
            kept = get_meta(session, META)
        if kept is not None and hmac.compare_digest(kept, hash_token(token)):
            return
    raise NotFound("There is no such page.")
