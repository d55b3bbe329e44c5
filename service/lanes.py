"""How many requests are worked on at once, and a lane of its own for those that compute for long.

With SQLite a request computes more than it waits, and Python computes one thing at a time: forty at once, as is usual,
take nearly twice the processor, and one answer in a hundred waits three times as long (decision 0022). So few are let
in, and what takes many seconds must not be among them: whoever acknowledges an alert would stand behind it.
"""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from service.store.engine import Store

P = ParamSpec("P")
T = TypeVar("T")
HANDS = {"sqlite": 3, "postgresql": 10}  # requests at once, by database; there is no other
_SLOW = CapacityLimiter(1)  # two at once would end no sooner


def let_in(store: Store) -> None:
    """Set how many threads work on requests, in the event loop that runs."""
    to_thread.current_default_thread_limiter().total_tokens = HANDS[store.engine.dialect.name]


def slow(handler: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """A handler that takes many seconds, in the slow lane: one at a time, and none of the others' threads."""

    @wraps(handler)
    async def handled(*args: P.args, **kwargs: P.kwargs) -> T:
        return await to_thread.run_sync(partial(handler, *args, **kwargs), limiter=_SLOW)

    return handled
