"""The gallery forgets no page, and every page that it names is there in both languages."""

import importlib
import pkgutil
import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from service.web import routes
from tests.web.gallery.pictures import NO_PICTURES, PICTURES, Room
from tests.web.gallery.rooms import Rooms
from tests.web.gallery.sheet import write_sheet
from tests.web.staff import ROSTER
from tests.web.tongues import foreign
from tests.web.written import kept_words


@pytest.fixture(scope="module")
def kept(furnished: Rooms) -> set[str]:
    """What people and publishers wrote on those desks, in whatever language."""
    names = re.findall(r"name: ([^,}]+)", ROSTER)
    written = [kept_words(furnished.stores[room]) for room in (Room.FULL, Room.EMPTY)]
    return set().union(*written, names, ["Agence Nord"])


def _pages() -> set[str]:
    """The addresses of all pages of the desk."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(routes.__path__):
        router = importlib.import_module(f"{routes.__name__}.{module.name}").router
        found |= {one.path for one in router.routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())}
    return found


def test_no_page_is_forgotten() -> None:
    pictured = {picture.route for picture in PICTURES} - {""}
    assert pictured | set(NO_PICTURES) == _pages()
    assert not pictured & set(NO_PICTURES)
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_picture_shows_its_page_in_its_language(furnished: Rooms, kept: set[str], lang: str) -> None:
    wrong: dict[str, object] = {}
    for picture in PICTURES:
        answer = httpx.get(furnished.address(picture), headers={"Accept-Language": lang}, timeout=30)
        if answer.status_code != picture.status or f'lang="{lang}' not in answer.text:
            wrong[picture.name] = answer.status_code
        elif words := foreign(answer.content, kept):
            wrong[picture.name] = sorted(words)
    assert wrong == {}


def test_the_sheet_shows_each_picture(tmp_path: Path) -> None:
    text = write_sheet(tmp_path, [("a", "360-en-light"), ("b", "360-en-light"), ("a", "360-zh-dark")]).read_text()
    assert text.count("<img") == 3
    assert text.index('id="a"') < text.index("a--360-zh-dark.png") < text.index('id="b"')
