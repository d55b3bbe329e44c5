"""What a feed tells of a subscription, before it takes the form of Atom or JSON Feed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from service.locale.catalogue import Catalogue
from service.locale.gloss import glossed
from service.notify.text import clean
from service.store.tables import Alert, Organisation, Subscription

REASONS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One alert in words."""

    number: str  # urn:uuid, the same for this alert for ever
    url: str
    title: str
    text: str
    language: str
    tags: tuple[str, ...]
    opened: datetime
    changed: datetime
    alert_id: int
    level: int
    state: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A subscription in words; `base` is the address of the desk, ending in a slash."""

    number: str
    base: str
    title: str
    author: str
    language: str
    changed: datetime
    items: tuple[DigestItem, ...]


def digest_of(
    home: Organisation, subscription: Subscription, alerts: list[Alert], words: Catalogue, lang: str, public_url: str
) -> Digest:
    """The alerts of a subscription in a language, in the order given."""
    base = f"{public_url.rstrip('/')}/"
    return Digest(
        number=_number(home, f"subscription/{subscription.id}"),
        base=base,
        title=clean(words.say("feed.title", lang, name=subscription.name)),
        author=clean(words.say("feed.author", lang, name=home.name)),
        language="zh-Hans" if lang == "zh" else "en",
        changed=max((alert.changed_at for alert in alerts), default=subscription.created_at),
        items=tuple(_item(home, alert, words, lang, base) for alert in alerts),
    )


def _number(home: Organisation, what: str) -> str:
    # The moment at which an installation was founded tells it from every other one, whatever its address becomes.
    return uuid5(NAMESPACE_URL, f"watchfire/{home.created_at.isoformat()}/{what}").urn


def _item(home: Organisation, alert: Alert, words: Catalogue, lang: str, base: str) -> DigestItem:
    return DigestItem(
        number=_number(home, f"alert/{alert.id}"),
        url=f"{base}alerts/{alert.id}",
        title=_title(alert, words, lang),
        text=_text(alert, words, lang),
        language=alert.language or "und",
        tags=(*alert.categories, *alert.countries),
        opened=alert.opened_at,
        changed=alert.changed_at,
        alert_id=alert.id or 0,
        level=alert.level,
        state=alert.state,
        countries=tuple(alert.countries),
    )


def _title(alert: Alert, words: Catalogue, lang: str) -> str:
    marks = [
        words.say(f"feed.{mark}", lang)
        for mark, is_set in (
            ("demo", alert.demo),
            ("withdrawn", alert.withdrawn),
            ("unconfirmed", alert.unconfirmed and not alert.withdrawn),
        )
        if is_set
    ]
    return " · ".join(
        [words.level_name(alert.level, lang), *marks, clean(alert.title) or words.say("feed.untitled", lang)]
    )


def _text(alert: Alert, words: Catalogue, lang: str) -> str:
    joint = words.say("feed.joint", lang)
    held: dict[str, Any] = {"labels": alert.categories, "subtypes": alert.subtypes, "countries": alert.countries}
    lines = [
        glossed(words, lang, alert.title, alert.language, **held),
        words.say("feed.state", lang, state=words.say(f"feed.state.{alert.state}", lang)),
        words.say("feed.countries", lang, countries=joint.join(words.country(code, lang) for code in alert.countries))
        if alert.countries
        else "",
        words.say("feed.categories", lang, categories=joint.join(words.category(key, lang) for key in alert.categories))
        if alert.categories
        else "",
        words.say(
            "feed.why",
            lang,
            reasons=words.say("feed.semicolon", lang).join(
                words.reason_text(reason, lang) for reason in alert.reasons[:REASONS_SHOWN]
            ),
        )
        if alert.reasons
        else "",
        words.say("feed.sources", lang, count=alert.sources),
        words.say("feed.clause", lang, clause=alert.clause, guideline=alert.guideline),
    ]
    return "\n".join(clean(line) for line in lines if line)
