"""Leases of the dead come free; those of the living and of strangers stay."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from service.store.engine import Store
from service.store.lease import holder, release_dead
from service.store.sources import add_sources, claim_sources
from service.store.tables import EntryRow, Notice, SourceRow
from tests.store.test_sources import feed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def dead_holder() -> str:
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    return holder().replace(f":{os.getpid()}:", f":{ended.stdout.strip()}:")


@pytest.mark.parametrize(
    ("by", "freed"),
    [(dead_holder(), 1), (holder(), 0), ("elsewhere:1:abcd", 0), ("nonsense", 0)],
    ids=["dead", "alive", "other machine", "unknown form"],
)
def test_only_the_dead_of_this_machine_are_freed(store: Store, by: str, freed: int) -> None:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
        claim_sources(session, NOW, by, 1)
    with store.write() as session:
        assert release_dead(session, SourceRow, EntryRow, Notice) == freed
        assert (session.exec(select(SourceRow.lease_by)).one() is None) == bool(freed)
