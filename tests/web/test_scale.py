"""Pages at scale: as many queries however much there is, a long event by pages, few bytes before the list stands."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.desk.live import EVERY
from service.store.engine import Store
from service.store.tables import EntryRow, EventEntry, Notice
from service.web.shown.event import REPORTS
from tests.web.conftest import Desk, OpenDesk
from tests.web.seed import add_story, alert_called
from tests.web.stories import STORIES

FIRST_LOAD = 150_000  # bytes over the wire until the list stands, the map apart
COUP = "尼日尔"
REFERRED = re.compile(r'(?:href|src)="(/static/[^"#]+)"')


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are put to a store."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(" ".join(statement.split())[:200])

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def queries(desk: Desk, path: str) -> list[str]:
    desk.house.live.close()  # its looks would be counted too
    time.sleep(2 * EVERY)
    desk.get(path)  # what is asked once, such as a mark that it was seen, is not counted
    with counted(desk.house.store) as asked:
        assert desk.get(path).status_code == 200
    return asked


def report_more(desk: Desk, count: int) -> int:
    """So many reports more about one event; answers its number."""
    number = alert_called(desk.store, COUP).event_id
    with desk.store.write() as session:
        wanted = select(EntryRow).join(EventEntry).where(EventEntry.event_id == number)  # type: ignore[arg-type]
        like = session.exec(wanted).first()
        assert like is not None
        for place in range(count):
            values = like.model_dump(exclude={"id", "key", "title"})
            values["first_seen_at"] = like.first_seen_at + timedelta(seconds=place + 1)
            entry = EntryRow(**values, key=f"more-{place}", title=f"Report number {place} of the coup")
            session.add(entry)
            session.flush()
            session.add(EventEntry(entry_id=entry.id or 0, event_id=number, origin=f"more-{place}"))
    return number


@pytest.mark.parametrize("path", ["/", "/?facets=1", "/?state=all&sort=changed", "/?q=a", "/search?q=word"])
def test_a_list_takes_as_many_queries_however_long_it_is(open_desk: OpenDesk, path: str) -> None:
    desk = open_desk()
    before = queries(desk, path)
    for place, story in enumerate(STORIES * 3):
        add_story(desk.store, 1, replace(story, clause=f"X-{place}"), desk.house.clock())
    after = queries(desk, path)
    assert len(after) == len(before)
    assert len(after) <= 26


def test_deliveries_take_as_many_queries_however_many_were_tried(open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = Counter(queries(desk, "/deliveries"))
    with desk.store.write() as session:
        for notice in session.exec(select(Notice).where(Notice.attempts == 0)).all():
            notice.attempts = 1
            session.add(notice)
    assert Counter(queries(desk, "/deliveries")) == before
    assert max(before.values()) < 5


def test_an_event_and_an_alert_take_as_many_queries_however_often_told(desk: Desk) -> None:
    alert = alert_called(desk.store, COUP)
    before = {path: queries(desk, path) for path in (f"/events/{alert.event_id}", f"/alerts/{alert.id}")}
    report_more(desk, 40)
    for path, asked in before.items():
        assert Counter(queries(desk, path)) == Counter(asked), path
        assert len(asked) <= 60


@pytest.mark.parametrize(("lang", "older"), [("en", "Earlier reports"), ("zh", "较早的报道")])
def test_a_long_event_is_told_by_pages(desk: Desk, lang: str, older: str) -> None:
    number = report_more(desk, 2 * REPORTS)
    entries, addresses = [], []
    address: str | None = f"/events/{number}?lang={lang}"
    while address is not None:
        addresses.append(address)
        text = desk.get(address).text
        shown = re.findall(r'name="entries"[^>]* value="(\d+)"', text)
        assert 0 < len(shown) <= REPORTS
        entries += shown
        found = re.search(r'rel="next" href="([^"]+)">([^<]+)<', text)
        assert found is None or found[2] == older
        address = found[1] if found else None
    assert len(addresses) == 3
    assert len(set(entries)) == len(entries) > 2 * REPORTS
    assert f'<span class="count">{len(entries)}</span>' in desk.get(addresses[1]).text
    assert 'rel="prev"' in desk.get(addresses[1]).text
    assert desk.get(f"/events/{number}?passed=999999").status_code == 200
    wrong = desk.post(f"/events/{number}/move", {"entries": entries[-1], "into": "", "passed": str(2 * REPORTS)})
    assert wrong.status_code == 422
    assert f'value="{entries[-1]}" checked' in wrong.text


def test_the_first_load_is_small(still: Desk) -> None:
    headers = {"Accept-Encoding": "gzip"}

    def size(path: str) -> int:
        with still.client.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200
            return sum(map(len, answer.iter_raw()))

    for lang in ("en", "zh"):
        page = f"/?lang={lang}"
        assets = {urljoin(page, found) for found in REFERRED.findall(still.get(page).text)}
        assert len(assets) >= 3
        assert sum(map(size, (page, *assets))) < FIRST_LOAD
