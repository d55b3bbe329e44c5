"""The list and the one alert, read from the store for a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from rules.roster import Rosters
from service.auth.access import in_place_of, may_act
from service.desk.comments import talk_about
from service.desk.plans import read_plans
from service.desk.pressing import pressing
from service.desk.quiet_told import QuietTold
from service.desk.responses import may_step
from service.notify.text import clean, shorten
from service.record.act import STEPS
from service.record.answers import stands_for
from service.store.corrections import held_for
from service.store.held import said_of
from service.store.learning import newest_said
from service.store.pages import Page
from service.store.read_alerts import (
    LIVE,
    ReportLine,
    count_levels,
    duties_of,
    get_alert,
    history_of,
    notices_of,
    reports_of,
)
from service.store.read_rest import list_channels
from service.store.read_triage import Beside, beside, live_places
from service.store.responses import read_response, response_log
from service.store.rosters import NOTHING, load_rosters
from service.store.scope import Role
from service.store.tables import Alert
from service.store.translations import Made, of_entries, of_titles
from service.web.filters import Filters
from service.web.said import flash
from service.web.shown.detail import (
    DutyShown,
    HistoryShown,
    NoticeShown,
    ReasonLine,
    ReportShown,
    close_reason,
    duties_shown,
    history_shown,
    notices_shown,
    reasons_of,
    reports_shown,
)
from service.web.shown.pressing import PressingShown, pressing_shown
from service.web.shown.quiet import quiet_now, traces
from service.web.shown.reading import reading_of
from service.web.shown.response import ResponseShown, response_shown
from service.web.shown.row import AlertRow, Telling, row_of
from service.web.shown.site import HitShown, hits_shown
from service.web.shown.talk import TalkShown, talk_shown
from service.web.shown.times import Moment
from service.web.triage_aside import beside_rows, order_of
from service.web.visit import Visit

ROWS = 50
REPORTS = 60


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list pane shows. `countries` are those that can be asked for: code and name."""

    rows: tuple[AlertRow, ...]
    next: str | None
    counts: dict[int, int]
    total: int
    countries: tuple[tuple[str, str], ...]
    filters: Filters
    further: bool


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
    notices: tuple[NoticeShown, ...]
    history: tuple[HistoryShown, ...]
    exposure: tuple[HitShown, ...] = ()
    otherwise: tuple[str, ...] = ()
    response: ResponseShown | None = None
    plans: tuple[tuple[str, str], ...] = ()  # that could be put beside it: key and title
    owners: tuple[tuple[str, str], ...] = ()  # to whom a step can be handed: key and name
    done: str = ""
    quiet: tuple[QuietTold, ...] = ()  # what keeps it quiet, and what would have, were it not so grave
    codes: tuple[str, ...] = ()  # of its countries
    talk: TalkShown | None = None

    @property
    def carried(self) -> frozenset[str]:
        """Which kinds of marks there are in its reports."""
        return frozenset(kind for report in self.reports for kind in report.carried)


def listing(visit: Visit, filters: Filters, cursor: str | None) -> Listing:
    """One page of the list, with the counts that stand over it."""
    scope = visit.reader
    with visit.house.store.read() as session:
        page = order_of(filters)(session, scope, filters.wanted(visit.now), limit=ROWS, cursor=cursor)
        counts = count_levels(session, scope, visit.now)
        codes = [place.country for place in live_places(session, scope)]
        rows = _rows(visit, session, page)
    known = codes if filters.country is None or filters.country in codes else [filters.country, *codes]
    named = sorted(((code, visit.telling.country(code)) for code in known), key=lambda pair: pair[1])
    return Listing(rows, page.next, counts, sum(counts.values()), tuple(named), filters, cursor is not None)


def tally(visit: Visit, filters: Filters) -> Listing:
    """Only the counts that stand over a list."""
    with visit.house.store.read() as session:
        counts = count_levels(session, visit.reader, visit.now)
    return Listing((), None, counts, sum(counts.values()), (), filters, False)


def _rows(visit: Visit, session: Session, page: Page[Alert]) -> tuple[AlertRow, ...]:
    return tuple(shown_rows(visit, session, page.items))


def shown_rows(visit: Visit, session: Session, alerts: Sequence[Alert]) -> list[AlertRow]:
    """Alerts as rows of a list."""
    extras = beside(session, visit.reader, alerts)
    made = _titles(visit, session, alerts)
    rosters = _rosters(visit, session)
    quiet = quiet_now(session, alerts, visit.reader.organisation_id, visit.telling)
    rows = [
        _row(visit, rosters, alert, extras[alert.id or 0], made.get(alert.title), quiet.get(alert.id or 0))
        for alert in alerts
    ]
    return beside_rows(visit, session, alerts, rows)


def _titles(visit: Visit, session: Session, alerts: Sequence[Alert]) -> Mapping[str, Mapping[str, Made]]:
    """The translations of titles that came from outside; alarms about sources are said in the reader's language."""
    return of_titles(session, visit.reader, [alert.title for alert in alerts if alert.source_id is None])


