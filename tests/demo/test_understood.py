"""The shipped model and guideline understand the story: each kind of piece gets about the level that it is told for."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from ingest.entry import Entry, Sharing
from ingest.parse import parse_document
from rules.decide import decide
from rules.decision import Decision
from rules.guideline import default_guideline
from rules.owners import default_owners
from rules.situation import Report, Situation
from scoring.assess import assess
from scoring.assessment import Assessment
from scoring.joint.joiner import Joiner
from scoring.joint.traits import traits
from scoring.joint.weights import load as load_joint
from scoring.model import load
from service.demo.feeds import edition
from service.demo.telling import Telling, in_print
from service.demo.world import load_world

WORLD = load_world()
TELLING = Telling("0a1b2c3d", datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
NOW = TELLING.moment(WORLD.length) + timedelta(seconds=5)


@cache
def understood() -> dict[str, tuple[Assessment, Decision]]:
    """Each piece as it stands at the end, assessed and decided upon by itself."""
    found = [(piece, entry) for outlet in WORLD.outlets for piece, entry in _entries(outlet)]
    assessed = assess([entry for _, entry in found], load(), NOW)
    return {piece: (made, _decision(piece, entry, made)) for (piece, entry), made in zip(found, assessed, strict=True)}


def _entries(outlet: str) -> list[tuple[str, Entry]]:
    known = WORLD.outlets[outlet]
    made = edition(known, TELLING, in_print(WORLD, TELLING, outlet, NOW), "http://127.0.0.1:8000")
    parsed = parse_document(made.body, base="http://127.0.0.1:8000/demo/feeds/x", now=NOW)
    return [
        ((item.link or "").rsplit("/", 1)[1], Entry(outlet, known.reliability, Sharing.CLEAR, NOW, item))
        for item in parsed.items
    ]


def _decision(piece: str, entry: Entry, made: Assessment) -> Decision:
    item = entry.item
    report = Report(piece, entry.source, entry.source, entry.reliability, item.status, item.published, NOW, made)
    return decide([report], Situation(None, default_owners()), default_guideline(), NOW)


@pytest.mark.parametrize("piece", sorted(piece.id for piece in WORLD.pieces if piece.id.startswith("coup-announced")))
def test_the_coup_is_red_in_every_language(piece: str) -> None:
    made, decision = understood()[piece]
    assert decision.level == 1
    assert decision.countries == ("CM",)
    assert "political" in made.labels


@pytest.mark.parametrize(
    ("piece", "country", "gravest", "calmest"),
    [
        ("coup-rumour", "CM", 2, 4),
        ("coup-advice", "CM", 1, 2),
        ("money-queue", "BO", 2, 4),
        ("money-decree", "BO", 1, 2),
        ("money-decree-es", "BO", 1, 3),
        ("money-decree-zh", "BO", 1, 3),
        ("listing-order", "KG", 2, 3),
        ("quake-alert", "PE", 1, 2),
        ("quake-toll", "PE", 1, 2),
        ("boycott-shops", "ID", 2, 4),
        ("wages-unpaid", "MW", 2, 4),
    ],
)
def test_each_story_has_its_weight(piece: str, country: str, gravest: int, calmest: int) -> None:
    decision = understood()[piece][1]
    assert decision.level is not None
    assert gravest <= decision.level <= calmest
    assert country in decision.countries


def test_what_is_denied_and_what_is_an_exercise_alert_nobody() -> None:
    for piece in ("rumour-blast", "rumour-denied", "exercise-tsunami", "calm_official-test"):
        assert understood()[piece][1].level is None
    assert understood()["rumour-denied"][0].denied
    assert understood()["coup-rumour"][0].hedged


def test_calm_news_stay_calm() -> None:
    calm = {piece: decision.level for piece, (_, decision) in understood().items() if piece.startswith("calm")}
    loud = {piece: level for piece, level in calm.items() if level is not None}
    assert len(loud) <= len(calm) // 20, loud
    assert not [level for level in loud.values() if level < 4], loud


def test_the_coup_is_one_event_in_every_language() -> None:
    """Told in the order of print, from the first rumour on, whatever else is told meanwhile: one event, one alert."""
    joint = load_joint()
    joiner = Joiner(joint)
    events: dict[str, str] = {}
    told = [(piece, entry) for outlet in WORLD.outlets for piece, entry in _entries(outlet)]
    for piece, entry in sorted(told, key=lambda pair: (pair[1].item.published or NOW, pair[0])):
        read = traits(entry, understood()[piece][0], joint.rarity, entry.item.published or NOW)
        match = joiner.find(read)
        events[piece] = match.event if match is not None else piece
        joiner.add(events[piece], read)
    coup = {piece for piece in events if "coup" in understood()[piece][0].subtypes}
    assert len(coup) > 10
    assert {events[piece] for piece in coup} == {"coup-rumour"}
    assert not [piece for piece, event in events.items() if event == "coup-rumour" and not piece.startswith("coup-")]
