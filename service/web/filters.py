"""What the reader of the alert list asks for, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingest.place.countries import CODES
from scoring.category import CATEGORIES
from service.store.read_alerts import LIVE, AlertFilter
from service.web.visit import address

STATES = ("live", *LIVE, "resolved", "dismissed", "all")


@dataclass(frozen=True, slots=True)
class Filters:
    """None and `live` are what is shown when nothing is asked for. Nonsense in an address counts as nothing asked."""

    level: int | None = None
    state: str = "live"
    country: str | None = None
    category: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether only alerts that are not closed are asked for."""
        return self.state == "live" or self.state in LIVE

    def query(self) -> list[tuple[str, str]]:
        """The pairs of an address that asks for the same."""
        pairs = {
            "level": str(self.level or ""),
            "state": "" if self.state == "live" else self.state,
            "country": self.country or "",
            "category": self.category or "",
        }
        return [(name, value) for name, value in pairs.items() if value]

    def wanted(self) -> AlertFilter:
        """The same as the store understands it."""
        return AlertFilter(self.level, None if self.state == "all" else self.state, self.country, self.category)

    def href(self, path: str = "/", cursor: str | None = None) -> str:
        """An address that asks for the same, elsewhere or further on."""
        return address(path, [*self.query(), *([("cursor", cursor)] if cursor else [])])

    def with_level(self, level: int | None) -> "Filters":
        """The same at another level; asking for the level that is shown already asks for all."""
        return replace(self, level=None if level == self.level else level)

    def with_country(self, country: str | None) -> "Filters":
        """The same elsewhere."""
        return replace(self, country=None if country == self.country else country)

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query())


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters in an address."""
    level, country = query.get("level", ""), query.get("country", "").upper()
    state, category = query.get("state", "live"), query.get("category", "")
    return Filters(
        level=int(level) if level in ("1", "2", "3", "4") else None,
        state=state if state in STATES else "live",
        country=country if country in CODES else None,
        category=category if category in CATEGORIES else None,
    )
