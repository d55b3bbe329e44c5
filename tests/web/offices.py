"""A house with people, keys, workers and a day behind it."""

from datetime import datetime, timedelta
from math import sin
from typing import Any, Protocol

import httpx
from sqlmodel import select

from service.desk.house import House
from service.desk.keys import make_key, revoke_key
from service.desk.people import invite
from service.store.beat import SLOT, keep_worker, slot_of
from service.store.engine import Store
from service.store.log import write_log
from service.store.scope import Role
from service.store.tables import ApiKey, Organisation, Person, Pulse, SignIn
from tests.api.town import CHEAP, PASSWORD
from tests.entering import session_of
from tests.web.desk import operator


class DeskLike(Protocol):
    """A running desk with a client that calls it."""

    store: Store
    house: House
    client: httpx.Client


PEOPLE = (
    ("fatou", "manager", "home", "africa-lead", 3),
    ("李娜", "analyst", "home", None, 55),
    ("o.petrenko", "owner", "home", "legal-counsel", 2900),
    ("temp.auditor", "viewer", "home", None, None),
    ("nora", "admin", "guest", None, 400),
)
TICKS = ("collect", "understand", "deliver", "recheck", "alarm", "escalate", "remind", "posture", "release", "wake")


def furnish_office(house: House, now: datetime, *, failing: bool = True) -> None:
    """People of every role, one of them switched off and one paused; keys; links; two workers; a day of figures."""
    with house.store.write() as session:
        homes = {row.key: row.id or 0 for row in session.exec(select(Organisation)).all()}
        wang = session.exec(select(Person).where(Person.name == "wang")).one()
        wang.seen_at, wang.locale, wang.zone = now - timedelta(minutes=1), "zh", "Asia/Shanghai"
        session.add(wang)
        session.add(_signed_in(wang.id or 0, "a" * 64, now))
        for name, role, organisation, owner, seen in PEOPLE:
            person = Person(
                organisation_id=homes[organisation],
                name=name,
                password_hash="-",
                role=role,
                owner=owner,
                active=name != "temp.auditor",
                locked_until=now + timedelta(minutes=8) if name == "o.petrenko" else None,
                seen_at=now - timedelta(minutes=seen) if seen is not None else None,
                created_at=now - timedelta(days=90),
            )
            session.add(person)
            session.flush()
            if name in ("fatou", "李娜"):
                session.add(_signed_in(person.id or 0, name.encode().hex().ljust(64, "0")[:64], now))
            for number, action in enumerate(("person.join", "person.sign_in")):
                _log(session, now - timedelta(days=2 - number), name, action, person, homes[organisation])
    _keys(house, now)
    invite(house, operator(house.store), "analyst", None, "Samuel, Nairobi office")
    invite(house, operator(house.store), "viewer", "guest")
    _work(house, now, failing=failing)


def sign_in_as(desk: DeskLike, name: str, role: Role, *, organisation: int = 1) -> None:
    """Have the desk's client be somebody with the PASSWORD, in their first session."""
    now = desk.house.clock()
    with desk.store.write() as session:
        row = Person(
            organisation_id=organisation,
            name=name,
            password_hash=CHEAP.hash(PASSWORD),
            role=role.value,
            created_at=now,
        )
        session.add(row)
        session.flush()
        number = row.id or 0
    desk.client.cookies.set("watchfire", session_of(desk.store, number, now))


def _signed_in(person: int, token: str, now: datetime) -> SignIn:
    return SignIn(
        token_hash=token,
        person_id=person,
        created_at=now - timedelta(hours=30),
        expires_at=now + timedelta(days=13),
        seen_at=now - timedelta(minutes=2),
    )


def _log(session: Any, at: datetime, actor: str, action: str, person: Person, organisation: int) -> None:
    write_log(
        session,
        at=at,
        actor=actor,
        action=action,
        subject="person",
        subject_id=person.id or 0,
        organisation_id=organisation,
        detail={"role": person.role} if action == "person.join" else {},
    )


def _keys(house: House, now: datetime) -> None:
    scope = operator(house.store)
    make_key(house, scope, name="Grafana, monitoring host", role="viewer", lasts=timedelta(days=365))
    make_key(house, scope, name="Field reports of the Niamey branch", role="owner")
    old, _ = make_key(house, scope, name="Trial", role="manager")
    revoke_key(house, scope, old.id or 0)
    with house.store.write() as session:
        used = session.exec(select(ApiKey)).first()
        assert used is not None
        used.used_at = now - timedelta(minutes=4)
        session.add(used)


def _work(house: House, now: datetime, *, failing: bool) -> None:
    ran = {name: _beat(now, every) for name, every in zip(TICKS, (2, 1, 1, 60, 60, 20, 30, 3, 10, 5), strict=True)}
    if failing:
        ran["alarm"] |= {"failed": ran["alarm"].pop("ok"), "error": "The database is locked by another process."}
    with house.store.write() as session:
        keep_worker(session, "desk-1:4182:9f3a1c20", now - timedelta(hours=31), now, ran)
        keep_worker(session, "desk-0:977:01bb6a77", now - timedelta(hours=90), now - timedelta(hours=3), {})
        for back in range(1, 24 * 3600 // SLOT):
            slot = slot_of(now) - back
            if not 130 < back < 150:  # nobody measured for a while
                session.add(Pulse(slot=slot, figures=_figures(back)))


def _beat(now: datetime, every: int) -> dict[str, Any]:
    at = (now - timedelta(seconds=min(every, 4))).isoformat()
    return {"every": float(every), "begun": at, "at": at, "ok": at, "took": 0.2}


def _figures(back: int) -> dict[str, int]:
    wave = 1 + sin(back / 20)
    return {
        "outbox": round(3 * wave) + (40 if 60 < back < 66 else 0),
        "behind": 240 if 60 < back < 66 else 0,
        "dead": 0,
        "entries": round(60 * wave),
        "sources": 1 + (2 if back < 40 else 0),
        "free": 41_000_000_000 + back * 20_000_000,
        "load": round(40 + 30 * wave),
    }


def person(desk: DeskLike, name: str) -> Person:
    """Who is called so at the desk."""
    with desk.store.read() as session:
        return session.exec(select(Person).where(Person.name == name)).one()
