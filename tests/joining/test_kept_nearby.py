"""The kept index of open events equals one made anew, whatever was written, by whom, or rolled back."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from sqlmodel import Session, select

from scoring.joint.weights import load
from service.record.kept_nearby import kept_nearby
from service.record.nearby import Nearby
from service.store.engine import Store
from service.store.open_events import open_events
from service.store.tables import AssessmentRow, Event, EventCountry

NOW = datetime(2026, 3, 4, tzinfo=UTC)
LANDS = ("NE", "ML", "KE", "")
SIZE = load().axes.shape[0]


def vector(seed: int) -> bytes:
    plain = np.random.default_rng(seed).normal(size=SIZE)
    return (plain / np.linalg.norm(plain)).astype(np.float16).tobytes()


def begin(session: Session, seed: int, ago: float = 1) -> Event:
    land = LANDS[seed % len(LANDS)]
    at = NOW - timedelta(hours=ago)
    event = Event(
        title="T", countries=[land] if land else [], categories=[], subtypes=["coup"] if seed % 2 else [],
        sharing="TLP:CLEAR", opened_at=at, last_at=at, vector=vector(seed),
    )  # fmt: skip
    session.add(event)
    session.flush()
    if land:
        session.add(EventCountry(event_id=event.id or 0, country=land))
    return event


def asked(seed: int) -> AssessmentRow:
    return AssessmentRow(
        entry_id=1, model="m", made_at=NOW, probabilities={}, labels=[], uncertain=[], subtypes=[],
        countries=[LANDS[seed % 3]] if seed % 5 else [], reasons=[], severity=0, urgency=0, certainty=0, concern=False,
        hedged=False, denied=False, vector=vector(seed),
    )  # fmt: skip


def same(session: Session, kept: Nearby) -> None:
    fresh = Nearby(open_events(session, None, {NOW}), load().axes)
    for seed in range(30):
        assert kept.find(asked(seed), NOW) == fresh.find(asked(seed), NOW)
    for key in ("NE", "ML", "KE", "NE/coup", "ML/coup", "KE/coup"):
        assert kept.crowd.share([key]) == fresh.crowd.share([key])


def test_it_follows_what_is_written(store: Store) -> None:
    draw = Random(7)
    for seed in range(6):
        with store.write() as session:
            same(session, kept_nearby(session, NOW))
            for number in range(8):
                begin(session, 10 * seed + number, draw.uniform(0, 100))
        with store.write() as session:  # another process: it tells the index nothing
            for event in session.exec(select(Event)).all():
                if draw.random() < 0.3:
                    event.last_at, event.vector = (
                        NOW - timedelta(hours=draw.uniform(0, 100)),
                        vector(draw.randrange(10**9)),
                    )
                    event.countries = [draw.choice(LANDS[:3])]
                    session.add(event)
        with store.write() as session:
            same(session, kept_nearby(session, NOW))


def test_what_is_rolled_back_is_forgotten(store: Store) -> None:
    with store.write() as session:
        for number in range(9):
            begin(session, number)
    with store.write() as session:
        kept_nearby(session, NOW)
    with pytest.raises(RuntimeError), store.write() as session:  # noqa: PT012 - what fails is the whole transaction
        nearby = kept_nearby(session, NOW)
        for number in range(20, 26):
            nearby.put(begin(session, number))
        raise RuntimeError
    with store.write() as session:
        same(session, kept_nearby(session, NOW))


def test_what_was_put_is_read_again(store: Store) -> None:
    with store.write() as session:
        nearby = kept_nearby(session, NOW)
        event = begin(session, 3)
        nearby.put(event)
        event.vector = vector(77)
        session.add(event)
    with store.write() as session:
        same(session, kept_nearby(session, NOW))
