"""Two workers on PostgreSQL share the work and do nothing twice; one that is killed loses nothing."""

import json
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from ingest.feed import Feed
from service.store.engine import Store
from service.store.people import found_home
from service.store.sources import add_sources
from service.store.tables import Alert, AssessmentRow, Channel, EntryRow, Event, Notice, Organisation, Subscription
from tests.ingest.webserver import Answer, webserver
from tests.walk.command import start
from tests.walk.scene import CALM, COUP, START, Story, rss

FEEDS = 150


def wait_for(holds: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until something holds; how long it takes is not judged, only that it comes."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)


@pytest.mark.postgres
def test_two_workers_share_the_work_and_do_nothing_twice(postgres_store: Store, tmp_path: Path) -> None:
    store = postgres_store
    with store.write() as session:
        found_home(session, START)
    with webserver() as web:
        url = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        settings = {"database_url": url, "allow_nets": "127.0.0.0/8", "fetch_concurrency": "4"}
        logs = [tmp_path / "one.log", tmp_path / "two.log"]
        workers = [start(tmp_path, "work", log=log, **settings) for log in logs]
        try:
            wait_for(lambda: all("working as" in log.read_text(encoding="utf-8") for log in logs))
            _world(store, web)
            wait_for(lambda: _settled(store))
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            codes = [worker.wait(30) for worker in workers]
        said = [log.read_text(encoding="utf-8") for log in logs]
        assert codes == [0, 0], said
        ids = [json.loads(asked.body)["id"] for asked in web.asked if asked.path == "/hook"]
        looks = Counter(asked.path for asked in web.asked if asked.path.startswith("/feed"))
    with store.read() as session:
        entries = session.exec(select(func.count()).select_from(EntryRow)).one()
        assessed = session.exec(select(AssessmentRow.entry_id)).all()
        assert len(assessed) == len(set(assessed)) == entries == FEEDS * 2
        assert session.exec(select(func.count()).select_from(Event)).one() == 1
        assert session.exec(select(func.count()).select_from(Alert)).one() == 1
    assert len(ids) == len(set(ids)) > 0
    assert set(looks.values()) == {1}
    assert all("assessed" in one for one in said), "both had a part in it"


def _world(store: Store, web) -> None:  # type: ignore[no-untyped-def]
    web.answers["/hook"] = Answer(body=b"{}")
    for number in range(FEEDS):
        stories = [COUP, Story(f"calm-{number}", f"{CALM.title} ({number})", CALM.text)]
        web.answers[f"/feed/{number}"] = Answer(body=rss(stories))
    feeds = [
        Feed(key=f"f{n}", name=f"F{n}", address=web.url(f"/feed/{n}"), reliability="B", interval=3600)
        for n in range(FEEDS)
    ]
    with store.write() as session:
        add_sources(session, feeds, START)
        organisation = Organisation(key="niger", name="Niger", created_at=START)
        session.add(organisation)
        session.flush()
        channel = Channel(
            organisation_id=organisation.id or 0,
            kind="webhook",
            name="hook",
            address=web.url("/hook"),
            language="en",
            created_at=START,
        )
        session.add(channel)
        session.flush()
        session.add(
            Subscription(
                organisation_id=organisation.id or 0,
                name="all",
                countries=[],
                categories=[],
                channel_id=channel.id,
                created_at=START,
            )
        )


def _settled(store: Store) -> bool:
    with store.read() as session:
        entries = session.exec(select(func.count()).select_from(EntryRow)).one()
        walking = session.exec(
            select(func.count()).select_from(EntryRow).where(col(EntryRow.stage).in_(("new", "assessed")))
        ).one()
        pending = session.exec(select(func.count()).select_from(Notice).where(Notice.state == "pending")).one()
    return bool(entries == FEEDS * 2 and walking == 0 and pending == 0)
