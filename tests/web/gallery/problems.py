"""What can go wrong for somebody who opens a page, each with the status that its page has."""

from collections.abc import Callable, Mapping
from functools import partial

from fastapi import FastAPI

from service.errors import BusyError, Conflict, Refused, StorageError, TooMany

# The words are those of the service, so that what it says of them in Chinese is pictured too.
PROBLEMS: Mapping[int, Callable[[], Exception]] = {
    403: partial(Refused, "As viewer you may not comment.", "Ask an administrator for another role."),
    409: partial(Conflict, "The name 'fatou' is taken.", "Choose another."),
    429: partial(TooMany, "Too many reports came in a short time.", "Nothing was stored; send it again in an hour."),
    500: partial(RuntimeError, "whatever nobody thought of"),
    503: partial(BusyError, "The database is locked by another process.", "Close what holds it, or try again shortly."),
    507: partial(
        StorageError,
        "The database cannot grow: the disk is full or a size limit is reached.",
        "Make room and try again; what was stored before is safe.",
    ),
}


def add_problems(app: FastAPI) -> None:
    """GET /problem/STATUS: what somebody meets when this happens."""

    @app.get("/problem/{status}")
    def happens(status: int) -> None:
        raise PROBLEMS[status]()
