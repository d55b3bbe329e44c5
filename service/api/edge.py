"""The edge of the API: bodies are bounded before they are read, answers are never kept by anybody on the way."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problem import plain_problem
from service.auth.bounds import bound_of, counted, declared

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
        size, largest = declared(scope), bound_of(scope, LARGEST)
        if size is None or size > largest:
            answer = plain_problem(Request(scope), 400 if size is None else 413)
            await answer(scope, receive, _marked(send))
            return
        await self._app(scope, counted(receive, largest), _marked(send))


def _marked(send: Send) -> Send:
    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return marking
