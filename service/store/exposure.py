"""What organisations have abroad, in the database: for its own people to read, and for the rules to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from rules.holdings import NOTHING, Holdings, Partner, Site, SiteKind
from service.errors import NotFound
from service.store.engine import Store
from service.store.people import home_organisation
from service.store.scope import Scope
from service.store.tables import PartnerRow, SiteRow

Row = TypeVar("Row", SiteRow, PartnerRow)
NOUNS: dict[type[SiteRow] | type[PartnerRow], str] = {SiteRow: "site", PartnerRow: "partner"}


def list_own(session: Session, scope: Scope, table: type[Row]) -> list[Row]:
    """Rows of the reader's own organisation, by name. No other organisation's are ever answered."""
    query = select(table).where(table.organisation_id == scope.organisation_id)
    return list(session.exec(query.order_by(col(table.name), col(table.id))).all())


def get_own(session: Session, scope: Scope, table: type[Row], number: int) -> Row:
    """One row; NotFound when the reader's organisation has none such."""
    found = session.get(table, number)
    if found is None or found.organisation_id != scope.organisation_id:
        raise NotFound(f"There is no {NOUNS[table]} {number}.", f"`watchfire {NOUNS[table]} list` shows them.")
    return found


def list_sites(session: Session, scope: Scope) -> list[SiteRow]:
    """The sites of the reader's own organisation, by name."""
    return list_own(session, scope, SiteRow)


def sites_hit(session: Session, scope: Scope, hits: Iterable[Mapping[str, Any]]) -> dict[int, SiteRow]:
    """The sites that an event touches, by number: those of the reader's own organisation that are still there."""
    numbers = [hit["id"] for hit in hits if hit.get("kind") != "name" and isinstance(hit.get("id"), int)]
    if not numbers:
        return {}
    query = select(SiteRow).where(SiteRow.organisation_id == scope.organisation_id, col(SiteRow.id).in_(numbers))
    return {row.id or 0: row for row in session.exec(query).all()}


def get_site(session: Session, scope: Scope, site_id: int) -> SiteRow:
    """One site; NotFound when the reader's organisation has none such."""
    return get_own(session, scope, SiteRow, site_id)


def list_partners(session: Session, scope: Scope) -> list[PartnerRow]:
    """The own companies and partners of the reader's organisation, by name."""
    return list_own(session, scope, PartnerRow)


def get_partner(session: Session, scope: Scope, partner_id: int) -> PartnerRow:
    """One company; NotFound when the reader's organisation has none such."""
    return get_own(session, scope, PartnerRow, partner_id)


def site_of(row: SiteRow) -> Site:
    """A site as the rules look at it."""
    return Site(
        id=row.id or 0,
        organisation=row.organisation_id,
        kind=SiteKind(row.kind),
        name=row.name,
        country=row.country,
        points=tuple((lat, lon) for lat, lon in row.points),
        radius=row.radius_km,
        people=row.people,
        criticality=row.criticality,
    )


def partner_of(row: PartnerRow) -> Partner:
    """A company as the rules look for it."""
    return Partner(row.id or 0, row.organisation_id, row.kind == "own", row.name, tuple(row.spellings))


@dataclass
class CurrentHoldings:
    """Everybody's holdings, laid out once and again only when a row has changed."""

    _stamp: tuple[Any, ...] = ()
    _holdings: Holdings = field(default=NOTHING)

    def __call__(self, session: Session) -> Holdings:
        """The holdings as they are now. Asking whether anything changed costs two small queries."""
        stamp = tuple(_stamp_of(session, table) for table in (SiteRow, PartnerRow))
        if stamp != self._stamp:
            self._stamp, self._holdings = stamp, read_holdings(session)
        return self._holdings


def _stamp_of(session: Session, table: Any) -> tuple[Any, ...]:
    return tuple(session.exec(select(func.count(), func.max(table.id), func.max(table.changed_at))).one())


def read_holdings(session: Session) -> Holdings:
    """All active sites and companies of all organisations."""
    sites = session.exec(select(SiteRow).where(col(SiteRow.active).is_(True)).order_by(col(SiteRow.id))).all()
    names = session.exec(select(PartnerRow).where(col(PartnerRow.active).is_(True)).order_by(col(PartnerRow.id))).all()
    return Holdings(map(site_of, sites), map(partner_of, names))


def hit_reason(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A kept hit as a reason, for cards and pages of its own organisation: `18 km from Rabak`."""
    km = hit.get("km")
    why = str(hit.get("why", ""))
    return {
        "kind": "concern",
        "code": f"exposure.{why}",
        "value": "" if km is None else f"{km:.0f}" if km >= 10 else f"{km:.1f}".removesuffix(".0"),
        "words": str(hit.get("name", "")),
        "weight": hit.get("weight", 0.0),
    }


def copy_holdings(store: Store, into: Store) -> None:
    """The desk's own sites and companies, for walking through old days again with what it has abroad today."""
    with store.read() as session:
        home = home_organisation(session).id
        found = [
            (table, [row.model_dump(exclude={"id", "organisation_id"}) for row in session.exec(_of(table, home)).all()])
            for table in (SiteRow, PartnerRow)
        ]
    with into.write() as session:
        there = home_organisation(session).id or 0
        session.add_all(table(organisation_id=there, **values) for table, rows in found for values in rows)


def _of(table: Any, organisation_id: int | None) -> Any:
    return select(table).where(table.organisation_id == organisation_id).order_by(col(table.id))
