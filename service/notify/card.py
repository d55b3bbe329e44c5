"""Card: a message in words of one language, cleaned and shortened but in no channel's markup yet."""

from dataclasses import dataclass
from typing import Any

from rules.level import Level
from service.locale.catalogue import Catalogue
from service.locale.gloss import glossed
from service.notify.message import GUIDELINE, POSTURE, Message, SourceLine
from service.notify.text import clean, safe_link, shorten

COLOURS = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}
LAMPS = {Level.RED: "🔴", Level.ORANGE: "🟠", Level.YELLOW: "🟡", Level.BLUE: "🔵"}
OVER = ("withdraw", "resolve", "dismiss")
TITLE, PHRASE, NAME, STEP = 220, 140, 60, 180
COUNTRIES, CATEGORIES, REASONS, REPORTED, SOURCES = 6, 6, 6, 4, 5
# The kinds of messages that are about no alert, with what their link is called. Their first reason is what they say.
APART = {POSTURE: "posture.open_room", GUIDELINE: "guideline.told.open"}
FIGURES = ("grade.score", "grade.factors")


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """One source: its reliability letter, name, title and link, if it has a sound one."""

    letter: str
    name: str
    title: str
    link: str | None
    when: str


@dataclass(frozen=True, slots=True)
class Card:
    """What every channel shows. No string holds a line break, a control or a direction character.

    `head` is level, marks and place in one line and survives every shortening. `over` says that nobody need act any
    more. `link` leads to the alert, None when the desk has no address of its own. `gloss` is what is known of a title
    in another language, "" where its reader knows it. `steps` are the reader's own next ones in the response.
    """

    level: Level
    head: str
    level_text: str
    marks: tuple[str, ...]
    change: str
    title: str
    facts: tuple[Fact, ...]
    reasons_label: str
    reasons: tuple[str, ...]
    sources_label: str
    sources: tuple[Origin, ...]
    link: str | None
    link_text: str
    footer: str
    over: bool
    gloss: str = ""
    steps_label: str = ""
    steps: tuple[str, ...] = ()

    @property
    def colour(self) -> str:
        """red, orange, yellow or blue; grey when it is over."""
        return "grey" if self.over else COLOURS[self.level]


def card_of(message: Message, words: Catalogue, lang: str) -> Card:
    """The card of a message."""
    level = Level(message.level) if message.level in tuple(Level) else Level.BLUE
    over = message.action in OVER
    lamp = "⚪" if over else LAMPS[level]
    level_text = words.say(
        "notify.level",
        lang,
        name=words.level_name(level, lang),
        colour=words.say(f"notify.colour.{COLOURS[level]}", lang),
    )
    marks = _marks(message, words, lang)
    place = _some(tuple(words.country(code, lang) for code in message.countries), COUNTRIES, words, lang)
    lead = () if message.action == "test" or message.kind in APART else (f"{lamp} {level_text}",)
    head = " · ".join(part for part in (*lead, *marks, place) if part)
    return Card(
        level=level,
        head=clean(head),
        level_text=level_text,
        marks=marks,
        change=_change(message, words, lang),
        title=shorten(clean(words.title(message.title, message.reasons, lang)), TITLE)
        or words.say("notify.untitled", lang),
        facts=tuple(_facts(message, words, lang, place)),
        reasons_label=words.say("notify.why", lang),
        reasons=tuple(_reasons(message, words, lang)),
        sources_label=words.say("notify.sources", lang),
        sources=tuple(_origin(source, words, lang) for source in reversed(message.sources[-SOURCES:])),
        link=safe_link(message.url),
        link_text=words.say(APART.get(message.kind, "notify.open_alert"), lang),
        footer=_footer(message, words, lang),
        over=over,
        gloss=gloss_of(message, words, lang, brief=True),
        steps_label=words.say("plans.card.steps", lang),
        steps=tuple(_steps(message, words, lang)),
    )


def gloss_of(message: Message, words: Catalogue, lang: str, *, brief: bool = False) -> str:
    """What is known of the title, `brief` beside places and categories. An alarm about a source speaks the reader's."""
    if message.kind == "source" or message.kind in APART or message.action == "test":
        return ""
    held: dict[str, Any] = {"labels": message.categories, "subtypes": message.subtypes, "countries": message.countries}
    return shorten(clean(glossed(words, lang, message.title, message.language, brief=brief, **held)), TITLE)


