"""What became of people: how many dead, injured, missing, taken, displaced, with the words that say so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.place.text import UNSPACED
from scoring.impact_words import Mark, Reading, key_of, table
from scoring.numbers import chinese, spelled

KINDS = ("dead", "injured", "missing", "taken", "displaced")
_NEAR_BEFORE, _NEAR_AFTER = 7, 5  # words between a number and its verb
_STOPS = re.compile(r"[.;:!?\n…]")
_MANY = 3.0  # what 多人 stands for
_ZH_DIGITS = r"\d+(?:[.,]\d+)*[万千百亿]?|[数上几近逾超成]?[一二两三四五六七八九十百千万零〇]+|[数多]"
# A number of people in Chinese: the number, a vague ending, a counter, and a few characters up to the verb.
_ZH_PEOPLE = re.compile(
    rf"({_ZH_DIGITS})(?:余|多|几|来)?(?:名|人|位|具|个|死|伤|[\u4e00-\u9fff]{{2,6}}人(?=死亡|遇难|丧生|受伤|失踪))"
)
_ZH_COUNT = re.compile(r"\d|[一二两三四五六七八九十百千]+[人名]")
_ZH_AHEAD, _ZH_BACK = 14, 8
_ZH_STOPS = re.compile(r"[，。；：、,;!?！？\n]")
_YEAR_BEFORE = frozenset(
    key_of(word)
    for word in (
        "in",
        "since",
        "from",
        "by",
        "year",
        "en",
        "em",
        "de",
        "desde",
        "depuis",
        "в",
        "с",
        "года",
        "منذ",
        "عام",
    )
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many people, and the verbatim words with the number and the verb. `told` is False for a bare verb."""

    value: float
    words: str
    start: int
    told: bool = True


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    first: int
    last: int


def toll(reading: Reading) -> Mapping[str, Count]:
    """The largest count of each kind that the words tell; nothing where they say that nobody was hurt."""
    found: dict[str, Count] = {}
    for kind, count in (*_in_words(reading), *_in_chinese(reading)):
        known = found.get(kind)
        if known is None or (count.told, count.value) > (known.told, known.value):
            found[kind] = count
    if reading.of("no_toll"):
        return {kind: count for kind, count in found.items() if count.told}
    return found


def _in_words(reading: Reading) -> Iterator[tuple[str, Count]]:
    marks = _verbs(reading)
    if not marks:
        return
    numbers = list(_numbers(reading))
    used: set[int] = set()
    for place, (mark, sides) in enumerate(marks):
        number = _number_of(reading, mark, sides, numbers, used, marks[place + 1 :])
        if number is None:
            if "before" in sides:
                yield mark.sense.code, Count(1.0, reading.words(mark), mark.start, told=False)
            continue
        used.add(number.first)
        start = min(mark.start, reading.spans[number.first][0])
        end = max(mark.end, reading.spans[number.last][1])
        yield mark.sense.code, Count(number.value, reading.text[start:end], start)


def _verbs(reading: Reading) -> list[tuple[Mark, frozenset[str]]]:
    """Each verb once, in order, with the sides on which its number may stand."""
    sides: dict[tuple[int, str], tuple[Mark, set[str]]] = {}
    for side in ("before", "after"):
        for mark in reading.of(f"toll.{side}"):
            if mark.token >= 0:
                sides.setdefault((mark.token, mark.sense.code), (mark, set()))[1].add(side)
    return [(mark, frozenset(found)) for _, (mark, found) in sorted(sides.items())]


def _numbers(reading: Reading) -> Iterator[_Number]:
    place, keys = 0, reading.keys
    not_people = _not_people()
    while place < len(keys):
        read = spelled(keys, place)
        if read is None:
            place += 1
            continue
        value, taken = read
        after = place + taken
        follows = keys[after] if after < len(keys) and len(reading.gap(after - 1)) <= 1 else ""
        if follows not in not_people and not _is_other(reading, place, value, follows):
            yield _Number(value, place, after - 1)
        place = after


