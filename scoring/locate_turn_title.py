"""The names of one script in a title, whose parts a turn changes: the base of `locate_turn` and `locate_turn_han`."""

from collections.abc import Iterable

from scoring.locate_part import FAINT, Judged, Part
from scoring.locate_scan import Found, Scan

FAR_OUT = 100  # miles or kilometres off a coast from which on the water is nobody's
_PASSED: Judged = (Part.NAMED, FAINT)


class TitleNames:
    """`names` are their numbers in `scan.found`; `judged` is changed in place."""

    def __init__(self, scan: Scan, judged: list[Judged], names: list[int]) -> None:
        self.scan, self.judged, self.names = scan, judged, names

    def _found(self, number: int) -> Found:
        return self.scan.found[number]

    def _codes(self, number: int) -> tuple[str, ...]:
        return self._found(number).name.countries

    def _pass(self, numbers: Iterable[int]) -> None:
        """These are named in passing."""
        for number in numbers:
            self.judged[number] = _PASSED

    def _only(self, seats: list[int]) -> None:
        """It happens there, and in no other country of the title."""
        codes = {code for number in seats for code in self._codes(number)[:1]}
        self._pass(number for number in self.names if codes.isdisjoint(self._codes(number)))
        for number in seats:
            self.judged[number] = (Part.AT, 0.95)
