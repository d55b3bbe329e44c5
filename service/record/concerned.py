"""Whom an event concerns besides the desk: those of whose own it touches something, or who were warned already."""

from collections.abc import Iterable

from ingest.entry import Sharing
from rules.exposure import touched
from rules.guideline import Guideline
from rules.holdings import Holdings
from service.record.joining import Happening
from service.store.events import Told
from service.store.tables import Organisation


def concerned(happening: Happening, everybody: Holdings, guideline: Guideline, home: int) -> tuple[int, ...]:
    """Organisations to decide for one by one, the desk's own left out. Cheap where nobody else has anything abroad."""
    if not happening.others and everybody.organisations in ((), (home,)):
        return ()
    reports = [one.report for one in happening.told if one.report.latest and not one.report.archived]
    keys = touched(reports, everybody, guideline.exposure) | frozenset(happening.others)
    return tuple(sorted(keys - {home}))


def cleared(told: Iterable[Told], organisation: Organisation) -> list[Told]:
    """The reports that an organisation may be shown: its alert is decided from just these."""
    most = Sharing(organisation.clearance).strictness
    return [one for one in told if Sharing(one.entry.sharing).strictness <= most]
