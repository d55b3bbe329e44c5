"""Which tests share a worker when the tests run side by side: those that use what takes long to make.

Groups by mark are not enough: pytest-xdist 3.8 writes a group's name into a field that pytest 9 does not read any more,
so that every worker made the hostile desk (15 s) for itself.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/web/test_inert.py": "the hostile desk",
    "tests/web/test_gallery.py": "the desks of the gallery",
    "tests/web/test_office_browser.py": "the desks of the gallery",
    "tests/scoring/test_revise.py": "a model made from corrections",
}


def file_of(nodeid: str) -> str:
    """The file of a test."""
    return nodeid.partition("::")[0]


class Sharing(LoadScopeScheduling):
    """Each test goes to whoever is free, those of a group to one worker, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # else the largest groups come first, and with them browsers

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(file_of(nodeid), nodeid)
