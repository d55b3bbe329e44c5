"""Judging how the machine does: plain rules, and unknown is never well."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.desk import vital
from service.desk.setup import GROUPS, Facts, setting, shown, warnings
from service.desk.vital import GRAVEST, Line, Vital, worst
from service.desk.vital_words import size_told, told
from service.locale.catalogue import Catalogue
from service.settings import Settings, load

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = Catalogue()
STARTED = NOW - timedelta(days=1)


def beat(**ago: float) -> dict[str, Any]:
    return {"every": 60.0, **{name: NOW - timedelta(seconds=seconds) for name, seconds in ago.items()}}


@pytest.mark.parametrize(
    ("told", "state", "code"),
    [
        (beat(begun=10, at=9, ok=9), Vital.WELL, "runs"),
        (beat(begun=9, at=60, ok=60), Vital.WELL, "runs"),
        (beat(begun=400, at=460, ok=460), Vital.WELL, "busy"),
        (beat(begun=4000, at=4060, ok=4060), Vital.LOOK, "busy"),
        (beat(begun=400, at=399, ok=399), Vital.BROKEN, "late"),
        (beat(begun=10, at=9, failed=9, ok=70), Vital.BROKEN, "fails"),
        (beat(begun=10, at=9, failed=300, ok=9), Vital.LOOK, "failed"),
        (beat(begun=10, at=9, failed=4000, ok=9), Vital.WELL, "runs"),
        (beat(), Vital.BROKEN, "never"),
    ],
)
def test_a_tick(told: dict[str, Any], state: Vital, code: str) -> None:
    line = vital.tick("collect", told, STARTED, NOW)
    assert (line.state, line.code) == (state, code)


def test_a_tick_of_a_worker_that_has_just_begun_is_not_late() -> None:
    assert vital.tick("alarm", beat(), NOW - timedelta(seconds=5), NOW).code == "soon"


@given(st.lists(st.sampled_from(list(Vital)), max_size=6))
def test_the_gravest_counts_and_nothing_is_unknown(states: list[Vital]) -> None:
    found = worst(Line("x", state, "y") for state in states)
    assert found == (min(states, key=GRAVEST.index) if states else Vital.UNKNOWN)
    assert found is not Vital.WELL or set(states) == {Vital.WELL}


@pytest.mark.parametrize(
    ("counts", "watched", "critical", "state"),
    [
        ({}, 0, 0, Vital.UNKNOWN),
        ({"ok": 5}, 5, 0, Vital.WELL),
        ({"ok": 4, "failing": 1}, 5, 0, Vital.LOOK),
        ({"ok": 4, "unknown": 1}, 5, 0, Vital.UNKNOWN),
        ({"failing": 5}, 5, 0, Vital.BROKEN),
        ({"ok": 4, "failing": 1}, 5, 1, Vital.BROKEN),
    ],
)
def test_sources(counts: dict[str, int], watched: int, critical: int, state: Vital) -> None:
    assert vital.sources(counts, watched, critical).state is state


def test_disk_clock_outbox_and_schema() -> None:
    gb = 2**30
    rooms = [(100, 300), (5, 300), (1, 300), (0.3, 300), (30, 10_000)]
    states = [vital.disk(int(free * gb), int(total * gb)).state for free, total in rooms]
    assert states == [Vital.WELL, Vital.BROKEN, Vital.BROKEN, Vital.BROKEN, Vital.WELL]
    assert vital.disk(15 * gb, 300 * gb).state is Vital.LOOK
    assert vital.clock(NOW, None, timedelta()).code == "alone"
    assert vital.clock(NOW, NOW + timedelta(seconds=30), timedelta()).state is Vital.LOOK
    assert vital.clock(NOW, NOW, timedelta(minutes=3)).state is Vital.BROKEN
    late, dead = vital.outbox(3, 1, NOW - timedelta(minutes=4), NOW)
    assert (late.state, dead.state) == (Vital.LOOK, Vital.LOOK)
    assert vital.outbox(3, 0, NOW - timedelta(hours=1), NOW)[0].state is Vital.BROKEN
    assert [vital.schema(found, "2").state for found in ("2", "1", None)] == [Vital.WELL, Vital.BROKEN, Vital.BROKEN]
    assert vital.work(0, 0).state is Vital.UNKNOWN
    assert vital.remote("mailbox", 0, "", never=True).state is Vital.UNKNOWN


def every_line() -> list[Line]:
    """A line of each kind, as it may come."""
    gone, ago = timedelta(minutes=3), NOW - timedelta(hours=2)
    lines = [*vital.outbox(2, 1, ago, NOW), *vital.outbox(0, 0, None, NOW), *vital.outbox(2, 0, None, NOW)]
    lines += [*vital.backlog(2, ago, 1, NOW), *vital.backlog(0, None, 0, NOW), *vital.backlog(1, None, 0, NOW)]
    lines += [vital.clock(NOW, NOW, gone), vital.clock(NOW, None, timedelta()), vital.clock(NOW, NOW, timedelta())]
    lines += [vital.disk(free, 300 * 2**30) for free in (1, 15 * 2**30, 200 * 2**30)]
    lines += [vital.schema(found, "2") for found in ("2", "1", None)]
    lines += [vital.work(1, 1), vital.work(0, 1), vital.work(0, 0)]
    lines += [vital.worker("w", ago, NOW, None, NOW), vital.worker("w", ago, ago, None, NOW)]
    lines += [vital.worker("w", ago, ago, ago, NOW)]
    lines += [vital.sources(counts, 3, 0) for counts in ({"failing": 1}, {"unknown": 1}, {"quiet": 3}, {})]
    lines += [vital.sources({}, 0, 0), vital.sources({}, 3, 1)]
    for key in ("mailbox", "translation"):
        lines += [vital.remote(key, 0, "", never=True), vital.remote(key, 0, "", never=False)]
        lines.append(vital.remote(key, 4, "x", never=False))
    beats = [beat(begun=10, at=9, ok=9), beat(begun=4000, at=4060), beat(begun=400, at=399), beat()]
    beats += [beat(begun=10, at=9, failed=9, ok=70), beat(begun=10, at=9, failed=300, ok=9)]
    lines += [vital.tick("collect", one, STARTED, NOW) for one in beats]
    lines.append(vital.tick("collect", beat(), NOW, NOW))
    used = {"name": "m", "made": "2026-01-01"}
    lines += [Line("model", Vital.WELL, code, used) for code in ("used", "dated")]
    lines += [Line("model", Vital.LOOK, code, used) for code in ("keywords", "missing")]
    lines += [Line("training", Vital.LOOK, "failed"), Line("index", Vital.WELL, "whole")]
    lines += [Line("index", Vital.LOOK, "partial"), Line("remote", Vital.UNKNOWN, "away", original="x")]
    return [*lines, Line("database", Vital.WELL, "answers", {"engine": "SQLite 3", "size": 5})]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_line_has_words_and_every_trouble_an_advice(lang: str) -> None:
    for line in every_line():
        said = told(line, NOW, WORDS, lang)
        assert not said.text.startswith("system."), line
        assert not said.name.startswith("system."), line
        assert "{" not in said.text + said.advice, line
        assert bool(said.advice) == (line.state is not Vital.WELL), line


def test_sizes() -> None:
    assert [size_told(size, WORDS, "en") for size in (12, 942_000, 1_500_000_000, 66_300_000_000)] == [
        "12 B",
        "942 kB",
        "1.5 GB",
        "66.3 GB",
    ]


def test_every_setting_stands_in_a_group_and_has_words() -> None:
    placed = [name for names in GROUPS.values() for name in names]
    assert sorted(placed) == sorted(Settings.model_fields)
    for name in placed:
        for lang in ("en", "zh"):
            assert WORDS.say(f"setup.about.{name}", lang) != f"setup.about.{name}"


def test_no_secret_is_ever_shown() -> None:
    secret = "tr0ub4dor"
    settings = load(
        smtp_password=secret,
        imap_password=secret,
        translate_key=secret,
        database_url=f"postgresql://ann:{secret}@db.example/watchfire",
        translate_url=f"https://ann:{secret}@models.example/v1",
    )
    told_ = [setting(settings, name) for name in Settings.model_fields]
    assert secret not in repr(told_)
    by_name = {one.name: one for one in told_}
    assert (by_name["smtp_password"].is_set, by_name["smtp_password"].value) == (True, "")
    assert by_name["database_url"].value == "postgresql://ann:***@db.example/watchfire"
    assert by_name["translate_url"].value == "https://***@models.example/v1"
    assert (by_name["database_url"].origin, by_name["smtp_port"].origin) == ("environment", "default")
    assert shown("nonsense://x:y@[") == "***"


FINE = Facts(demo=False, mail_channels=0, admins=2, keywords=False, link=False)


@pytest.mark.parametrize(
    ("given_", "facts", "keys"),
    [
        ({"public_url": "https://desk.example"}, FINE, []),
        ({}, FINE, ["no_public_url"]),
        ({"public_url": "http://desk.example"}, FINE, ["plain_http"]),
        ({"public_url": "http://127.0.0.1:8000"}, FINE, []),
        ({}, Facts(False, 2, 1, True, False), ["no_smtp", "no_public_url", "one_admin", "keywords"]),
        (
            {"public_url": "https://d.example", "trusted_proxies": "0.0.0.0/0", "allow_nets": "::/0"},
            FINE,
            ["any_proxy", "any_net"],
        ),
        ({"public_url": "https://d.example", "report_form": "link"}, FINE, ["no_link"]),
        ({"public_url": "https://d.example", "report_form": "link"}, Facts(False, 0, 2, False, True), ["open_link"]),
        (
            {"public_url": "https://d.example", "smtp_host": "mail.example", "smtp_security": "none"},
            FINE,
            ["smtp_open", "smtp_from"],
        ),
        ({"public_url": "https://d.example", "translate_url": "http://models.example/v1"}, FINE, ["translate_open"]),
    ],
)
def test_what_is_worth_a_look(given_: dict[str, Any], facts: Facts, keys: list[str]) -> None:
    found = list(warnings(load(**given_), facts))
    assert [one.key for one in found] == keys
    for one in found:
        for lang in ("en", "zh"):
            assert WORDS.say(f"setup.warn.{one.key}.do", lang) != f"setup.warn.{one.key}.do"
            assert WORDS.say(f"setup.warn.{one.key}", lang) != f"setup.warn.{one.key}"
