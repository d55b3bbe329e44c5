"""Due translations: rows wait for them, a tick of its own sees to them, and whatever fails costs nothing else.

Asked for are the texts behind live alerts that may leave the house, the gravest first, once for all copies of a text.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from ingest.http import Client
from scoring.gloss import foreign
from service.errors import SetupError
from service.log import logger
from service.settings import Settings
from service.store.engine import Store
from service.store.people import names_of_people
from service.store.translations import (
    Candidate,
    Held,
    candidates,
    claim_texts,
    keep_failure,
    keep_made,
    put_back,
    queue,
)
from service.translate.endpoint import Endpoint, Trouble, ask
from service.translate.health import note_answer, note_trouble, take_call, translation_health
from service.translate.redact import redacted

LANGUAGES = ("zh", "en")
BATCH = 4  # texts at a time, side by side
QUEUED = 50  # entries looked at in a tick
TITLE, TEXT = 400, 1500  # characters that are sent
LATER = timedelta(minutes=5)  # before a text that failed is tried again
log = logger(__name__)


@dataclass(frozen=True)
class Translator:
    """What translating needs, made once by the composition root. `budget` is calls a day."""

    store: Store
    client: Client
    endpoint: Endpoint
    budget: int
    by: str
    clock: Callable[[], datetime]


def endpoint_of(settings: Settings) -> Endpoint | None:
    """The endpoint of the settings; None when there is none. SetupError when half of it is missing."""
    if not settings.translate_url:
        return None
    if not settings.translate_model:
        raise SetupError("WATCHFIRE_TRANSLATE_URL is set, but no model.", "Set WATCHFIRE_TRANSLATE_MODEL.")
    key = settings.translate_key.get_secret_value()
    return Endpoint(settings.translate_url, settings.translate_model, key, settings.translate_timeout)


async def translate_due(translator: Translator) -> int:
    """Queue what is new and translate one batch; answers how many texts were asked for. Raises no Trouble."""
    await asyncio.to_thread(_queue, translator)
    held = await asyncio.to_thread(_claim, translator)
    done = await asyncio.gather(*(_translate(translator, one) for one in held))
    return sum(done)


def _queue(translator: Translator) -> None:
    with translator.store.read() as session:
        found = candidates(session, QUEUED)  # nearly always none: no lock is taken for it
    if not found:
        return
    now = translator.clock()
    with translator.store.write() as session:
        names = names_of_people(session)
        for one in candidates(session, QUEUED):
            _queue_one(session, one, names, now)


def _queue_one(session: Session, one: Candidate, names: list[str], now: datetime) -> None:
    queue(session, one, *_sendable(one.title, one.text, names), now)


def _sendable(title: str, text: str, names: list[str]) -> tuple[str, str]:
    """Title and text as they may leave the house. Cut after what must stay is taken out: half a number is none."""
    return redacted(title, names)[:TITLE], redacted(text[: 2 * TEXT], names)[:TEXT]


def _claim(translator: Translator) -> list[Held]:
    now = translator.clock()
    with translator.store.read() as session:
        health = translation_health(session)
    if health.rests(now) or health.calls_on(now) >= translator.budget:
        return []
    lease = timedelta(seconds=2 * translator.endpoint.timeout + 30)
    limit = 1 if health.failures else BATCH  # one is enough to see whether it is well again
    with translator.store.write() as session:
        return claim_texts(session, now, translator.by, limit, lease)


async def _translate(translator: Translator, one: Held) -> bool:
    """Ask for one text and keep what came of it; False when it was given back unasked."""
    into = [lang for lang in LANGUAGES if foreign(one.title, one.language, lang)]
    sent = await asyncio.to_thread(_prepare, translator, one) if into else None
    if sent is None:
        await asyncio.to_thread(_give_back, translator, one, known=not into)
        return False
    try:
        texts = await ask(translator.client, translator.endpoint, *sent, into, translator.clock())
    except Trouble as trouble:
        await asyncio.to_thread(_fail, translator, one, trouble)
        return True
    except BaseException:
        await asyncio.shield(asyncio.to_thread(_give_back, translator, one, known=False))
        raise
    await asyncio.to_thread(_keep, translator, one, texts)
    return True


def _prepare(translator: Translator, one: Held) -> tuple[str, str] | None:
    """What is sent, its call counted; None when no call is left."""
    with translator.store.write() as session:
        if not take_call(session, translator.budget, translator.clock()):
            return None
        return _sendable(one.title, one.text, names_of_people(session))


def _give_back(translator: Translator, one: Held, *, known: bool) -> None:
    with translator.store.write() as session:
        if known:  # in a language that every reader has: there is nothing to make
            keep_made(session, one.id, translator.by, {}, "", translator.clock())
        else:
            put_back(session, one.id, translator.by, translator.clock())


def _keep(translator: Translator, one: Held, texts: dict[str, dict[str, str]]) -> None:
    now = translator.clock()
    with translator.store.write() as session:
        keep_made(session, one.id, translator.by, texts, translator.endpoint.model, now)
        note_answer(session, now)


def _fail(translator: Translator, one: Held, trouble: Trouble) -> None:
    now, why = translator.clock(), str(trouble)
    with translator.store.write() as session:
        if trouble.own:
            keep_failure(session, one.id, translator.by, why, now + LATER)
        else:
            put_back(session, one.id, translator.by, now + LATER)
        note_trouble(session, why, now, trouble.rest, own=trouble.own)
    log.warning("no translation: %s", why)
