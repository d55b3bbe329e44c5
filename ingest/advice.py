"""Two readings of one list compared: what moved, and whether the later one can be true. Pure.

Travel advice: `before` and `after` map the keys of a source's items to their level, "1" (normal precautions) to "4"
(do not travel), or None where the item states none. Sanctions lists: the keys alone.

The thresholds are set by eight months of five governments' advice (650 readings that differ from the one before; the
figures stand in docs/parsers.md): no true reading moved more than 2 levels, lost more than 1 or dropped more than 1
country; the three broken ones lost 5 levels, 20 countries and 211 levels.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.entry import Item

Levels = Mapping[str, str | None]

LEVELS = frozenset(("1", "2", "3", "4"))
MOVED_MANY, MOVED_SHARE = 10, 0.05  # levels that move at once: five times the most seen
LOST_MANY = 3  # levels that are there no more: between the 1 that is true and the 5 that are not
GONE_MANY = 5  # countries that are there no more: between the 1 that is true and the 20 that are not
WHOLE_LIST = 100  # countries from which on a document lists all of them; shorter ones show the latest only
MOST = 0.5  # share of the levels or countries whose loss no second look makes true
SHRUNK_MANY, SHRUNK_SHARE = 20, 0.1  # the largest de-listing known to us (Syria, June 2025) took 3 % of OFAC's list
CUT_OFF = "The list is cut off"  # how every sentence about a list that ends too early begins
HOLD = timedelta(hours=6)  # from the first doubted look to believing what still stands
SHOWN = 3  # countries named in a sentence


@dataclass(frozen=True, slots=True)
class Move:
    """A country's level that changed: `before` and `after` are 1 to 4."""

    key: str
    before: int
    after: int

    @property
    def is_rise(self) -> bool:
        """True when the advice became graver."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two readings, keys in the order of the document. A level that appears is no move."""

    moves: tuple[Move, ...]
    lost: tuple[str, ...]  # had a level, is still listed, has none any more
    gone: tuple[str, ...]  # is listed no more
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered between two looks: the levels that are believed, a doubted reading and since when it stands.

    All three are plain values, so that the feed state can keep them.
    """

    levels: Levels = field(default_factory=dict)
    held: Levels | None = None
    since: datetime | None = None


NO_MEMORY = Memory()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading weighed: what to remember, the doubt in one sentence (None: believed), what may go out all the same."""

    memory: Memory
    doubt: str | None = None
    passable: frozenset[str] = frozenset()


def weigh(memory: Memory, after: Levels, now: datetime) -> Weighed:
    """Believe a reading or hold it. A held one is believed when it `stands` in a look HOLD after the first doubt.

    While a reading is held, only the items whose keys are `passable` are news, and their levels are remembered.
    """
    doubt = is_implausible(memory.levels, after)
    if doubt is None:
        return Weighed(Memory(after))
    held, since = memory.held, memory.since
    is_standing = held is not None and stands(memory.levels, held, after)
    if is_standing and since is not None and now - since >= HOLD:
        return Weighed(Memory(after))
    passed = passable(memory.levels, after)
    believed = {**memory.levels, **{key: after[key] for key in passed}}
    if is_standing:
        return Weighed(Memory(believed, held, since), doubt, passed)
    return Weighed(Memory(believed, after, now), doubt, passed)


def levels(items: Iterable[Item]) -> dict[str, str | None]:
    """What is to be remembered of a reading that was believed: key → level. The first of items with one key counts."""
    found: dict[str, str | None] = {}
    for item in items:
        found.setdefault(item.key, item.extra.get("advisory_level"))
    return found


def compare(before: Levels, after: Levels) -> Comparison:
    """What changed. Levels out of range count as none, and a renamed country as one gone and one new."""
    moves: list[Move] = []
    lost: list[str] = []
    for key, level in after.items():
        old = before.get(key)
        if old not in LEVELS or level == old:
            continue
        if level in LEVELS:
            moves.append(Move(key, int(old or 0), int(level or 0)))
        else:
            lost.append(key)
    gone = tuple(key for key in before if key not in after)
    return Comparison(tuple(moves), tuple(lost), gone, tuple(key for key in after if key not in before))


