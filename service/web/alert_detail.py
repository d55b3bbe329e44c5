"""One alert with everything behind it, read from the store for a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.auth.access import Permission, allows, may_act
from service.desk.comments import talk_about
from service.desk.plans import read_plans
from service.desk.pressing import Pressing, pressing
from service.desk.quiet_told import QuietTold
from service.desk.responses import may_step
from service.notify.text import clean, shorten
from service.store.corrections import held_for
from service.store.exposure import sites_hit
from service.store.held import said_of
from service.store.learning import newest_said
from service.store.log import audit_of
from service.store.read_alerts import LIVE, ReportLine, duties_of, get_alert, history_of, notices_of, reports_of
from service.store.read_rest import list_channels
from service.store.read_triage import beside
from service.store.receipts import answers_to, looks_at
from service.store.responses import read_response, response_log
from service.store.rosters import owners_of_people
from service.store.tables import Alert, AssessmentRow
from service.store.translations import of_entries
from service.web.said import flash
from service.web.shown.alert_audit import AuditLine, audit_shown
from service.web.shown.detail import (
    DutyShown,
    ReasonLine,
    ReportShown,
    close_reason,
    duties_shown,
    reasons_of,
    reports_shown,
)
from service.web.shown.event_map import EventMap, event_map, spots_of
from service.web.shown.level_history import LevelHistory, level_history
from service.web.shown.pressing import PressingShown, pressing_shown
from service.web.shown.quiet import quiet_now, traces
from service.web.shown.reading import reading_of
from service.web.shown.receipts import Readers, Receipt, receipts_shown
from service.web.shown.response import ResponseShown, response_shown
from service.web.shown.row import AlertRow, Telling
from service.web.shown.site import HitShown, hits_shown
from service.web.shown.talk import TalkShown, talk_shown
from service.web.shown.times import Moment
from service.web.triage import is_own, rows_with
from service.web.visit import Visit
from service.web.world import shapes

REPORTS = 60
TALK = 40  # comments beside the rest; the page of comments has more


@dataclass(frozen=True, slots=True)
class Detail:
    """What the detail pane shows."""

    row: AlertRow
    changed_at: datetime
    places: tuple[str, ...]
    subtypes: tuple[str, ...]
    clause: str
    guideline: str
    score: str
    sharing: str
    event: int
    level_since: Moment
    acknowledged: Moment | None
    acknowledged_by: str
    closed: Moment | None
    closed_why: str
    calmer: Moment | None
    reasons: tuple[ReasonLine, ...]
    reports: tuple[ReportShown, ...]
    more_reports: int
    may_correct: bool
    languages: int
    duties: tuple[DutyShown, ...]
    pressing: PressingShown | None
    receipts: tuple[Receipt, ...]
    may_send: bool
    audit: tuple[AuditLine, ...]
    levels: LevelHistory | None
    exposure: tuple[HitShown, ...] = ()
    otherwise: tuple[str, ...] = ()
    response: ResponseShown | None = None
    plans: tuple[tuple[str, str], ...] = ()  # that could be put beside it: key and title
    owners: tuple[tuple[str, str], ...] = ()  # to whom a step can be handed: key and name
    done: str = ""
    quiet: tuple[QuietTold, ...] = ()  # what keeps it quiet, and what would have, were it not so grave
    codes: tuple[str, ...] = ()  # of its countries
    talk: TalkShown | None = None
    place: EventMap | None = None
    waits: bool = False  # a correction is yet to be decided on

    @property
    def carried(self) -> frozenset[str]:
        """Which kinds of marks there are in its reports."""
        return frozenset(kind for report in self.reports for kind in report.carried)


def _reports(
    visit: Visit, session: Session, lines: Sequence[ReportLine], said: Mapping[int, AssessmentRow]
) -> list[ReportShown]:
    """Each with what is said of it, for the desk by whom, and with the words that carried it."""
    ids = [line.entry.id or 0 for line in lines]
    held = held_for(session, visit.reader, ids)
    readings = {number: reading_of(number, made, held.get(number), visit.telling) for number, made in said.items()}
    reasons = {number: made.reasons for number, made in said.items()}
    return reports_shown(lines, reasons, visit.telling, readings, of_entries(session, visit.reader, ids))


def _place(
    visit: Visit, session: Session, alert: Alert, lines: Sequence[ReportLine], made: Mapping[int, AssessmentRow]
) -> EventMap | None:
    if alert.source_id is not None:
        return None
    rows = ((line.entry, made.get(line.entry.id or 0)) for line in lines if line.entry.latest)
    spots = spots_of(rows, alert.countries, visit.telling)
    hits = alert.exposure if is_own(visit, alert) else []
    sites = sites_hit(session, visit.reader, hits)
    known = shapes(visit.house.settings)
    return event_map(known, spots, hits, sites, alert.level, alert.countries, visit.telling)


def _readers(visit: Visit, session: Session, alert: Alert, press: Pressing | None) -> Readers:
    """Of an alert of the reader's own organisation, whose people are behind its owners."""
    if not is_own(visit, alert):
        return Readers({}, (), {})
    people: dict[str, set[str]] = {}
    for person, owner in owners_of_people(session, alert.organisation_id).items():
        people.setdefault(owner, set()).add(person)
    for owner, holder in press.on_duty if press is not None else ():
        people.setdefault(owner, set()).update({holder} if holder else ())
    looks, answers = looks_at(session, visit.reader, alert), answers_to(session, visit.reader, alert)
    return Readers(looks, answers, {owner: frozenset(some) for owner, some in people.items()})


