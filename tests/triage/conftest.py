"""The desk of the web tests, for the tests of the list at work."""

from tests.web.conftest import assets, browser, desk, open_desk, seeded, still, visitor

__all__ = ["assets", "browser", "desk", "open_desk", "seeded", "still", "visitor"]
