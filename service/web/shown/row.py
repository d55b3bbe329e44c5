"""One row of the triage list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from rules.level import Level
from service.locale.catalogue import Catalogue
from service.locale.gloss import glossed
from service.notify.text import clean, shorten
from service.store.exposure import hit_reason
from service.store.read_triage import Beside
from service.store.tables import Alert
from service.store.translations import Made
from service.web.shown.outside import Outside, outside
from service.web.shown.times import Deadline, Moment, deadline, moment
from service.web.shown.translated import Translated, translated

CLOSED = ("resolved", "dismissed")
PLACES, WHYS, PHRASE, ACTOR = 2, 3, 60, 80
# What speaks for a level in one line, in this order; how the score was reckoned is for the page of the alert.
ORDER = ("severity", "concern", "certainty", "urgency", "source")
LEARNT = "severity.learnt"  # a figure of the machine: true, and after all that can be pointed at
TOUCHED = "exposure."  # reasons whose words name a site of one's own
MEANING = ("subtype", "category")
WEIGHTY = ("severity", "concern")  # kinds of reasons that say how grave it is
UNSAID = (
    *("grade.score", "grade.factors", "grade.threshold", "grade.floor", "grade.confirmed", "grade.unconfirmed"),
    *("grade.exposure", "grade.named"),  # the nearest site says more
    *("severity.subtype", "severity.category", "certainty.source"),  # true of every report of its kind
    *("source.failing", "source.quiet", "source.implausible", "source.unseen"),  # the title says so
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A category: its key, for the icon, and its word."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in the list, in one language. `may` are the steps that its reader may take now."""

    id: int
    level: int
    roman: str
    level_name: str
    state: str
    state_name: str
    title: Outside
    gloss: str
    translated: Translated | None
    places: tuple[str, ...]
    more_places: int
    kinds: tuple[Kind, ...]
    why: str
    unconfirmed: bool
    withdrawn: bool
    concern: bool
    demo: bool
    about_source: int | None
    sources: int
    letter: str | None
    opened: Moment
    changed: Moment
    owner: str | None
    initials: str
    deadline: Deadline | None
    done: bool
    may: tuple[str, ...]
    quiet: str = ""  # until when nobody is interrupted by it, and why
    event: int = 0  # for the desk
    news: str = ""  # `unseen`: never opened by the reader; `changed` since they last did
    snoozed: Moment | None = None
    snoozed_by: str = ""
    snoozed_why: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """In which words and as of when something is told."""

    words: Catalogue
    lang: str
    now: datetime
    owners: Mapping[str, str]
    zone: tzinfo = UTC  # in which exact times are written
    members: Mapping[str, str] = field(default_factory=dict)  # what the roster calls people, by their sign-in names

    def say(self, key: str, **values: Any) -> str:
        """A message in the reader's language."""
        return self.words.say(key, self.lang, **values)

    def moment(self, at: datetime | None) -> Moment | None:
        """A time as seen from now."""
        return moment(at, self.now, self.words, self.lang, self.zone)

    def surely(self, at: datetime) -> Moment:
        """A time that is there."""
        found = self.moment(at)
        assert found is not None
        return found

    def country(self, code: str) -> str:
        """What a country is called, where somebody knows it."""
        return self.words.country(code, self.lang)

    def source(self, name: str) -> str:
        """A source's name, the reader's own where it has one in each language."""
        return self.words.source(name, self.lang)

    def owner(self, key: str | None) -> str | None:
        """What an owner is called in this language, or a person who is told in an owner's place."""
        if key is None:
            return None
        return self.words.owner(self.owners.get(key) or self.members.get(key) or key, self.lang)

    def actor(self, actor: str) -> str:
        """Who did something: by the name that the roster has for them; nobody with a name by what they are."""
        return shorten(clean(self.members.get(actor) or self.words.actor(actor, self.lang)), ACTOR)