def _response(visit: Visit, session: Session, alert: Alert, owners: Sequence[str]) -> ResponseShown | None:
    found = read_response(session, visit.reader, alert)
    if found is None:
        return None
    may = frozenset(step.id or 0 for step in found[1] if may_step(visit.reader, step, owners))
    log = response_log(session, visit.reader, alert)
    return response_shown(*found, log, visit.telling, may=may)


def _plans(
    visit: Visit, alert: Alert, response: ResponseShown | None, owners: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    if alert.source_id is not None or alert.state not in LIVE or not may_act(visit.reader, owners):
        return ()
    plans = read_plans(visit.house.settings).plans
    return tuple((one.key, one.title.of(visit.lang)) for one in plans if response is None or one.key != response.plan)


def detail(visit: Visit, alert_id: int) -> Detail:
    """One alert with everything behind it; NotFound when it is not the reader's to see."""
    scope, telling = visit.reader, visit.telling
    with visit.house.store.read() as session:
        alert = get_alert(session, scope, alert_id)
        own, extras = is_own(visit, alert), beside(session, scope, [alert])
        owners = extras[alert.id or 0].owners
        held = quiet_now(session, [alert], scope.organisation_id, telling)
        (row,) = rows_with(visit, session, [alert], extras, held)
        quiet = (*held.values(), *(traces(session, alert, telling) if own else ()))
        lines = reports_of(session, scope, alert)
        shown = lines[:REPORTS]
        made = newest_said(session, scope, [line.entry.id or 0 for line in shown])
        reports = _reports(visit, session, shown, made)
        place = _place(visit, session, alert, shown, made)
        channels = {channel.id or 0: channel for channel in list_channels(session, scope)}
        duties = duties_shown(duties_of(session, scope, alert), telling)
        sent = notices_of(session, scope, alert)
        said = said_of(session, {notice.held_by for notice in sent}, scope.organisation_id)
        press = pressing(session, visit.house, scope, alert)
        pressed = pressing_shown(press, telling)
        receipts = receipts_shown(sent, channels, _readers(visit, session, alert, press), telling, said)
        log, others = history_of(session, scope, alert), audit_of(session, scope, alert)
        response = _response(visit, session, alert, owners)
        done = response.history if response is not None else ()
        talk = talk_shown(talk_about(session, scope, [alert_id], visit.now, TALK), telling, scope.actor)
    return Detail(
        row=row,
        changed_at=alert.changed_at,
        places=tuple(telling.country(code) for code in alert.countries),
        codes=tuple(alert.countries),
        subtypes=tuple(telling.words.subtype(key, telling.lang) for key in alert.subtypes),
        clause=alert.clause,
        guideline=alert.guideline,
        score=telling.words.number(alert.score, telling.lang),
        sharing=alert.sharing,
        event=alert.event_id if scope.home else 0,
        level_since=telling.surely(alert.level_since),
        acknowledged=telling.moment(alert.acknowledged_at),
        acknowledged_by=telling.actor(alert.acknowledged_by or "") if own else "",
        closed=telling.moment(alert.closed_at),
        closed_why=close_reason(alert.close_reason or "", telling),
        calmer=telling.moment(alert.calmer_since) if alert.level < 4 else None,
        reasons=tuple(reasons_of(alert, telling)),
        reports=tuple(reports),
        more_reports=max(0, len(lines) - REPORTS),
        may_correct=may_act(scope, owners),
        languages=len({report.language for report in reports if report.language}),
        duties=tuple(duties),
        pressing=pressed,
        receipts=receipts,
        may_send=allows(scope, Permission.DELIVERIES),
        audit=audit_shown([*log, *others], done, telling, home=scope.home),
        levels=level_history(log, alert, telling, own=own),
        exposure=hits_shown(alert.exposure, telling) if own else (),
        otherwise=_otherwise(alert, telling) if own else (),
        response=response,
        plans=_plans(visit, alert, response, owners),
        owners=tuple((key, telling.owner(key) or key) for key in telling.owners),
        done=flash(visit),
        quiet=quiet,
        talk=talk,
        place=place,
        waits=any(line.entry.stage == "assessed" for line in shown),
    )


def _otherwise(alert: Alert, telling: Telling) -> tuple[str, ...]:
    return tuple(shorten(clean(telling.words.reason_text(one, telling.lang)), 160) for one in alert.counterfactuals)
