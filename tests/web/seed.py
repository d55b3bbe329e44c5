"""A desk with something on it: stories put into a store by the same functions that the walk uses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, select

from ingest.entry import Sharing
from ingest.feed import Feed
from ingest.health import HEALTHY, Look, health_values, observe
from ingest.state import state_of
from rules.decision import Action, Decision, Duty
from rules.level import Level
from scoring.category import Category
from service.notify.channel import Answer
from service.notify.judge import judge_http
from service.record import Grounds, act, record_decision, share_standing
from service.record.audience import read_audience
from service.record.decision import live_alert
from service.store.engine import Store
from service.store.events import add_event, place, told_of
from service.store.rows import feed_of, reason_values
from service.store.rows import state_of as feed_state
from service.store.scope import Role
from service.store.sources import add_sources
from service.store.tables import (
    Alert,
    AssessmentRow,
    Attempt,
    Channel,
    EntryRow,
    Event,
    Notice,
    Organisation,
    Person,
    SourceRow,
    Subscription,
)
from tests.web.stories import SOURCES, STORIES, Story, Told

URL = "http://127.0.0.1:8000"


def seed(
    store: Store, now: datetime, stories: Iterable[Story] = STORIES, *, bare: bool = False, role: Role = Role.ADMIN
) -> int:
    """Fill a migrated store and answer the desk's number.

    `bare` leaves it without sources, channels, subscriptions and people; else there is one person of this role.
    """
    with store.write() as session:
        home = Organisation(key="home", name="Desk", home=True, clearance="TLP:RED", created_at=now)
        guest = Organisation(key="guest", name="Guest", clearance="TLP:GREEN", created_at=now)
        session.add_all([home, guest])
        session.flush()
        if bare:
            return home.id or 0
        add_sources(session, [_feed(line) for line in SOURCES], now)
        for row, line in zip(session.exec(select(SourceRow)).all(), SOURCES, strict=True):
            _health(row, line[6], line[7], now)
        _ways(session, home, guest, now)
        session.add(
            Person(organisation_id=home.id or 0, name="wang", password_hash="-", role=role.value, created_at=now)
        )
    for story in stories:
        add_story(store, home.id or 0, story, now)
    with store.write() as session:
        _guest_follows(session, guest, now)
    with store.write() as session:
        _sent(session, now)
    return home.id or 0


def _feed(line: tuple[str, str, str, str | None, str, str, int | None, str | None]) -> Feed:
    key, name, address, country, language, letter, *_ = line
    return Feed(key, name, address, country=country, language=language, reliability=letter, sharing=Sharing.GREEN)


def _health(row: SourceRow, answered: int | None, error: str | None, now: datetime) -> None:
    row.last_success_at = now - timedelta(minutes=answered) if answered is not None else None
    row.last_entry_at = row.last_success_at
    row.last_look_at = now - timedelta(minutes=1)
    row.error, row.failures = error, 4 if error else 0
    row.next_check_at = now + timedelta(minutes=11)
    _looked_at(row, now)


def _looked_at(row: SourceRow, now: datetime) -> None:
    """Four weeks of looks, different from source to source: one fell quiet, one moved, one repeats itself, one nobody
    looks at any more."""
    health, quiet = HEALTHY, row.key == "al-fanar"
    if quiet:
        row.last_entry_at = now - timedelta(hours=102)
    if row.key == "costa-diario":
        row.moved_to = "https://new.costa.example/feed.json"
    for hour in range(28 * 24 if row.last_success_at else 6, -1, -1):
        at = now - timedelta(hours=hour, minutes=1)
        if row.key == "river-post" and 200 < hour < 280:
            continue  # we were away ourselves
        # Counted back from now and not by the clock, so that what is learnt is the same at any time of day.
        day, of_day = divmod(hour, 24)
        brings = of_day % 3 == 0 and of_day < 16 and not (quiet and hour < 100)
        fails = row.last_success_at is None or (row.error is not None and hour < 7)
        fresh = 2 + day % 5 if brings else 0
        look = Look(
            at, "new" if brings else "unchanged", interval=3600, bytes=41_000, read=brings, items=30, fresh=fresh
        )
        look = replace(
            look,
            lag=420 + 60 * of_day,
            copies=20 if row.key == "yunfan" else 1,
            missing=int(brings and day % 4 == 0),
        )
        failed = Look(at, "failed", reason="unreachable" if row.last_success_at is None else "http 503", interval=3600)
        health = observe(health, failed if fails else look)
    row.health, row.state_since = health_values(health), now - timedelta(hours=5)
    if row.key == "quake-office":
        row.critical, row.next_check_at = True, now - timedelta(hours=3)
    row.state = state_of(feed_of(row), replace(feed_state(row), next_check=now), now).value


def _ways(session: Session, home: Organisation, guest: Organisation, now: datetime) -> None:
    for organisation, kind, name, owner in (
        (home, "feishu", "值班群 Duty room", "central-lead"),
        (home, "slack", "Africa desk", "africa-lead"),
        (home, "webhook", "Archive", None),
        (guest, "mail", "Guest inbox", None),
    ):
        address = "guest@example.org" if kind == "mail" else f"https://{kind}.example/hook/secret-path"
        session.add(
            Channel(
                organisation_id=organisation.id or 0,
                kind=kind,
                name=name,
                address=address,
                secret="s" if kind == "webhook" else None,
                owner=owner,
                created_at=now,
            )
        )
    session.flush()
    archive = session.exec(select(Channel).where(Channel.kind == "webhook")).one()
    session.add(
        Subscription(
            organisation_id=home.id or 0,
            name="非洲与拉美 · Africa and Latin America",
            countries=["NE", "CM", "PE", "AR"],
            categories=["security", "political"],
            least_level=3,
            channel_id=archive.id,
            feed_hint="wf_f1Xk",
            created_at=now,
        )
    )


def _guest_follows(session: Session, guest: Organisation, now: datetime) -> None:
    mailbox = session.exec(select(Channel).where(Channel.kind == "mail")).one()
    subscription = Subscription(
        organisation_id=guest.id or 0,
        name="Cameroon and Peru",
        countries=["CM", "PE"],
        categories=[],
        least_level=4,
        channel_id=mailbox.id,
        created_at=now,
    )
    session.add(subscription)
    session.flush()
    share_standing(session, subscription, now, URL)


def _sent(session: Session, now: datetime) -> None:
    """Most notices arrived, one waits, one is a dead letter."""
    for place_in_line, notice in enumerate(session.exec(select(Notice).where(Notice.state == "pending")).all()):
        if place_in_line % 7 == 3:
            notice.attempts, notice.not_before = 2, now + timedelta(minutes=4)
            notice.error = judge_http(Answer(502)).detail
        elif place_in_line % 7 == 5:
            notice.state, notice.attempts, notice.error = "dead", 8, judge_http(Answer(404)).detail
        else:
            notice.state, notice.attempts, notice.sent_at = "sent", 1, notice.created_at + timedelta(seconds=2)
        session.add(notice)
        for number in range(notice.attempts):
            good = notice.state == "sent"
            session.add(
                Attempt(
                    notice_id=notice.id,
                    at=notice.created_at + timedelta(seconds=2 + 60 * number),
                    ok=good,
                    status=200 if good else 502,
                    detail=judge_http(Answer(200 if good else 502)).detail,
                    milliseconds=140,
                )
            )


def add_story(store: Store, home: int, story: Story, now: datetime) -> int:
    """Put one story in and grade it as it says; answers the alert's number."""
    oldest = max(told.ago for told in story.told)
    with store.write() as session:
        event = _reported(session, story, now)
        if story.before is not None:
            opened = _decision(story, story.before, Action.OPEN, now - timedelta(minutes=oldest))
            record_decision(session, _grounds(session, home, event), opened, now - timedelta(minutes=oldest))
        newest = now - timedelta(minutes=min(told.ago for told in story.told))
        decision = _decision(story, story.level, story.action, newest)
        alert = record_decision(session, _grounds(session, home, event), decision, newest)
        assert alert is not None
        for step, reason in story.steps:
            act(session, alert, step, actor="wang", reason=reason, now=newest + timedelta(minutes=3), public_url=URL)
    return alert.id or 0


