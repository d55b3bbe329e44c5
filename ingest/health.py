"""How a source does: what its looks showed, added up. Pure; `service` keeps it beside the source."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source showed.

    `outcome` is that of `ingest.feed.Outcome`; `bytes` came over the wire after unpacking; `items` stood in the
    document, of which `fresh` were new or changed; `undated` had no date that may be believed.
    """

    at: datetime
    outcome: str
    bytes: int = 0
    items: int = 0
    fresh: int = 0
    undated: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """Sums over all looks at a source."""

    looks: int = 0
    failed: int = 0
    bytes: int = 0
    items: int = 0
    fresh: int = 0
    undated: int = 0
    problems: tuple[str, ...] = ()


HEALTHY = Health()


def observe(health: Health, look: Look) -> Health:
    """The health after one more look."""
    return Health(
        looks=health.looks + 1,
        failed=health.failed + (look.outcome in ("failed", "refused")),
        bytes=health.bytes + look.bytes,
        items=health.items + look.items,
        fresh=health.fresh + look.fresh,
        undated=health.undated + look.undated,
        problems=look.problems,
    )


def health_values(health: Health) -> dict[str, Any]:
    """As it is kept: plain JSON."""
    return asdict(health)


def health_of(values: Mapping[str, Any]) -> Health:
    """As it was kept; fields of another version are passed over."""
    known = {key: value for key, value in values.items() if key in Health.__dataclass_fields__}
    return Health(**(known | {"problems": tuple(known.get("problems", ()))}))
