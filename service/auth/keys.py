"""API keys for machines: shown once, kept as a hash, with a role and, if wanted, an end."""

from datetime import datetime

from sqlmodel import Session

from service.auth.tokens import hash_token, hint_of, is_token, new_token
from service.store.people import key_holder
from service.store.scope import Role
from service.store.tables import ApiKey, Organisation

PREFIX = "wf_"


def add_key(
    session: Session,
    organisation_id: int,
    name: str,
    role: Role,
    now: datetime,
    expires_at: datetime | None = None,
    made_by: str | None = None,
) -> tuple[ApiKey, str]:
    """A new key in the caller's transaction, with the token that is shown once."""
    token = new_token(PREFIX)
    row = ApiKey(
        organisation_id=organisation_id,
        name=name,
        role=role.value,
        key_hash=hash_token(token),
        hint=hint_of(token),
        created_at=now,
        expires_at=expires_at,
        made_by=made_by,
    )
    session.add(row)
    session.flush()
    return row, token


def find_key(session: Session, token: str, now: datetime) -> tuple[ApiKey, Organisation] | None:
    """The living key that a token is, with its organisation."""
    if not (token.startswith(PREFIX) and is_token(token)):
        return None
    return key_holder(session, hash_token(token), now)
