"""What failed lately, as the page of the system shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.desk.failures import WorkFailures
from service.desk.vital_words import work_name
from service.notify.text import clean
from service.web.shown.row import Telling
from service.web.shown.times import Moment


@dataclass(frozen=True, slots=True)
class FailureShown:
    """One time; `error` is the program's own sentence, in English."""

    at: Moment
    worker: str
    took: str
    error: str


@dataclass(frozen=True, slots=True)
class FailuresShown:
    """The last failures of one kind of work, the newest first."""

    name: str
    newest: Moment
    last: tuple[FailureShown, ...]


def failures_shown(found: Sequence[WorkFailures], telling: Telling) -> list[FailuresShown]:
    """All of them, the work that failed last first."""
    return [_of(one, telling) for one in found]


def _of(one: WorkFailures, telling: Telling) -> FailuresShown:
    last = tuple(
        FailureShown(
            telling.surely(row.at),
            clean(row.worker),
            telling.say("system.failures.took", seconds=telling.words.number(row.took, telling.lang)),
            clean(row.error),
        )
        for row in one.last
    )
    return FailuresShown(work_name(one.work, telling.words, telling.lang), last[0].at, last)
