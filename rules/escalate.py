"""Escalation: who is asked next, and when, until somebody answers or the chain has ended with a trace.

    due ─► deputy ─► lead ─► central ─► everybody ─► everybody … ─► lapse
         step     step     step       repeat                       into the morning list

A page is due at the first deadline and then a `step` apart, up the chain; its last rung repeats until `lapse` after the
deadline. Whatever lapses is never paged again: it is on the morning list until somebody closes it, and so is an alert
that was withdrawn before anybody answered: nobody is woken for a false alarm. An acknowledgement without a deed
expires, and is asked for again. Pure: the same call, policy and `now` give the same next step.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.level import Level

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Rung(StrEnum):
    """Who is asked at a step of the chain."""

    DEPUTY = "deputy"
    LEAD = "lead"
    CENTRAL = "central"
    EVERYBODY = "everybody"


class Answer(StrEnum):
    """Whose acknowledgement is an answer."""

    ANY = "any"  # of anybody who may
    ALL = "all"  # of every owner with a duty
    QUORUM = "quorum"  # of so many different people


class Act(StrEnum):
    """What is to be done."""

    WAIT = "wait"  # nothing before `at`; nothing at all when `at` is None
    PAGE = "page"
    ASK_AGAIN = "ask_again"  # the acknowledgement has expired
    LAPSE = "lapse"  # the end: into the morning list


@dataclass(frozen=True, slots=True)
class Policy:
    """How a level is pressed for an answer.

    `expires`: an acknowledgement without a deed holds so long, None for ever. `lapse`: paging ends so long after the
    first deadline.
    """

    chain: tuple[Rung, ...] = tuple(Rung)
    step: timedelta = 10 * MINUTE
    repeat: timedelta = HOUR
    lapse: timedelta = 2 * DAY
    expires: timedelta | None = None
    answer: Answer = Answer.ANY
    quorum: int = 1


# Where no roster says otherwise: levels 1–2 at the pace of a duty room, 3–4 at that of an office.
POLICIES = {
    Level.RED: Policy(step=5 * MINUTE, repeat=15 * MINUTE, lapse=2 * DAY, expires=HOUR),
    Level.ORANGE: Policy(step=10 * MINUTE, repeat=30 * MINUTE, lapse=2 * DAY, expires=2 * HOUR),
    Level.YELLOW: Policy(
        (Rung.DEPUTY, Rung.LEAD, Rung.CENTRAL), step=HOUR, repeat=12 * HOUR, lapse=3 * DAY, expires=DAY
    ),
    Level.BLUE: Policy((Rung.DEPUTY, Rung.LEAD), step=12 * HOUR, repeat=DAY, lapse=2 * DAY),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One acknowledgement: by whom, when, and for which owners they answer."""

    actor: str
    at: datetime
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """An alert that waits for an answer, as it stands.

    `due` is the deadline of its first acknowledgement, `owners` are those with a duty, the accountable one first.
    `steps` counts the pages of this deadline so far, skipped ones included; `deed` is when a person last did something
    about it.
    """

    level: Level
    due: datetime
    owners: tuple[str, ...]
    given: tuple[Given, ...] = ()
    steps: int = 0
    deed: datetime | None = None
    responding: bool = False
    lapsed: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the plan: its number from 0, when it is due, whom it asks."""

    step: int
    at: datetime
    rung: Rung


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done: at once, or for WAIT not before `at`. `pages` are those due by now, skipped ones included."""

    act: Act
    at: datetime | None = None
    pages: tuple[Page, ...] = ()


def is_answered(policy: Policy, owners: Collection[str], given: Iterable[Given]) -> bool:
    """Whether what was acknowledged is an answer."""
    given = tuple(given)
    match policy.answer:
        case Answer.ANY:
            return bool(given)
        case Answer.QUORUM:
            return len({one.actor for one in given}) >= policy.quorum
        case Answer.ALL:
            answered = {owner for one in given for owner in one.owners}
            return bool(given) and set(owners) <= answered


def missing(policy: Policy, owners: Collection[str], given: Iterable[Given]) -> int:
    """How many acknowledgements more it takes."""
    given = tuple(given)
    if is_answered(policy, owners, given):
        return 0
    if policy.answer is Answer.QUORUM:
        return policy.quorum - len({one.actor for one in given})
    if policy.answer is Answer.ALL:
        return len(set(owners) - {owner for one in given for owner in one.owners}) or 1
    return 1


def page(policy: Policy, due: datetime, step: int) -> Page | None:
    """A page of the plan by its number; None where paging has ended."""
    last = len(policy.chain) - 1
    if last < 0:
        return None
    at = due + min(step, last) * policy.step + max(0, step - last) * policy.repeat
    if at >= due + policy.lapse or (step > last and policy.repeat <= timedelta()):
        return None
    return Page(step, at, policy.chain[min(step, last)])


def plan(policy: Policy, due: datetime, steps: int = 0, until: datetime | None = None) -> Iterator[Page]:
    """The pages from this number on, those only that are due by `until` if it is given."""
    coming = page(policy, due, steps)
    while coming is not None and (until is None or coming.at <= until):
        yield coming
        coming = page(policy, due, coming.step + 1)


def next_step(called: Called, policy: Policy, now: datetime) -> Next:
    """What the call needs now."""
    if called.lapsed or called.responding:
        return Next(Act.WAIT)
    answered = is_answered(policy, called.owners, called.given)
    if called.withdrawn:
        return Next(Act.WAIT if answered else Act.LAPSE)
    if answered:
        return _answered(called, policy, now)
    if now >= called.due + policy.lapse:
        return Next(Act.LAPSE, called.due + policy.lapse)  # however late we come: nobody is woken for history
    pages = tuple(plan(policy, called.due, called.steps, now))
    if pages:
        return Next(Act.PAGE, pages[-1].at, pages)
    coming = page(policy, called.due, called.steps)
    return Next(Act.WAIT, coming.at if coming is not None else called.due + policy.lapse)


def _answered(called: Called, policy: Policy, now: datetime) -> Next:
    if policy.expires is None:
        return Next(Act.WAIT)
    last = max(one.at for one in called.given)
    expires = max(last, called.deed or last) + policy.expires
    if now < expires:
        return Next(Act.WAIT, expires)
    return Next(Act.LAPSE if now >= expires + policy.lapse else Act.ASK_AGAIN, expires)
