"""Which reports of an event speak, for what, and how many independent voices they are.

- Only the latest revision of an entry speaks; exercises and tests never do.
- A CAP cancel that replaced an earlier revision has done its work by that; one that stands alone silences whatever
  its source (or a copy of it) said until then. So one cancelled warning does not silence its source's other ones.
- History does not alert: what was published long before it was seen, is marked as a look back, or was imported from an
  archive. It is told among the reasons, but it is no voice.
- A source that takes its own words back silences them. A *better* source's denial refutes a single voice; two or more
  independent voices fall only to two or more better denials. Any other denial from a source at least as good leaves a
  report standing but disputed: half its certainty, and it confirms nothing.
- Copies that share `origin` are one voice, and so are several stories of which the event knows through one source only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ingest.entry import Status
from rules.clause import TimeRule
from rules.situation import Report

RANKS = "ABCDEF"
CREDIBLE = RANKS.index("C")  # a denial by D–F (not usually reliable … cannot be judged) refutes nobody else
DISPUTED = 0.5  # what is left of the certainty of a disputed report
EARSHOT = 16  # siftings remembered: of one event, for everybody whom it concerns


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is left after sifting. All tuples are in one canonical order, whatever order the reports came in.

    Two of them are never equal: what is made of one is remembered by itself. `heard_as` are the voices of `live`. They
    bear the event out (with `current` among them those that say how grave it is now); `denials`, `cancels` and
    `refuted` speak against it; `spoken` counts everything real and new enough, calm words included.
    """

    live: tuple[Report, ...]
    heard_as: tuple[str, ...]
    current: tuple[Report, ...]
    disputed: frozenset[int]  # places in `live`
    denials: tuple[Report, ...]
    cancels: tuple[Report, ...]
    refuted: tuple[Report, ...]
    old: tuple[Report, ...]
    drills: int
    spoken: int

    @property
    def void(self) -> bool:
        """Nothing bears the event out any more, and something speaks against it."""
        return not self.live and bool(self.denials or self.cancels)


