"""A source's proxy and credentials go in and never come out: answers, errors, exports, audit lines and logs."""

import logging
from typing import Any

import pytest
from sqlmodel import select

from ingest.source_record import SourceFileError
from ingest.sources import read_sources
from service.desk.sources import export_sources, import_sources
from service.store.read_rest import get_source
from service.store.rows import feed_of
from service.store.tables import LogLine, SourceRow
from tests.api.test_source_health import get, send
from tests.api.town import Town

SECRETS = ("pr0xy-word", "us3r-word", "passw0rd-word", "k3y-word")
PROXY = "http://guest:pr0xy-word@proxy.example:3128"
BASIC = {"user": "us3r-word", "password": " passw0rd-word:ö "}
KEY = {"header": "X-Api-Key", "value": "k3y-word"}


def hides(text: str) -> None:
    assert text
    for secret in SECRETS:
        assert secret not in text


def row_of(town: Town, number: int) -> SourceRow:
    with town.store.read() as session:
        return get_source(session, town.operator(), number)


def test_in_by_the_api_and_never_out(here: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    admin, viewer = here.key("admin"), here.key("viewer")
    given = {"address": "https://closed.example/rss", "proxy": PROXY, **BASIC}
    added = send(here, admin, "POST", "sources", given)
    assert added.status_code == 201, added.text
    number = added.json()["id"]
    assert (added.json()["has_proxy"], added.json()["has_credentials"]) == (True, True)
    feed = feed_of(row_of(here, number))
    assert feed.proxy == PROXY
    assert feed.credentials is not None
    assert (feed.credentials.user, feed.credentials.password) == (BASIC["user"], BASIC["password"])
    answers = [added, send(here, admin, "POST", "sources", given)]  # the second is a conflict
    answers.append(send(here, admin, "PATCH", f"sources/{number}", KEY))
    changed = feed_of(row_of(here, number)).credentials
    assert changed is not None
    assert changed.headers() == {"X-Api-Key": "k3y-word"}
    assert changed.user == "", "the four are replaced as one"
    for wrong in ({"proxy": "ftp://pr0xy-word:1"}, {"user": "us3r-word:x"}, {"value": "k3y-word"}, {"password": 7}):
        answers.append(send(here, admin, "PATCH", f"sources/{number}", wrong))
        assert answers[-1].status_code == 422, answers[-1].text
    answers += [get(here, f"sources/{number}{rest}", viewer) for rest in ("", "/health")]
    answers += [get(here, "sources", viewer), get(here, "/api/v1/openapi.json")]
    for answer in answers:
        hides(answer.text)
    hides(export_sources(here.house, here.operator()))
    with here.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.subject == "source")).all()
    hides(" ".join(str(line.model_dump()) for line in lines))
    assert any(line.detail.get("has_credentials") is True for line in lines)
    hides(repr(feed) + repr(changed) + repr(row_of(here, number).name))
    assert "k3y-word" not in caplog.text
    for secret in SECRETS:
        assert secret not in caplog.text


def test_cleared_and_forgotten_with_the_source(here: Town) -> None:
    admin = here.key("admin")
    given = {"address": "https://closed.example/rss", "proxy": PROXY, **KEY}
    number = send(here, admin, "POST", "sources", given).json()["id"]
    cleared = send(here, admin, "PATCH", f"sources/{number}", {"proxy": ""}).json()
    assert (cleared["has_proxy"], cleared["has_credentials"]) == (False, True)
    cleared = send(here, admin, "PATCH", f"sources/{number}", {"header": "", "value": ""}).json()
    assert (cleared["has_proxy"], cleared["has_credentials"]) == (False, False)
    send(here, admin, "PATCH", f"sources/{number}", {"proxy": PROXY, **BASIC})
    assert send(here, admin, "DELETE", f"sources/{number}").status_code == 204
    with here.store.read() as session:
        row = session.get_one(SourceRow, number)
        assert (row.proxy, row.credentials) == (None, None)
    again = send(here, admin, "POST", "sources", {"address": given["address"], **KEY}).json()
    assert (again["id"], again["has_proxy"], again["has_credentials"]) == (number, False, True)


def test_out_of_a_file_into_the_store_and_in_no_export(here: Town) -> None:
    text = (
        f"sources:\n- address: https://closed.example/rss\n  proxy: {PROXY}\n  header: X-Api-Key\n  value: k3y-word\n"
    )
    import_sources(here.house, here.operator(), text, "closed.yaml")
    with here.store.read() as session:
        row = session.exec(select(SourceRow).where(SourceRow.address == "https://closed.example/rss")).one()
    assert (row.proxy, (row.credentials or {})["value"]) == (PROXY, "k3y-word")
    hides(export_sources(here.house, here.operator()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"proxy": "pr0xy-word"},
        {"proxy": "socks5://pr0xy-word:1080"},
        {"proxy": "http://pr0xy-word"},
        {"proxy": "http://a:pr0xy-word@h:99999"},
        {"proxy": "http://h:80/pr0xy-word"},
        {"user": "us3r-word:x"},
        {"password": "passw0rd-word"},
        {"user": "u", "password": "passw0rd-word\x01"},
        {"header": "X-Api-Key"},
        {"value": "k3y-word"},
        {"header": "k3y-word: x", "value": "k3y-word"},
        {"header": "Host", "value": "k3y-word"},
        {"header": "X", "value": "k3y-word\u00e9"},
        {"header": "X", "value": "k3y-word", "user": "us3r-word"},
    ],
)
def test_what_cannot_be_used_is_not_repeated(wrong: dict[str, Any]) -> None:
    lines = "".join(f"\n  {name}: {_quoted(value)}" for name, value in wrong.items())
    with pytest.raises(SourceFileError) as caught:
        read_sources(f"sources:\n- address: https://closed.example/rss{lines}\n", "s.yaml")
    hides(str(caught.value))
    assert "s.yaml, line 2" in str(caught.value)


@pytest.mark.parametrize(
    "value", ["*passw0rd-word", "&passw0rd-word *passw0rd-word", "'passw0rd-word", "!passw0rd-word x: y"]
)
def test_a_file_that_is_no_yaml_does_not_repeat_it_either(value: str) -> None:
    with pytest.raises(SourceFileError) as caught:
        read_sources(f"sources:\n- address: https://closed.example/rss\n  user: u\n  password: {value}\n", "s.yaml")
    hides(str(caught.value))


def _quoted(value: str) -> str:
    return '"' + value.encode("unicode_escape").decode("ascii") + '"'
