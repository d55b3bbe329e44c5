"""The OpenAPI 3.1 document: what FastAPI gathers, with our errors and keys told as they are."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.api.problem import MEDIA, Problem
from service.api.shapes.report import ReportGiven

SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, `wf_…`."},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-watchfire", "description": "A person's session."},
}
EVENTS = "Server-Sent Events: one `ready`, then an `alert` for each change."


def operation_name(route: APIRoute) -> str:
    """What a client generator calls an operation: `alerts_list`, `channels_test`."""
    subject = str(route.tags[0]) if route.tags else "api"
    return f"{subject}_{route.name.strip('_')}"


def describe(api: FastAPI) -> dict[str, Any]:
    """The document; made once and kept by the application."""
    if api.openapi_schema is None:
        document = api.openapi()
        document["components"]["securitySchemes"] = SECURITY
        document["security"] = [{name: []} for name in SECURITY]
        document["components"]["schemas"] |= {"Problem": _schema(), **_report_schemas()}
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        for path in document["paths"].values():
            for operation in path.values():
                _tell_errors(operation["responses"])
                _tell_streams(operation["responses"])
        api.openapi_schema = document
    return api.openapi_schema


def _schema() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)  # Fault stands beside it already
    return schema


def _report_schemas() -> dict[str, Any]:
    # A report is read by hand, because it comes in two forms: FastAPI does not know its shape.
    schema = ReportGiven.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "ReportGiven": schema}


def _tell_errors(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _tell_streams(responses: dict[str, Any]) -> None:
    # FastAPI says `itemSchema`, a word of OpenAPI 3.2: in a document of 3.1 it is a fault.
    for response in responses.values():
        for media in response.get("content", {}).values():
            if media.pop("itemSchema", None) is not None:
                media["schema"] = {
                    "type": "string",
                    "description": EVENTS,
                }
