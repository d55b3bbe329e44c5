"""How an alert is pressed for an answer, as its page shows it: told, answered, and what comes next."""

from dataclasses import dataclass
from typing import Any

from service.desk.pressing import Coming, Pressing
from service.notify.text import clean, shorten
from service.store.tables import LogLine
from service.web.shown.roster import member_name
from service.web.shown.row import Telling
from service.web.shown.times import Moment, length

MOST = 12  # steps shown
RUNGS = ("deputy", "lead", "central", "everybody")


@dataclass(frozen=True, slots=True)
class StepShown:
    """One thing that escalation did."""

    at: Moment
    what: str
    people: str
    unreached: str


@dataclass(frozen=True, slots=True)
class PressingShown:
    """The whole. `coming` is what comes next in words, `coming_at` when, `coming_in` how far off."""

    duty: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, Moment], ...]
    missing: int
    steps: tuple[StepShown, ...]
    coming: str
    coming_people: str
    coming_at: Moment | None
    coming_in: str
    lapsed: Moment | None


def pressing_shown(found: Pressing | None, telling: Telling) -> PressingShown | None:
    """In the reader's language; None when there is nothing to show."""
    if found is None:
        return None

    def name(key: str) -> str:
        return member_name(found.rosters, key) if key in found.rosters.members else telling.owner(key) or key

    coming = found.coming
    return PressingShown(
        duty=tuple((name(owner), name(person) if person else "") for owner, person in found.on_duty),
        given=tuple((shorten(clean(name(actor)), 80), telling.surely(at)) for actor, at in found.given),
        missing=found.missing,
        steps=tuple(_step(line, name, telling) for line in found.done[-MOST:]),
        coming=_coming(coming, telling) if coming is not None else "",
        coming_people=_joined([name(key) for key in coming.people], telling) if coming is not None else "",
        coming_at=telling.surely(coming.at) if coming is not None else None,
        coming_in=_far(coming, telling) if coming is not None else "",
        lapsed=telling.moment(found.lapsed_at),
    )


def _step(line: LogLine, name: Any, telling: Telling) -> StepShown:
    rung = str(line.detail.get("rung", ""))
    if line.action == "alert.escalate" and rung in RUNGS:
        what = telling.say("roster.press.step", rung=telling.say(f"roster.rung.{rung}"))
    else:
        what = telling.say(f"web.history.{line.action.replace('.', '_')}")
    people = [name(key) for key in str(line.detail.get("asked", "")).split(", ") if key]
    missed = [name(key) for key in str(line.detail.get("unreached", "")).split(", ") if key]
    return StepShown(telling.surely(line.at), what, _joined(people, telling), _joined(missed, telling))


def _coming(coming: Coming, telling: Telling) -> str:
    if coming.what in RUNGS:
        return telling.say("roster.press.next", what=telling.say(f"roster.rung.{coming.what}"))
    return telling.say(f"roster.press.next_{coming.what}")


def _far(coming: Coming, telling: Telling) -> str:
    left = coming.at - telling.now
    if left.total_seconds() <= 0:
        return telling.say("roster.press.overdue")
    return telling.say("roster.press.in", span=length(left, telling.words, telling.lang))


def _joined(names: list[str], telling: Telling) -> str:
    return telling.say("notify.list_joint").join(shorten(clean(one), 60) for one in dict.fromkeys(names))
