"""An alert with everything that it rests on and everything that was done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ingest.entry import Status
from service.locale.gloss import glossed
from service.notify.digest import because
from service.notify.text import clean, safe_link, shorten
from service.store.read_alerts import ReportLine
from service.store.tables import Alert, Channel, Duty, LogLine, Notice
from service.store.translations import Made
from service.web.shown.carried import carried
from service.web.shown.outside import EXCERPT, language_name, outside
from service.web.shown.reading import Reading
from service.web.shown.row import Telling, titled
from service.web.shown.times import Moment, told_apart
from service.web.shown.translated import Translated, translated

LONGEST = 3000
REASON = 200
RECKONED = "grade."


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason: `machine` is what was read out of reports, the rest is how the guideline reckoned."""

    text: str
    machine: bool


@dataclass(frozen=True, slots=True)
class ReportShown:
    """One report. `title` and the texts are HTML with the words that counted marked."""

    title: Markup
    gloss: str
    translated: Translated | None
    start: Markup
    rest: Markup
    lang: str | None
    dir: str
    language: str
    source: str
    letter: str
    link: str | None
    host: str
    published: Moment | None
    seen: Moment
    occurred: Moment | None
    apart: bool
    superseded: bool
    revision: int
    copy: bool
    status: str
    reading: Reading | None
    carried: tuple[str, ...] = ()  # kinds of marks in it


@dataclass(frozen=True, slots=True)
class HistoryShown:
    """One thing that was done, by whom and when."""

    at: Moment
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class DutyShown:
    """Who must act, and until when."""

    owner: str
    role: str
    by: Moment


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """One message that was sent, or is to be."""

    id: str
    whom: str
    channel: str
    action: str
    state: str
    state_name: str
    at: Moment
    error: str
    held: str = ""  # what holds it, or held it
    until: Moment | None = None  # when it is told at the latest
    told_in: str | None = None


def reasons_of(alert: Alert, telling: Telling) -> list[ReasonLine]:
    """Every reason, those of the reports first."""
    lines = [
        ReasonLine(
            shorten(clean(telling.words.reason_text(reason, telling.lang)), REASON),
            not str(reason.get("code", "")).startswith(RECKONED),
        )
        for reason in alert.reasons
    ]
    return list(dict.fromkeys(sorted(lines, key=lambda line: not line.machine)))


def reports_shown(
    lines: Sequence[ReportLine],
    reasons: Mapping[int, Sequence[Mapping[str, Any]]],
    telling: Telling,
    readings: Mapping[int, Reading],
    made: Mapping[int, Mapping[str, Made]],
) -> list[ReportShown]:
    """The reports, newest first as they came; what is said of each, why, and translations, go by the entry's number."""
    first = {line.origin: line.source.key for line in reversed(lines)}
    return [
        _report(
            line,
            reasons.get(line.entry.id or 0, ()),
            telling,
            readings.get(line.entry.id or 0),
            made.get(line.entry.id or 0),
            copied=first[line.origin] != line.source.key,
        )
        for line in lines
    ]


def _report(
    line: ReportLine,
    reasons: Sequence[Mapping[str, Any]],
    telling: Telling,
    reading: Reading | None,
    made: Mapping[str, Made] | None,
    *,
    copied: bool,
) -> ReportShown:
    entry = line.entry
    title = titled(entry.title, entry.language, telling)
    text = outside(entry.text, entry.language, LONGEST).text
    cut = _cut(text)
    link, shown = safe_link(entry.link), carried(title.text, text, cut, reasons, telling)
    return ReportShown(
        title=shown.title,
        gloss=_gloss(line, telling),
        translated=translated(made, entry.title, entry.language, telling.words, telling.lang),
        start=shown.start,
        rest=shown.rest,
        lang=title.lang,
        dir=title.dir,
        language=language_name(title, telling.words, telling.lang),
        source=outside(telling.source(line.source.name), None).text,
        letter=entry.reliability,
        link=link,
        host=link.split("/")[2] if link else "",
        published=telling.moment(entry.published_at),
        seen=telling.surely(entry.first_seen_at),
        occurred=telling.moment(entry.occurred_at),
        apart=told_apart(entry.published_at, entry.first_seen_at),
        superseded=not entry.latest,
        revision=entry.revision,
        copy=copied,
        status="" if entry.status == Status.ACTUAL else telling.say(f"web.status.{entry.status}"),
        reading=reading,
        carried=shown.kinds,
    )


