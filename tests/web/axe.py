"""What axe-core says of a page: its script is put into each page once, and asked as often as wanted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page

LAID_OUT = ("color-contrast", "target-size", "scrollable-region-focusable")  # what a width or a theme can change
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
ASK = "options => axe.run(document, options).then(found => found.violations)"
Fault = tuple[str, str]  # the rule, and the element as it is written


def with_axe(context: BrowserContext) -> BrowserContext:
    """The same profile, each page of which can be asked."""
    context.add_init_script(SCRIPT)
    return context


def violations(page: Page, only: Sequence[str] = ()) -> list[Fault]:
    """Whatever axe finds by all rules, or by these alone."""
    wanted = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    # Preloading would fetch the style sheets anew.
    options = {"runOnly": wanted, "resultTypes": ["violations"], "preload": False}
    found: list[dict[str, Any]] = page.evaluate(ASK, options)
    return [(str(one["id"]), str(node["html"])[:160]) for one in found for node in one["nodes"][:3]]
