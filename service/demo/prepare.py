"""Preparing the demonstration: its own database, its own network, its story, and its pages on the app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network

from fastapi import FastAPI

from ingest.http import make_client
from rules.owners import default_owners
from rules.situation import Owner
from service.demo import pages, seeds
from service.demo.guard import LoopbackOnly, check_host, check_mark
from service.demo.robots import TOKENS, Robot
from service.demo.room import ChatRoom
from service.demo.world import World, load_world
from service.desk.house import House
from service.log import logger
from service.settings import Settings
from service.store.engine import Store, open_store
from service.store.migrate import current, downgrade

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
FILE, CHAT = "demo.db", "demo-chat.jsonl"
OpenDatabase = Callable[..., Store]  # (settings, *, migrate)
BuildHouse = Callable[..., House]  # (settings, store, *, client, demo, port)
log = logger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A demonstration that is ready to be served: its house, and its own pages."""

    house: House
    stage: pages.Stage

    def mount(self, app: FastAPI) -> None:
        """Put feeds and chat room on the app, and turn away whoever is not on this machine."""
        app.state.stage = self.stage
        app.include_router(pages.router, include_in_schema=False)
        app.add_middleware(LoopbackOnly)


def prepare_demo(
    settings: Settings,
    host: str,
    port: int,
    build_house: BuildHouse,
    open_database: OpenDatabase,
    owners: Sequence[Owner] | None = None,
    now: datetime | None = None,
) -> Prepared:
    """Ready a demonstration for this address. SetupError for a host that is not loopback or a database that is in use.

    The story goes on where it was, or begins anew on an empty database when it was over. `owners` are those in force.
    """
    now = now or datetime.now(UTC)
    check_host(host)
    base = f"http://[{host.strip('[]')}]:{port}" if ":" in host else f"http://{host}:{port}"
    own = _settings(settings, base)
    world = load_world()
    client = make_client(LOOPBACK, allow_ports=frozenset({(host.strip("[]").lower(), port)}), public=False)
    _clear_ended(own, world, now)
    store = open_database(own, migrate=True)
    house = build_house(own, store, client=client, demo=True, port=port)
    memory = _seeded(house, world, owners, base, now)
    room = ChatRoom(own.data / CHAT, lambda kind, token: find_robot(store, kind, token))
    return Prepared(house, pages.Stage(house, world, memory.telling, room, base, memory.feed_token))


def _settings(settings: Settings, base: str) -> Settings:
    """The operator's settings with a database of its own and links that lead back here."""
    url = settings.database_url or f"sqlite:///{settings.data / FILE}"
    return settings.model_copy(update={"database_url": url, "public_url": base, "allow_nets": ()})


def _clear_ended(settings: Settings, world: World, now: datetime) -> None:
    """Refuse a database that is not ours; empty ours when its story was over."""
    store = open_store(settings.database)
    try:
        if current(store) is None:
            return
        with store.read() as session:
            check_mark(session)
            memory = seeds.recall(session)
        if memory is not None and memory.telling.is_over(world, now):
            log.info("the last telling of the story is over: everything begins anew")
            downgrade(store, "base")
    finally:
        store.dispose()


def _seeded(house: House, world: World, owners: Sequence[Owner] | None, base: str, now: datetime) -> seeds.Memory:
    with house.store.write() as session:
        check_mark(session)
        memory = seeds.recall(session)
        if memory is None:
            (house.settings.data / CHAT).unlink(missing_ok=True)  # cards of a story whose database is gone
            memory = seeds.begin(session, now, house.settings.demo_speed)
        seeds.seed(session, world, memory, default_owners() if owners is None else owners, base, now)
    return memory


def find_robot(store: Store, kind: str, token: str) -> Robot | None:
    """The robot that a channel of the demonstration leads to."""
    with store.read() as session:
        for channel, organisation, subscription in seeds.followers(session):
            if token and channel.kind == kind and channel.address.endswith(f"?{TOKENS[kind]}={token}"):
                return Robot(
                    kind=kind,
                    token=token,
                    secret=channel.secret,
                    name=channel.name,
                    organisation=organisation.name,
                    owner=channel.owner,
                    subscription=subscription.name if subscription is not None else None,
                )
    return None
