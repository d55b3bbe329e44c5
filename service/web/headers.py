"""The edge of the desk: security headers on every answer, and a bound on what may be sent in."""

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.auth.bounds import bound_of, counted, declared

# Nothing inline and nothing from elsewhere: text from outside that slipped through escaping still could not run.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        # No script makes a script out of text, or fetches one from an address made of text: `trusted.js`.
        "require-trusted-types-for 'script'",
        "trusted-types default",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
YEAR = 31_536_000
LARGEST = 2 * 1024 * 1024  # bytes of a request: a source file with its form around it


class SecurityHeaders:
    """Sets the headers on the way out; what a route set itself stands."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
            await send(message)

        await self._app(scope, receive, guarded)


class Bounded:
    """Refuses requests that are larger than any form of ours before they fill the memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless it says, or turns out, to be too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size, largest = declared(scope), bound_of(scope, LARGEST)
        if size is None or size > largest:
            await PlainTextResponse(f"The request is larger than {largest >> 20} MB.", 413)(scope, receive, send)
            return
        await self._app(scope, counted(receive, largest), send)
