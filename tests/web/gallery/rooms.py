"""The desks that are pictured: filled by the functions that the service itself uses, served on loopback."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlmodel import col, select

from rules.guideline import default_guideline, default_text
from rules.owners import default_owners
from service.auth.invite import first_invitation
from service.desk.guideline import propose, try_version
from service.desk.house import House
from service.desk.report_given import Given, report_of
from service.desk.report_link import make_link
from service.desk.reports import file_report
from service.desk.search import reindex
from service.locale.catalogue import Catalogue
from service.record.alarm import Bell, ring_alarms
from service.settings import load
from service.store.engine import Store, open_store
from service.store.migrate import upgrade
from service.store.tables import EventEntry, Person
from tests.web.advising import add_advice
from tests.web.crises import bring_crises
from tests.web.desk import house_of, operator, serving
from tests.web.gallery.pictures import Picture, Room
from tests.web.gallery.problems import add_problems
from tests.web.holdings import add_holdings
from tests.web.offices import furnish_office
from tests.web.quieting import add_silences
from tests.web.responding import respond_to, work_on
from tests.web.seed import alert_called, seed
from tests.web.staff import staff
from tests.web.talking import add_talk
from tests.web.waiting import held_alert, hold_some

CALMER = default_text().replace('version: "1"', 'version: "2"').replace("{1: 64, 2: 46,", "{1: 90, 2: 70,")


@dataclass(frozen=True, slots=True)
class Rooms:
    """The desks' addresses, the numbers by which pages are called, and what the desks remember."""

    addresses: dict[Room, str]
    numbers: dict[str, object]
    stores: dict[Room, Store]

    def address(self, picture: Picture) -> str:
        """Where this page is to be seen."""
        return self.addresses[picture.room] + picture.path.format(**self.numbers)


@contextmanager
def rooms(folder: Path) -> Iterator[Rooms]:
    """All desks, running; their databases lie in `folder`."""
    full, empty = _store(folder / "full.db"), _store(folder / "empty.db")
    numbers = furnish(full)
    seed(empty, datetime.now(UTC), stories=(), bare=True)
    start = _store(folder / "start.db")
    _first_day(start)
    door = replace(house_of(empty, demo=False), settings=load(report_form="link"))
    houses = {Room.FULL: house_of(full), Room.EMPTY: house_of(empty), Room.DOOR: door, Room.START: house_of(start)}
    with ExitStack() as stack:
        addresses = {room: stack.enter_context(serving(house, add_problems)) for room, house in houses.items()}
        numbers |= _keys(houses[Room.DOOR], addresses[Room.DOOR])
        yield Rooms(addresses, numbers, {Room.FULL: full, Room.EMPTY: empty, Room.START: start})


def _first_day(store: Store) -> None:
    """A desk on which there is nothing but its administrator."""
    home = seed(store, datetime.now(UTC), stories=(), bare=True)
    with store.write() as session:
        session.add(
            Person(organisation_id=home, name="lin", password_hash="-", role="admin", created_at=datetime.now(UTC))
        )


def _store(path: Path) -> Store:
    store = open_store(f"sqlite:///{path}")
    upgrade(store)
    return store


def furnish(store: Store) -> dict[str, object]:
    """A desk in full swing: a coup that is worked on, an alarm, a roster, sites, a report, a change under way."""
    now = datetime.now(UTC)
    home = seed(store, now)
    coup = alert_called(store, "尼日尔")
    respond_to(store, coup.id or 0, now - timedelta(minutes=50))
    work_on(store, coup.id or 0, now)
    with store.write() as session:  # the one that nobody looks at is worth an alarm
        ring_alarms(session, Bell(default_guideline(), default_owners(), home, Catalogue()), now, demo=True)
    house = house_of(store)
    staff(house, now)
    add_holdings(store, now, coup.id or 0)
    add_silences(house, now)
    bring_crises(store, now)
    add_advice(store, now)
    digest = hold_some(store, home, now)
    furnish_office(house, now)
    add_talk(house, coup.id or 0, now)
    reindex(store)
    with store.read() as session:
        entry = session.exec(select(EventEntry.entry_id).where(col(EventEntry.event_id) == coup.event_id)).first()
    return {
        "coup": coup.id,
        "event": coup.event_id,
        "entry": entry,
        "escalated": alert_called(store, "gunmen").id,
        "alarm": alert_called(store, "Office of Tremors").id,
        "held": held_alert(store),
        "digest": digest,
        "report": _report(house, now),
        "change": _change(house),
    }


def _report(house: House, now: datetime) -> int:
    given = Given(text="Six armed men fired at the gate. Nobody was hurt.", country="CM", place="Yagoua")
    return file_report(house, operator(house.store), report_of(given, now), channel="form").row.id or 0


def _change(house: House) -> int:
    other = replace(operator(house.store), actor="fatou")
    number = propose(house, other, CALMER, "Fewer alerts of level I and II.").id or 0
    try_version(house, other, number)
    return number


def _keys(house: House, url: str) -> dict[str, object]:
    """What opens the door from outside: an invitation, and the link by which a report needs no account."""
    invited = first_invitation(house.store, datetime.now(UTC), url) or url
    return {"invitation": _last(invited), "link": _last(make_link(house, operator(house.store)))}


def _last(address: str) -> str:
    return urlsplit(address).path.rsplit("/", 1)[-1]
