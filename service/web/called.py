"""What people of the desk are called: read when a page names one of them, and then not again for a few seconds.

Most pages name owners only, and ask nothing.
"""

import time
from collections.abc import Iterator, Mapping

from service.store.engine import Store
from service.store.rosters import member_names

FRESH = 5.0  # seconds


class Called(Mapping[str, str]):
    """Names by the words that people sign in with, as the roster in force has them."""

    def __init__(self, store: Store, organisation_id: int) -> None:
        self._store, self._organisation_id = store, organisation_id
        self._read: tuple[float, dict[str, str]] | None = None

    def __getitem__(self, key: str) -> str:
        return self._names()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> dict[str, str]:
        now = time.monotonic()
        if self._read is None or now - self._read[0] > FRESH:
            with self._store.read() as session:
                self._read = (now, member_names(session, self._organisation_id))
        return self._read[1]
