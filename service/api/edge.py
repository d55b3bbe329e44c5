"""The edge of the API: bodies are bounded before they are read, answers are never kept by anybody on the way."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problem import plain_problem

LARGEST = 1024 * 1024  # bytes of a request body


class Edge:
    """ASGI middleware: a cap on bodies, and the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless it says that it is too large; count what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdigit() or int(said) > LARGEST:
            await plain_problem(413 if said.isdigit() else 400)(scope, receive, _marked(send))
            return
        await self._app(scope, _counted(receive), _marked(send))


def _counted(receive: Receive) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:  # sent in pieces, without saying how much
            raise HTTPException(413)
        return message

    return counting


def _marked(send: Send) -> Send:
    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return marking
