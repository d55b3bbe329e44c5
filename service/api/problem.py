"""Errors as RFC 9457 problem details: what happened in `detail`, what to do in `advice`, a stable `key`.

Whoever asks for Chinese (`Accept-Language: zh`) reads both in Chinese; the keys are the same in every language.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from rules.document import DocumentError
from service.api.house import house_of
from service.errors import WatchfireError
from service.locale.accepted import preferred
from service.locale.file_fault import fault_told
from service.locale.refusal import refusal
from service.log import logger

MEDIA = "application/problem+json"
MOST_FAULTS = 20
_WORDS = {
    "extra_forbidden": "it is not known here.",
    "model_attributes_type": "it is no JSON object, or the Content-Type is not application/json.",
}
log = logger(__name__)

# What a status means where no error of ours says it: (key, detail, advice).
PLAIN: dict[int, tuple[str, str, str]] = {
    400: ("error.invalid", "The request cannot be read.", "Send JSON as the OpenAPI document says."),
    404: ("error.not_found", "There is nothing at this address.", "GET /api/v1/openapi.json lists what there is."),
    405: ("error.method", "This cannot be done at this address.", "The Allow header lists what can."),
    413: (
        "error.too_large",
        "The request is larger than may be sent here.",
        "Send less: 1 MiB, reports 36 MiB.",
    ),
    500: ("error.internal", "Something went wrong here.", "Try again; the log of the service says what it was."),
}


class Fault(BaseModel):
    """One thing that is wrong with a request: where it stands, what it is called, what is wrong."""

    where: str
    name: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details, with three members of our own: advice, key, errors."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    advice: str = ""
    key: str
    errors: list[Fault] | None = None


def problem(
    status: int,
    detail: str,
    *,
    key: str,
    advice: str = "",
    errors: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for a problem."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, advice=advice, key=key, errors=errors)
    return JSONResponse(body.model_dump(exclude_none=True), status, headers={**(headers or {})}, media_type=MEDIA)


def plain_problem(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The answer for a status that needs no further word."""
    key, detail, advice = PLAIN.get(status, ("error.http", HTTPStatus(status).phrase, ""))
    what, then = told(request, detail, advice)
    return problem(status, what, key=key, advice=then, headers=headers)


def told(request: Request, what: str, advice: str) -> tuple[str, str]:
    """Both sentences in the language that a request asks for, as far as we have words for them."""
    language = preferred(request.headers.get("accept-language", ""))
    return refusal(house_of(request).catalogue, what, advice, language) or (what, advice)


def told_fault(request: Request, fault: DocumentError) -> tuple[str, str]:
    """The same of a fault of a file of rules; in English no stop is behind what is wrong."""
    return _chinese(request, fault) or (fault.what, fault.advice)


def faulty_text(request: Request, error: WatchfireError, faults: Sequence[DocumentError]) -> Response:
    """The answer for a text that cannot be used: what is wrong with it, line by line."""
    every = [(one.line, _chinese(request, one), f"{one.what}. {one.advice}") for one in faults[:MOST_FAULTS]]
    told = ((line, "".join(both) if both is not None else english) for line, both, english in every)
    errors = [Fault(where="text", name=f"line {line}", detail=detail) for line, detail in told]
    return explain(error, request, errors)


def _chinese(request: Request, fault: DocumentError) -> tuple[str, str] | None:
    language = preferred(request.headers.get("accept-language", ""))
    return fault_told(house_of(request).catalogue, fault.what, fault.advice, language)


def explain(error: WatchfireError, request: Request, errors: list[Fault] | None = None) -> Response:
    """The answer for one of our own errors."""
    headers = {"WWW-Authenticate": 'Bearer realm="watchfire"'} if error.status == 401 else {}
    if error.again:
        headers["Retry-After"] = "5"
    what, advice = told(request, error.what, error.advice)
    return problem(error.status, what, key=error.key, advice=advice, errors=errors, headers=headers)


def on_our_error(request: Request, error: Exception) -> Response:
    """Handler of WatchfireError."""
    if not isinstance(error, WatchfireError):
        raise error
    if error.status >= 500:
        log.error("%s", error)
    return explain(error, request)


def on_http_error(request: Request, error: Exception) -> Response:
    """Handler of what the framework itself refuses: 404, 405, unreadable bodies."""
    if not isinstance(error, HTTPException):
        raise error
    return plain_problem(request, error.status_code, error.headers)


def on_invalid(request: Request, error: Exception) -> Response:
    """Handler of requests that do not have the promised shape. What was sent is not repeated: it may hold a secret."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [_fault(one) for one in error.errors()[:MOST_FAULTS]]
    first = faults[0] if faults else Fault(where="request", name="", detail="It cannot be used.")
    where = f"{first.where} '{first.name}'" if first.name else first.where
    what, advice = told(
        request, f"The {where} cannot be used: {first.detail}", "GET /api/v1/openapi.json says what can be sent."
    )
    every = [Fault(where=one.where, name=one.name, detail=told(request, one.detail, "")[0]) for one in faults]
    return problem(422, what, key="error.invalid", advice=advice, errors=every)


def _fault(one: Mapping[str, Any]) -> Fault:
    where, *rest = [str(part) for part in one.get("loc", ("request",))]
    kind = str(one.get("type"))
    if kind == "json_invalid":
        return Fault(where=where, name="", detail=f"it is not JSON (character {rest[0] if rest else 1}).")
    detail = _WORDS.get(kind) or f"{str(one.get('msg', '')).removeprefix('Value error, ')}."
    return Fault(where=where, name=".".join(rest)[:200], detail=detail)


def on_fault(request: Request, error: Exception) -> Response:
    """Handler of everything unforeseen; the server's log has the traceback."""
    log.error("unforeseen %s", type(error).__name__)
    return plain_problem(request, 500)
