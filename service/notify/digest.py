"""Digests in words: the card of many alerts, as long as its channel has room, with the number of what is left out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.level import Level
from service.locale.catalogue import Catalogue
from service.locale.gloss import glossed
from service.notify.card import LAMPS, Card, Fact, addressee, card_of
from service.notify.message import DigestLine, Message
from service.notify.text import clean, octets, safe_link, shorten

TITLE, CAUSE, PLACES = 90, 80, 3
CAUSES = 4  # named above the list


@dataclass(frozen=True, slots=True)
class Room:
    """What a channel has left for the list: so much, as it measures a line in its own markup."""

    most: int
    size: Callable[[str], int] = octets


def face_of(message: Message, words: Catalogue, lang: str, room: Room) -> Card:
    """The card of any message; only a digest needs to know about room."""
    return digest_card(message, words, lang, room) if message.action == "digest" else card_of(message, words, lang)


def digest_card(message: Message, words: Catalogue, lang: str, room: Room) -> Card:
    """The card of a digest: how many alerts, at which levels now, what held them, and the list as far as it fits."""
    level = Level(message.level) if message.level in tuple(Level) else Level.BLUE
    over = message.state != "open"
    held = words.say("held.digest.head", lang, count=message.total)
    marks = (words.say("notify.mark.demo", lang),) if message.demo else ()
    return Card(
        level=level,
        head=clean(f"{'⚪' if over else LAMPS[level]} {' · '.join((*marks, held))}"),
        level_text=words.level_name(level, lang),
        marks=marks,
        change=words.say("held.digest.change", lang, since=words.moment(message.opened_at, lang)),
        title=_counted(message, words, lang),
        facts=tuple(_facts(message, words, lang)),
        reasons_label=words.say("held.digest.alerts", lang),
        reasons=tuple(_listed(message, words, lang, room)),
        sources_label="",
        sources=(),
        link=safe_link(message.url),
        link_text=words.say("held.digest.open", lang),
        footer=words.say("notify.footer_test", lang, number=clean(message.id)),
        over=over,
    )


def _counted(message: Message, words: Catalogue, lang: str) -> str:
    """`3 at level III, 197 at level IV, 5 closed meanwhile`, of those that are listed."""
    live = Counter(line.level for line in message.alerts if not line.over)
    parts = [
        words.say("held.digest.at", lang, count=live[level], level=words.level_name(level, lang))
        for level in sorted(live)
    ]
    closed = sum(line.over for line in message.alerts)
    parts += [words.say("held.digest.closed", lang, count=closed)] if closed else []
    rest = message.total - len(message.alerts)
    parts += [words.say("held.more", lang, count=rest)] if rest > 0 else []
    return words.say("notify.list_joint", lang).join(parts)


def _facts(message: Message, words: Catalogue, lang: str) -> Iterator[Fact]:
    causes = Counter((line.held_for, line.held_by, line.held_said) for line in message.alerts)
    for (kind, cause, said), count in causes.most_common(CAUSES):
        why = because(kind, cause, words, lang, said)
        yield Fact(words.say("held.digest.held_by", lang), words.say("held.fact", lang, why=why, count=count))
    if len(causes) > CAUSES:
        rest = words.say("held.more", lang, count=len(causes) - CAUSES)
        yield Fact(words.say("held.digest.held_by", lang), rest)
    to = addressee(message, words, lang)
    if to:
        yield Fact(words.say("notify.fact.for", lang), shorten(to, TITLE))


def because(kind: str, cause: str, words: Catalogue, lang: str, said: str = "") -> str:
    """What held something, in words. A cause is `kind:which`, or a word of ours; `said` is what people say of it."""
    named, _, which = cause.rpartition(":")
    key = f"held.by.{kind if named else cause}"
    told = words.say(key if words.has(key) else "held.by", lang, cause=shorten(clean(which), CAUSE))
    return words.say("held.glossed", lang, title=told, gloss=shorten(clean(said), CAUSE)) if said else told


def _listed(message: Message, words: Catalogue, lang: str, room: Room) -> list[str]:
    """As many lines as there is room for, and then how many are missing."""
    mixed = len({(line.held_for, line.held_by) for line in message.alerts}) > 1
    shown, used = list[str](), 0
    for line in message.alerts:
        text = _line(line, words, lang, mixed)
        used += room.size(text) + 1
        if used > room.most:
            break
        shown.append(text)
    rest = message.total - len(shown)
    return [*shown, words.say("held.more", lang, count=rest)] if rest > 0 else shown


def _line(line: DigestLine, words: Catalogue, lang: str, mixed: bool) -> str:
    """`🔵 IV · title (gloss) · place · closed · why it was held`, the last only where it differs from line to line."""
    level = Level(line.level) if line.level in tuple(Level) else Level.BLUE
    places = words.say("notify.list_joint", lang).join(words.country(code, lang) for code in line.countries[:PLACES])
    known = {"labels": line.categories, "subtypes": line.subtypes, "countries": line.countries}
    gloss = shorten(clean(glossed(words, lang, line.title, line.language, brief=True, **known)), TITLE)
    title = shorten(clean(line.title), TITLE) or words.say("notify.untitled", lang)
    parts = [
        f"{'⚪' if line.over else LAMPS[level]} {level.roman}",
        words.say("held.glossed", lang, title=title, gloss=gloss) if gloss else title,
        clean(places),
        words.say("notify.mark.unconfirmed", lang) if line.unconfirmed and not line.over else "",
        words.say("held.line.withdrawn" if line.withdrawn else f"held.line.{line.state}", lang) if line.over else "",
        because(line.held_for, line.held_by, words, lang) if mixed else "",
    ]
    return " · ".join(part for part in parts if part)
