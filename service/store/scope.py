"""Scope: who is reading. Every query that answers a person takes one; only `auth.access` makes them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ingest.entry import Sharing


class Role(StrEnum):
    """What a person or key may do; `auth.access` holds the table of permissions."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    OWNER = "owner"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes: the organisation, the role in it, and the strictest sharing mark it is cleared for.

    `home` is the organisation that runs the desk: it sees its own alerts. Others see what their subscriptions share
    with them. `owner` is the key of the owner that this person is, if any.
    """

    organisation_id: int
    role: Role
    home: bool
    clearance: Sharing
    actor: str
    owner: str | None = None
    person_id: int | None = None
    key_id: int | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """The sharing marks that may be seen."""
        return _marks(self.clearance)


@cache
def _marks(clearance: Sharing) -> tuple[str, ...]:
    return tuple(mark.value for mark in Sharing if mark.strictness <= clearance.strictness)