def _is_other(reading: Reading, place: int, value: float, follows: str) -> bool:
    """A year, a sum of money, a share, a magnitude, or a piece of something else: not a number of people."""
    start, end = reading.spans[place]
    near = reading.text[max(0, start - 1) : start] + reading.text[end : end + 1]
    before = reading.keys[place - 1] if place else ""
    bare_year = reading.plain[start:end].isdigit() and 1900 <= value < 2100
    if bare_year and (before in _YEAR_BEFORE or not follows):
        return True
    return value != int(value) or any(sign in near for sign in "$€£¥%#/") or follows[:1].isdigit()


def _number_of(
    reading: Reading,
    mark: Mark,
    sides: frozenset[str],
    numbers: list[_Number],
    used: set[int],
    later: list[tuple[Mark, frozenset[str]]],
) -> _Number | None:
    """The nearest number that belongs to a verb: in front of it, else behind it up to the next verb."""
    free = [number for number in numbers if number.first not in used]
    limit = min((verb.token for verb, _ in later if verb.token > mark.last), default=len(reading.keys))
    before = [
        one for one in free if 0 < mark.token - one.last <= _NEAR_BEFORE and _linked(reading, one.last, mark.token)
    ]
    behind = [
        one
        for one in free
        if 0 < one.first - mark.last <= _NEAR_AFTER and one.last < limit and _linked(reading, mark.last, one.first)
    ]
    if "before" not in sides:
        return next(iter(behind), None)
    if "after" not in sides and limit < len(reading.keys) and behind and behind[0].last + 2 >= limit:
        behind = []  # "killed and 30 injured": the 30 belong to the next verb
    return next((one for one in (*before[-1:], *behind)), None)


def _linked(reading: Reading, left: int, right: int) -> bool:
    """Whether two words stand in one clause, as far as stops and words such as "after" tell."""
    if _STOPS.search(reading.text[reading.spans[left][1] : reading.spans[right][0]]):
        return False
    return _breaks().isdisjoint(reading.keys[left + 1 : right])


@cache
def _breaks() -> frozenset[str]:
    return frozenset(key_of(word) for phrase in table("toll")["breaks"] for word in phrase.split())


@cache
def _not_people() -> frozenset[str]:
    return frozenset(key_of(word) for phrase in table("toll")["not_people"] for word in phrase.split()[:1])


def _in_chinese(reading: Reading) -> Iterator[tuple[str, Count]]:
    if not UNSPACED.search(reading.plain):
        return
    told = False
    for match in _ZH_PEOPLE.finditer(reading.plain):
        end = match.end() - (match.group()[-1] in "死伤")
        ahead = _ZH_STOPS.split(reading.plain[end : end + _ZH_AHEAD], maxsplit=1)[0]
        back = _ZH_STOPS.split(reading.plain[max(0, match.start() - _ZH_BACK) : match.start()])[-1]
        verb = _verb_ahead(ahead) or _verb_behind(back)
        if verb:
            kind, first, last = verb
            told = True
            value = chinese(match.group(1)) or _MANY
            start = match.start() - first
            yield kind, Count(value, reading.text[start : end + last], start)
    if not told:
        yield from _bare_chinese(reading)


def _verb_ahead(ahead: str) -> tuple[str, int, int] | None:
    """The first verb after a counted number, unless another number comes before it: kind, 0, where the verb ends."""
    found = _zh_verbs()["ahead"].search(ahead)
    if found is None or found.lastgroup is None or _ZH_COUNT.search(ahead[: found.start()]):
        return None
    return found.lastgroup, 0, found.end()


def _verb_behind(back: str) -> tuple[str, int, int] | None:
    """The last verb before a counted number (死亡人数升至, 打死): kind, how far back it begins, 0."""
    found = [match for match in _zh_verbs()["back"].finditer(back) if match.lastgroup]
    if not found or _ZH_COUNT.search(back[found[-1].end() :]):
        return None
    return str(found[-1].lastgroup), len(back) - found[-1].start(), 0


def _bare_chinese(reading: Reading) -> Iterator[tuple[str, Count]]:
    for match in _zh_verbs()["bare"].finditer(reading.plain):
        yield str(match.lastgroup), Count(1.0, reading.text[match.start() : match.end()], match.start(), told=False)


@cache
def _zh_verbs() -> Mapping[str, re.Pattern[str]]:
    zh = table("toll")["zh"]
    return {
        side: re.compile("|".join(f"(?P<{kind}>{'|'.join(verbs)})" for kind, verbs in zh[side].items()))
        for side in ("ahead", "back", "bare")
    }
