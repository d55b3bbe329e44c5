"""Held notices: what the budget costs each notice, how fast a storm becomes digests, what a look for nothing costs."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from sqlmodel import Session

from rules.decision import Hush
from rules.guideline import default_guideline
from rules.quiet_rule import RestraintRule
from service.record.audience import read_audience
from service.record.digest import ADDRESSEES, release_due
from service.record.notices import Telling, tell
from service.store.engine import Store, open_store
from service.store.held import any_due
from service.store.migrate import upgrade
from service.store.people import found_home, home_organisation
from service.store.tables import Alert, Channel, Event, Subscription

NOW = datetime.now(UTC).replace(microsecond=0)
ALERTS, FOLLOWERS, AT_ONCE = 1_000, 20, 50
URL = "https://desk.example"
RULE = default_guideline().restraint


def bench_holding() -> None:
    """Print all three, in processor time of one core."""
    print("\n## Held notices\n")
    for name, hush, rule in (
        ("told, no budget", None, None),
        ("told or held by the budget", None, RULE),
        ("held for a storm", Hush("storm", "opened:42", NOW + timedelta(minutes=15)), RULE),
    ):
        with tempfile.TemporaryDirectory() as folder:
            store = _store(Path(folder))
            spent = _told(store, hush, rule)
            print(f"{name}: {1e6 * spent / ALERTS / FOLLOWERS:.0f} µs a notice")
            if hush is not None:
                _released(store)
            store.dispose()


def _released(store: Store) -> None:
    begin = process_time()
    with store.read() as session:
        for _ in range(1_000):
            any_due(session, NOW)
    print(f"a look for what is due, nothing being due: {1e3 * (process_time() - begin):.0f} µs")
    begin = process_time()
    release_due(store, URL, NOW + timedelta(hours=1))
    spent = process_time() - begin
    print(f"{ALERTS * FOLLOWERS:,} held notices into {FOLLOWERS} digests: {spent:.2f} s, {ADDRESSEES} a transaction")


def _told(store: Store, hush: Hush | None, rule: RestraintRule | None) -> float:
    with store.write() as session:
        home = home_organisation(session).id or 0
        alerts = [_alert(session, home) for _ in range(ALERTS)]
    spent = 0.0
    for start in range(0, ALERTS, AT_ONCE):
        with store.write() as session:
            audience = read_audience(session, home)
            everybody = {one.id for one in audience.followers}
            batch = [session.get_one(Alert, number) for number in alerts[start : start + AT_ONCE]]
            begin = process_time()
            for alert in batch:
                telling = Telling(alert, (), "open", None, URL, hush=hush, restraint=rule)
                tell(session, audience, telling, everybody, (), NOW)
            session.flush()
            spent += process_time() - begin
    return spent


def _store(folder: Path) -> Store:
    store = open_store(f"sqlite:///{folder / 'bench.db'}")
    upgrade(store)
    with store.write() as session:
        found_home(session, NOW)
        session.flush()
        home = home_organisation(session).id or 0
        for number in range(FOLLOWERS):
            channel = Channel(
                organisation_id=home, kind="webhook", name=str(number), address="https://rooms.example", created_at=NOW
            )
            session.add(channel)
            session.flush()
            session.add(
                Subscription(
                    organisation_id=home,
                    name=str(number),
                    countries=[],
                    categories=[],
                    channel_id=channel.id,
                    created_at=NOW,
                )
            )
    return store


def _alert(session: Session, home: int) -> int:
    event = Event(
        title="x", opened_at=NOW, last_at=NOW, vector=b"", countries=[], categories=[], subtypes=[], sharing="TLP:GREEN"
    )
    session.add(event)
    session.flush()
    alert = Alert(
        organisation_id=home,
        event_id=event.id or 0,
        title="Shops close in an invented town",
        language="en",
        unconfirmed=False,
        level=4,
        clause="POL-1",
        guideline="1",
        score=20.0,
        reasons=[],
        countries=["NE"],
        categories=["political"],
        subtypes=["protest_strike"],
        sharing="TLP:GREEN",
        opened_at=NOW,
        changed_at=NOW,
        level_since=NOW,
    )
    session.add(alert)
    session.flush()
    return alert.id or 0
