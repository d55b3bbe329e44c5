"""A person at the desk: a browser in one language, and what is done with eyes, mouse and keys."""

import re
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from service.locale.catalogue import Catalogue
from tests.web.ways.world import PASSWORD

WORDS = Catalogue()
PATIENCE = 20_000  # for what the desk does by itself: it looks, understands and tells


def _begins(words: str) -> re.Pattern[str]:
    """What is written on a thing, behind which its key, a count or a hint may follow."""
    return re.compile(rf"^\s*{re.escape(words)}")


class Hand:
    """What one person does on one page. Things are called by the key of what is written on them."""

    def __init__(self, page: Page, url: str, lang: str) -> None:
        self.page, self.url, self.lang = page, url, lang
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium notes every answer of 4xx; a form that is refused is no fault of the page.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def say(self, key: str, **values: Any) -> str:
        """What is written there, in the person's language."""
        return WORDS.say(key, self.lang, **values)

    def sign_in(self, name: str) -> "Hand":
        """Come in through the door."""
        self.page.goto(self.url)
        self.page.get_by_label(self.say("web.sign_in.name")).fill(name)
        self.page.get_by_label(self.say("web.sign_in.password")).fill(PASSWORD)
        self.button("web.sign_in.go").click()
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until scripts are at work, so that keys mean something."""
        expect(self.page.locator("html")).to_have_class(re.compile(r"\bjs\b"))

    def go(self, room: str) -> None:
        """To a room by its two keys."""
        self.page.keyboard.press("g")
        with self.page.expect_navigation():
            self.page.keyboard.press(room)
        self.ready()

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, key: str, within: Locator | None = None, **values: Any) -> Locator:
        """A button by what is written on it."""
        return (within or self.page).get_by_role("button", name=_begins(self.say(key, **values)))

    def link(self, key: str, within: Locator | None = None, **values: Any) -> Locator:
        """A link by what is written on it."""
        return (within or self.page).get_by_role("link", name=_begins(self.say(key, **values)))

    def unfold(self, key: str, within: Locator | None = None, **values: Any) -> Locator:
        """A menu or fold by what is written on it, opened; answers the whole of it."""
        words = self.say(key, **values)
        summary = (within or self.page).locator("summary").filter(has_text=words).filter(visible=True).first
        summary.click()
        return summary.locator("xpath=..")

    def field(self, key: str, within: Locator | None = None) -> Locator:
        """A field by what its label begins with; a hint may follow."""
        return (within or self.page).get_by_label(_begins(self.say(key)))

    def sees(self, key: str, **values: Any) -> None:
        """Somewhere on the page it says so."""
        expect(self.page.get_by_text(self.say(key, **values)).filter(visible=True).first).to_be_visible()

    def takes_news(self, title: str) -> Locator:
        """What waits at the top is brought in by its key; answers the row with this title."""
        expect(self.page.locator(".waiting")).to_be_visible(timeout=PATIENCE)
        self.press("n")
        row = self.page.locator(".row", has_text=title)
        expect(row).to_be_visible()
        return row

    def reads(self, title: str) -> Locator:
        """Open an alert of the list; answers what is beside it."""
        self.page.locator(".row", has_text=title).locator(".row-link").click()
        shown = self.page.locator("#detail")
        expect(shown.locator(".alert")).to_contain_text(title)
        return shown
