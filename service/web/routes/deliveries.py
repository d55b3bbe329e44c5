"""Deliveries: what was sent, what waits, and what did not arrive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from service.desk.deliveries import retry_delivery, retry_like, send_held
from service.desk.interruptions import Load, load_of_today
from service.notify.text import clean, shorten
from service.store.dead import dead_groups
from service.store.held import said_of
from service.store.read_alerts import attempts_of
from service.store.read_rest import list_notices
from service.store.tables import Attempt, Channel, Notice
from service.web.page import page
from service.web.said import flash
from service.web.shown.detail import NoticeShown, notice_shown
from service.web.shown.outside import Outside, outside
from service.web.shown.times import Moment
from service.web.visit import Inside, Visit, address

router = APIRouter()
HERE = "/deliveries"
STATES = ("pending", "held", "sent", "digested", "superseded", "dead")
ROWS = 50
TRIES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TryShown:
    """One attempt."""

    at: Moment
    ok: bool
    status: int | None
    detail: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class DeliveryShown:
    """One delivery with its attempts, newest first."""

    notice: NoticeShown
    alert_id: int | None
    level: int
    title: Outside
    attempts: int
    next: Moment | None
    tries: tuple[TryShown, ...]
    within: bool  # it told of others


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Dead letters of one channel and cause: the newest few, and how many there are."""

    rows: tuple[DeliveryShown, ...]
    count: int


@router.get(HERE)
def show_deliveries(visit: Inside) -> Response:
    """The list, by state if wanted. What did not arrive stands before it, by channel and cause."""
    query = visit.request.query_params
    state = query.get("state")
    state = state if state in STATES else None
    within = clean(query.get("within"))[:40] or None
    like = clean(query.get("like"))[:40] or None if state == "dead" else None
    cursor = query.get("cursor")
    with visit.house.store.read() as session:
        grouped = state in (None, "dead") and not (within or like)
        groups = dead_groups(session, visit.reader) if grouped and not cursor else []
        but = "dead" if grouped else None
        found = list_notices(
            session, visit.reader, state=state, within=within, like=like, but=but, limit=ROWS, cursor=cursor
        )
        every = [*found.items, *(line for group in groups for line in group.notices)]
        said = said_of(session, {notice.held_by for notice, _ in every}, visit.reader.organisation_id)
        tries = attempts_of(session, visit.reader, [notice for notice, _ in every if notice.attempts])

    def shown(lines: Iterable[tuple[Notice, Channel | None]]) -> tuple[DeliveryShown, ...]:
        return tuple(_shown(visit, notice, channel, tries.get(notice.id, []), said) for notice, channel in lines)

    older = [("state", state or ""), ("within", within or ""), ("like", like or ""), ("cursor", found.next or "")]
    return page(
        visit,
        "deliveries.html",
        groups=[GroupShown(shown(group.notices), group.count) for group in groups],
        deliveries=shown(found.items),
        state=state,
        like=like,
        within=within,
        loads=[] if within else [_named(visit, one) for one in load_of_today(visit.house, visit.reader)],
        states=STATES,
        older=address(HERE, [pair for pair in older if pair[1]]) if found.next else None,
        flash=flash(visit),
    )


@router.post(HERE + "/{notice_id}/retry")
def retry(visit: Inside, notice_id: str) -> Response:
    """Send a dead letter again."""
    retry_delivery(visit.house, visit.reader, notice_id)
    return RedirectResponse(f"{HERE}?done=delivery_retried", 303)


@router.post(HERE + "/{notice_id}/retry/like")
def retry_group(visit: Inside, notice_id: str) -> Response:
    """Send a dead letter and all that are like it again."""
    retry_like(visit.house, visit.reader, notice_id)
    return RedirectResponse(f"{HERE}?done=deliveries_retried", 303)


@router.post(HERE + "/{notice_id}/send")
def send(visit: Inside, notice_id: str) -> Response:
    """Send a held notice now."""
    send_held(visit.house, visit.reader, notice_id)
    return RedirectResponse(f"{HERE}?state=held&done=delivery_sent_now", 303)


def _named(visit: Visit, load: Load) -> Load:
    name = (visit.telling.owner(load.key) or load.key) if load.role == "owner" else load.name
    return replace(load, name=shorten(clean(name), 80))


def _title(visit: Visit, notice: Notice) -> Outside:
    """What a notice was about: as it was published, or said anew where it is the desk's own."""
    payload = notice.payload
    title = str(payload.get("title") or "")
    if notice.action == "digest":
        said = visit.say("held.digest.head", count=payload.get("total", 0))
    else:
        said = visit.telling.words.title(title, payload.get("reasons", ()), visit.lang)
    return outside(said, (payload.get("language") if said == title else None) or visit.lang)


def _shown(
    visit: Visit, notice: Notice, channel: Channel | None, attempts: list[Attempt], said: Mapping[str, str]
) -> DeliveryShown:
    telling = visit.telling
    payload = notice.payload
    return DeliveryShown(
        notice=notice_shown(notice, channel, telling, said.get(notice.held_by or "", "")),
        alert_id=notice.alert_id,
        level=int(payload.get("level") or 4),
        title=_title(visit, notice),
        attempts=notice.attempts,
        next=telling.moment(notice.not_before) if notice.state == "pending" else None,
        tries=tuple(
            TryShown(telling.surely(one.at), one.ok, one.status, shorten(clean(one.detail), 300), one.milliseconds)
            for one in reversed(attempts[-TRIES_SHOWN:])
        ),
        within=notice.action == "digest",
    )
