"""robots.txt, asked where a page is scraped: a feed is published to be fetched by programs, a page is not.

As RFC 9309 has it: a site without one (4xx) allows everything, and one that cannot be read now (5xx, no connection)
forbids everything for now. What a site says is kept for a day.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest.fetch import LIMITS, PLAIN, Limits, Way, fetch, host_of
from ingest.http import URL, Client
from ingest.trouble import BadRedirect, HttpError, RobotsRefused, TooLarge

AGENT = "Watchfire"  # the product token of our User-Agent
LONGEST_DELAY = 60.0  # seconds of Crawl-delay that are kept to
_MOST = 500 * 1024  # bytes, which RFC 9309 wants read at least
_KEPT = timedelta(days=1)
_SITES = 1_024
_TOO_MANY = 429  # which tells of our asking, and nothing of what is allowed
_ABSENT = range(400, 500)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt tells us. `delay` is in seconds."""

    allows: Callable[[str], bool]
    delay: float = 0.0


ANYTHING = Rules(lambda _address: True)


class Robots:
    """What sites allow, remembered for a day each."""

    def __init__(self) -> None:
        self._sites: dict[str, tuple[datetime, Rules]] = {}

    async def permit(
        self, client: Client, address: str, now: datetime, *, limits: Limits = LIMITS, way: Way = PLAIN
    ) -> None:
        """Return if a page may be looked at. RobotsRefused if not; a FetchError while the site does not tell."""
        site = _site(address)
        rules = self._kept(site, now)
        if rules is None:
            rules = await _asked(client, site, limits, way)
            if len(self._sites) >= _SITES:
                del self._sites[next(iter(self._sites))]
            self._sites[site] = now, rules
        if not rules.allows(address):
            raise RobotsRefused(
                f"The robots.txt of {host_of(address)} does not let programs read this page; "
                "look for a feed, or ask the publisher."
            )

    def delay(self, address: str) -> float:
        """Seconds that the site of an address wants between two requests, as far as is known."""
        found = self._sites.get(_site(address))
        return found[1].delay if found is not None else 0.0

    def _kept(self, site: str, now: datetime) -> Rules | None:
        found = self._sites.get(site)
        return found[1] if found is not None and now - found[0] < _KEPT else None


def read_rules(body: bytes) -> Rules:
    """What a robots.txt tells us; a line that is none is passed over."""
    from protego import Protego  # noqa: PLC0415 -- 20 ms, for the few sources that are pages

    found = Protego.parse(body.decode("utf-8-sig", "replace"))
    delay = float(found.crawl_delay(AGENT) or 0.0)
    return Rules(lambda address: bool(found.can_fetch(address, AGENT)), min(delay, LONGEST_DELAY) if delay > 0 else 0.0)


async def _asked(client: Client, site: str, limits: Limits, way: Way) -> Rules:
    try:
        fetched = await fetch(client, f"{site}/robots.txt", limits=replace(limits, body=_MOST), way=way)
    except HttpError as error:
        if error.status in _ABSENT and error.status != _TOO_MANY:
            return ANYTHING
        raise
    except BadRedirect:
        return ANYTHING
    except TooLarge:
        raise RobotsRefused(
            f"The robots.txt of {host_of(site)} is larger than is read, so no page there is; ask the publisher."
        ) from None
    return read_rules(fetched.body)


def _site(address: str) -> str:
    url = URL(address.strip())
    return f"{url.scheme}://{url.netloc.decode('ascii').rpartition('@')[2]}"
