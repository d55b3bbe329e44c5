"""A seeded desk for each test, copied from one that was filled once."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from service.desk.house import House
from service.store.engine import Store, open_store
from service.store.scope import Role
from service.web.build import BUILT, build
from tests.conftest import missing
from tests.entering import session_of
from tests.web.browser import CHROMIUM_ARGS, chromium
from tests.web.desk import house_of, serving
from tests.web.gallery.rooms import Rooms, rooms
from tests.web.offices import furnish_office
from tests.web.seed import seed


@dataclass
class Desk:
    """A running desk, the store behind it, and a way to call it as a browser without scripts does."""

    url: str
    store: Store
    house: House
    client: httpx.Client
    forgetful: bool = False  # shared by tests: what one visit leaves in the browser is not there for the next

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        if self.forgetful:
            self.client.cookies.clear()
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def enter(self, context: BrowserContext, person: int = 1) -> None:
        """Whoever opens pages in this context is signed in as this person."""
        token = session_of(self.store, person, self.house.clock())
        context.add_cookies([{"name": "watchfire", "value": token, "url": self.url}])

    def post(self, path: str, data: Mapping[str, object] | None = None, **headers: str) -> httpx.Response:
        """A form that was sent, with the answer to it and not where it leads."""
        said = {"Origin": self.url, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.post(path, data=dict(data or {}), headers=said, follow_redirects=False)


OpenDesk = Callable[..., Desk]
STALE = timedelta(minutes=4)  # the nearest deadline of the seed is minutes away


@pytest.fixture(scope="session", autouse=True)
def assets() -> None:
    """The page assets, built if nobody has yet."""
    if not all((BUILT / name).exists() for name in ("manifest.json", "shapes.json")):
        build()


@pytest.fixture(scope="session")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Role], Path]:
    """A seeded SQLite file for a role of its one person, made once in a while: deadlines of its alerts run on."""
    made: dict[Role, tuple[Path, datetime]] = {}

    def of(role: Role) -> Path:
        now = datetime.now(UTC)
        if role not in made or now - made[role][1] > STALE:
            path = tmp_path_factory.mktemp("seeded") / f"{role}.db"
            shutil.copy(sqlite_template, path)
            store = open_store(f"sqlite:///{path}")
            seed(store, now, role=role)
            with store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            store.dispose()
            made[role] = path, now
        return made[role][0]

    return of


def _opened(
    stack: ExitStack,
    path: Path,
    *,
    demo: bool = True,
    empty: bool = False,
    later: timedelta = timedelta(),
) -> Desk:
    store = open_store(f"sqlite:///{path}")
    if empty:
        seed(store, datetime.now(UTC), stories=(), bare=True)
    house = house_of(store, demo=demo, clock=lambda: datetime.now(UTC) + later)
    url = stack.enter_context(serving(house))
    client = stack.enter_context(httpx.Client(base_url=url, follow_redirects=True, timeout=20))
    return Desk(url, store, house, client)


@pytest.fixture
def open_desk(seeded: Callable[[Role], Path], sqlite_template: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    """Opens desks: `role` of the visitor, `demo` or with a door, `empty`, `later` than the seed."""
    with ExitStack() as stack:

        def opened(*, role: Role = Role.ADMIN, demo: bool = True, empty: bool = False, **more: timedelta) -> Desk:
            path = tmp_path / f"{role}-{demo}-{empty}.db"
            shutil.copy(sqlite_template if empty else seeded(role), path)
            return _opened(stack, path, demo=demo, empty=empty, **more)

        yield opened


@pytest.fixture(scope="session")
def still(seeded: Callable[[Role], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that is only looked at, so that many tests can share it; nothing is remembered between two looks."""
    path = tmp_path_factory.mktemp("still") / "still.db"
    shutil.copy(seeded(Role.ADMIN), path)
    with ExitStack() as stack:
        shared = _opened(stack, path)
        shared.forgetful = True
        yield shared


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """The desk of a demonstration, whose visitor is its administrator."""
    return open_desk()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """The desks of the gallery, which are only looked at: every page of the desk, each with something on it."""
    with rooms(tmp_path_factory.mktemp("rooms")) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = chromium()
    if path is None:
        missing("Chromium", "apt-get install chromium")
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield found
        found.close()


Visitor = Callable[..., BrowserContext]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Makes browser profiles that are closed at the end; English and 1440 px wide if nothing else is said."""
    opened: list[BrowserContext] = []

    def make(**wishes: object) -> BrowserContext:
        settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce", **wishes}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A desk with a whole house of people."""
    furnish_office(desk.house, desk.house.clock())
    return desk
