"""The gallery forgets no page, and every page that it names is there in both languages."""

import importlib
import pkgutil
import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from service.store.engine import open_store
from service.web import routes
from tests.web.gallery.pictures import NO_PICTURES, PICTURES
from tests.web.gallery.rooms import Rooms
from tests.web.gallery.sheet import write_sheet
from tests.web.hostile.steep import kept_words
from tests.web.staff import ROSTER
from tests.web.tongues import foreign


@pytest.fixture(scope="module")
def kept(furnished: Rooms, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What people and publishers wrote on those desks, in whatever language."""
    folder = next(one for one in tmp_path_factory.getbasetemp().glob("rooms*") if (one / "full.db").exists())
    stores = [open_store(f"sqlite:///{folder / name}.db") for name in ("full", "empty")]
    names = re.findall(r"name: ([^,}]+)", ROSTER)
    found = set().union(*(kept_words(store) for store in stores), names, ["Agence Nord"])
    for store in stores:
        store.dispose()
    return found


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
        if answer.status_code != (404 if picture.name == "missing" else 200) or f'lang="{lang}' not in answer.text:
            wrong[picture.name] = answer.status_code
        elif words := foreign(answer.content, kept):
            wrong[picture.name] = sorted(words)
    assert wrong == {}


def test_the_sheet_shows_each_picture(tmp_path: Path) -> None:
    text = write_sheet(tmp_path, [("a", "360-en-light"), ("b", "360-en-light"), ("a", "360-zh-dark")]).read_text()
    assert text.count("<img") == 3
    assert text.index('id="a"') < text.index("a--360-zh-dark.png") < text.index('id="b"')
