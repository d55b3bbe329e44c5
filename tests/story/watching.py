"""What an observer at the desk notes down while the story is played: what was heard, decided, told and done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service.store.tables import Alert, Channel, Duty, EntryRow, EventEntry, LogLine, Notice, SourceRow, Subscription
from tests.story.facts import piece_of
from tests.story.play import Stage


@dataclass(frozen=True, slots=True)
class Heard:
    """An entry that came in; `event` is the first entry of its event, "" where it belongs to none."""

    at: datetime
    event: str
    piece: str
    source: str
    reliability: str
    language: str
    title: str
    revision: int


@dataclass(frozen=True, slots=True)
class Stand:
    """An alert as it stood after a change."""

    level: int
    clause: str
    unconfirmed: bool
    sources: int
    countries: tuple[str, ...]
    reasons: tuple[Mapping[str, Any], ...]
    owners: tuple[str, ...]  # the accountable one first
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the log about an alert or its response, with who was told of it."""

    at: datetime
    event: str
    action: str
    actor: str
    detail: Mapping[str, Any]
    told: tuple[str, ...] = ()
    stand: Stand | None = None


@dataclass
class Notes:
    """Everything noted. Call it with the stage after each step of the play."""

    heard: list[Heard] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    events: dict[int, str] = field(default_factory=dict)  # event → its first entry
    _line: int = 0
    _entry: int = 0
    _notices: set[str] = field(default_factory=set)

    def __call__(self, stage: Stage) -> None:
        """Note down what is new."""
        with stage.house.store.read() as session:
            self.heard += self._heard(session, stage.at)
            told = self._told(session)
            self.done += self._done(session, stage.at, told)

    def of(self, event: str, *actions: str) -> list[Done]:
        """What was done about an event, in order."""
        return [one for one in self.done if one.event == event and one.action in actions]

    def members(self) -> dict[str, list[str]]:
        """First entry of an event → all its entries, each once."""
        found: dict[str, list[str]] = {}
        for one in self.heard:
            if one.event and one.piece not in found.setdefault(one.event, []):
                found[one.event].append(one.piece)
        return found

    def _heard(self, session: Session, at: datetime) -> Iterable[Heard]:
        query = (
            select(EntryRow, SourceRow, EventEntry.event_id)
            .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
            .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id), isouter=True)
            .where(col(EntryRow.id) > self._entry)
            .order_by(col(EntryRow.id))
        )
        for entry, source, event in session.exec(query).all():
            self._entry = entry.id or 0
            piece = piece_of(entry.key)
            first = self.events.setdefault(event, piece) if event is not None else ""
            language = entry.language or source.language or ""
            yield Heard(at, first, piece, source.name, source.reliability, language, entry.title, entry.revision)

    def _told(self, session: Session) -> dict[tuple[int, str, str], set[str]]:
        """Who was told, by alert, action and, for late steps, the owner."""
        found: dict[tuple[int, str, str], set[str]] = {}
        query = (
            select(Notice, Channel, Subscription)
            .join(Channel, col(Channel.id) == col(Notice.channel_id), isouter=True)
            .join(Subscription, col(Subscription.id) == col(Notice.subscription_id), isouter=True)
        )
        for notice, channel, subscription in session.exec(query).all():
            if notice.id in self._notices:
                continue
            self._notices.add(notice.id)
            name = channel.name if channel is not None else f"nobody for {notice.owner}"
            whom = f"{subscription.name} (subscriber)" if subscription is not None else name
            owner = (notice.owner or "") if notice.action == "overdue" else ""
            found.setdefault((notice.alert_id or 0, notice.action, owner), set()).add(whom)
        return found

    def _done(self, session: Session, at: datetime, told: dict[tuple[int, str, str], set[str]]) -> list[Done]:
        query = select(LogLine).where(col(LogLine.id) > self._line, col(LogLine.subject).in_(("alert", "response")))
        found = []
        for line in session.exec(query.order_by(col(LogLine.id))).all():
            self._line = line.id or 0
            alert = session.get_one(Alert, int(line.subject_id))
            late = line.action == "step.overdue"
            action, owner = ("overdue", line.detail["owner"]) if late else (line.action.split(".")[1], "")
            whom = tuple(sorted(told.get((alert.id or 0, action, owner), ())))
            stand = _stand(session, alert) if line.actor == "rules" and line.subject == "alert" else None
            event = self.events.get(alert.event_id, "?")
            found.append(Done(at, event, line.action, line.actor, line.detail, whom, stand))
        return found


def _stand(session: Session, alert: Alert) -> Stand:
    duties = session.exec(select(Duty).where(Duty.alert_id == alert.id).order_by(col(Duty.role), col(Duty.id))).all()
    return Stand(
        alert.level,
        alert.clause,
        alert.unconfirmed,
        alert.sources,
        tuple(alert.countries),
        tuple(alert.reasons),
        tuple(duty.owner for duty in duties),
        alert.acknowledge_by,
    )
