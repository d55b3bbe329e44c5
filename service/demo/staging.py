"""The demonstration on a real desk: its invented outlets among the sources, its story told from now on.

They are sources as all are, looked at by the walk and graded by the house's own guideline; only the wire on which they
are reached ends within this program, so that no request leaves it. Everything of it is marked, disturbs nobody, joins
nothing real, and goes as a whole.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from ingest.feed import Feed
from ingest.http import AsyncBaseTransport, ByteStream, Request, Response
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.demo.feeds import as_source, edition
from service.demo.telling import Telling, in_print, new_telling, recalled
from service.demo.world import World, load_world
from service.desk.audit import leave_line
from service.errors import Conflict, NotFound
from service.store.engine import Store, advisory_lock
from service.store.events import DECIDE_LOCK
from service.store.log import get_meta, set_meta
from service.store.scope import Scope
from service.store.sources import add_sources
from service.store.stage import MARK, count_staged, is_staged, remove_staged
from service.store.tables.source import STAGED

DOMAIN = "demo.watchfire.invalid"  # .invalid can never be anybody's
RARELY = 3600  # seconds, when the story is told


@dataclass(frozen=True, slots=True)
class Staged:
    """The demonstration as it stands on a desk: when its story began, how fast it goes, and how much of it there is."""

    telling: Telling
    over: bool
    counts: dict[str, int]


def load_stage(premises: Premises, scope: Scope) -> int:
    """Put the invented outlets among the sources; their story begins now. Answers how many there are.

    Conflict where it is there already, or where the whole desk is a demonstration.
    """
    _keeper(scope)
    if premises.demo:
        raise Conflict("This whole desk is a demonstration.", "Look at its alerts.")
    now, world = premises.clock(), load_world()
    telling = new_telling(now, premises.settings.demo_speed)
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)  # whoever loads it a second time at the same moment waits, and is told so
        if is_staged(session):
            raise Conflict("The demonstration is on this desk already.", "Remove it first to see it anew.")
        set_meta(session, MARK, json.dumps(telling.kept()))
        added = add_sources(session, _sources(world, telling), now)
        leave_line(session, scope, now, "demo.load", "", sources=added)
    return added


def remove_stage(premises: Premises, scope: Scope) -> dict[str, int]:
    """Take all of it away, in one transaction; answers how much there was. NotFound where there is none."""
    _keeper(scope)
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)  # nothing of it is decided on meanwhile
        if not is_staged(session):
            raise NotFound("There is no demonstration on this desk.", "Load it first.")
        # Before anything goes: live pages go on from its number, which must not come twice.
        leave_line(session, scope, premises.clock(), "demo.remove", "", **count_staged(session))
        session.flush()
        return remove_staged(session)


def staged_now(premises: Premises, scope: Scope) -> Staged | None:
    """How it stands; None where there is none."""
    _keeper(scope)
    with premises.store.read() as session:
        telling = recall(session)
        if telling is None:
            return None
        return Staged(telling, telling.is_over(load_world(), premises.clock()), count_staged(session))


def _keeper(scope: Scope) -> None:
    if not scope.home:
        raise NotFound("There is no such page.")
    demand(scope, Permission.SOURCES)


def _sources(world: World, telling: Telling) -> list[Feed]:
    return [
        as_source(outlet, telling, f"{STAGED}{outlet.key}", f"https://{outlet.key}.{DOMAIN}/feed")
        for outlet in world.outlets.values()
    ]


def recall(session: Session) -> Telling | None:
    """The telling that is under way; None where there is none, or nothing that can be read."""
    try:
        return recalled(json.loads(get_meta(session, MARK) or ""))
    except (ValueError, KeyError, TypeError):
        return None


class Wire(AsyncBaseTransport):
    """Where the addresses of the invented outlets lead: to their feeds as they stand in print, and nowhere outside."""

    def __init__(self, store: Store, base: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store, self._base, self._clock = store, base, clock

    async def handle_async_request(self, request: Request) -> Response:
        """A feed with its validators, 304 where it is known, 404 where nothing of it is on this desk."""
        name = request.url.host.partition(".")[0]
        outlet = load_world().outlets.get(name)
        telling = await asyncio.to_thread(self._telling)
        if outlet is None or telling is None:
            return Response(404, request=request)
        now, world = self._clock(), load_world()
        made = edition(outlet, telling, in_print(world, telling, name, now), self._base)
        headers = {"ETag": made.etag, "Content-Type": made.content_type}
        if telling.is_over(world, now):
            headers["Cache-Control"] = f"max-age={RARELY}"
        if request.headers.get("If-None-Match") == made.etag:
            return Response(304, headers=headers, request=request)
        return Response(200, headers=headers, stream=ByteStream(made.body), request=request)

    def _telling(self) -> Telling | None:
        with self._store.read() as session:
            return recall(session)
