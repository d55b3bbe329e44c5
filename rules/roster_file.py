"""Reading a roster file: every fault with its line and what to do about it.

What is read here is checked by itself; what only the house knows (which owners there are, who can be reached, what
time it is) is the matter of `rules.roster_check`.
"""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import lru_cache

from yaml.nodes import MappingNode, Node, ScalarNode

from rules.document import STRUCTURE, Document, DocumentError, line_of, told
from rules.escalate import MINUTE, POLICIES, Answer, Policy, Rung
from rules.hours import read_clock, read_date, read_hours, read_zone, weekday_of
from rules.level import LEVELS, Level
from rules.roster import Days, Member, OnHolidays, Roster, Rosters, Turn

EVERY = re.compile(r"(?:(\d{1,3})\s+)?(day|week)s?")
SHORTEST = 5 * MINUTE  # between two pages of one alert
LONGEST = timedelta(days=31)  # nobody is paged for longer
POLICY = ("chain", "step", "repeat", "lapse", "expires", "answer", "quorum")
Found = Mapping[str, Node]
Calendars = Mapping[str, tuple[Days, ...]]


class RosterError(DocumentError):
    """A roster file cannot be used."""


@lru_cache(maxsize=16)
def parse_rosters(text: str, name: str = "roster.yaml") -> Rosters:
    """Read rosters; RosterError lists every fault with its line and what to do about it."""
    document = Document(name, RosterError)
    parts = ("people", "rosters"), ("holidays", "escalation")
    root = document.table(document.root(text), "the roster file", *parts)
    members = _members(document, document.items(root.get("people"), "people"))
    calendars = _calendars(document, root.get("holidays"))
    nodes = document.items(root.get("rosters"), "rosters")
    rosters: dict[str, Roster] = {}
    for node in nodes:
        roster = _roster(document, node, members, calendars)
        if roster.owner in rosters:
            document.fault(node, f"owner {roster.owner} has two rosters", "Put all turns into one of them.")
        rosters.setdefault(roster.owner, roster)
    policies = _policies(document, root.get("escalation"))
    document.finish()
    return Rosters(members, rosters, policies)


def _members(document: Document, nodes: list[Node]) -> dict[str, Member]:
    members: dict[str, Member] = {}
    places: dict[str, Node] = {}
    for node in nodes:
        found = document.table(node, "person", ("key", "name"), ("zone", "deputy", "away"))
        key = document.text(found.get("key"), "key", 80)
        if key in members:
            document.fault(node, f"person {key} stands twice", "Give each person their own key.")
        deputy = document.text(found["deputy"], "deputy", 80) if "deputy" in found else None
        away = tuple(_days(document, one) for one in document.items(found.get("away"), "away"))
        member = Member(
            key,
            document.text(found.get("name"), "name", 120),
            read_zone(document, found.get("zone"), "zone"),
            deputy,
            away,
            line_of(node),
        )
        members.setdefault(key, member)
        places.setdefault(key, found.get("deputy", node))
    for key, member in members.items():
        if member.deputy is not None and member.deputy not in members:
            document.choice(places[key], "person", members)
    _loops(document, members, places)
    return members


def _loops(document: Document, members: Mapping[str, Member], places: Mapping[str, Node]) -> None:
    """Each ring of deputies once, at its first person."""
    told: set[str] = set()
    for key in members:
        chain: list[str] = []
        at: str | None = key
        while at is not None and at in members and at not in chain and at not in told:
            chain.append(at)
            at = members[at].deputy
        if at is not None and at in chain:
            ring = [*chain[chain.index(at) :], at]
            advice = "Let the last one have no deputy, or somebody outside of the ring."
            document.fault(places[at], f"the deputies go round in a loop: {' → '.join(ring)}", advice)
        told.update(chain)


def _calendars(document: Document, node: Node | None) -> dict[str, tuple[Days, ...]]:
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        document.fault(node, "holidays is not a table", "Give each calendar its days, after dashes.")
        return {}
    found: dict[str, tuple[Days, ...]] = {}
    for key, value in node.value:
        name = key.value.strip() if isinstance(key, ScalarNode) else ""
        if not name or name in found:
            document.fault(key, f"calendar {name or STRUCTURE} stands twice or has no name", "Keep one of them.")
        found[name] = tuple(_days(document, one) for one in document.items(value, f"calendar {name}"))
    return found


def _days(document: Document, node: Node) -> Days:
    found = document.table(node, "days", ("first",), ("last", "name"))
    first = read_date(document, found.get("first"), "first") or date(2000, 1, 1)
    last = read_date(document, found.get("last"), "last") or first
    if last < first:
        document.fault(node, f"the days end on {last}, before they begin", "Turn first and last about.")
    return Days(first, last, document.text(found.get("name"), "name", 120))


def _roster(document: Document, node: Node, members: Mapping[str, Member], calendars: Calendars) -> Roster:
    optional = ("zone", "ends", "lead", "deputies", "holidays")
    found = document.table(node, "roster", ("owner", "starts", "turns"), optional)
    starts = read_date(document, found.get("starts"), "starts") or date(2000, 1, 3)
    ends = read_date(document, found.get("ends"), "ends")
    if ends is not None and ends < starts:
        document.fault(found["ends"], f"the roster ends on {ends}, before it starts", "Turn starts and ends about.")
    names = document.choices(found.get("holidays"), "holidays", "calendar", calendars)
    roster = Roster(
        owner=document.text(found.get("owner"), "owner", 80),
        zone=read_zone(document, found.get("zone"), "zone"),
        turns=tuple(_turn(document, one, members, starts) for one in document.items(found.get("turns"), "turns")),
        starts=starts,
        ends=ends,
        lead=document.choice(found.get("lead"), "person", members) or None,
        deputies=document.choices(found.get("deputies"), "deputies", "person", members),
        holidays=tuple(days for name in names for days in calendars[name]),
        line=line_of(node),
    )
    _shadowed(document, node, roster)
    return roster


