"""Hush: whether a change waits to be told, and why. The change itself happens: level, owners and plan are as they are.

Asked in this order, the first answer counts: a person's silence, a window, a graver alert, a cool-down, a storm. What
stands at level 1 or 2, or comes to stand there, is told at once; what would have held it is kept as a trace.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.decision import Action, Decision, Hush
from rules.level import Level
from rules.quiet import Closed, Graver, Matter, Quiet, Silence
from rules.quiet_rule import HELD, SAME, Inhibition, RestraintRule
from rules.situation import Standing

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Whoever knows the alert must know at once that it became graver, or that there was nothing in it.
PRESSING = (Action.OPEN, Action.RAISE, Action.WITHDRAW)


def hushed(
    decision: Decision,
    standing: Standing | None,
    quiet: Quiet,
    rule: RestraintRule,
    now: datetime,
    sources: Iterable[str] = (),
) -> Hush | None:
    """What keeps a change quiet; None when nothing does, or nothing changes. `sources` are all that is heard of it."""
    if decision.action is Action.NONE or decision.level is None:
        return None
    found = _found(decision, decision.level, standing, quiet, rule, now, tuple(sources))
    grave = decision.level not in HELD or (standing is not None and standing.level not in HELD)
    return replace(found, passed=True) if found is not None and grave else found


def alarm_hushed(
    silences: Iterable[Silence], level: Level, trouble: str, source: str, organisation: str, now: datetime
) -> Hush | None:
    """What keeps an alarm about a source quiet: a person's silence of such alarms, or a window. Nothing else does."""
    matter = Matter(level, (), (), (), (source,), organisation=organisation, alarm=trouble)
    found = _longest(silences, matter, now)
    return replace(found, passed=True) if found is not None and level not in HELD else found


def _found(
    decision: Decision,
    level: Level,
    standing: Standing | None,
    quiet: Quiet,
    rule: RestraintRule,
    now: datetime,
    sources: tuple[str, ...],
) -> Hush | None:
    return (
        _silenced(decision, level, quiet, now, sources)
        or _inhibited(decision, level, quiet, rule, now)
        or _cooling(decision, level, standing, quiet, rule, now)
        or _storming(level, quiet, rule, now)
    )


def _silenced(decision: Decision, level: Level, quiet: Quiet, now: datetime, sources: tuple[str, ...]) -> Hush | None:
    """The silence that lasts longest, or else the window that does."""
    if not quiet.silences:
        return None
    where = (decision.countries, decision.categories, decision.subtypes, sources)
    matter = Matter(level, *where, quiet.event, quiet.organisation)
    return _longest(quiet.silences, matter, now)


def _longest(silences: Iterable[Silence], matter: Matter, now: datetime) -> Hush | None:
    held = [(over, one) for one in silences if one.covers(matter) and (over := one.until(now)) is not None]
    if not held:
        return None
    until, silence = max(held, key=_weight)
    return Hush(silence.kind, f"silence:{silence.key}", until)


def _weight(held: tuple[datetime, Silence]) -> tuple[bool, datetime, str]:
    return (held[1].kind == "silence", held[0], held[1].key)


def _inhibited(decision: Decision, level: Level, quiet: Quiet, rule: RestraintRule, now: datetime) -> Hush | None:
    """The alert that has been graver for longest, of those that mute this one."""
    muting = [
        (one.since, one.alert, one.since + by.span if by.span is not None else None)
        for by in rule.inhibit
        if level in by.mutes
        for one in _alike(decision, quiet, by)
        if by.span is None or now < one.since + by.span
    ]
    if not muting:
        return None
    _, alert, until = min(muting, key=lambda one: one[:2])
    return Hush("inhibited", f"alert:{alert}", until)


def _alike(decision: Decision, quiet: Quiet, by: Inhibition) -> Iterator[Graver]:
    """The graver alerts within which all of it lies, in everything that must be the same."""
    found = (decision.countries, decision.categories, decision.subtypes)
    asked = tuple(key in by.same for key in SAME)
    if any(must and not keys for must, keys in zip(asked, found, strict=True)):
        return
    (countries, categories, subtypes), (where, kind, closer) = found, asked
    for one in quiet.graver:
        if (
            one.level is by.by
            and one.event != quiet.event
            and (not where or one.countries.issuperset(countries))
            and (not kind or one.categories.issuperset(categories))
            and (not closer or one.subtypes.issuperset(subtypes))
        ):
            yield one


def _cooling(
    decision: Decision, level: Level, standing: Standing | None, quiet: Quiet, rule: RestraintRule, now: datetime
) -> Hush | None:
    """A new alert like one that a person closed a short while ago, or one more change of an alert just told of."""
    if standing is not None and decision.action not in PRESSING:
        wait = rule.update.get(level, timedelta())
        if standing.told is not None and now < standing.told + wait:
            return Hush("cooldown", "update", standing.told + wait)
    span = rule.cooldown.get(level)
    if decision.action is not Action.OPEN or span is None:
        return None
    last = max(
        (one for one in quiet.closed if one.level <= level and now < one.at + span and _same_case(decision, one)),
        key=lambda one: (one.at, one.alert),
        default=None,
    )
    return Hush("cooldown", f"alert:{last.alert}", last.at + span) if last is not None else None


def _same_case(decision: Decision, closed: Closed) -> bool:
    countries, subtypes = decision.countries, decision.subtypes
    return (
        bool(countries and subtypes) and closed.countries.issuperset(countries) and closed.subtypes.issuperset(subtypes)
    )


def _storming(level: Level, quiet: Quiet, rule: RestraintRule, now: datetime) -> Hush | None:
    """Until the next digest: all that is held in one span of it is told together."""
    if level not in HELD or quiet.opened < rule.storm.alerts:
        return None
    return Hush("storm", f"opened:{quiet.opened}", EPOCH + ((now - EPOCH) // rule.digest + 1) * rule.digest)
