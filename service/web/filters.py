"""What the reader of the alert list asks for, as it stands in the address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.place.countries import CODES
from scoring.category import CATEGORIES
from service.store.read_alerts import LIVE, MOST_COUNTRIES, SNOOZED, AlertFilter
from service.web.visit import address

STATES = ("live", *LIVE, SNOOZED, "resolved", "dismissed", "all")
SORTS = ("", "changed", "score")  # without a word: in the order in which they want somebody
LETTERS = ("A", "B", "C", "D", "E", "F")
LONGEST = 200
SEVERAL = ("level", "country")  # kinds of which several values may be asked for at once
# When an alert last changed: within these times, or since the reader last looked at it.
TIMES = {"1h": timedelta(hours=1), "8h": timedelta(hours=8), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
UNSEEN = "unseen"
SINCE = ("", *TIMES, UNSEEN)


@dataclass(frozen=True, slots=True)
class Filters:
    """None, nothing and `live` are what is shown when nothing is asked for; of several levels or countries each will
    do. Nonsense in an address counts as nothing asked."""

    level: tuple[int, ...] = ()
    state: str = "live"
    country: tuple[str, ...] = ()
    category: str | None = None
    words: str = ""
    owner: str | None = None
    letter: str | None = None
    since: str = ""
    sort: str = ""
    facets: bool = False  # whether the counts stand open

    @property
    def is_live(self) -> bool:
        """Whether only alerts that are not closed are asked for."""
        return self.state in ("live", SNOOZED) or self.state in LIVE

    def query(self) -> list[tuple[str, str]]:
        """The pairs of an address that asks for the same."""
        pairs = [
            *(("level", str(level)) for level in self.level),
            ("state", "" if self.state == "live" else self.state),
            *(("country", code) for code in self.country),
            ("category", self.category or ""),
            ("owner", self.owner or ""),
            ("letter", self.letter or ""),
            ("since", self.since),
            ("q", self.words),
            ("sort", self.sort),
            ("facets", "1" if self.facets else ""),
        ]
        return [(name, value) for name, value in pairs if value]

    def wanted(self, now: datetime, who: tuple[int, str]) -> AlertFilter:
        """The same as the store understands it, at a time and for somebody (organisation, actor): what is snoozed then
        is put aside."""
        span = TIMES.get(self.since)
        return AlertFilter(
            self.level,
            None if self.state == "all" else self.state,
            self.country,
            self.category,
            self.words,
            self.owner,
            self.letter,
            changed_since=now - span if span is not None else None,
            unseen_by=who if self.since == UNSEEN else None,
            snoozed_at=now if self.is_live else None,
        )

    def href(self, path: str = "/", cursor: str | None = None) -> str:
        """An address that asks for the same, elsewhere or further on."""
        return address(path, [*self.query(), *([("cursor", cursor)] if cursor else [])])

    def toggled(self, kind: str, value: str | int) -> "Filters":
        """The same with this value of a kind of filter asked for, or without it where it is."""
        held, one = getattr(self, kind), int(value) if kind == "level" else value
        given: dict[str, Any] = {kind: one}
        if kind in SEVERAL:
            given = {kind: tuple(sorted({*held} ^ {one}))}
        elif str(held) == one:
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


def read_filters(pairs: Iterable[tuple[str, str]]) -> Filters:
    """The filters in an address."""
    pairs = list(pairs)
    query = dict(pairs)
    levels = {int(value) for name, value in pairs if name == "level" and value in ("1", "2", "3", "4")}
    countries = {value.upper() for name, value in pairs if name == "country"} & {*CODES}
    state, category = query.get("state", "live"), query.get("category", "")
    return Filters(
        level=tuple(sorted(levels)),
        state=state if state in STATES else "live",
        country=tuple(sorted(countries)[:MOST_COUNTRIES]),
        category=category if category in CATEGORIES else None,
        words=" ".join(query.get("q", "")[:LONGEST].split()),
        owner=query.get("owner", "")[:120] or None,
        letter=query.get("letter") if query.get("letter") in LETTERS else None,
        since=query.get("since", "") if query.get("since") in SINCE else "",
        sort=query.get("sort", "") if query.get("sort") in SORTS else "",
        facets=query.get("facets") == "1",
    )
