"""What a browser must never see, looked for in a page that is open."""

from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, Page, Request

NARROW = 360
TALLEST = 60_000  # pixels of a page on the narrowest screen, whatever stands in it
FAULTS = (Path(__file__).parent / "look.js").read_text("utf-8")
READY = "document.documentElement.classList.contains('js') || !document.querySelector('script')"


class Looker:
    """Opens pages and writes down everything about them that is not as it should be."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.page: Page = context.new_page()
        self._home, self._heard = home, list[str]()
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)
        self.page.on("popup", self._popup)

    def faults(self, path: str) -> list[str]:
        """Open a page and wait until its scripts are at work; what is wrong with it."""
        self._heard.clear()
        answer = self.page.goto(self._home + path)
        if answer is None or answer.status >= 500:
            return [f"answered {answer and answer.status}"]
        self.page.wait_for_function(READY)
        return self.faults_here(path)

    def faults_here(self, path: str) -> list[str]:
        """What is wrong with the page that stands open, which is asked to be the one of this path."""
        found: list[str] = self.page.evaluate(FAULTS, TALLEST)
        if self.page.url.split("?")[0] != self._home + path.split("?")[0]:
            found.append(f"led away to {self.page.url}")
        return [*found, *dict.fromkeys(self._heard)]

    def _dialog(self, dialog: Dialog) -> None:
        self._heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            self._heard.append(f"console: {message.text[:200]}")

    def _error(self, error: Error) -> None:
        self._heard.append(f"fault: {str(error)[:200]}")

    def _request(self, asked: Request) -> None:
        if not asked.url.startswith(self._home):
            self._heard.append(f"asked for {asked.url[:120]}")

    def _popup(self, page: Page) -> None:
        self._heard.append(f"opened {page.url}")
