"""The composition root: everything is made here once and handed to where it is used."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI
from sqlmodel import select

from ingest.http import Client, make_client
from ingest.visitor import Gates
from scoring.model import Model
from service.api import mount_api
from service.demo import staging_pages
from service.demo.staging import DOMAIN, Wire
from service.desk.guideline_in_force import CurrentGuideline
from service.desk.house import House, address_of
from service.desk.live import Live
from service.desk.mailbox import account_of, look_quietly
from service.desk.models import ModelInUse
from service.desk.owners import read_owners, read_routes
from service.desk.plans import read_plans
from service.desk.search import reindex
from service.desk.senders import read_senders
from service.desk.sending import make_sender
from service.desk.training import Trainer
from service.errors import SetupError
from service.lanes import let_in
from service.locale.catalogue import Catalogue
from service.observe import Metrics
from service.pipeline import Walk
from service.scheduler import Ticks
from service.settings import Settings
from service.store.archives import end_interrupted
from service.store.engine import Store, open_store
from service.store.lease import holder, release_dead
from service.store.migrate import current, head, upgrade
from service.store.people import found_home
from service.store.tables import EntryRow, Notice, Organisation, SourceRow, Training, Translation
from service.translate.work import Translator, endpoint_of, translate_due
from service.web import mount_web
from service.web.world import shapes


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


def open_database(settings: Settings, *, migrate: bool) -> Store:
    """The store with the tables of this version; SetupError when they are not there and may not be made."""
    store = open_store(settings.database)
    if migrate:
        upgrade(store)
        with store.write() as session:
            found_home(session, now())
        reindex(store)  # nothing to do but the first time after an upgrade
        return store
    found, wanted = current(store), head()
    if found != wanted:
        store.dispose()
        raise SetupError(
            f"The database is at version {found}, this program needs {wanted}."
            if found
            else "There is no database yet.",
            "Run `watchfire db upgrade`.",
        )
    return store


def home_id(store: Store) -> int:
    """The number of the organisation that runs the desk."""
    with store.read() as session:
        return session.exec(select(Organisation.id).where(Organisation.home)).one() or 0


def build_house(
    settings: Settings, store: Store, *, client: Client | None = None, demo: bool = False, port: int | None = None
) -> House:
    """Everything that request handlers and the delivery need."""
    catalogue = Catalogue()
    wires = {f"all://*.{DOMAIN}": Wire(store, address_of(settings, port))}
    client = client or make_client(settings.allow_nets, mounts=wires)
    return House(
        settings=settings,
        store=store,
        catalogue=catalogue,
        metrics=Metrics(),
        sender=make_sender(settings, catalogue, client),
        live=Live(store),
        clock=now,
        demo=demo,
        port=port,
    )


def build_walk(house: House, model: Callable[[], Model] | None = None) -> Walk:
    """Everything that the walk needs. The guideline and owners are read now, the model at its first use."""
    with house.store.write() as session:
        release_dead(session, SourceRow, EntryRow, Notice, Training, Translation)
        end_interrupted(session, now())
    home = home_id(house.store)
    return Walk(
        store=house.store,
        client=house.sender.client,
        model=model or ModelInUse(house.settings, house.store),
        guideline=CurrentGuideline(house.settings, home),
        owners=read_owners(house.settings),
        routes=read_routes(house.settings),
        sender=house.sender,
        metrics=house.metrics,
        by=holder(),
        organisation_id=home,
        clock=house.clock,
        concurrency=house.settings.fetch_concurrency,
        gates=Gates(house.settings.fetch_per_host, house.settings.fetch_spacing, house.settings.allow_nets),
        demo=house.demo,
        public_url=house.public_url,
        plans=read_plans(house.settings),
        closely=house.settings.closely,
    )


def build_ticks(house: House, walk: Walk) -> Ticks:
    """The ticks of a worker, with mailbox and translator if there are any; SetupError when settings are wrong."""
    post = translate = None
    if not house.demo and account_of(house.settings) is not None:
        read_senders(house.settings)
        post = partial(look_quietly, house)
    if not house.demo and (translator := build_translator(house, walk)) is not None:
        translate = partial(translate_due, translator)
    return Ticks(walk, post, Trainer(house, walk.by), translate, house.settings.data)


def build_translator(house: House, walk: Walk) -> Translator | None:
    """What translates; None when no endpoint is set. SetupError when its settings are wrong."""
    endpoint = endpoint_of(house.settings)
    if endpoint is None:
        return None
    return Translator(house.store, walk.client, endpoint, house.settings.translate_budget, walk.by, house.clock)


def build_app(house: House, ticks: Ticks | None = None) -> FastAPI:
    """The web service: API and pages; with ticks it also does the work itself."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        let_in(house.store)
        house.live.start()
        if ticks is not None:
            ticks.start()
        yield
        if ticks is not None:
            await ticks.stop()
        await house.live.stop()
        await house.sender.client.aclose()
        house.store.dispose()

    app = FastAPI(
        title="Watchfire", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.house = house
    shapes(house.settings)
    read_plans(house.settings)  # faulty ones stop the start, and not a page in the middle of a crisis
    mount_api(app)
    mount_web(app)
    if not house.demo:
        app.include_router(staging_pages.router, include_in_schema=False)
    return app