def row_of(
    alert: Alert,
    extra: Beside,
    telling: Telling,
    may: Sequence[str],
    made: Mapping[str, Made] | None = None,
    *,
    own: bool = False,
    quiet: str = "",
) -> AlertRow:
    """A row; `may` are the steps that this reader's role allows at all, `made` the translations of its title, and
    `own` says that it is of the reader's own organisation: then what of theirs it touches is told."""
    touched = [hit_reason(hit) for hit in alert.exposure[:1]] if own else []
    owner = telling.owner(next(iter(extra.owners), None))
    gloss = gloss_of(alert, telling)
    return AlertRow(
        id=alert.id or 0,
        level=alert.level,
        roman=Level(alert.level).roman,
        level_name=telling.say(f"web.level.{alert.level}"),
        state=alert.state,
        state_name=telling.say(f"web.state.{alert.state}"),
        title=_title(alert, telling),
        gloss=gloss,
        translated=translated(made, alert.title, alert.language, telling.words, telling.lang),
        places=tuple(telling.country(code) for code in alert.countries[:PLACES]),
        more_places=max(0, len(alert.countries) - PLACES),
        kinds=kinds_of(alert.categories, telling),
        why=why([*touched, *alert.reasons], telling, gloss.split(telling.say("gloss.joint"))),
        unconfirmed=alert.unconfirmed,
        withdrawn=alert.withdrawn,
        concern=alert.concern,
        demo=alert.demo,
        about_source=alert.source_id,
        sources=alert.sources,
        letter=extra.letter,
        opened=telling.surely(alert.opened_at),
        changed=telling.surely(alert.changed_at),
        owner=owner,
        initials=initials(owner or ""),
        deadline=deadline_of(alert, telling),
        done=alert.state in CLOSED,
        may=steps_from(alert.state, may),
        quiet=quiet,
    )


def _title(alert: Alert, telling: Telling) -> Outside:
    """The report's title in its own language; an alarm about a source speaks the reader's."""
    title = telling.words.title(alert.title, alert.reasons, telling.lang)
    return titled(title, alert.language if alert.source_id is None else telling.lang, telling)


def titled(title: str, language: str | None, telling: Telling) -> Outside:
    """A title from outside; one in which nothing is to be seen is told so, in the reader's language."""
    found = outside(title, language)
    return found if found.text else outside(telling.say("notify.untitled"), telling.lang)


def gloss_of(alert: Alert, telling: Telling) -> str:
    """What is known of a title whose language the reader may not know, besides the places and categories shown."""
    if alert.source_id is not None:
        return ""
    held: dict[str, Any] = {"labels": alert.categories, "subtypes": alert.subtypes, "countries": alert.countries}
    return clean(glossed(telling.words, telling.lang, alert.title, alert.language, brief=True, **held))


def kinds_of(keys: Sequence[str], telling: Telling) -> tuple[Kind, ...]:
    """Categories with their words."""
    return tuple(Kind(key, telling.words.category(key, telling.lang)) for key in keys)


def deadline_of(alert: Alert, telling: Telling) -> Deadline | None:
    """The deadline of the first acknowledgement, while it is wanted."""
    if alert.state != "open":
        return None
    return deadline(alert.acknowledge_by, alert.level_since, telling.now, telling.words, telling.lang)


STEPS = {
    "acknowledge": ("open",),
    "respond": ("open", "acknowledged"),
    "resolve": ("open", "acknowledged", "responding"),
    "dismiss": ("open", "acknowledged", "responding"),
}


def steps_from(state: str, may: Sequence[str]) -> tuple[str, ...]:
    """The steps that can be taken from a state, in the order of their buttons."""
    return tuple(step for step, before in STEPS.items() if state in before and step in may)


def why(reasons: Sequence[Mapping[str, Any]], telling: Telling, said: Sequence[str] = ()) -> str:
    """The strongest reasons in one line: what was read; without any such, the words that gave the category away; and
    what the machine has learnt of texts like it at the end.

    What is `said` beside it is left out.
    """
    told = [reason for reason in reasons if reason.get("code") not in UNSAID and reason.get("kind") in ORDER]
    told.sort(key=lambda reason: (reason.get("code") == LEARNT, ORDER.index(str(reason.get("kind")))))
    bare = [reason if str(reason.get("code")).startswith(TOUCHED) else {**reason, "words": ""} for reason in told]
    said_so = [telling.words.reason_text(reason, telling.lang) for reason in bare]
    if not any(reason.get("kind") in WEIGHTY and reason.get("code") != LEARNT for reason in told):
        given = (reason.get("words") for reason in reasons if reason.get("kind") in MEANING)
        said_so[:0] = [telling.say("triage.read", words=words) for words in given if words][:1]
    phrases = (shorten(clean(text), PHRASE) for text in said_so)
    kept = [phrase for phrase in dict.fromkeys(phrases) if phrase not in said]
    return telling.say("web.joint.reasons").join(kept[:WHYS])


def initials(name: str) -> str:
    """Two letters of a name, or the first two of a Chinese one."""
    parts = [part for part in name.replace("-", " ").replace("_", " ").split() if part]
    if not parts:
        return ""
    if ord(parts[0][0]) > 0x2E80:
        return parts[0][:2]
    return "".join(part[0] for part in parts[:2]).upper()
