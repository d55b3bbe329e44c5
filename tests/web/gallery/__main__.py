"""`python -m tests.web.gallery DIR [WORD …]`: take the pictures whose names hold all words, and the sheet over them."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from service.web.wishes import THEME
from tests.web.browser import CHROMIUM_ARGS, chromium
from tests.web.gallery.pictures import CONTRASTED, PICTURES
from tests.web.gallery.rooms import Rooms, rooms
from tests.web.gallery.sheet import file_name, write_sheet

WIDTHS = {360: 780, 1024: 800, 1920: 1080}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
THEMES = ("light", "dark", "contrast")
BESIDE = ("list", "alert")  # panes that scroll by themselves where they stand side by side


def main() -> None:
    """Take them all."""
    folder, wanted = _asked()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, rooms(Path(place)) as found, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        taken = [pair for form, context in _forms(browser) for pair in _take(context, form, found, folder, wanted)]
        browser.close()
    print(f"{len(taken)} pictures: {write_sheet(folder, taken)}")


def _asked() -> tuple[Path, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m tests.web.gallery", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
    parser.add_argument("words", nargs="*", metavar="WORD", help="part of PAGE-WIDTH-LANGUAGE-THEME, as 360-zh")
    given = parser.parse_args()
    return given.folder, given.words


def _forms(browser: Browser) -> Iterator[tuple[str, BrowserContext]]:
    for (width, height), (language, locale), theme in product(WIDTHS.items(), LANGUAGES.items(), THEMES):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        if theme == "contrast":
            context.add_cookies([{"name": THEME, "value": theme, "url": "http://127.0.0.1"}])
        yield f"{width}-{language}-{theme}", context
        context.close()


def _take(
    context: BrowserContext, form: str, found: Rooms, folder: Path, wanted: list[str]
) -> Iterator[tuple[str, str]]:
    """Pictures of one form: a size, a language and a theme."""
    page = context.new_page()
    narrow = form.startswith("360-")
    for picture in PICTURES:
        if not all(word in f"{picture.name}-{form}" for word in wanted):
            continue
        if form.endswith("-contrast") and picture.name not in CONTRASTED:
            continue
        answer = page.goto(found.address(picture))
        if answer is None or answer.status != picture.status:
            sys.exit(f"{picture.name} ({form}) is no page to be pictured: {answer and answer.status}")
        page.wait_for_function("document.documentElement.classList.contains('js') || !document.querySelector('script')")
        whole = narrow or not picture.name.startswith(BESIDE)
        page.screenshot(path=folder / file_name(picture.name, form), full_page=whole)
        yield picture.name, form


if __name__ == "__main__":
    main()
