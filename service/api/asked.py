"""What may be asked for: the query parameters of every route. What is not named here is refused."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request

from ingest.health import State as SourceState
from ingest.place.countries import CODES
from scoring.category import Category
from service.errors import Invalid
from service.store.pages import LARGEST, MOST
from service.store.read_alerts import MOST_COUNTRIES
from service.store.scope import Role

# What may be given several times, and where; each value will do.
SEVERAL = frozenset({("/alerts", "level"), ("/alerts", "country")})
State = Literal["open", "acknowledged", "responding", "resolved", "dismissed", "live"]
ReportState = Literal["accepted", "unreadable", "no_entry"]
DeliveryState = Literal["pending", "sent", "dead", "held", "digested", "superseded"]
Number = Annotated[int, Path(ge=1, le=LARGEST)]
NoticeNumber = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class Nothing(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid")


class Paged(Nothing):
    """A page of a list: at most `limit` items, from behind the cursor that the page before gave as `next`."""

    limit: int = Field(50, ge=1, le=MOST)
    cursor: str | None = Field(None, max_length=300, description="`next` of the page before, unchanged.")


def known_country(value: str | None) -> str | None:
    """The code in capitals; ValueError when there is no such country."""
    if value is not None and value.upper() not in CODES:
        raise ValueError("it is no country; use the two letters of ISO 3166")
    return value.upper() if value is not None else None


class AlertsAsked(Paged):
    """Which alerts."""

    level: list[Annotated[int, Field(ge=1, le=4)]] = Field(
        [], max_length=4, description="1 is the gravest. May be given several times: `level=1&level=2`."
    )
    state: State | None = Field(None, description="`live` is everything that is not closed.")
    country: list[str] = Field(
        [],
        max_length=MOST_COUNTRIES,
        description="ISO 3166 alpha-2. May be given several times: alerts in any of them.",
    )
    category: Category | None = None
    changed_since: AwareDatetime | None = Field(
        None, description="Opened or changed at this time (RFC 3339, with a zone) or later."
    )

    @field_validator("country")
    @classmethod
    def _countries(cls, values: list[str]) -> list[str]:
        return [code for value in values if (code := known_country(value)) is not None]


class SourcesAsked(Paged):
    """Which sources."""

    state: SourceState | None = None
    kind: str | None = Field(None, max_length=30, pattern=r"^[a-z]*$")
    country: str | None = Field(None, description="ISO 3166 alpha-2.")
    critical: bool | None = None
    q: str = Field("", max_length=200, description="Words in name, key or address.")

    @field_validator("country")
    @classmethod
    def _country(cls, value: str | None) -> str | None:
        return known_country(value)


class EntriesAsked(Paged):
    """Which entries."""

    source: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$", description="Key of the source.")
    event: int | None = Field(None, ge=1, le=LARGEST, description="Number of the event.")


class CorrectionsAsked(Paged):
    """Which corrections."""

    entry: int | None = Field(None, ge=1, le=LARGEST, description="Number of the entry.")


class QueueAsked(Nothing):
    """How much of the queue."""

    limit: int = Field(30, ge=1, le=100)


class DeliveriesAsked(Paged):
    """Which deliveries."""

    state: DeliveryState | None = None
    within: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,40}$", description="Only what this digest (or later notice) told of."
    )


class ReportsAsked(Paged):
    """Which reports."""

    state: ReportState | None = Field(None, description="`no_entry`: read, but written by a machine.")


class StaffAsked(Paged):
    """Which people or keys; of which organisation only the desk may choose."""

    organisation: str | None = Field(None, max_length=60, pattern=r"^[a-z0-9_.-]*$", description="Its key.")


class PeopleAsked(StaffAsked):
    """Which people."""

    role: Role | None = None
    active: bool | None = Field(None, description="Whether they can sign in.")


class KeysAsked(StaffAsked):
    """Which keys."""

    works: bool | None = Field(None, description="Whether it opens anything: neither revoked nor expired.")


class AuditAsked(Paged):
    """Which lines of the log."""

    actor: str = Field("", max_length=120, pattern=r"^[^\x00]*$", description="Who did it, as the lines have it.")
    subject: str = Field("", max_length=20, pattern=r"^[a-z_]*$", description="Kind of thing, such as `alert`.")
    subject_id: str = Field("", max_length=60, pattern=r"^[^\x00]*$", description="Number or key of one of them.")
    action: str = Field("", max_length=40, pattern=r"^[a-z_.]*$", description="What was done, such as `key.revoke`.")
    since: AwareDatetime | None = Field(None, description="Not before.")
    until: AwareDatetime | None = Field(None, description="Before.")


async def asks_nothing(_asked: Annotated[Nothing, Query()]) -> None:
    """Dependency of routes that take no parameters."""


async def asks_once(request: Request) -> None:
    """Dependency of every route: of two values for one parameter it would be anybody's guess which one counts."""
    path = getattr(request.scope.get("route"), "path", "")
    names = [name for name, _ in request.query_params.multi_items() if (path, name) not in SEVERAL]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Invalid(f"The parameter '{twice[0][:60]}' is given more than once.", "Give it once.")
