"""Due translations, with a real endpoint and a real database: what is sent, kept, shown, counted, and left alone."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from sqlmodel import col, select, update

from ingest.http import make_client
from service.app import build_ticks, build_walk
from service.auth.access import operator_scope
from service.errors import SetupError
from service.settings import Settings
from service.store.engine import Store
from service.store.tables import EntryRow, Person, Translation
from service.store.translations import count_states, of_entries, of_titles
from service.translate.endpoint import Endpoint
from service.translate.health import Health, translation_health
from service.translate.work import Translator, endpoint_of, translate_due
from tests.translate.oracle import GOOD, Oracle
from tests.web.desk import house_of, serving
from tests.web.seed import add_story, alert_called, seed
from tests.web.stories import COUP, Story, Told

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
KEY = "sk-secret-key-of-the-house"
TITLE = "Al menos tres muertos en protestas en Lima"
LOOPBACK = (ip_network("127.0.0.0/8"),)


def told(title: str, language: str, text: str = "Tres personas murieron.", source: str = "costa-diario") -> Told:
    return Told(source, language, title, text, 20)


def story(*lines: Told, level: int = 3) -> Story:
    return replace(COUP, level=level, before=None, countries=("PE",), subtypes=("unrest",), told=lines, steps=())


LIMA = story(told(TITLE, "es"))


class Scene:
    """A desk with some stories, and a clock to turn."""

    def __init__(self, store: Store, oracle: Oracle, *stories: Story) -> None:
        self.store, self.oracle, self.now = store, oracle, NOW
        self.home = seed(store, NOW, stories)
        self.budget, self.timeout = 100, 5.0

    def add(self, *stories: Story) -> None:
        for one in stories:
            add_story(self.store, self.home, one, self.now)

    def run(self) -> int:
        """One tick."""

        async def tick() -> int:
            async with make_client(LOOPBACK) as client:
                endpoint = Endpoint(self.oracle.url, "tongue-1", KEY, self.timeout)
                return await translate_due(
                    Translator(self.store, client, endpoint, self.budget, "tester", lambda: self.now)
                )

        return asyncio.run(tick())

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def health(self) -> Health:
        with self.store.read() as session:
            return translation_health(session)

    @property
    def states(self) -> dict[str, int]:
        with self.store.read() as session:
            return count_states(session)


def mark(store: Store, sharing: str) -> None:
    with store.write() as session:
        session.connection().execute(update(EntryRow).values(sharing=sharing))


def test_a_title_behind_a_live_alert_is_translated_once(store: Store, oracle: Oracle) -> None:
    scene = Scene(store, oracle, LIMA)
    assert (scene.run(), scene.run()) == (1, 0)
    assert len(oracle.asked) == 1
    assert scene.states == {"waiting": 0, "done": 1, "failed": 0}
    with store.read() as session:
        scope = operator_scope(session)
        title = of_titles(session, scope, [TITLE, "another"])
        entry = session.exec(select(EntryRow.id)).one()
        whole = of_entries(session, scope, [entry or 0])
    assert {lang: made.title for lang, made in title[TITLE].items()} == {lang: GOOD[lang]["title"] for lang in GOOD}
    assert title[TITLE]["zh"].summary == ""
    assert whole[entry or 0]["en"].summary == GOOD["en"]["summary"]
    assert whole[entry or 0]["en"].model == "tongue-1"
    assert (scene.health.calls, scene.health.failures) == (1, 0)


def test_copies_wait_for_one_and_later_ones_cost_nothing(store: Store, oracle: Oracle) -> None:
    scene = Scene(store, oracle, story(told(TITLE, "es"), told(TITLE, "es", source="ledger")))
    assert scene.run() == 1
    scene.add(story(told(TITLE, "es", source="river-post")))
    assert scene.run() == 0
    assert len(oracle.asked) == 1
    with store.read() as session:
        entries = list(session.exec(select(EntryRow.id)).all())
        assert len(of_entries(session, operator_scope(session), [entry or 0 for entry in entries])) == 3


def test_a_title_is_asked_for_in_the_languages_that_its_readers_lack(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, story(told("Three dead in Lima", "en")), story(told("利马三人死亡", "zh")))
    assert scene.run() == 2
    tasks = sorted(asked.task.partition("these languages: ")[2].partition(". Each")[0] for asked in oracle.asked)
    assert tasks == ['"en" (English)', '"zh" (Simplified Chinese)']


def test_the_gravest_come_first(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, *(story(told(f"Caso {n} en Lima", "es"), level=n % 4 + 1) for n in range(8)))
    assert scene.run() == 4
    assert {asked.report["title"] for asked in oracle.asked} == {f"Caso {n} en Lima" for n in (0, 4, 1, 5)}


@pytest.mark.parametrize("sharing", ["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER"])
def test_nothing_of_a_strict_mark_leaves_the_house(sqlite_store: Store, oracle: Oracle, sharing: str) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    mark(sqlite_store, sharing)
    assert scene.run() == 0
    assert oracle.asked == []
    assert scene.states["waiting"] == 0


def test_a_mark_that_was_tightened_meanwhile_holds(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    oracle.doings.append("broken")
    scene.run()
    mark(sqlite_store, "TLP:AMBER")
    scene.wait(hours=1)
    assert scene.run() == 0
    assert len(oracle.asked) == 1


def test_what_reaches_people_is_taken_out(sqlite_store: Store, oracle: Oracle) -> None:
    text = "Llame al +51 987 654 321 o escriba a ana@x.example; Liu Guangming avisa."
    scene = Scene(sqlite_store, oracle, story(told(f"{TITLE} ana@x.example", "es", text)))
    with sqlite_store.write() as session:
        session.connection().execute(update(Person).values(name="Liu Guangming"))
    scene.run()
    (asked,) = oracle.asked
    assert asked.report == {
        "title": f"{TITLE} [mail]",
        "text": "Llame al [number] o escriba a [mail]; [name] avisa.",
    }


def test_the_budget_of_a_day_holds(store: Store, oracle: Oracle) -> None:
    scene = Scene(store, oracle, *(story(told(f"Caso {n} en Lima", "es")) for n in range(6)))
    scene.budget = 3
    assert scene.run() == 3
    assert scene.run() == 0
    assert scene.health.calls_on(scene.now) == 3
    assert scene.states == {"waiting": 3, "done": 3, "failed": 0}
    scene.wait(days=1)
    assert scene.run() == 3
    scene.budget = 0
    scene.add(LIMA)
    scene.wait(days=1)
    assert scene.run() == 0


def test_a_rest_that_is_asked_for_is_given(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    oracle.doings.append("crowded")
    scene.run()
    assert "429" in scene.health.error
    scene.wait(seconds=100)
    assert scene.run() == 0
    assert len(oracle.asked) == 1
    scene.wait(seconds=300)
    assert scene.run() == 1
    assert (scene.health.failures, scene.health.error, scene.states["done"]) == (0, "", 1)


def test_an_outage_is_asked_ever_more_rarely_and_fails_no_text(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, *(story(told(f"Caso {n} en Lima", "es")) for n in range(4)))
    oracle.doings.extend(["broken"] * 100)
    for _ in range(6 * 60):  # six hours
        scene.run()
        scene.wait(minutes=1)
    assert 10 < len(oracle.asked) < 40
    assert scene.states == {"waiting": 4, "done": 0, "failed": 0}
    oracle.doings.clear()
    scene.wait(minutes=20)
    while scene.run():
        pass
    assert scene.states == {"waiting": 0, "done": 4, "failed": 0}


def test_a_text_that_no_model_can_read_is_left_after_three_tries(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    oracle.doings.extend(["chatty"] * 9)
    for _ in range(9):
        scene.run()
        scene.wait(minutes=6)
    assert len(oracle.asked) == 3
    assert scene.states == {"waiting": 0, "done": 0, "failed": 1}


def test_a_slow_endpoint_costs_its_time_limit_and_nothing_else(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    scene.timeout = 0.3
    oracle.doings.append("silent")
    assert scene.run() == 1
    assert "in time" in scene.health.error
    with sqlite_store.read() as session:
        row = session.exec(select(Translation)).one()
    assert (row.state, row.tries, row.lease_by) == ("waiting", 0, None)


def test_the_key_is_never_logged(sqlite_store: Store, oracle: Oracle, caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    with caplog.at_level(logging.DEBUG):
        for doing in ("denied", "broken", ""):
            oracle.doings.append(doing)
            scene.run()
            scene.wait(hours=2)
    assert caplog.records
    assert KEY not in caplog.text
    assert KEY not in repr(scene.health)


def test_half_a_setting_stops_the_start() -> None:
    assert endpoint_of(Settings()) is None
    with pytest.raises(SetupError, match="WATCHFIRE_TRANSLATE_MODEL"):
        endpoint_of(Settings(translate_url="https://a.example"))
    found = endpoint_of(Settings(translate_url="https://a.example", translate_model="m", translate_timeout=3))
    assert found == Endpoint("https://a.example", "m", "", 3.0)


def test_a_worker_translates_by_itself_and_stops_at_once(sqlite_store: Store, oracle: Oracle) -> None:
    Scene(sqlite_store, oracle, LIMA)
    house = configured(sqlite_store, oracle)
    walk = replace(build_walk(house, model=lambda: None), owners=())  # type: ignore[arg-type, return-value]
    oracle.doings.append("silent")

    async def run() -> float:
        ticks = build_ticks(house, walk)
        ticks.start()
        while not oracle.asked:
            await asyncio.sleep(0.05)
        started = asyncio.get_running_loop().time()
        await ticks.stop()
        await walk.client.aclose()
        return asyncio.get_running_loop().time() - started

    assert asyncio.run(asyncio.wait_for(run(), 30)) < 5
    with sqlite_store.read() as session:
        assert session.exec(select(Translation.lease_by)).one() is None


def configured(store: Store, oracle: Oracle) -> Any:
    """A house with the endpoint, not as a demonstration."""
    house = house_of(store, demo=False)
    values = {"translate_url": oracle.url, "translate_model": "tongue-1", "allow_nets": "127.0.0.0/8"}
    settings = Settings(**values)
    sender = replace(house.sender, client=make_client(settings.allow_nets))
    return replace(house, settings=settings, sender=sender)


@contextmanager
def desk(store: Store, oracle: Oracle) -> Iterator[str]:
    """A desk whose visitor is signed in by itself, with the endpoint in its settings."""
    with serving(replace(configured(store, oracle), demo=True)) as address:
        yield address


def page(address: str, path: str, language: str) -> str:
    return httpx.get(f"{address}{path}", headers={"Accept-Language": language}, timeout=20).text


def test_pages_show_it_as_a_machines(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    scene.run()
    number = alert_called(sqlite_store, TITLE).id
    with desk(sqlite_store, oracle) as address:
        listed, alert = page(address, "/", "zh"), page(address, f"/alerts/{number}", "zh")
        assert GOOD["zh"]["title"] in listed
        assert "机译" in listed
        assert alert.count("机器翻译（tongue-1），未经人工核对") >= 2
        assert GOOD["zh"]["summary"] in alert
        assert TITLE in alert
        assert "西班牙文 · 秘鲁" in alert
        assert GOOD["en"]["summary"] in page(address, f"/alerts/{number}", "en")
        assert "今日已调用" in page(address, "/sources", "zh")


def test_what_a_model_was_talked_into_stays_text_on_the_page(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    oracle.doings.append("obedient")
    scene.run()
    with desk(sqlite_store, oracle) as address:
        shown = page(address, f"/alerts/{alert_called(sqlite_store, TITLE).id}", "zh")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert "evil.example" not in shown
    assert "\u202e" not in shown


def test_the_api_and_health_tell_of_it(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    scene.run()
    number = alert_called(sqlite_store, TITLE).id
    with desk(sqlite_store, oracle) as address:
        (item,) = httpx.get(f"{address}/api/v1/alerts", timeout=20).json()["items"]
        whole = httpx.get(f"{address}/api/v1/alerts/{number}", timeout=20).json()
        ready = httpx.get(f"{address}/health/ready", timeout=20).json()
        assert [(one["language"], one["model"], one["summary"]) for one in item["translations"]] == [
            ("en", "tongue-1", ""),
            ("zh", "tongue-1", ""),
        ]
        assert whole["reports"][0]["translations"][1]["summary"] == GOOD["zh"]["summary"]
        assert item["gloss"]["zh"].startswith("西班牙文 · 秘鲁 · 利马 · 骚乱")
        assert ready["parts"]["translation"] == {
            "ok": True,
            "calls_today": ready["parts"]["translation"]["calls_today"],
            "budget": 200,
            "texts": {"waiting": 0, "done": 1, "failed": 0},
        }
        assert 'watchfire_translations{state="done"} 1.0' in httpx.get(f"{address}/metrics", timeout=20).text


def test_a_failure_shows_and_leaves_the_desk_ready(sqlite_store: Store, oracle: Oracle) -> None:
    scene = Scene(sqlite_store, oracle, LIMA)
    oracle.doings.append("denied")
    scene.run()
    with desk(sqlite_store, oracle) as address:
        answer = httpx.get(f"{address}/health/ready", timeout=20)
        part = answer.json()["parts"]["translation"]
        shown = page(address, "/sources", "zh")
    assert answer.status_code == 200
    assert not part["ok"]
    assert "WATCHFIRE_TRANSLATE_KEY" in part["detail"]
    assert "机器翻译故障" in shown
    assert "WATCHFIRE_TRANSLATE_KEY" in shown


def test_without_an_endpoint_nothing_is_shown_of_it(sqlite_store: Store) -> None:
    seed(sqlite_store, NOW, (LIMA,))
    with serving(house_of(sqlite_store)) as address:
        assert "translation" not in httpx.get(f"{address}/health/ready", timeout=20).json()["parts"]
        assert "机器翻译" not in page(address, "/sources", "zh") + page(address, "/", "zh")
    with sqlite_store.read() as session:
        assert session.exec(select(Translation.id).where(col(Translation.id).is_not(None))).all() == []
