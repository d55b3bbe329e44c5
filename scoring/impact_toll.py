"""What became of people: how many dead, injured, missing, taken, displaced, with the words that say so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.place.text import UNSPACED
from scoring.impact_words import Mark, Reading, key_of
from scoring.indicator_files import table
from scoring.numbers import chinese, spelled

KINDS = ("dead", "injured", "missing", "taken", "displaced")
_NEAR_BEFORE, _NEAR_AFTER = 7, 5  # words between a number and its verb
_STOPS = re.compile(r"[.;:!?\n…]")
_MANY = 3.0  # what 多人 stands for
_ZH_DIGITS = (
    r"\d+(?:[.,]\d+)*(?:[余多几](?=[万千百亿]))?[万千百亿]?"
    r"|[数上几近逾超成]?[一二两三四五六七八九十百千万零〇]+(?:[余多几][万千百亿]+)?|[数多]"
)
# A number of people in Chinese: the number, a vague ending, a counter, and a few characters up to the verb.
_ZH_PEOPLE = re.compile(
    rf"({_ZH_DIGITS})(?:余|多|几|来)?(?:名|人|位|具|个(?![月小星国地省市村])|死|伤|[\u4e00-\u9fff]{{2,6}}人(?=死亡|遇难|丧生|受伤|失踪))"
)
_ZH_COUNT = re.compile(r"\d|[一二两三四五六七八九十百千]+[人名]")
_ZH_AHEAD, _ZH_BACK = 14, 8
# A blank between two characters parts clauses, as headlines have it.
_ZH_STOPS = re.compile(r"[，。；：、,;!?！？\n]|(?:^|(?<=[\u4e00-\u9fff]))[ \u3000](?=[\u4e00-\u9fff])")
_QUOTES = frozenset("'\"‘’“”«»")


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
    year: bool = False  # counts only with its verb or a word for people at once behind it


def toll(reading: Reading) -> Mapping[str, Count]:
    """The largest count of each kind that the title tells, else the lede; nothing where nobody was hurt."""
    found: dict[str, Count] = {}
    for kind, count in (*_in_words(reading), *_in_chinese(reading)):
        known = found.get(kind)
        if known is None or _rank(count, reading) > _rank(known, reading):
            found[kind] = count
    if reading.of("no_toll"):
        return {kind: count for kind, count in found.items() if count.told}
    return found


def _rank(count: Count, reading: Reading) -> tuple[bool, bool, float]:
    return count.told, count.start < reading.title, count.value


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
            if mark.token >= 0 and not _unreal(reading, mark):
                sides.setdefault((mark.token, mark.sense.code), (mark, set()))[1].add(side)
    return [(mark, frozenset(found)) for _, (mark, found) in sorted(sides.items())]


def _unreal(reading: Reading, mark: Mark) -> bool:
    """Whether it has not happened ("would kill"), or not to people ("kills 300 penguins")."""
    before = reading.keys[mark.token - 1] if mark.token else ""
    around = reading.keys[max(0, mark.token - 2) : mark.last + 4]
    return before in _listed("supposed") or not _listed("animals").isdisjoint(around)


def _numbers(reading: Reading) -> Iterator[_Number]:
    place, keys = 0, reading.keys
    not_people = _listed("not_people")
    while place < len(keys):
        read = spelled(keys, place)
        if read is None:
            place += 1
            continue
        value, taken = read
        after = place + taken
        follows = keys[after] if after < len(keys) and len(reading.gap(after - 1)) <= 1 else ""
        if follows not in not_people and not _is_other(reading, place, value, follows):
            year = reading.plain[slice(*reading.spans[place])].isdigit() and 1900 <= value < 2100
            yield _Number(value, place, after - 1, year and follows not in _listed("people"))
        place = after


def _is_other(reading: Reading, place: int, value: float, follows: str) -> bool:
    """A sum of money, a share, a magnitude, an age, a name, or a piece of something else: not a number of people."""
    start, end = reading.spans[place]
    left, right = reading.text[max(0, start - 1) : start], reading.text[end : end + 1]
    if place and reading.keys[place - 1] in _listed("names") and reading.plain[start].isdigit():
        return True
    enclosed = (left in _QUOTES and right in _QUOTES) or left + right == "()"
    signs = any(sign and sign in "$€£¥%#/" for sign in (left, right))
    return value != int(value) or signs or enclosed or follows[:1].isdigit()


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
    before = [one for one in free if _reaches(reading, one.last, mark.token, 1 if one.year else _NEAR_BEFORE)]
    behind = [
        one
        for one in free
        if one.last < limit and _reaches(reading, mark.last, one.first, 1 if one.year else _NEAR_AFTER)
    ]
    if "before" not in sides:
        return next(iter(behind), None)
    if "after" not in sides and limit < len(reading.keys) and behind and behind[0].last + 2 >= limit:
        behind = []  # "killed and 30 injured": the 30 belong to the next verb
    return next((one for one in (*before[-1:], *behind)), None)


def _reaches(reading: Reading, left: int, right: int, most: int) -> bool:
    """Whether two words stand so near, in one clause, as far as stops and words such as "after" tell."""
    if not 0 < right - left <= most:
        return False
    if _STOPS.search(reading.text[reading.spans[left][1] : reading.spans[right][0]]):
        return False
    return _listed("breaks").isdisjoint(reading.keys[left + 1 : right])


@cache
def _listed(name: str) -> frozenset[str]:
    """One of the plain lists of words, as they are compared."""
    return frozenset(key_of(word) for phrase in table("toll")[name] for word in phrase.split())


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
