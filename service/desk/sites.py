"""What an organisation has abroad: its people add, change, remove, import and export it. It is nobody else's to see."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from rules.holdings import Holdings, Point
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.site_file import Faulty, Sheet, partners_csv, read_partners, read_sites, sites_csv
from service.desk.site_given import PartnerGiven, SiteGiven, checked_partner, checked_site
from service.errors import Conflict, Invalid
from service.store.exposure import NOUNS, Row, get_own, list_own, list_partners, list_sites, site_of
from service.store.scope import Scope
from service.store.tables import PartnerRow, SiteRow

FARTHEST = 20_000.0  # km: half around the earth


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of a file were new, changed, or there already as they are."""

    added: int
    changed: int
    same: int


def add_site(premises: Premises, scope: Scope, given: SiteGiven) -> SiteRow:
    """Add a site; Conflict when there is one of that name."""
    return _add(premises, scope, SiteRow, checked_site(given))


def change_site(premises: Premises, scope: Scope, site_id: int, given: SiteGiven) -> SiteRow:
    """Change a site to what is given."""
    return _change(premises, scope, SiteRow, site_id, checked_site(given))


def remove_site(premises: Premises, scope: Scope, site_id: int) -> str:
    """Remove a site; answers its name. Alerts that stand keep what they said of it until they change."""
    return _remove(premises, scope, SiteRow, site_id)


def add_partner(premises: Premises, scope: Scope, given: PartnerGiven) -> PartnerRow:
    """Add a company; Conflict when there is one of that name."""
    return _add(premises, scope, PartnerRow, checked_partner(given))


def change_partner(premises: Premises, scope: Scope, partner_id: int, given: PartnerGiven) -> PartnerRow:
    """Change a company to what is given."""
    return _change(premises, scope, PartnerRow, partner_id, checked_partner(given))


def remove_partner(premises: Premises, scope: Scope, partner_id: int) -> str:
    """Remove a company; answers its name."""
    return _remove(premises, scope, PartnerRow, partner_id)


def import_sites(premises: Premises, scope: Scope, text: str, *, dry: bool = False) -> Imported:
    """Add the sites of a CSV file and change those of the same name; all or, with a fault anywhere, none (Faulty)."""
    demand(scope, Permission.SITES)
    return _import(premises, scope, SiteRow, _sound(read_sites(text)), dry=dry)


def import_partners(premises: Premises, scope: Scope, text: str, *, dry: bool = False) -> Imported:
    """The same for companies."""
    demand(scope, Permission.SITES)
    return _import(premises, scope, PartnerRow, _sound(read_partners(text)), dry=dry)


def export_sites(premises: Premises, scope: Scope, lang: str = "en") -> str:
    """The organisation's sites as CSV, with headings in a language."""
    with premises.store.read() as session:
        return sites_csv(list_sites(session, scope), lang)


def export_partners(premises: Premises, scope: Scope, lang: str = "en") -> str:
    """The organisation's companies as CSV, with headings in a language."""
    with premises.store.read() as session:
        return partners_csv(list_partners(session, scope), lang)


def sites_near(premises: Premises, scope: Scope, point: Point, km: float) -> list[tuple[SiteRow, float]]:
    """The organisation's sites no further than `km` from a point, the nearest first."""
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180 and 0 <= km <= FARTHEST):
        raise Invalid("This is no point and distance on earth.", "Latitude first, then longitude, in degrees; km.")
    with premises.store.read() as session:
        rows = {row.id or 0: row for row in list_sites(session, scope)}
    found = Holdings(map(site_of, rows.values())).near(point, km)
    return sorted(((rows[key], away) for key, (_, away) in found.items()), key=lambda one: (one[1], one[0].name))


def _add(premises: Premises, scope: Scope, table: type[Row], given: SiteGiven | PartnerGiven) -> Row:
    demand(scope, Permission.SITES)
    now = premises.clock()
    with premises.store.write() as session:
        _free(list_own(session, scope, table), given.name)
        row = table(organisation_id=scope.organisation_id, created_at=now, changed_at=now, **_values(given))
        return _kept(session, scope, now, "add", row)


def _change(premises: Premises, scope: Scope, table: type[Row], number: int, given: SiteGiven | PartnerGiven) -> Row:
    demand(scope, Permission.SITES)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_own(session, scope, table, number)
        if given.name != row.name:
            _free(list_own(session, scope, table), given.name)
        return _kept(session, scope, now, "change", _set(row, given, now))


def _remove(premises: Premises, scope: Scope, table: type[Row], number: int) -> str:
    demand(scope, Permission.SITES)
    with premises.store.write() as session:
        row = get_own(session, scope, table, number)
        leave_line(session, scope, premises.clock(), f"{NOUNS[table]}.remove", row.id, name=row.name)
        session.delete(row)
        return row.name


def _import(premises: Premises, scope: Scope, table: type[Row], given: Iterable[Any], *, dry: bool) -> Imported:
    now = premises.clock()
    with premises.store.write() as session:
        done = _merged(session, table, given, scope, now, dry=dry)
        if not dry:
            leave_line(session, scope, now, f"{NOUNS[table]}.import", None, added=done.added, changed=done.changed)
    return done


def _sound(sheet: Sheet[Any]) -> tuple[Any, ...]:
    if sheet.faults:
        raise Faulty(sheet.faults)
    return sheet.rows


def _merged(
    session: Session, table: type[Row], given: Iterable[Any], scope: Scope, now: datetime, *, dry: bool
) -> Imported:
    known = {row.name: row for row in list_own(session, scope, table)}
    added = changed = same = 0
    for one in given:
        row = known.get(one.name)
        if row is None:
            added += 1
            made = table(organisation_id=scope.organisation_id, created_at=now, changed_at=now, **_values(one))
        elif all(getattr(row, key) == value for key, value in _values(one).items()):
            same += 1
            continue
        else:
            changed += 1
            made = row
        if not dry:
            session.add(made if row is None else _set(row, one, now))
    return Imported(added, changed, same)


def _values(given: SiteGiven | PartnerGiven) -> dict[str, Any]:
    values = asdict(given)
    for name in ("points", "spellings"):
        if name in values:
            values[name] = [list(one) if isinstance(one, tuple) else one for one in values[name]]
    return values


def _set(row: Row, given: SiteGiven | PartnerGiven, now: datetime) -> Row:
    for name, value in _values(given).items():
        setattr(row, name, value)
    row.changed_at = now
    return row


def _kept(session: Session, scope: Scope, now: datetime, action: str, row: Row) -> Row:
    session.add(row)
    session.flush()
    leave_line(session, scope, now, f"{NOUNS[type(row)]}.{action}", row.id, name=row.name)
    return row


def _free(rows: Iterable[SiteRow | PartnerRow], name: str) -> None:
    if any(row.name == name for row in rows):
        raise Conflict(f"There is a '{name}' already.", "Change that one, or choose another name.")