class Same(tuple[Report, ...]):
    """Reports that are the same as others only if each one is: comparing what they say would cost more than sifting."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and list(map(id, self)) == list(map(id, other))


def sift(reports: Sequence[Report], time: TimeRule, *, standing: bool, now: datetime) -> Evidence:
    """Evidence from an event's reports; `standing` says whether an alert is open (then silence does not age it).

    An event that concerns many is sifted once for all of them.
    """
    return _sifted(Same(reports), time, standing, now)


@lru_cache(maxsize=EARSHOT)
def _sifted(reports: Sequence[Report], time: TimeRule, standing: bool, now: datetime) -> Evidence:
    history = _latest([report for report in reports if report.archived])
    reports = [report for report in reports if not report.archived]
    latest = _latest(reports)
    real = [report for report in latest if report.status not in (Status.EXERCISE, Status.TEST)]
    cancels = [report for report in real if report.status is Status.CANCEL]
    superseded = {report.source for report in reports if not report.latest}
    alone = [cancel for cancel in cancels if cancel.source not in superseded]
    said = [report for report in real if report.status is not Status.CANCEL and not _silenced(report, alone)]
    aged = [(report, is_old(report, time, standing=standing, now=now)) for report in said]
    old = [report for report, past in aged if past]
    fresh = [report for report, past in aged if not past]
    denials = [report for report in fresh if report.assessment.denied]
    affirming = [report for report in fresh if not report.assessment.denied and _speaks_of_risk(report)]
    live, refuted = _refute(affirming, denials)
    # Whatever was news when it came in goes on superseding what came long before it. Else the newest report, once it is
    # too old to speak, would bring an older one's picture back, and waiting alone would raise a level.
    horizon = max((report.seen for report in said if not _came_old(report, time)), default=now) - time.picture
    return Evidence(
        live=tuple(live),
        heard_as=tuple(voices(live)),
        current=tuple(report for report in live if report.seen >= horizon),
        disputed=frozenset(place for place, report in enumerate(live) if _is_disputed(report, denials)),
        denials=tuple(denials),
        cancels=tuple(cancels),
        refuted=tuple(refuted),
        old=(*old, *history),
        drills=len(latest) - len(real),
        spoken=len(fresh) + len(cancels),
    )


def moment(report: Report) -> datetime:
    """When a report was made: its published time, unless that lies after it was seen."""
    return report.seen if report.published is None else min(report.published, report.seen)


def is_old(report: Report, time: TimeRule, *, standing: bool, now: datetime) -> bool:
    """History rather than news. An open alert is not made old by silence: what it rests on was news when it came."""
    return _came_old(report, time) or (not standing and now - moment(report) > time.old_after)


def _came_old(report: Report, time: TimeRule) -> bool:
    """History already when it was seen."""
    if any(reason.code in time.past for reason in report.assessment.reasons):
        return True
    return report.seen - moment(report) > time.old_after


def rank(report: Report) -> int:
    """0 for Admiralty A … 5 for F; what is no letter cannot be judged."""
    place = RANKS.find(report.reliability.upper()) if report.reliability else -1
    return place if place >= 0 else len(RANKS) - 1


def voices(reports: Iterable[Report]) -> list[str]:
    """For each report the key of its independent voice."""
    reports = tuple(reports)
    if len(reports) == 1:
        return [f"source:{reports[0].source}"]
    carriers: dict[str, set[str]] = {}
    for report in reports:
        carriers.setdefault(report.origin or report.source, set()).add(report.source)
    keys = []
    for report in reports:
        through = carriers[report.origin or report.source]
        keys.append(f"origin:{report.origin or report.source}" if len(through) > 1 else f"source:{report.source}")
    return keys


def _latest(reports: Sequence[Report]) -> list[Report]:
    """Latest revisions in canonical order; of two that claim to be the latest of one entry, the one seen last."""
    if len(reports) < 2:
        return [report for report in reports if report.latest]
    kept: dict[tuple[str, str], Report] = {}
    for report in sorted(reports, key=_order):
        if report.latest:
            kept[report.source, report.entry] = report
    return list(kept.values())


def _order(report: Report) -> tuple[object, ...]:
    made = report.assessment
    return (
        report.seen,
        report.source,
        report.entry,
        report.origin,
        report.reliability,
        report.status.value,
        made.severity,
        made.urgency,
        made.certainty,
        moment(report),
    )


def _speaks_of_risk(report: Report) -> bool:
    return bool(report.assessment.labels or report.assessment.uncertain)


def _same_voice(one: Report, other: Report) -> bool:
    return one.source == other.source or bool(one.origin and one.origin == other.origin)


def _silenced(report: Report, cancels: list[Report]) -> bool:
    return any(_same_voice(cancel, report) and moment(cancel) >= moment(report) for cancel in cancels)


def _refute(affirming: list[Report], denials: list[Report]) -> tuple[list[Report], list[Report]]:
    """Those that stand, and those taken back by their own source or refuted by better ones."""
    if not denials:
        return affirming, []
    taken = [any(_takes_back(denial, report) for denial in denials) for report in affirming]
    kept = [report for report, back in zip(affirming, taken, strict=True) if not back]
    needed = 2 if len(set(voices(kept))) > 1 else 1
    down = [
        back or len(set(voices(_refuting(report, denials)))) >= needed
        for report, back in zip(affirming, taken, strict=True)
    ]
    live = [report for report, gone in zip(affirming, down, strict=True) if not gone]
    return live, [report for report, gone in zip(affirming, down, strict=True) if gone]


def _takes_back(denial: Report, report: Report) -> bool:
    return _same_voice(denial, report) and moment(denial) >= moment(report)


def _refuting(report: Report, denials: list[Report]) -> list[Report]:
    return [
        denial
        for denial in denials
        if rank(denial) < rank(report)
        and rank(denial) <= CREDIBLE
        and not denial.assessment.hedged
        and moment(denial) >= moment(report)
    ]


def _is_disputed(report: Report, denials: list[Report]) -> bool:
    return any(rank(denial) <= rank(report) and moment(denial) >= moment(report) for denial in denials)