def _rosters(visit: Visit, session: Session) -> Rosters:
    """By which the reader may stand for others; none are asked for where the reader's role says it all."""
    asked = visit.reader.home and visit.reader.role is Role.OWNER
    return load_rosters(session, visit.reader.organisation_id, visit.now) if asked else NOTHING


def _row(
    visit: Visit,
    rosters: Rosters,
    alert: Alert,
    extra: Beside,
    made: Mapping[str, Made] | None,
    quiet: QuietTold | None = None,
) -> AlertRow:
    steps = steps_for(visit, rosters, extra.owners, alert.organisation_id)
    return row_of(alert, extra, visit.telling, steps, made, own=is_own(visit, alert), quiet=quiet.text if quiet else "")


def steps_for(
    visit: Visit, rosters: Rosters, owners: Sequence[str], organisation_id: int | None = None
) -> tuple[str, ...]:
    """The steps that this reader may take on an alert of this organisation with these owners, their own or by the
    roster."""
    scope = visit.reader
    if not may_act(scope, owners, organisation_id):
        stood = (key for key in owners if stands_for(rosters, key, scope.actor))
        scope = in_place_of(scope, next(stood, None))
    return tuple(STEPS) if may_act(scope, owners, organisation_id) else ()


def one_row(visit: Visit, alert_id: int) -> AlertRow:
    """One alert as a row; NotFound when it is not the reader's to see."""
    with visit.house.store.read() as session:
        alert = get_alert(session, visit.reader, alert_id)
        return shown_rows(visit, session, [alert])[0]


def _reports(visit: Visit, session: Session, lines: Sequence[ReportLine]) -> list[ReportShown]:
    """Each with what is said of it, for the desk by whom, and with the words that carried it."""
    ids = [line.entry.id or 0 for line in lines]
    held, said = held_for(session, visit.reader, ids), newest_said(session, visit.reader, ids)
    readings = {number: reading_of(number, made, held.get(number), visit.telling) for number, made in said.items()}
    reasons = {number: made.reasons for number, made in said.items()}
    return reports_shown(lines, reasons, visit.telling, readings, of_entries(session, visit.reader, ids))


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
        extra = beside(session, scope, [alert])[alert.id or 0]
        held = quiet_now(session, [alert], scope.organisation_id, telling).get(alert.id or 0)
        titles = _titles(visit, session, [alert]).get(alert.title)
        row = _row(visit, _rosters(visit, session), alert, extra, titles, held)
        row = beside_rows(visit, session, [alert], [row])[0]
        quiet = (*((held,) if held else ()), *(traces(session, alert, telling) if is_own(visit, alert) else ()))
        lines = reports_of(session, scope, alert)
        reports = _reports(visit, session, lines[:REPORTS])
        channels = {channel.id or 0: channel for channel in list_channels(session, scope)}
        duties = duties_shown(duties_of(session, scope, alert), telling)
        sent = notices_of(session, scope, alert)
        said = said_of(session, {notice.held_by for notice in sent}, scope.organisation_id)
        notices = notices_shown(sent, channels, telling, said)
        pressed = pressing_shown(pressing(session, visit.house, scope, alert), telling)
        history = history_shown(history_of(session, scope, alert), telling)
        response = _response(visit, session, alert, extra.owners)
        talk = talk_shown(talk_about(session, scope, [alert_id], visit.now), telling, scope.actor)
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
        acknowledged_by=(alert.acknowledged_by or "") if is_own(visit, alert) else "",
        closed=telling.moment(alert.closed_at),
        closed_why=close_reason(alert.close_reason or "", telling),
        calmer=telling.moment(alert.calmer_since) if alert.level < 4 else None,
        reasons=tuple(reasons_of(alert, telling)),
        reports=tuple(reports),
        more_reports=max(0, len(lines) - REPORTS),
        may_correct=may_act(scope, extra.owners),
        languages=len({report.language for report in reports if report.language}),
        duties=tuple(duties),
        pressing=pressed,
        notices=tuple(notices),
        history=tuple(history),
        exposure=hits_shown(alert.exposure, telling) if is_own(visit, alert) else (),
        otherwise=_otherwise(alert, telling) if is_own(visit, alert) else (),
        response=response,
        plans=_plans(visit, alert, response, extra.owners),
        owners=tuple((key, telling.owner(key) or key) for key in telling.owners),
        done=flash(visit),
        quiet=quiet,
        talk=talk,
    )


def is_own(visit: Visit, alert: Alert) -> bool:
    """Whether an alert is of the reader's own organisation, so that they may know what of theirs it touches."""
    return alert.organisation_id == visit.reader.organisation_id


def _otherwise(alert: Alert, telling: Telling) -> tuple[str, ...]:
    return tuple(shorten(clean(telling.words.reason_text(one, telling.lang)), 160) for one in alert.counterfactuals)
