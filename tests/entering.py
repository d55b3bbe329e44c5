"""Somebody is signed in without passing the door: a session as the door would have made it, without its cost."""

from datetime import datetime, timedelta

from service.auth.tokens import hash_token, new_token
from service.store.engine import Store
from service.store.tables import SignIn

LASTS = timedelta(days=14)


def session_of(store: Store, person: int, now: datetime) -> str:
    """The token of a new session of this person."""
    token = new_token()
    with store.write() as session:
        session.add(SignIn(token_hash=hash_token(token), person_id=person, created_at=now, expires_at=now + LASTS))
    return token
