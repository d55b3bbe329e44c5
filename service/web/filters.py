"""What the reader of the alert list asks for, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest.place.countries import CODES
from scoring.category import CATEGORIES
from service.store.read_alerts import LIVE, SNOOZED, AlertFilter
from service.web.visit import address

STATES = ("live", *LIVE, SNOOZED, "resolved", "dismissed", "all")
SORTS = ("", "changed", "score")  # without a word: in the order in which they want somebody
LETTERS = ("A", "B", "C", "D", "E", "F")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """None and `live` are what is shown when nothing is asked for. Nonsense in an address counts as nothing asked."""

    level: int | None = None
    state: str = "live"
    country: str | None = None
    category: str | None = None
    words: str = ""
    owner: str | None = None
    letter: str | None = None
    sort: str = ""
    facets: bool = False  # whether the counts stand open

    @property
    def is_live(self) -> bool:
        """Whether only alerts that are not closed are asked for."""
        return self.state in ("live", SNOOZED) or self.state in LIVE

    def query(self) -> list[tuple[str, str]]:
        """The pairs of an address that asks for the same."""
        pairs = {
            "level": str(self.level or ""),
            "state": "" if self.state == "live" else self.state,
            "country": self.country or "",
            "category": self.category or "",
            "owner": self.owner or "",
            "letter": self.letter or "",
            "q": self.words,
            "sort": self.sort,
            "facets": "1" if self.facets else "",
        }
        return [(name, value) for name, value in pairs.items() if value]

    def wanted(self, now: datetime | None = None) -> AlertFilter:
        """The same as the store understands it; with a time, what is snoozed then is put aside."""
        state = None if self.state == "all" else self.state
        aside = now if self.is_live else None
        return AlertFilter(
            self.level, state, self.country, self.category, self.words, self.owner, self.letter, snoozed_at=aside
        )

    def href(self, path: str = "/", cursor: str | None = None) -> str:
        """An address that asks for the same, elsewhere or further on."""
        return address(path, [*self.query(), *([("cursor", cursor)] if cursor else [])])

    def with_level(self, level: int | None) -> "Filters":
        """The same at another level; asking for the level that is shown already asks for all."""
        return replace(self, level=None if level == self.level else level)

    def toggled(self, kind: str, value: str) -> "Filters":
        """The same with this value of a kind of filter asked for, or without it where it is."""
        given: dict[str, Any] = {kind: int(value) if kind == "level" else value}
        if str(getattr(self, kind)) == value:
            given = {kind: "live" if kind == "state" else None}
        return replace(self, **given)

    def opened(self, facets: bool = True) -> "Filters":
        """The same with the counts standing open or not."""
        return replace(self, facets=facets)

    def every_state(self) -> "Filters":
        """The same among all alerts, closed ones too."""
        return replace(self, state="all")

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return any(name not in ("sort", "facets") for name, _ in self.query())


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters in an address."""
    level, country = query.get("level", ""), query.get("country", "").upper()
    state, category = query.get("state", "live"), query.get("category", "")
    return Filters(
        level=int(level) if level in ("1", "2", "3", "4") else None,
        state=state if state in STATES else "live",
        country=country if country in CODES else None,
        category=category if category in CATEGORIES else None,
        words=" ".join(query.get("q", "")[:LONGEST].split()),
        owner=query.get("owner", "")[:120] or None,
        letter=query.get("letter") if query.get("letter") in LETTERS else None,
        sort=query.get("sort", "") if query.get("sort") in SORTS else "",
        facets=query.get("facets") == "1",
    )
