"""What is watched: added, read from files, paused, written out."""

from datetime import timedelta

import pytest

from ingest.sources import read_sources
from service.desk.sources import (
    add_source,
    export_sources,
    import_sources,
    pause_source,
    resume_source,
    source_state,
)
from service.errors import Conflict, Invalid
from service.store.sources import claim_sources
from service.store.tables import SourceRow
from tests.api.town import Town

LIST = "https://one.example/rss\nhttps://two.example/atom\n"
YAML = "sources:\n  - address: https://one.example/rss\n    reliability: Z\n"


def due(town: Town) -> set[str]:
    """The keys of the sources that would be visited now."""
    with town.store.write() as session:
        found = {one.feed.key for one in claim_sources(session, town.at, "test", 100)}
        session.rollback()
    return found


def test_one_source(here: Town) -> None:
    scope = here.operator()
    row = add_source(here.house, scope, {"address": "https://one.example/rss", "country": "ne", "reliability": ""})
    assert (row.key, row.country, row.reliability) == ("one-example-rss", "NE", "F")
    assert source_state(row, here.at) == "new"
    assert due(here) == {"feed", "one-example-rss"}
    with pytest.raises(Conflict):
        add_source(here.house, scope, {"address": "https://one.example/rss"})


@pytest.mark.parametrize("fields", [{}, {"address": "gopher://x"}, {"address": "https://x.example", "colour": "red"}])
def test_sources_that_cannot_be(here: Town, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        add_source(here.house, here.operator(), fields)


def test_a_file_twice_adds_once_and_a_broken_one_nothing(here: Town) -> None:
    scope = here.operator()
    first, again = (import_sources(here.house, scope, LIST, "list.txt") for _ in range(2))
    assert (first.added, first.known, again.added, again.known) == (2, 0, 0, 2)
    with pytest.raises(Invalid, match=r"more\.yaml, line 2"):
        import_sources(here.house, scope, YAML, "more.yaml")


def test_what_is_written_out_reads_back(here: Town) -> None:
    import_sources(here.house, here.operator(), LIST, "list.txt")
    text = export_sources(here.house, here.operator())
    assert [feed.address for feed in read_sources(text, "x.opml")] == [
        "https://news.example/feed",
        "https://one.example/rss",
        "https://two.example/atom",
    ]


def test_a_pause_ends_by_time_or_by_hand(here: Town) -> None:
    scope, number = here.operator(), here.numbers["source:feed"]
    row = pause_source(here.house, scope, number, here.at + timedelta(hours=1))
    assert source_state(row, here.at) == "paused"
    assert due(here) == set()
    here.pass_time(hours=1)
    assert due(here) == {"feed"}
    pause_source(here.house, scope, number)
    here.pass_time(days=100)
    assert due(here) == set()
    assert source_state(resume_source(here.house, scope, number), here.at) == "new"
    assert due(here) == {"feed"}
    with pytest.raises(Invalid):
        pause_source(here.house, scope, number, here.at)


def test_the_state_in_one_word(here: Town) -> None:
    row = SourceRow(key="k", name="n", address="a", created_at=here.at, state="failing", next_check_at=here.at)
    assert source_state(row, here.at) == "failing"
    row.state = "ok"
    assert source_state(row, here.at) == "ok"
    assert source_state(row, here.at + timedelta(minutes=11)) == "unknown", "nobody looked: what was ok is no more so"
    row.active = False
    assert source_state(row, here.at + timedelta(minutes=11)) == "paused"
    row.active, row.state = True, "splendid"
    assert source_state(row, here.at) == "unknown"
