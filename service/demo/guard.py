"""What keeps a demonstration to itself: this machine only, and no database but its own."""

from sqlalchemy import func
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.auth.origin import demand_local, is_loopback
from service.errors import SetupError, WatchfireError
from service.store.log import get_meta
from service.store.tables import ApiKey, Channel, EntryRow, Invitation, Person, SourceRow, Subscription

MARK = "demonstration"
PRECIOUS = (SourceRow, EntryRow, Person, Channel, Subscription, ApiKey, Invitation)


def check_host(host: str) -> None:
    """SetupError unless the demonstration would listen on this machine only: it lets everybody in."""
    if not is_loopback(host):
        raise SetupError(
            f"The demonstration needs no sign-in, so it does not listen on {host}.",
            "Leave --host out, or leave --demo out to serve your own sources.",
        )


def check_mark(session: Session) -> None:
    """SetupError when the database holds anything and is not marked as a demonstration's."""
    if get_meta(session, MARK) is not None:
        return
    for table in PRECIOUS:
        if session.exec(select(func.count()).select_from(table)).one():
            raise SetupError(
                "This database holds data that are no demonstration's; nothing in it was changed.",
                "Set WATCHFIRE_DATABASE_URL to an empty database or leave it out, or leave --demo out.",
            )


class LoopbackOnly:
    """Turns away clients from elsewhere, and pages elsewhere whose name was made to point here (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        try:
            if scope["type"] == "http":
                demand_local(Request(scope))
        except WatchfireError as error:
            await PlainTextResponse(f"{error}\n", error.status)(scope, receive, send)
            return
        await self._app(scope, receive, send)
