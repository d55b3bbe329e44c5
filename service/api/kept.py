"""Lists of alerts, each alert written out once for as long as it stays as it is.

What an alert looks like outside follows from its row, the translations of its title and whether it is the reader's own,
and from nothing else: by these it is kept. So nothing that is kept can be stale; what changed has another key. A whole
page stands for as long as nobody has changed the database at all.
"""

from collections.abc import Hashable, Mapping
from functools import partial
from weakref import WeakKeyDictionary

import orjson
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from service.api.shapes.alert import alert_shape
from service.desk.house import House
from service.locale.catalogue import Catalogue
from service.squeezing import squeezed
from service.store.alert_rows import Bare, list_bare, whole
from service.store.engine import Store
from service.store.read_alerts import AlertFilter
from service.store.scope import Scope
from service.store.standing import Standing
from service.store.translations import Made, of_titles

MOST = 4_000  # alerts written out, of about 4 kB with what they are kept by
Key = tuple[Hashable, ...]
_kept: WeakKeyDictionary[Catalogue, dict[Key, bytes]] = WeakKeyDictionary()
_standing: WeakKeyDictionary[Store, Standing[bytes]] = WeakKeyDictionary()


async def listed_alerts(
    house: House, scope: Scope, wanted: AlertFilter, *, limit: int, cursor: str | None, small: bool = False
) -> bytes:
    """A page of `AlertShape`, the newest change first, as JSON; `small` as gzip, so that this too is done once."""
    standing = _standing.setdefault(house.store, Standing(house.store.watch))
    asked = (house.catalogue, scope, wanted, limit, cursor, small)
    known = standing.known(asked)
    if known is not None:
        return known
    return await run_in_threadpool(standing.read, asked, partial(_page, house, scope, wanted, limit, cursor, small))


def _page(house: House, scope: Scope, wanted: AlertFilter, limit: int, cursor: str | None, small: bool) -> bytes:
    with house.store.read() as session:
        body = page_of_alerts(session, scope, house.catalogue, wanted, limit=limit, cursor=cursor)
    return squeezed(body) if small else body


def page_of_alerts(
    session: Session, scope: Scope, catalogue: Catalogue, wanted: AlertFilter, *, limit: int, cursor: str | None
) -> bytes:
    """The same, read now; alerts that are as they were are not written out anew."""
    page = list_bare(session, scope, wanted, limit=limit, cursor=cursor)
    made = of_titles(session, scope, [one.title for one in page.items])
    kept = _kept.setdefault(catalogue, {})
    keys = [_key(one, scope, made) for one in page.items]
    found = [kept.get(key) for key in keys]
    if None in found:
        missing = [number for number, one in enumerate(found) if one is None]
        written = _write(session, scope, catalogue, [page.items[one] for one in missing], made)
        found = [written.get(one.id) if text is None else text for one, text in zip(page.items, found, strict=True)]
    items = b",".join(one for one in found if one is not None)
    return b'{"items":[' + items + b'],"next":' + orjson.dumps(page.next) + b"}"


def _key(one: Bare, scope: Scope, made: Mapping[str, Mapping[str, Made]]) -> Key:
    own = one.organisation_id == scope.organisation_id
    return (own, tuple(sorted(made.get(one.title, {}).items())), one.values)


def _write(
    session: Session, scope: Scope, catalogue: Catalogue, missing: list[Bare], made: Mapping[str, Mapping[str, Made]]
) -> dict[int, bytes]:  # fmt: skip
    """The JSON of alerts by number; who is gone meanwhile is left out."""
    kept, written = _kept[catalogue], {}
    for values, alert in whole(session, scope, [one.id for one in missing]).items():
        shape = alert_shape(alert, scope, catalogue, made.get(alert.title))
        written[alert.id or 0] = shape.model_dump_json().encode()
        # On PostgreSQL the row may have changed between two statements: it is kept as what it is now.
        kept[_key(Bare(values, alert.changed_at), scope, made)] = written[alert.id or 0]
    if len(kept) > MOST:
        kept.clear()
    return written