def _gloss(line: ReportLine, telling: Telling) -> str:
    held: dict[str, Any] = {"labels": line.labels, "subtypes": line.subtypes, "countries": line.countries}
    return clean(glossed(telling.words, telling.lang, line.entry.title, line.entry.language, **held))


def _cut(text: str) -> int:
    """Where the excerpt ends: at a blank if there is one near, so that no word is broken."""
    if len(text) <= EXCERPT:
        return len(text)
    blank = text.rfind(" ", EXCERPT - 60, EXCERPT)
    return blank if blank > 0 else EXCERPT


def history_line(line: LogLine, telling: Telling) -> HistoryShown:
    """What was done, by whom and why, as a line of the log says it."""
    level, before = line.detail.get("level"), line.detail.get("before")
    key = f"web.history.{line.action.replace('.', '_')}"
    if line.action in ("alert.raise", "alert.lower") and before:
        key += "_from"
    what = telling.say(
        key,
        level=_level(level, telling),
        before=_level(before, telling),
        clause=clean(line.detail.get("clause")),
        owner=telling.owner(line.detail.get("owner")) or "",
        until=telling.words.moment(line.detail.get("until") or "", telling.lang, telling.zone),
        due=telling.words.moment(line.detail.get("due") or "", telling.lang, telling.zone),
        count=len(line.detail.get("entries") or ()),
    )
    return HistoryShown(
        telling.surely(line.at),
        telling.actor(line.actor),
        what if telling.words.has(key) else clean(line.action),
        close_reason(str(line.detail.get("reason") or ""), telling),
    )


def _level(level: Any, telling: Telling) -> str:
    return telling.words.level_within(level, telling.lang) if level in (1, 2, 3, 4) else ""


def close_reason(reason: str, telling: Telling) -> str:
    """Why an alert was closed: `duplicate: of alert 7` is a reason of ours with a word of somebody's."""
    key, _, more = reason.partition(":")
    known = f"web.dismiss.{key.strip()}"
    if not telling.words.has(known):
        return shorten(clean(reason), 300)
    said = telling.say(known)
    return shorten(f"{said}{telling.say('notify.colon')}{clean(more)}" if more.strip() else said, 300)


def duties_shown(duties: Sequence[Duty], telling: Telling) -> list[DutyShown]:
    """Who must act, the accountable one first."""
    ordered = sorted(duties, key=lambda duty: duty.role != "accountable")
    return [
        DutyShown(
            telling.owner(duty.owner) or "", telling.say(f"web.role.{duty.role}"), telling.surely(duty.acknowledge_by)
        )
        for duty in ordered
    ]


def notice_shown(notice: Notice, channel: Channel | None, telling: Telling, said: str = "") -> NoticeShown:
    """One message with the channel that carries it; `said` is whose silence holds it and why."""
    to = notice.payload.get("subscription") or telling.owner(notice.owner) or ""
    where = telling.say(f"web.channel.{channel.kind}") if channel is not None else telling.say("web.channel.none")
    key = f"notify.action.{notice.action}"
    return NoticeShown(
        id=notice.id,
        whom=shorten(clean(str(to)), 80),
        channel=f"{where} · {shorten(clean(channel.name), 60)}" if channel is not None else where,
        action=telling.say(key) if telling.words.has(key) else clean(notice.action),
        state=notice.state,
        state_name=telling.say(f"web.delivery.{notice.state}"),
        at=telling.surely(notice.sent_at or notice.created_at),
        error=_trouble(notice, telling),
        held=because(notice.held_for, notice.held_by or "", telling.words, telling.lang, said)
        if notice.held_for
        else "",
        until=telling.moment(notice.release_at) if notice.state == "held" else None,
        told_in=notice.told_in,
    )


def _trouble(notice: Notice, telling: Telling) -> str:
    if notice.state in ("sent", "held", "digested", "superseded"):
        return ""
    if notice.channel_id is None:
        return telling.say("web.deliveries.no_channel", owner=telling.owner(notice.owner) or "")
    return shorten(clean(notice.error), 300)