def _marks(message: Message, words: Catalogue, lang: str) -> tuple[str, ...]:
    marks = {
        "demo": message.demo,
        "test": message.action == "test",
        "source": message.kind == "source",
        **{kind: message.kind == kind for kind in APART},
        "withdrawn": message.withdrawn or message.action == "withdraw",
        "unconfirmed": message.unconfirmed,
        "concern": message.concern,
    }
    return tuple(words.say(f"notify.mark.{name}", lang) for name, holds in marks.items() if holds)


def _change(message: Message, words: Catalogue, lang: str) -> str:
    before = words.level_within(message.previous_level, lang) if message.previous_level else ""
    key = f"notify.action.{message.action}"
    if message.action in ("raise", "lower") and before:
        key += "_from"
    known = words.has(key)
    due = words.moment(message.acknowledge_by, lang) if message.acknowledge_by else ""
    return words.say(key, lang, before=before, due=due) if known else clean(message.action)


def _facts(message: Message, words: Catalogue, lang: str, place: str) -> list[Fact]:
    kinds = [words.category(key, lang) for key in message.categories]
    kinds += [words.subtype(key, lang) for key in message.subtypes]
    rows = {
        "country": place,
        "categories": _some(tuple(clean(kind) for kind in kinds), CATEGORIES, words, lang),
        "deadline": words.moment(message.acknowledge_by, lang) if message.acknowledge_by else "",
        "clause": words.say("notify.clause_of", lang, clause=clean(message.clause), guideline=clean(message.guideline))
        if message.clause
        else "",
        "score": f"{words.number(message.score, lang)} / 100" if message.score else "",
        "time": words.moment(message.changed_at, lang) if message.changed_at else "",
        "for": addressee(message, words, lang),
    }
    return [
        Fact(words.say(f"notify.fact.{name}", lang), shorten(clean(text), TITLE)) for name, text in rows.items() if text
    ]


def addressee(message: Message, words: Catalogue, lang: str) -> str:
    """For whom it is, by name: an owner's in the reader's language, a person's, or a subscription's."""
    return clean(words.owner(message.owner_name or message.owner or "", lang) or message.subscription)


def _some(names: tuple[str, ...], most: int, words: Catalogue, lang: str) -> str:
    shown = words.say("notify.list_joint", lang).join(names[:most])
    rest = len(names) - most
    return shown if rest <= 0 else f"{shown} {words.say('notify.and_more', lang, count=rest)}"


def _reasons(message: Message, words: Catalogue, lang: str) -> list[str]:
    """What the reports say first, then what the rules made of it, in the order of the decision; each phrase once.

    The score and its factors are left out: the score is a fact of its own, and figures tell a reader in a hurry little.
    """
    rules = [reason for reason in message.reasons if str(reason.get("code", "")).startswith("grade.")]
    reports = [reason for reason in message.reasons if reason not in rules]
    if message.kind == "source" or message.kind in APART:
        reports = reports[1:]  # the first is the title
    chosen = [*reports[:REPORTED], *(reason for reason in rules if reason.get("code") not in FIGURES)]
    phrases = (shorten(clean(words.reason_text(reason, lang)), PHRASE) for reason in chosen)
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))[:REASONS]


def _steps(message: Message, words: Catalogue, lang: str) -> list[str]:
    told = [(step.zh if words.language(lang) == "zh" else step.en, step.due) for step in message.steps]
    shown = ((shorten(clean(what), STEP), words.moment(due, lang) if due else "") for what, due in told)
    return [words.say("plans.card.step", lang, step=what, due=due) for what, due in shown]


def _origin(source: SourceLine, words: Catalogue, lang: str) -> Origin:
    return Origin(
        letter=shorten(clean(source.reliability), 2),
        name=shorten(clean(source.name), NAME),
        title=shorten(clean(source.title), PHRASE),
        link=safe_link(source.link),
        when=words.moment(source.published_at, lang) if source.published_at else "",
    )


def _footer(message: Message, words: Catalogue, lang: str) -> str:
    if message.action == "test" or message.kind in APART:
        return words.say("notify.footer_test", lang, number=clean(message.id))
    return words.say("notify.footer", lang, alert=message.alert_id, version=message.version, number=clean(message.id))
