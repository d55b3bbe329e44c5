"""A desk full of hostile words: some came in by every door there is, the others were put straight into the database."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from itertools import count, cycle
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import col, select

from ingest.visitor import Gates
from rules.document import DocumentError
from rules.guideline import default_text
from rules.plan_file import default_texts
from scoring.model import Model, load
from service.app import build_house, build_walk
from service.desk.aside import snooze_alert
from service.desk.channels import create_channel
from service.desk.events import split_event
from service.desk.guideline import propose
from service.desk.house import House
from service.desk.people import add_organisation
from service.desk.report_given import Given, report_of
from service.desk.reports import file_mail, file_report
from service.desk.silences import SilenceGiven, add_silence
from service.desk.sites import import_partners, import_sites
from service.desk.sources import add_source
from service.desk.subscriptions import create_subscription, new_feed_token
from service.desk.views import keep_view
from service.errors import WatchfireError
from service.pipeline import collect_due
from service.scheduler import understand
from service.settings import load as settings_of
from service.store.engine import Store
from service.store.scope import Scope
from service.store.tables import Alert
from tests.ingest.webserver import Answer, webserver
from tests.web.desk import operator, real_clock, serving
from tests.web.gallery.rooms import furnish
from tests.web.hostile.documents import feeds, mails
from tests.web.hostile.said import sayings
from tests.web.hostile.steep import steep
from tests.web.hostile.texts import TEXTS, short

model: Callable[[], Model] = cache(lambda: load(None))
LABEL = 100  # characters that a name takes
STRIDE = 9  # every door gets every ninth of them, each door others


@dataclass(frozen=True)
class Hostile:
    """The desk: where it is, what is behind it, the numbers of its pages, and the alerts that came from outside."""

    url: str
    store: Store
    house: House
    numbers: dict[str, object]
    alerts: tuple[int, ...]
    feed: str  # the token of a subscription that follows everything
    taken: dict[str, int]  # by door, how many hostile words it let in


@contextmanager
def hostile_desk(store: Store, folder: Path) -> Iterator[Hostile]:
    """Furnished as for the gallery, steeped, and then visited by everybody with the worst they have."""
    numbers = furnish(store)
    steep(store)
    with store.read() as session:
        before = max(session.exec(select(Alert.id)).all(), default=0) or 0
    settings = settings_of(plans=_plans(folder), allow_nets=(ip_network("127.0.0.0/8"),))
    house = replace(build_house(settings, store, demo=True, port=8000), clock=real_clock)
    taken = _published(house) | _people(house)
    with store.read() as session:
        fresh = session.exec(select(Alert.id).where(col(Alert.id) > before).order_by(col(Alert.id))).all()
    taken |= _acted(house, [number for number in fresh if number])
    feed = _followed(house)
    with ExitStack() as stack:
        url = stack.enter_context(serving(house))
        yield Hostile(url, store, house, numbers, tuple(number for number in fresh if number), feed, taken)


def _try(deed: Callable[[Any], object], words: Iterable[Any]) -> int:
    """For how many of them the desk does it; what it refuses with a word is no fault."""
    done = 0
    for one in words:
        try:
            deed(one)
            done += 1
        except (WatchfireError, DocumentError):
            continue
    return done


def _people(house: House) -> dict[str, int]:
    """Names, reasons, files and reports, as people give them."""
    scope, now = operator(house.store), house.clock()
    words = list(TEXTS.values())
    silence = SilenceGiven(now + timedelta(hours=2), "", countries=("UY",))
    head = "name,kind,country,latitude,longitude,note"
    named = [(_cell(text), f"{_cell(text)} {number}") for number, text in enumerate(words[:90:2])]
    cells = "\n".join([head, *(f'"{name}",site,NE,13.5,2.1,"{text}"' for text, name in named)])
    firms = "".join(f'"{name} Ltd",partner,Acme {number}\n' for number, (_, name) in enumerate(named))
    companies = f"name,kind,spellings\n{firms}"

    doors = count()

    def each(deed: Callable[[str], object], most: int = LABEL) -> int:
        return _try(deed, [short(one, most) for one in words[next(doors) % STRIDE :: STRIDE]])

    def channel(name: str) -> object:
        return create_channel(house, scope, kind="webhook", name=name, address="https://hooks.example/x")

    def source(name: str) -> object:
        return add_source(house, scope, {"address": f"https://x.example/{abs(hash(name))}", "name": name})

    def report(text: str) -> object:
        given = Given(subject=f"Shots at the gate {text}"[:400], text=f"Six armed men fired. {text}", place=text[:60])
        return file_report(house, scope, report_of(given, now), channel="form")

    return {
        "silence": each(lambda text: add_silence(house, scope, replace(silence, reason=text)), 300),
        "view": each(lambda text: keep_view(house, scope, text, "level=1", shared=True), 60),
        "channel": each(channel),
        "source": each(source),
        "organisation": each(lambda text: add_organisation(house, scope, f"o{abs(hash(text))}", text, "TLP:GREEN")),
        "subscription": each(lambda text: create_subscription(house, scope, name=text, countries=["UY"])),
        "report": each(report, 90_000),
        "mail": _try(lambda raw: file_mail(house, scope, raw), mails()),
        "guideline": _try(lambda text: _guideline(house, scope, text), words[:40:13]),
        "sites": _try(lambda text: import_sites(house, scope, text), [cells]),
        "partners": _try(lambda text: import_partners(house, scope, text), [companies]),
    }


def _cell(text: str) -> str:
    return short(text, 80).replace('"', '""')


def _guideline(house: House, scope: Scope, text: str) -> object:
    """Another guideline whose clauses are called so."""
    document = default_text().replace("{en: Coup, zh: 政变}", json.dumps({"en": text, "zh": text}))
    version = document.replace('version: "1"', f'version: "x{abs(hash(text)) % 10**9}"')
    return propose(house, scope, version, text)


def _plans(folder: Path) -> Path:
    """Every shipped plan with other words in it."""
    words = cycle(text.encode("utf-8", "ignore").decode() for text in TEXTS.values())
    into = folder / "plans"
    into.mkdir()
    for name, text in default_texts().items():
        (into / name).write_text(yaml.safe_dump(_renamed(yaml.safe_load(text), words), allow_unicode=True), "utf-8")
    return into


def _renamed(value: Any, words: Iterator[str]) -> Any:
    if isinstance(value, dict) and set(value) == {"en", "zh"}:
        return {key: f"{short(next(words), 120)} {text}" for key, text in value.items()}
    if isinstance(value, dict):
        return {key: _renamed(one, words) for key, one in value.items()}
    return [_renamed(one, words) for one in value] if isinstance(value, list) else value


def _published(house: House) -> dict[str, int]:
    """What publishers bring is fetched, read, assessed and decided on as ever."""
    with webserver() as web:
        for name, body in feeds().items():
            kind = "application/json" if name == "json" else "application/xml"
            web.answers[f"/{name}"] = Answer(body=body, headers={"Content-Type": kind})
        scope = operator(house.store)
        done = _try(lambda name: add_source(house, scope, {"address": web.url(f"/{name}")}), feeds())
        walk = replace(build_walk(house, model), gates=Gates(8, 0.0, house.settings.allow_nets))
        with ThreadPoolExecutor(1) as apart:  # a browser in this process has a loop of its own running
            apart.submit(lambda: asyncio.run(_walked(walk))).result()
    return {"feed": done}


async def _walked(walk: Any) -> None:
    await collect_due(walk)
    understand(walk)
    await walk.client.aclose()


def _acted(house: House, alerts: list[int]) -> dict[str, int]:
    """What is done about the alerts, with a word to it."""
    scope, now = operator(house.store), datetime.now(UTC)
    pairs = list(zip(alerts, [short(text) for text in TEXTS.values()], strict=False))
    later = now + timedelta(hours=1)
    return {
        "snooze": _try(lambda pair: snooze_alert(house, scope, pair[0], later, pair[1]), pairs),
        "split": _try(lambda pair: split_event(house, scope, 1, [1], pair[1]), pairs[:3]),
        **{door: _try(deed, words) for door, deed, words in sayings(house, alerts, now)},
    }


def _followed(house: House) -> str:
    scope = operator(house.store)
    row = create_subscription(house, scope, name="\u202e</title><script data-evil>", least_level=4)
    return new_feed_token(house, scope, row.id or 0)
