"""Message: what is told about an alert, in no channel's form. It is kept in the outbox and versioned by hand."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

SCHEMA = 1
POSTURE, GUIDELINE = "posture", "guideline"  # the kinds that are about no alert


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One report behind the alert."""

    name: str
    reliability: str
    title: str
    link: str | None
    published_at: str | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the response that is the reader's to do, in both languages, and until when."""

    en: str
    zh: str
    due: str


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One alert of a digest as it stands now, and what kept the news of it back since when.

    `state` is the alert's; `withdrawn` besides says that what it rested on was denied. `changes` counts the notices
    that were held.
    """

    alert_id: int
    level: int
    state: str
    title: str
    language: str | None
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    subtypes: tuple[str, ...]
    unconfirmed: bool
    withdrawn: bool
    held_for: str
    held_by: str
    held_since: str
    url: str
    changes: int = 1
    held_said: str = ""  # whose silence it is and why, for people of the same organisation

    @property
    def over(self) -> bool:
        """Nobody need act any more."""
        return self.withdrawn or self.state in ("resolved", "dismissed")


@dataclass(frozen=True, slots=True)
class Message:
    """What happened to which alert, why, and who is asked to act. Times are RFC 3339 in UTC.

    `action` is open, raise, lower, confirm, withdraw, update, resolve, dismiss, hand (it is yours now), escalate
    (nobody answered in time: you are asked now), ask_again (acknowledged, but nothing was done since), hasten (a
    crisis: answer earlier), overdue (steps are late), mention (a comment calls them), posture_due (a crisis:
    prolong or leave?), report_due (its report is due), guideline_proposed, guideline_approved, guideline_rejected,
    digest or test. A digest is about many alerts: the gravest
    and those that changed last are in `alerts`, `total` says how many there are, and the fields of a single alert
    are empty, but for the gravest level now. `reasons` are kept as codes with values, so that each channel can say
    them in its own language. `subscription` names the subscription that this went out for, `owner` the owner whose
    duty it is; one of them is set, except in a test. `kind` is risk, source for an alarm about one of our own
    sources, posture (`title` is the place) or guideline (its version). `steps` are the next ones of the owner that it
    goes to. `owner_name` is what the owner, or the person, is called; it is put in when the message is sent.
    """

    id: str
    action: str
    alert_id: int
    version: int
    level: int
    previous_level: int | None
    state: str
    title: str
    language: str | None
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    subtypes: tuple[str, ...]
    unconfirmed: bool
    withdrawn: bool
    concern: bool
    score: float
    reasons: tuple[dict[str, Any], ...]
    clause: str
    guideline: str
    opened_at: str
    changed_at: str
    acknowledge_by: str | None
    sources: tuple[SourceLine, ...]
    url: str
    subscription: str | None
    owner: str | None
    demo: bool
    schema: int = SCHEMA
    kind: str = "risk"
    steps: tuple[StepLine, ...] = ()
    alerts: tuple[DigestLine, ...] = ()
    total: int = 0
    owner_name: str | None = None


def to_payload(message: Message) -> dict[str, Any]:
    """The message as the outbox keeps it."""
    return asdict(message)


def from_payload(payload: dict[str, Any]) -> Message:
    """The message that was kept; keys that a later version added are passed over."""
    known = {field.name for field in fields(Message)}
    values = {key: value for key, value in payload.items() if key in known}
    for key in ("countries", "categories", "subtypes", "reasons"):
        values[key] = tuple(values[key])
    values["sources"] = tuple(SourceLine(**line) for line in values["sources"])
    values["steps"] = tuple(StepLine(**line) for line in values.get("steps", ()))
    values["alerts"] = tuple(_digest_line(line) for line in values.get("alerts", ()))
    return Message(**values)


def _digest_line(line: dict[str, Any]) -> DigestLine:
    listed = {key: tuple(line[key]) for key in ("countries", "categories", "subtypes")}
    return DigestLine(**{**line, **listed})


# What is told when no alert is meant: a test, a digest, a question. Filled in with `dataclasses.replace`.
NO_ALERT = Message(
    id="",
    action="",
    alert_id=0,
    version=0,
    level=4,
    previous_level=None,
    state="",
    title="",
    language=None,
    countries=(),
    categories=(),
    subtypes=(),
    unconfirmed=False,
    withdrawn=False,
    concern=False,
    score=0.0,
    reasons=(),
    clause="",
    guideline="",
    opened_at="",
    changed_at="",
    acknowledge_by=None,
    sources=(),
    url="",
    subscription=None,
    owner=None,
    demo=False,
)


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None
