"""The turns of a Chinese title: causes, courts, listings, shows, money sent home."""

import re
from collections.abc import Mapping

from scoring.locate_part import FAINT, Judged, Part
from scoring.locate_scan import Scan
from scoring.locate_turn_title import FAR_OUT, TitleNames

Zh = Mapping[str, tuple[str, ...]]
_CLAUSE = re.compile(r"[^，。；：！？,;:!?]+")
_COURT = re.compile(
    r"(?:最高|高等|联邦|地方|地区|宪法|上诉|巡回|刑事|民事|商业|破产|行政|中级|终审|第.|市|州|省|区|一家|一名|某|的)*"
)
_BOUND = re.compile(r"(?:飞往|开往|驶往|飞|前往)$")
_CRAFT = re.compile(
    r"的?(?:一架|一班|一列|一艘)?(?:客机|航班|飞机|班机|货机|专机|列车|货轮|轮船|渡轮|大巴|巴士|油轮|货船|商船)"
)
_NUMBER = re.compile(r"(\d+)(?:余|多)?$")
_MAIN = frozenset((Part.AT, Part.DOER))


def turned_han(scan: Scan, judged: list[Judged], names: list[int], head: int, zh: Zh) -> bool:
    """Change the parts of the title's names in place; whether it is far out at sea."""
    return _Title(scan, judged, names, head, zh).turn()


class _Title(TitleNames):
    def __init__(self, scan: Scan, judged: list[Judged], names: list[int], head: int, zh: Zh) -> None:
        super().__init__(scan, judged, names)
        self.zh, self.plain = zh, scan.plain[:head]

    def turn(self) -> bool:
        """All turns, those last that leave but one place; whether it is far out at sea."""
        if len(self.names) > 1:
            for clause in _CLAUSE.finditer(self.plain):
                self._cause(*clause.span())
            self._shows()
            self._remittances()
            self._evacuations()
            self._protests()
            self._bound()
            self._listing()
            self._courts()
        return self._far_out() or self._by_outsider()

    def _has(self, words: str, text: str | None = None) -> bool:
        text = self.plain if text is None else text
        return any(word in text for word in self.zh[words])

    def _cause(self, start: int, end: int) -> None:
        """受乌克兰战争影响，埃及面包涨价: what stands between 受 and the end of its clause is elsewhere."""
        at = self._marker(start, end)
        inside = [number for number in self.names if self._between(number, at, end)] if at >= 0 else []
        codes = {code for number in inside for code in self._codes(number)}
        outside = [number for number in self.names if number not in inside]
        main = _MAIN if start else frozenset(Part)
        if any(codes.isdisjoint(self._codes(number)) and self.judged[number][0] in main for number in outside):
            self._pass(inside)

    def _between(self, number: int, at: int, end: int) -> bool:
        """Whether a name stands in the clause of a cause, other than where it says where: 因间谍软件在美败诉."""
        start = self.scan.found[number].start
        return at <= start < end and not ("在" in self.plain[start - 1 : start + 1] and start > at + 1)

    def _marker(self, start: int, end: int) -> int:
        clause = self.plain[start:end]
        if clause.endswith(self.zh["aside_end"]) and not any(word in clause for word in self.zh["aside"]):
            return start
        found = [start + clause.index(word) for word in self.zh["aside"] if word in clause]
        at = min(found, default=-1)
        return -1 if at < 0 or self.plain.startswith(self.zh["not_aside"], at) else at

    def _shows(self) -> None:
        if not self._has("shows"):
            return
        for word in self.zh["recalls"]:
            at = self.plain.find(word)
            later = [number for number in self.names if self.scan.found[number].start > at >= 0]
            if at >= 0 and later and len(later) < len(self.names):
                self._pass(later)

    def _remittances(self) -> None:
        """菲律宾侨汇: whose it is."""
        for number in self.names:
            rest = self.plain[self.scan.found[number].end :]
            if rest.startswith(self.zh["remittances"]):
                self._only([number])
                return

    def _evacuations(self) -> None:
        """从苏丹撤侨: it happens where they are taken from."""
        for number in self.names:
            found = self.scan.found[number]
            if self.plain[: found.start].endswith("从") and self.plain.find("撤", found.end, found.end + 8) > 0:
                self.judged[number] = (Part.AT, 0.9)

    def _protests(self) -> None:
        for number in self.names[1:]:
            rest = self.plain[self.scan.found[number].end :]
            if any(rest == word or rest.startswith((word + "，", word + "；")) for word in self.zh["protests"]):
                self.judged[number] = (Part.SAYER, FAINT)

    def _listing(self) -> None:
        """英国制裁三家土耳其航运公司: a state's own decision."""
        at = min((self.plain.index(word) for word in self.zh["listing"] if word in self.plain), default=-1)
        if at < 0 or not self._has("firms"):
            return
        first = self.names[0]
        if self.scan.found[first].start < at and self.judged[first][0] in (Part.DOER, Part.SAYER, Part.AT):
            self._only([first])

    def _bound(self) -> None:
        """飞往格罗兹尼客机坠毁: where it was bound it never came."""
        for number in self.names:
            found = self.scan.found[number]
            if _BOUND.search(self.plain[: found.start]) and _CRAFT.match(self.plain, found.end):
                self._pass([number])

    def _by_outsider(self) -> bool:
        """欧盟制裁三家阿联酋公司: a body of many states does it, which is nobody's place."""
        at = min((self.plain.index(word) for word in self.zh["listing"] if word in self.plain), default=-1)
        outside = at > 0 and any(word in self.plain[:at] for word in self.zh["outsiders"])
        if not outside or not self._has("firms") or any(self.judged[number][0] is Part.AT for number in self.names):
            return False
        self._pass(self.names)
        return True

    def _courts(self) -> None:
        seats = [number for number in self.names if self._at_court(self.scan.found[number].end)]
        if seats:
            self._only(seats)

    def _at_court(self, end: int) -> bool:
        told = _COURT.match(self.plain, end)
        return self.plain.startswith(self.zh["courts"], told.end() if told else end)

    def _far_out(self) -> bool:
        """距冰岛200海里: the coast is only what it is measured from."""
        if not self._has("vessels"):
            return False
        for word in self.zh["miles"]:
            at = self.plain.find(word)
            told = _NUMBER.search(self.plain[:at]) if at > 0 else None
            if told and int(told.group(1)) >= FAR_OUT and ("距" in self.plain or "外" in self.plain[at:]):
                self._pass(self.names)
                return True
        return False
