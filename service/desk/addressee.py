"""Whom a channel of the desk may reach: an owner of the owners file, or a person of the roster in force."""

from service.auth.premises import Premises
from service.desk.owners import known_owner
from service.store.rosters import member_names
from service.store.scope import Scope


def known_addressee(premises: Premises, scope: Scope, key: str) -> str:
    """The key of an owner, or of somebody in the roster; Invalid names the owners that there are."""
    with premises.store.read() as session:
        members = member_names(session, scope.organisation_id)
    return key.strip() if key.strip() in members else known_owner(premises.settings, key)


def people_of_the_roster(premises: Premises, scope: Scope) -> dict[str, str]:
    """Everybody in the roster in force, key to name; nobody for those who are not of the desk."""
    if not scope.home:
        return {}
    with premises.store.read() as session:
        return member_names(session, scope.organisation_id)
