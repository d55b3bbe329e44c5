"""A trial look and a first look, on each database."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import TypeVar

import pytest
from sqlmodel import select

from ingest.catalogue.read import Listed, catalogue
from ingest.http import Client, make_client
from service.desk.catalogue import try_listed
from service.desk.trial import Trial, look_now, prefilled, try_address, watch_now
from service.errors import Conflict, Refused
from service.store.scope import Role
from service.store.tables import EntryRow, LogLine, SourceRow
from service.store.visit import claim_source
from tests.api.town import Town
from tests.ingest.webserver import Answer, webserver

FEED = b"<rss version='2.0'><channel><title>Bay Herald</title><item><title>Port reopens</title></item></channel></rss>"
Result = TypeVar("Result")


def online(step: Callable[[Client], Awaitable[Result]]) -> Result:
    async def once() -> Result:
        async with make_client([ip_network("127.0.0.0/8")]) as client:
            return await step(client)

    return asyncio.run(once())


def test_a_trial_leaves_a_line_and_nothing_else(here: Town) -> None:
    scope = here.operator()
    with webserver() as web:
        web.answers["/rss"] = Answer(body=FEED)
        address = web.url("/rss").replace("://", "://user:hidden-word@")
        trial: Trial = online(lambda client: try_address(here.house, scope, client, address))
    (one,) = trial.discovery.candidates
    assert prefilled(one) == {"address": address, "name": "Bay Herald", "kind": "news"}
    with here.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.action == "source.try")).all()
        assert len(session.exec(select(SourceRow)).all()) == 1
    assert [line.actor for line in lines] == [scope.actor]
    assert "hidden-word" not in str(lines[0].detail)


def test_who_may_not_change_sources_sends_nothing_out(here: Town) -> None:
    with webserver() as web:
        viewer = replace(here.operator(), role=Role.VIEWER)
        with pytest.raises(Refused):
            online(lambda client: try_address(here.house, viewer, client, web.url("/")))
        assert web.asked == []


def test_watching_stores_the_first_entries_once(here: Town) -> None:
    scope = here.operator()
    with webserver() as web:
        web.answers["/rss"] = Answer(body=FEED)
        fields = {"address": web.url("/rss"), "name": "Bay"}
        look = online(lambda client: watch_now(here.house, scope, client, fields))
        assert (look.looked, look.row.last_outcome, look.row.lease_by) == (True, "new", None)
        assert [entry.title for entry in look.entries] == ["Port reopens"]
        with pytest.raises(Conflict):
            online(lambda client: watch_now(here.house, scope, client, fields))
        here.pass_time(hours=1)
        assert online(lambda client: look_now(here.house, client, look.row.id or 0))
    with here.store.read() as session:
        stored = session.exec(select(EntryRow).where(EntryRow.source_id == look.row.id)).all()
    assert [entry.title for entry in stored] == ["Port reopens"]


def test_a_source_under_way_or_paused_is_left_alone(here: Town) -> None:
    number = here.numbers["source:feed"]
    with here.store.write() as session:
        assert claim_source(session, number, here.at, "another") is not None
    assert online(lambda client: look_now(here.house, client, number)) is False
    here.pass_time(hours=1)
    with here.store.write() as session:
        session.get_one(SourceRow, number).active = False
    assert online(lambda client: look_now(here.house, client, number)) is False


def test_entries_of_the_catalogue_are_tried_before_they_are_watched(here: Town) -> None:
    async def look(client: Client, feeds: list[Listed]) -> dict[str, str]:
        return {one.feed.key: sentence async for one, sentence in try_listed(client, feeds, here.at)}

    some = catalogue()[:3]
    with webserver() as web:
        web.answers["/rss"] = Answer(body=FEED)
        web.answers["/empty"] = Answer(body=b"<rss version='2.0'><channel><title>Still</title></channel></rss>")
        feeds = [
            replace(one, feed=replace(one.feed, address=web.url(path)))
            for one, path in zip(some, ("/rss", "/empty", "/gone"), strict=True)
        ]
        told = online(lambda client: look(client, feeds))
    good, empty, gone = (told[one.feed.key] for one in some)
    assert good == ""
    assert "holds nothing" in empty
    assert "404" in gone
    with here.store.read() as session:
        assert len(session.exec(select(SourceRow)).all()) == 1


def test_a_page_without_a_feed_is_offered_with_a_rule(here: Town) -> None:
    rows = "".join(
        f"<li><a href='/n/{n}'>Notice number {n} to mariners</a><span>2026-02-2{n}</span></li>" for n in range(6)
    )
    with webserver() as web:
        web.answers["/notices/"] = Answer(
            body=f"<html><title>Notices</title><ul class=list>{rows}</ul></html>".encode()
        )
        trial = online(lambda client: try_address(here.house, here.operator(), client, web.url("/notices/")))
        (one,) = trial.discovery.candidates
        fields = {**prefilled(one), "rule": json.dumps(dict(one.rule or {}))}
        look = online(lambda client: watch_now(here.house, here.operator(), client, fields))
    assert look.entries[0].title == "Notice number 0 to mariners"
    assert (look.row.rule, look.row.failures) == (one.rule, 0)
    assert one.entries == 6
    assert one.items[0].title == "Notice number 0 to mariners"