def _grounds(session: Session, home: int, event: Event) -> Grounds:
    number = event.id or 0
    return Grounds(
        event=event,
        told=tuple(told_of(session, number)),
        alert=live_alert(session, home, number),
        audience=read_audience(session, home),
        fresh=False,
        demo=True,
        public_url=URL,
    )


def _decision(story: Story, level: int, action: Action, at: datetime) -> Decision:
    by = at + timedelta(minutes=story.deadline)
    roles = ["accountable", *["support"] * len(story.owners)]
    return Decision(
        action=action,
        level=Level(level),
        score=story.score,
        clause=story.clause,
        guideline="2026.1",
        unconfirmed=story.unconfirmed,
        countries=story.countries,
        categories=tuple(Category(key) for key in story.categories),
        subtypes=story.subtypes,
        reasons=story.reasons,
        duties=tuple(Duty(owner, role, by, story.clause) for owner, role in zip(story.owners, roles, strict=False)),
    )


def _reported(session: Session, story: Story, now: datetime) -> Event:
    event: Event | None = None
    for number, told in enumerate(story.told):
        entry, assessment = _entry(session, story, told, number, now)
        event = event or add_event(session, entry, assessment)
        place(session, event, entry, assessment, told.source, fresh=number == 0)
    assert event is not None
    return event


def _entry(session: Session, story: Story, told: Told, number: int, now: datetime) -> tuple[EntryRow, AssessmentRow]:
    source = session.exec(select(SourceRow).where(SourceRow.key == told.source)).one()
    at = now - timedelta(minutes=told.ago)
    entry = EntryRow(
        source_id=source.id or 0,
        key=f"{story.clause}-{number}-{told.title[:20]}",
        raw_hash=f"{number:064d}",
        latest=told.latest,
        title=told.title,
        text=told.text,
        link=told.link,
        language=told.language[:20],
        published_at=at - timedelta(minutes=90 if number == 0 else 2),
        first_seen_at=at,
        date_quality="good",
        status=told.status,
        reliability=source.reliability,
        sharing=source.sharing,
        stage="graded",
    )
    session.add(entry)
    session.flush()
    concern = any(reason.kind == "concern" for reason in story.reasons)
    assessment = AssessmentRow(
        entry_id=entry.id or 0,
        model="seed",
        made_at=at,
        probabilities=dict.fromkeys(story.categories, 0.9),
        labels=list(story.categories),
        uncertain=[],
        subtypes=list(story.subtypes),
        countries=list(story.countries),
        severity=0.8,
        urgency=0.9,
        certainty=0.3 + number / 10,
        concern=concern,
        hedged=story.unconfirmed,
        denied=False,
        reasons=[reason_values(reason) for reason in story.reasons],
        vector=b"",
    )
    session.add(assessment)
    session.flush()
    return entry, assessment


def alert_called(store: Store, words: str) -> Alert:
    """The alert whose title holds these words."""
    with store.read() as session:
        return next(alert for alert in session.exec(select(Alert)).all() if words in alert.title)
