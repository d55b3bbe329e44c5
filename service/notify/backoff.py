"""When to try again: quickly at first, then ever more patiently, about a day in all."""

import hashlib
from datetime import timedelta

STEPS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3_600, 3_600, 7_200, 14_400, 21_600, 32_400)
)  # twelve tries within about 23 hours
TRIES = len(STEPS) + 1
SPREAD = 0.2
MOST = timedelta(hours=24)


def wait(notice: str, tries: int, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many tries; None when they are used up. Never less than the receiver asked for.

    Up to a fifth is added, by the notice's id: many notices that failed together do not come back together.
    """
    if tries >= TRIES:
        return None
    step = STEPS[max(tries, 1) - 1]
    spread = step * (SPREAD * _fraction(f"{notice}:{tries}"))
    return min(max(step, asked or timedelta(0)) + spread, MOST)


def _fraction(text: str) -> float:
    """0–1, the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
