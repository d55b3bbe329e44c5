"""Faults of a file as a page shows them, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.document import DocumentError
from rules.roster_check import Finding
from service.desk.site_file import LineFault
from service.locale.file_fault import fault_told
from service.locale.finding import finding_text
from service.locale.refusal import refusal
from service.web.shown.row import Telling


@dataclass(frozen=True, slots=True)
class FaultShown:
    """One fault: its line (0: of none), what is wrong and what to do. `lang` is set where it is not the reader's."""

    line: int
    text: str
    lang: str = ""


def file_faults(faults: Iterable[DocumentError], telling: Telling) -> list[FaultShown]:
    """Faults of a guideline or a roster."""
    told = ((one, fault_told(telling.words, one.what, one.advice, telling.lang)) for one in faults)
    return [_shown(one.line, both, f"{one.what}. {one.advice}".strip(), telling) for one, both in told]


def table_faults(faults: Iterable[LineFault], telling: Telling) -> list[FaultShown]:
    """Faults of a table of sites or companies."""
    told = ((one, refusal(telling.words, one.what, one.advice, telling.lang)) for one in faults)
    return [_shown(one.line, both, f"{one.what} {one.advice}".strip(), telling) for one, both in told]


def finding_faults(findings: Iterable[Finding], telling: Telling) -> list[FaultShown]:
    """What keeps a roster that is well written from taking effect."""
    return [FaultShown(one.line, finding_text(one, telling.words, telling.lang)) for one in findings if one.grave]


def _shown(line: int, told: tuple[str, str] | None, english: str, telling: Telling) -> FaultShown:
    if told is not None:
        return FaultShown(line, "".join(told))
    return FaultShown(line, english, "" if telling.lang == "en" else "en")
