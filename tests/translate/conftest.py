"""An endpoint for each test."""

from collections.abc import Iterator

import pytest

from tests.translate.oracle import Oracle


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    found = Oracle()
    yield found
    found.stop()
