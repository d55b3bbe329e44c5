"""When something goes wrong: an error page in the reader's language, or one sentence where a script asked."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from service.auth.door import visitor
from service.errors import SignInNeeded, WatchfireError
from service.locale.refusal import refusal
from service.log import logger
from service.store.scope import Scope
from service.web.headers import HEADERS
from service.web.page import page
from service.web.said import Said
from service.web.visit import Visit, local, make_visit

log = logger(__name__)
Handler = Callable[[Request, Any], Response | Awaitable[Response]]
# Machines read these; the API answers for them.
ELSEWHERE = ("/api/", "/feeds/", "/health/", "/metrics", "/demo/feeds/", "/demo/chat/hook/", "/demo/chat.json")
KNOWN = (400, 401, 403, 404, 405, 409, 413, 421, 422, 429, 500, 503, 507)


def mount_problems(app: FastAPI) -> None:
    """Answer pages' failures with pages; what others answer for stays theirs."""
    kinds = {WatchfireError, HTTPException, RequestValidationError, Exception, *app.exception_handlers}
    for kind in kinds:
        if not isinstance(kind, int):
            app.add_exception_handler(kind, _either(app.exception_handlers.get(kind)))


def _either(before: Any) -> Handler:
    def answer(request: Request, error: Exception) -> Response | Awaitable[Response]:
        if request.url.path.startswith(ELSEWHERE):
            if before is None:
                return _guarded(PlainTextResponse("Internal Server Error", 500))
            found: Response | Awaitable[Response] = before(request, error)
            return _guarded(found) if isinstance(found, Response) else _when_there(found)
        return problem(request, error)

    return answer


async def _when_there(coming: Awaitable[Response]) -> Response:
    return _guarded(await coming)


def _guarded(answer: Response) -> Response:
    """The outermost layer answers faults: no middleware, and so nothing that sets headers, is passed on the way out."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def problem(request: Request, error: Exception) -> Response:
    """The answer to a page's request that failed."""
    if isinstance(error, SignInNeeded):
        return _to_the_door(make_visit(request, None))
    status = _status(error)
    visit = make_visit(request, _reader(request) if status < 500 else None)
    detail = _detail(visit, error)
    if status >= 500:
        log.error("%s %s failed: %s", request.method, request.url.path, error, exc_info=error)
    shown = status if status in KNOWN else (500 if status >= 500 else 400)
    if visit.fragment:
        title, more = visit.say(f"web.problem.{shown}.title"), detail.text or detail.original
        return PlainTextResponse(f"{title}{visit.say('web.joint.sentence')}{more}".strip(), status)
    return _guarded(page(visit, "problem.html", status=status, shown=shown, detail=detail))


def _detail(visit: Visit, error: Exception) -> Said:
    """What went wrong and what to do, as far as the title does not say it already."""
    if not isinstance(error, WatchfireError):
        return Said("")
    if visit.lang == "en":
        return Said(str(error))
    told = refusal(visit.house.catalogue, error.what, error.advice, visit.lang)
    return Said("".join(told)) if told is not None else Said("", str(error))


def _reader(request: Request) -> Scope | None:
    """Who met the problem, for the frame around it; whatever stands in the way of knowing is no second problem."""
    try:
        return visitor(request)
    except WatchfireError:
        return None


def _status(error: Exception) -> int:
    if isinstance(error, WatchfireError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 404 if any(fault["loc"][0] == "path" for fault in error.errors()) else 422
    return 500


def _to_the_door(visit: Visit) -> Response:
    """To the sign-in page, and back to the same place afterwards."""
    request = visit.request
    if visit.fragment:
        current = urlsplit(request.headers.get("hx-current-url", ""))
        back = local(f"{current.path}?{current.query}" if current.query else current.path)
        return Response(status_code=204, headers={"HX-Redirect": f"/sign-in?next={quote(back)}"})
    back = visit.here() if request.method == "GET" else "/"
    return RedirectResponse("/sign-in" if back == "/" else f"/sign-in?next={quote(back)}", 303)
