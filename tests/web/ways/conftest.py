"""The world of a story, and people who come to the desk in one of its languages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.store.engine import open_store
from tests.web.conftest import Visitor
from tests.web.ways.hand import Hand
from tests.web.ways.world import World, world

LOCALES = {"en": "en-GB", "zh": "zh-CN"}
Comes = Callable[[str], Hand]


@pytest.fixture(params=[pytest.param(one, marks=pytest.mark.long) for one in ("en", "zh")])
def lang(request: pytest.FixtureRequest) -> str:
    """The language of those who sit at the desk. Whatever they do takes a while, so all of it is of the long run."""
    return str(request.param)


@pytest.fixture
def life(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    """A desk at work on its first morning."""
    path = tmp_path / "life.db"
    shutil.copy(sqlite_template, path)
    with world(open_store(f"sqlite:///{path}"), tmp_path) as made:
        yield made


@pytest.fixture
def comes(life: World, visitor: Visitor, lang: str) -> Comes:
    """Somebody comes to the desk, in a browser of their own."""

    def came(name: str) -> Hand:
        return Hand(visitor(locale=LOCALES[lang]).new_page(), life.url, lang).sign_in(name)

    return came
