"""The page of sources says what was imported, and that it is over."""

from datetime import timedelta

import pytest

from ingest.entry import Sharing
from service.store.archives import add_shelf, start_run
from service.store.tables import ArchiveRun
from tests.web.conftest import Desk
from tests.web.test_pages import RAW_KEY, text_of


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Imported archives", "alerts nobody", "1,200 new, 3 known already, 2 unreadable", "over", "broke off")),
        ("zh", ("导入的历史资料", "不发出预警", "新增 1,200 条，已有 3 条，无法读取 2 条", "已结束", "中断")),
    ],
)
def test_imports_are_shown(desk: Desk, language: str, words: tuple[str, ...]) -> None:
    now = desk.house.clock()
    assert words[0] not in desk.get("/sources", accept_language=language).text
    with desk.store.write() as session:
        add_shelf(session, "Paper from the attic", "F", Sharing.CLEAR, now)
        run = start_run(session, "<b>herald</b>.csv", "here:1:a", now - timedelta(hours=2))
        run.state, run.ended_at, run.read, run.new, run.known, run.unreadable = "done", now, 1205, 1200, 3, 2
        run.oldest_at, run.newest_at = now - timedelta(days=900), now - timedelta(days=500)
        session.add(run)
        session.add(ArchiveRun(name="b.csv", state="failed", by="x", started_at=now, ended_at=now, error="It broke."))
    page = desk.get("/sources", accept_language=language)
    assert all(word in text_of(page.text) for word in words)
    assert "&lt;b&gt;herald" in page.text
    assert "attic" not in page.text, "what is never looked at is no source that needs somebody"
    assert not RAW_KEY.search(page.text.split("<body", 1)[-1])