def _turn(document: Document, node: Node, members: Mapping[str, Member], starts: date) -> Turn:
    found = document.table(node, "turn", ("people",), ("name", "every", "handover", "hours", "on_holidays"))
    days = _every(document, found.get("every"))
    clock, weekday = _handover(document, found.get("handover"))
    if days % 7 and weekday is not None:
        document.fault(found["handover"], "a turn of days is handed over on a day of the week", "Leave the day out.")
    if weekday is None:
        weekday = 0 if not days % 7 else starts.weekday()
    holidays = document.choice(found.get("on_holidays"), "on_holidays", (one.value for one in OnHolidays))
    return Turn(
        name=document.text(found["name"], "name", 80) if "name" in found else "turn",
        people=document.choices(found.get("people"), "people", "person", members) or ("",),
        every=days,
        handover=clock,
        anchor=starts - timedelta(days=(starts.weekday() - weekday) % 7),
        hours=tuple(read_hours(document, one, "hours") for one in document.items(found.get("hours"), "hours")),
        holidays=OnHolidays(holidays) if holidays else OnHolidays.WORK,
    )


def _every(document: Document, node: Node | None) -> int:
    if node is None:
        return 7
    written = told(node)
    match = EVERY.fullmatch(written)
    if match is None or (match[1] is not None and not int(match[1])):
        document.fault(node, f"every {written} is no rhythm of turns", "Write day, week, 3 days or 2 weeks.")
        return 7
    return int(match[1] or 1) * (7 if match[2] == "week" else 1)


def _handover(document: Document, node: Node | None) -> tuple[time, int | None]:
    """`Mon 09:00` or `09:00`."""
    written = node.value.strip() if isinstance(node, ScalarNode) else ""
    first, _, rest = written.partition(" ")
    day = weekday_of(first) if rest else None
    if node is None or day is None:
        return read_clock(document, node, "handover"), None
    clock = ScalarNode(node.tag, rest.strip(), node.start_mark, node.end_mark)
    return read_clock(document, clock, "handover"), day


def _shadowed(document: Document, node: Node, roster: Roster) -> None:
    """A turn behind one that always holds is never anybody's."""
    for place, turn in enumerate(roster.turns[:-1]):
        if not turn.hours and turn.holidays is OnHolidays.WORK:
            what = f"turn {roster.turns[place + 1].name} of {roster.owner} never comes: {turn.name} always holds"
            document.fault(node, what, "Give the earlier one hours, or put it last.")
            return


def _policies(document: Document, node: Node | None) -> dict[Level, Policy]:
    found = document.table(node, "escalation", (), LEVELS) if node is not None else {}
    given = {Level(int(key)): _policy(document, value, POLICIES[Level(int(key))]) for key, value in found.items()}
    return {**POLICIES, **given}


def _policy(document: Document, node: Node, usual: Policy) -> Policy:
    found = document.table(node, "escalation of a level", (), POLICY)
    spans = {key: document.duration(found[key], key) for key in ("step", "repeat", "lapse") if key in found}
    chain = document.choices(found.get("chain"), "chain", "rung", tuple(rung.value for rung in Rung))
    answer = document.choice(found.get("answer"), "answer", (one.value for one in Answer))
    never = isinstance(one := found.get("expires"), ScalarNode) and one.value.strip() == "never"
    expires = document.duration(found["expires"], "expires") if "expires" in found and not never else None
    policy = Policy(
        chain=tuple(Rung(key) for key in chain) or usual.chain,
        step=spans.get("step", usual.step),
        repeat=spans.get("repeat", usual.repeat),
        lapse=spans.get("lapse", usual.lapse),
        expires=expires if "expires" in found else usual.expires,
        answer=Answer(answer) if answer else usual.answer,
        quorum=int(document.number(found["quorum"], "quorum", 1, 20)) if "quorum" in found else 1,
    )
    _sound(document, node, found, policy)
    return policy


def _sound(document: Document, node: Node, found: Found, policy: Policy) -> None:
    if policy.answer is Answer.QUORUM and "quorum" not in found:
        document.fault(node, "answer: quorum says not of how many", "Add `quorum: 2`.")
    if policy.answer is not Answer.QUORUM and "quorum" in found:
        document.fault(
            found["quorum"], f"quorum counts for nothing with answer: {policy.answer.value}", "Leave it out."
        )
    for name in ("step", "repeat"):
        if getattr(policy, name) < SHORTEST:
            document.fault(found.get(name, node), f"{name} is shorter than 5 min", "Nobody can answer so quickly.")
    if policy.lapse > LONGEST:
        document.fault(found.get("lapse", node), "lapse is longer than 31 d", "Nobody is paged for a month.")
    if (len(policy.chain) - 1) * policy.step >= policy.lapse:
        what = f"{policy.chain[-1].value} would be asked after paging has lapsed"
        document.fault(node, what, "Shorten step or chain, or let it lapse later.")
    if policy.expires is not None and policy.expires < SHORTEST:
        document.fault(found["expires"], "expires is shorter than 5 min", "Nobody can act so quickly.")
