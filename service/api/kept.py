"""Lists of alerts, each alert written out once for as long as it stays as it is.

What an alert looks like outside follows from its row, the translations of its title and whether it is the reader's own,
and from nothing else: by these it is kept. So nothing that is kept can be stale; what changed has another key.
"""

from collections.abc import Hashable, Mapping
from weakref import WeakKeyDictionary

import orjson
from sqlmodel import Session

from service.api.shapes.alert import alert_shape
from service.locale.catalogue import Catalogue
from service.store.alert_rows import Bare, list_bare, whole
from service.store.read_alerts import AlertFilter
from service.store.scope import Scope
from service.store.translations import Made, of_titles

MOST = 4_000  # alerts written out, of about 4 kB with what they are kept by
Key = tuple[Hashable, ...]
_kept: WeakKeyDictionary[Catalogue, dict[Key, bytes]] = WeakKeyDictionary()


def listed_alerts(
    session: Session, scope: Scope, catalogue: Catalogue, wanted: AlertFilter, *, limit: int, cursor: str | None
) -> bytes:
    """A page of `AlertShape`, the newest change first, as JSON."""
    page = list_bare(session, scope, wanted, limit=limit, cursor=cursor)
    made = of_titles(session, scope, [one.title for one in page.items])
    kept = _kept.setdefault(catalogue, {})
    keys = [_key(one, scope, made) for one in page.items]
    written = {key: kept.get(key) for key in keys}
    missing = [one.id for one, key in zip(page.items, keys, strict=True) if written[key] is None]
    if missing:
        written |= _write(session, scope, catalogue, page.items, keys, missing, made)
    items = b",".join(found for key in keys if (found := written[key]) is not None)
    return b'{"items":[' + items + b'],"next":' + orjson.dumps(page.next) + b"}"


def _key(one: Bare, scope: Scope, made: Mapping[str, Mapping[str, Made]]) -> Key:
    own = one.organisation_id == scope.organisation_id
    return (own, tuple(sorted(made.get(one.title, {}).items())), one.values)


def _write(
    session: Session, scope: Scope, catalogue: Catalogue, page: list[Bare], keys: list[Key], missing: list[int],
    made: Mapping[str, Mapping[str, Made]],
) -> dict[Key, bytes]:  # fmt: skip
    found = {alert.id: (values, alert) for values, alert in whole(session, scope, missing).items()}
    kept, written = _kept[catalogue], {}
    for one, key in zip(page, keys, strict=True):
        if one.id not in found:
            continue
        values, alert = found[one.id]
        written[key] = alert_shape(alert, scope, catalogue, made.get(alert.title)).model_dump_json().encode()
        # On PostgreSQL the row may have changed between two statements: then it is kept as what it is now.
        kept[(*key[:2], values)] = written[key]
    if len(kept) > MOST:
        kept.clear()
    return written
