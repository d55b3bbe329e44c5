"""The town, for every test of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.engine import Store
from tests.api.town import Town, town


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[Town]:
    """A town on each database."""
    with town(store, tmp_path) as found:
        yield found
