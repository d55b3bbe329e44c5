"""The door of every request: who is asking. Used by pages and API alike, as FastAPI dependencies.

A machine shows `Authorization: Bearer wf_…`; a person has a session cookie; a demonstration's visitor needs neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.auth.access import Permission, demand, demo_scope, key_scope, person_scope
from service.auth.keys import find_key
from service.auth.origin import demand_local, is_local, refuse_cross_site, scheme_of
from service.auth.premises import Premises
from service.auth.sessions import LONGEST, keep, needs_keeping
from service.auth.tokens import hash_token, is_token
from service.errors import Refused, SignInNeeded, WatchfireError
from service.log import logger
from service.settings import Settings
from service.store.engine import Store
from service.store.office import is_stale, note_key, note_person
from service.store.people import signed_in
from service.store.scope import Scope
from service.store.standing import Standing
from service.store.tables import ApiKey, Organisation

log = logger(__name__)
KeyHolder = tuple[ApiKey, Organisation]
_keys: WeakKeyDictionary[Store, Standing[KeyHolder | None]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class CookieForm:
    """How the session's cookie is called and whether it is bound to HTTPS."""

    name: str
    secure: bool


OVER_HTTPS = CookieForm("__Host-watchfire", secure=True)
ON_LOOPBACK = CookieForm("watchfire", secure=False)


def premises_of(request: Request) -> Premises:
    """The running service."""
    found: Premises = request.app.state.house
    return found


def cookie_form(request: Request, settings: Settings) -> CookieForm:
    """The cookie that fits this connection; Refused over plain HTTP from elsewhere, where anybody could read it."""
    if scheme_of(request, settings) == "https":
        return OVER_HTTPS
    if is_local(request):
        return ON_LOOPBACK
    raise Refused(
        "Over plain HTTP anybody on the way could read your password.",
        "Open the desk by https://; behind a proxy that ends TLS, set WATCHFIRE_TRUSTED_PROXIES.",
    )


def set_session_cookie(response: Response, request: Request, settings: Settings, token: str) -> None:
    """Hand a session to the browser. Refused over plain HTTP from elsewhere."""
    form = cookie_form(request, settings)
    response.set_cookie(
        form.name,
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=form.secure,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the session from the browser."""
    for form in (OVER_HTTPS, ON_LOOPBACK):
        response.delete_cookie(form.name, path="/", secure=form.secure, httponly=True, samesite="lax")


def session_token(request: Request, settings: Settings) -> str | None:
    """The session's token in the cookie that fits this connection; a cookie of the other form counts for nothing."""
    try:
        token = request.cookies.get(cookie_form(request, settings).name)
    except Refused:
        return None
    return token if token is not None and is_token(token) else None


def visitor(request: Request) -> Scope | None:
    """Who is asking; None when nobody is signed in. A change asked for by another site's page is refused."""
    premises = premises_of(request)
    if premises.demo:
        demand_local(request)
    key = _key(request)
    if key is not None:
        return _by_key(premises, key)
    refuse_cross_site(request, premises.settings)
    if premises.demo:
        with premises.store.read() as session:
            return demo_scope(session)
    token = session_token(request, premises.settings)
    return _by_session(premises, token) if token is not None else None


async def reader(request: Request) -> Scope:
    """Who is asking; SignInNeeded when nobody is signed in. A key that was just looked up needs no thread."""
    premises, key = premises_of(request), _key(request)
    if key is not None and not premises.demo:
        found = _standing_keys(premises).known(hash_token(key))
        if found is not None and _good_now(found[0], premises.clock()):
            return key_scope(*found)
    return await run_in_threadpool(demand_reader, request)


def demand_reader(request: Request) -> Scope:
    """Who is asking; SignInNeeded when nobody is signed in."""
    scope = visitor(request)
    if scope is None:
        raise SignInNeeded("Nobody is signed in.", "Sign in, or send an API key as `Authorization: Bearer wf_…`.")
    return scope


def require(permission: Permission) -> Callable[[Scope], Scope]:
    """A dependency that lets only those through who may do this kind of thing."""

    def permitted(scope: Annotated[Scope, Depends(reader)]) -> Scope:
        demand(scope, permission)
        return scope

    return permitted


def _key(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _standing_keys(premises: Premises) -> Standing[KeyHolder | None]:
    return _keys.setdefault(premises.store, Standing(premises.store.watch))


def _good_now(key: ApiKey, now: datetime) -> bool:
    """What the time of day says of a key: not over yet, and its use noted not long ago."""
    return (key.expires_at is None or key.expires_at > now) and not is_stale(key.used_at, now)


def _find_key(premises: Premises, token: str) -> KeyHolder | None:
    with premises.store.read() as session:
        return find_key(session, token, premises.clock())


def _by_key(premises: Premises, token: str) -> Scope:
    found = _standing_keys(premises).read(hash_token(token), partial(_find_key, premises, token))
    if found is None:
        raise SignInNeeded("This API key is unknown, expired or revoked.", "Make one with `watchfire key make`.")
    key, now = found[0], premises.clock()
    if is_stale(key.used_at, now):
        _write_down(premises, lambda session: note_key(session, key.id or 0, now))
    return key_scope(*found)


def _by_session(premises: Premises, token: str) -> Scope | None:
    now = premises.clock()
    with premises.store.read() as session:
        found = signed_in(session, hash_token(token), now)
    if found is None:
        return None
    person, organisation, row = found
    if is_stale(row.seen_at, now):
        _write_down(premises, lambda session: note_person(session, person.id or 0, row.token_hash, now))
    if needs_keeping(row, now):
        try:
            keep(premises.store, token, now)
        except WatchfireError as error:  # reading goes on when the database can only be read
            log.warning("a session could not be renewed: %s", error)
    return person_scope(person, organisation)


def _write_down(premises: Premises, note: Callable[[Session], None]) -> None:
    """Who was here is worth a line, but no reader has to wait or be refused for want of it."""
    try:
        with premises.store.write() as session:
            note(session)
    except WatchfireError as error:
        log.warning("who was here could not be written down: %s", error)
