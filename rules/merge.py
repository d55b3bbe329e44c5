"""Merge: where an event happens and what kind it is, from the reports that bear it out.

Each independent voice counts once for each country or kind that it names, with its certainty. What only few mention
in passing (less than a third of what the first has) is left out: "Washington condemns the coup in Niamey" does not
make it an American event once others report it too. What an open alert already says of itself goes only when it falls
below half of that: else a specialist would lose a duty with one report and get it back with the next.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from rules.evidence import voices
from rules.grade import certainty_of
from rules.situation import Report

KEPT = 1 / 3
HELD = KEPT / 2  # of what the open alert says already
LEAST = 0.05  # even a report without any certainty has its say


def merged(
    reports: Sequence[Report],
    named: Callable[[Report], Iterable[str]],
    heard_as: Sequence[str] | None = None,
    known: Collection[str] = (),
) -> tuple[str, ...]:
    """What the reports name, the most borne out first; ties by the earlier mention, then by name.

    `heard_as` are the reports' voices, when they are known already, `known` what the open alert says.
    """
    if len(reports) == 1:
        return tuple(dict.fromkeys(named(reports[0])))  # one voice: in its own order
    weights: dict[str, dict[str, float]] = {}
    places: dict[str, float] = {}
    for report, voice in zip(reports, voices(reports) if heard_as is None else heard_as, strict=True):
        say = max(LEAST, certainty_of(report))
        for place, name in enumerate(named(report)):
            heard = weights.setdefault(name, {})
            heard[voice] = max(say, heard.get(voice, 0.0))
            places[name] = min(place, places.get(name, place))
    totals = {name: sum(heard[voice] for voice in sorted(heard)) for name, heard in weights.items()}
    most = max(totals.values(), default=0.0)
    kept = [name for name, total in totals.items() if total >= most * (HELD if name in known else KEPT)]
    return tuple(sorted(kept, key=lambda name: (-totals[name], places[name], name)))