def is_implausible(before: Levels, after: Levels) -> str | None:
    """One sentence that says why the later reading cannot be true, or None when it can.

    A first reading (nothing known before) is only asked whether its levels are in range.
    """
    wrong = [key for key, level in after.items() if level is not None and level not in LEVELS]
    if wrong:
        return f"{len(wrong)} levels of advice are not between 1 and 4 ({_named(wrong)}); the last reading stays."
    change = compare(before, after)
    had = sum(level in LEVELS for level in before.values())
    if len(change.gone) >= GONE_MANY and len(before) >= WHOLE_LIST:
        return (
            f"{len(change.gone)} of {len(before)} countries are gone from the list at once ({_named(change.gone)}); "
            "the last reading stays. Look at the publisher's page."
        )
    if len(change.lost) >= LOST_MANY:
        return (
            f"{len(change.lost)} of {had} levels are gone at once ({_named(change.lost)}): the page has most likely "
            "changed its form; the last levels stay. Look at the publisher's page."
        )
    if _is_sweeping(change, had):
        return (
            f"{len(change.moves)} of {had} levels changed at once ({_named(move.key for move in change.moves)}), which "
            "no government does on an ordinary day; they wait for a second look. Look at the publisher's page."
        )
    return None


def passable(before: Levels, after: Levels) -> frozenset[str]:
    """Keys of a doubted reading whose items may go out at once: the moves of level, where few enough moved.

    A page that lost the levels of five countries may still tell truly that a sixth is graver; that must not wait.
    """
    change = compare(before, after)
    if _is_sweeping(change, sum(level in LEVELS for level in before.values())):
        return frozenset()
    return frozenset(move.key for move in change.moves)


def stands(before: Levels, held: Levels, after: Levels) -> bool:
    """True when a reading that was held is to be believed after all, because a later look shows the same again.

    Governments do move everything at once now and then (March 2020), rename countries and change a few pages' form,
    so what moved, and a part that was lost, is believed when it stands. Most levels or countries gone never come true
    by standing: then the source needs a person. The caller decides how long after the first look (hours, not minutes).
    """
    change, had = compare(before, held), sum(level in LEVELS for level in before.values())
    if len(change.lost) > MOST * had or len(change.gone) > MOST * len(before):
        return False
    if any(level is not None and level not in LEVELS for level in after.values()):
        return False
    changed = [*(move.key for move in change.moves), *change.lost]
    return all(after.get(key) == held.get(key) for key in changed) and is_implausible(held, after) is None


def _is_sweeping(change: Comparison, had: int) -> bool:
    return len(change.moves) >= max(MOVED_MANY, MOVED_SHARE * had)


def is_truncated(
    before: Collection[str], after: Collection[str], *, size: int | None = None, problems: Iterable[str] = ()
) -> str | None:
    """One sentence that says why a sanctions list ends too early, or None. What it lacks is not de-listed then.

    `before` and `after` are the keys of the last good reading and of this one; `size` is the length of the last good
    one where more items stood in it than are remembered; `problems` are those of the reading.
    """
    if said := next((problem for problem in problems if problem.startswith(CUT_OFF)), None):
        return said
    was = max(size or 0, len(before))
    lost = was - len(after)
    if lost >= max(SHRUNK_MANY, SHRUNK_SHARE * was):
        return (
            f"{CUT_OFF}: it holds {len(after):,} records where {was:,} stood before, more than any authority strikes "
            "off at once; nothing is taken for de-listed. Look at the publisher's page."
        )
    missing = sum(key not in after for key in before)
    if missing > max(SHRUNK_MANY, MOST * len(before)):
        return (
            f"{missing:,} of {len(before):,} records have lost their keys at once: the list has changed its form; "
            "nothing is taken for de-listed. Look at the publisher's page."
        )
    return None


def _named(keys: Iterable[str]) -> str:
    names = [key.removeprefix("advice:")[:60] for key in keys]
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
