"""Which open events are worth comparing with an entry: the likest by short vectors, country by country.

Each country keeps the short vectors of its events in one block, so that finding the likest is one product over
rows that lie together; nothing is gathered first.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

NOWHERE = ""
EVERYWHERE = "*"
Floats = NDArray[np.float32]


class _Block:
    """The events of one country. Rows are never moved; a dropped one is never open."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self.slots: NDArray[np.int64] = np.zeros(8, dtype=np.int64)
        self.last: NDArray[np.float64] = np.full(8, -np.inf)
        self.short: Floats = np.zeros((8, width), dtype=np.float32)

    def append(self, slots: Sequence[int] | NDArray[np.int64], short: Floats, last: NDArray[np.float64]) -> int:
        """Add rows; the number of the first."""
        first, end = self.count, self.count + len(slots)
        if end > len(self.slots):
            more = max(end, 2 * len(self.slots)) - len(self.slots)
            self.slots = np.concatenate([self.slots, np.zeros(more, dtype=np.int64)])
            self.last = np.concatenate([self.last, np.full(more, -np.inf)])
            self.short = np.concatenate([self.short, np.zeros((more, self.short.shape[1]), dtype=np.float32)])
        self.slots[first:end], self.short[first:end], self.last[first:end] = slots, short, last
        self.count = end
        return first

    def best(self, short: Floats, moment: float, window: float, count: int) -> list[tuple[float, int]]:
        """The likest open events, with their likeness, in no order."""
        likeness = self.short[: self.count] @ short
        last = self.last[: self.count]
        likeness[(last < moment - window) | (last > moment + window)] = -np.inf
        rows = np.argpartition(-likeness, count)[:count] if len(likeness) > count else np.arange(len(likeness))
        found = zip(likeness[rows].tolist(), self.slots[rows].tolist(), strict=True)
        return [one for one in found if one[0] > -np.inf]


class Index:
    """Events by number (slot), in the blocks of their countries."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._blocks: dict[str, _Block] = {}
        self._rows: dict[int, dict[str, int]] = {}

    def put(self, slot: int, lands: Iterable[str], short: Floats, last: float) -> None:
        """Add an event, or move it to a new short vector (any length but 0, or zeros), time and further countries."""
        unit, when = _units(short[None, :]), np.array([last])
        rows = self._rows.setdefault(slot, {})
        for land, row in rows.items():
            block = self._blocks[land]
            block.short[row], block.last[row] = unit[0], last
        for land in (EVERYWHERE, *(tuple(lands) or (NOWHERE,))):
            if land not in rows:
                rows[land] = self._block(land).append([slot], unit, when)

    def put_all(self, lands: Sequence[Sequence[str]], short: Floats, last: NDArray[np.float64]) -> None:
        """Add events 0 … n-1 at once to an empty index: `short` (n, width), `last` (n,)."""
        by_land: dict[str, list[int]] = {EVERYWHERE: list(range(len(lands)))}
        for slot, some in enumerate(lands):
            for land in dict.fromkeys(some or (NOWHERE,)):
                by_land.setdefault(land, []).append(slot)
        unit = _units(short)
        for land, slots in by_land.items():
            self._block(land).append(slots, unit[slots], last[slots])
            for row, slot in enumerate(slots):
                self._rows.setdefault(slot, {})[land] = row

    def drop(self, slot: int) -> None:
        """Let an event be found no more."""
        for land, row in self._rows.get(slot, {}).items():
            self._blocks[land].last[row] = -np.inf

    def nearest(self, lands: Iterable[str], short: Floats, moment: float, window: float, count: int) -> list[int]:
        """The slots of the likest open events that share a country or name none, best first; all countries' where the
        entry names none."""
        found: dict[int, float] = {}
        for land in (*lands, NOWHERE) if lands else (EVERYWHERE,):
            block = self._blocks.get(land)
            if block is not None:
                found |= {slot: likeness for likeness, slot in block.best(short, moment, window, count)}
        return sorted(found, key=lambda slot: (-found[slot], slot))[:count]

    def _block(self, land: str) -> _Block:
        block = self._blocks.get(land)
        if block is None:
            block = self._blocks[land] = _Block(self._width)
        return block


def _units(short: Floats) -> Floats:
    norms = np.linalg.norm(short, axis=1, keepdims=True)
    return np.asarray(short / np.maximum(norms, 1e-6), dtype=np.float32)
