"""What a place name does in Chinese (and Burmese): what stands directly before and after says."""

import re
from collections.abc import Mapping

from ingest.place.gazetteer import Kind
from scoring.locate_near import others_before
from scoring.locate_part import ACROSS, FAINT, Judged, Part
from scoring.locate_scan import Scan
from scoring.locate_words import PlaceWords

_MARKS = ("-", "—", "/")
Zh = Mapping[str, tuple[str, ...]]
# 东帝汶工人示威: at home.
_CROWD = re.compile(
    "(?:工人|学生|大学生|司机|教师|农民|青年|民众|渔民|医生|护士|矿工|移民|难民)(?:示威|抗议|罢工|游行|集会|请愿|聚集|上街|骚乱|堵|封|围)"
)
_GAMES = re.compile(
    r"第?[0-9一二三四五六七八九十]*届?(?:夏季|冬季)?(?:奥运|亚运|冬奥|残奥|亚残|大运会|亚冬|全运会|世锦赛|[^，。；、]{0,5}(?:公开赛|大奖赛|经典赛|分站赛))"
)
_WITH = ("同", "与", "和")
_TALKS = re.compile(
    r"(?:新任|候任)?(?:国家)?(?:总统|总理|首相|国王|外长|防长|国防部长|外交部长|领导人|议长|主席|国务卿|王储)[^，。；]{0,4}(?:举行)?(?:会谈|会晤|通电话|通话|会面|举行)"
)
_DATELINE = re.compile(r"(?:[0-9一二三四五六七八九十]+月)?[0-9一二三四五六七八九十]*日?(?:电|讯)")


def unspaced(scan: Scan, number: int, words: PlaceWords, earlier: list[Judged]) -> Judged:
    """The part of one name, given those of the names before it."""
    found, zh = scan.found[number], words.zh
    before, after = scan.plain[max(0, found.start - 4) : found.start], scan.plain[found.end : found.end + 8]
    return (
        _by_kind(scan, number, after, zh, earlier)
        or _across(scan, number, after)
        or _by_front(before, after, zh)
        or _joined(scan, number, zh["joins"], earlier)
        or _by_both(scan, number, (before, after), zh, earlier)
    )


def _by_kind(scan: Scan, number: int, after: str, zh: Zh, earlier: list[Judged]) -> Judged | None:
    found = scan.found[number]
    if found.name.kind is Kind.BODY:
        return _first(scan, number, earlier, 0.7)
    if found.name.kind is Kind.SEAT or found.name.kind is Kind.IF_NAMED:
        return _speaker(after, zh)
    return _short(scan.plain[found.start : found.end], zh) if found.name.kind is Kind.SHORT else None


def _by_front(before: str, after: str, zh: Zh) -> Judged | None:
    if before.endswith(("社", "网", "报")) and _DATELINE.match(after):
        return Part.SAYER, 0.3
    if before.endswith(zh["not_where"]):
        return Part.NAMED, 0.6  # 负于玻利维亚
    if before.endswith(zh["agent_before"]) and after.startswith(zh["custody"]):
        return Part.AT, 0.95  # 被巴基斯坦遣返
    if before.endswith("驻") and after.startswith(("部队", "军队", "基地", "军舰")):
        return Part.NAMED, 0.4  # 驻吉布提部队: where they sit
    if before.endswith(zh["where_before"]):
        mission = after.startswith(("使馆", "大使馆", "领事馆")) and not before.endswith("驻")
        return (Part.ABROAD, 0.5) if mission else (Part.AT, 1.0)
    return None


def _by_both(scan: Scan, number: int, beside: tuple[str, str], zh: Zh, earlier: list[Judged]) -> Judged:
    before, after = beside
    if before.endswith(zh["met_before"]):
        return Part.ABROAD, 0.3
    if before.endswith(_WITH) and _TALKS.match(after):
        return Part.ABROAD, 0.3  # 同萨摩亚总理会谈
    if before.endswith(zh["agent_before"]):
        return Part.AGENT, 0.3
    if after.startswith(zh["home_after"]):
        return _first(scan, number, earlier, 0.7)
    if before.endswith(zh["object_before"]):
        return Part.NAMED, 0.65
    return _by_rest(scan, number, after, zh, earlier)


def _speaker(after: str, zh: Zh) -> Judged:
    return Part.SAYER, FAINT if any(word in after for word in zh["afar"]) else 0.5


def _by_rest(scan: Scan, number: int, after: str, zh: Zh, earlier: list[Judged]) -> Judged:
    if after.startswith(zh["where_after"]) and not after.startswith(zh["where_not"]):
        return Part.AT, 0.8
    if after.startswith((":", "：")) and scan.found[number].start == 0:
        return Part.AT, 0.8
    if _GAMES.match(after):
        return Part.AT, 0.8  # 杭州第19届亚运会
    if _CROWD.match(after):
        return _first(scan, number, earlier, 0.7)
    if after.startswith(zh["abroad_after"]):
        return Part.ABROAD, 0.3
    if after.startswith(zh["speech_after"]):
        return _speaker(after, zh)
    return _first(scan, number, earlier, 0.6)


def _joined(scan: Scan, number: int, joins: tuple[str, ...], earlier: list[Judged]) -> Judged | None:
    if not number:
        return None
    one, other = scan.found[number - 1], scan.found[number]
    between = scan.plain[one.end : other.start]
    beside = not between and one.name.kind is other.name.kind is Kind.COUNTRY
    together = beside or between in joins or between in _MARKS
    return earlier[-1] if together and earlier[-1][0] is not Part.SAYER else None


def _first(scan: Scan, number: int, earlier: list[Judged], weight: float) -> Judged:
    """Who is named first in a sentence does it; who comes later is named."""
    codes = scan.found[number].name.countries
    for other in range(number - 1, -1, -1):
        before = scan.found[other]
        if any(mark in scan.plain[before.end : scan.found[number].start] for mark in "。！？；\n"):
            break
        if earlier[other][0] is not Part.NAMED and not set(codes) & set(before.name.countries):
            return Part.NAMED, weight
    return Part.DOER, weight


def _across(scan: Scan, number: int, after: str) -> Judged | None:
    """肯尼亚警察在索马里边境遇袭: on their side of it."""
    if not after.startswith(("边境", "边界")) or not others_before(scan, number):
        return None
    joined = scan.plain[: scan.found[number].start].endswith(_WITH)  # 巴基斯坦与阿富汗边境
    return None if joined else (Part.NAMED, ACROSS)


def _short(name: str, zh: Zh) -> Judged:
    """驻韩, 在华, 黎南部 say where; 对俄, 反华 whom it is done to; 俄乌 names two."""
    head = name[0]
    if head in zh["short_where"] or name.endswith(("部", "都", "境", "内", "郊")):
        return Part.AT, 0.8
    return (Part.NAMED, 0.6) if head in zh["short_object"] else (Part.DOER, 0.5)
