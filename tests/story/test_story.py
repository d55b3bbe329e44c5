"""The story is told as a duty officer expects, on both databases, and reads as it read before."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from ingest.entry import Entry, Item, Sharing, Status
from rules.decide import decide
from rules.guideline import default_guideline
from rules.level import Level
from rules.owners import default_owners
from rules.situation import Report, Situation
from scoring.assess import assess
from scoring.assessment import Assessment
from service.store.engine import Store, open_store
from service.store.tables import Alert, Notice
from tests.story import expected
from tests.story.__main__ import GOLDEN
from tests.story.play import model, stage
from tests.story.telling import load_story, when
from tests.story.timeline import timeline
from tests.story.watching import Notes

STORY = load_story()
CHANGES = ("alert.open", "alert.raise", "alert.lower", "alert.confirm", "alert.withdraw")
NOW = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
PATIENT = pytest.mark.timeout(1500)


def played(store: Store, folder: Path) -> tuple[Notes, dict[str, tuple[str, int]]]:
    """What was noted, and for each event the state of its alert and its independent voices in the end."""
    notes = Notes()
    with stage(store, folder, STORY) as desk:
        desk.play(notes)
        with store.read() as session:
            ends = {notes.events[one.event_id]: (one.state, one.sources) for one in session.exec(select(Alert)).all()}
            unsent = session.exec(select(Notice.owner, Notice.error).where(Notice.state != "sent")).all()
            organisations = {one.organisation_id for one in session.exec(select(Alert)).all()}
    assert not unsent, "everybody who was to be told was told"
    assert len(organisations) == 1
    return notes, ends


def test_it_is_sixty_entries_in_six_languages() -> None:
    pieces = STORY.world.pieces
    assert len(pieces) == 60
    assert {piece.language for piece in pieces} == {"en", "zh", "fr", "es", "ar", "ru"}
    given = {f"{first.split('-')[0]}-{piece}" for first, those in expected.EVENTS.items() for piece in those}
    assert given | {f"calm-{piece}" for piece in expected.HARMLESS} == {piece.id for piece in pieces}


@PATIENT
def test_the_story_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "story.db")
    store = open_store(f"sqlite:///{tmp_path / 'story.db'}")
    notes, ends = played(store, tmp_path)
    store.dispose()
    check(notes, ends)
    told, kept = timeline(STORY, notes), GOLDEN.read_text(encoding="utf-8")
    assert told == kept, "look at the difference; `python -m tests.story --write` keeps what is told now"


@PATIENT
@pytest.mark.long
@pytest.mark.postgres
def test_the_story_on_postgresql(postgres_store: Store, tmp_path: Path) -> None:
    notes, ends = played(postgres_store, tmp_path)
    check(notes, ends)
    assert timeline(STORY, notes) == GOLDEN.read_text(encoding="utf-8")


def check(notes: Notes, ends: dict[str, tuple[str, int]]) -> None:
    """The facts."""
    check_events(notes)
    check_levels(notes)
    check_people(notes)
    check_work(notes)
    assert {first: state for first, (state, _) in ends.items()} == expected.ENDS
    assert {first: voices for first, (_, voices) in ends.items()} == expected.VOICES


def check_events(notes: Notes) -> None:
    """Which entries belong together, and that the harmless ones belong to nothing."""
    found = {first: {piece.split("-", 1)[1] for piece in those} for first, those in notes.members().items()}
    assert found == {first: set(those) for first, those in expected.EVENTS.items()}
    assert {one.piece for one in notes.heard if not one.event} == {f"calm-{piece}" for piece in expected.HARMLESS}
    assert len([one for one in notes.done if one.action == "alert.open"]) == len(expected.EVENTS)


def check_levels(notes: Notes) -> None:
    """How grave, since when, by which clause, whose, and by when to be answered."""
    for first, levels in expected.LEVELS.items():
        changes = [(one, one.stand) for one in notes.of(first, *CHANGES)]
        told = [(when(one.at), one.action[6:], s.level, s.clause, s.unconfirmed) for one, s in changes if s is not None]
        assert told == list(levels), first
        graver = [(one.stand, one) for one in notes.of(first, "alert.open", "alert.raise")]
        owners = [(s.level, s.owners[0], when(s.due)) for s, _ in graver if s is not None and s.due is not None]
        assert owners == list(expected.OWNERS[first]), first


def check_people(notes: Notes) -> None:
    """Who was told at once, and who was asked because nobody answered."""
    for first, names in expected.TOLD.items():
        (opened,) = notes.of(first, "alert.open")
        assert names <= set(opened.told), first
        asked = [(when(one.at), one.detail["rung"]) for one in notes.of(first, "alert.escalate")]
        assert asked == list(expected.ESCALATIONS.get(first, ())), first
    (lowered,) = notes.of("money-queue", "alert.lower")
    assert set(lowered.told) == {"rosa", "he.tao", "li.wei"}, "those who are let go hear that it is lower"
    pressed = {one.action for one in notes.done if one.actor == "escalation"}
    assert pressed == {"alert.escalate"}, "no acknowledgement expires while people are at work, and nothing lapses"
    copper = [one for one in notes.done if "Red Copper (subscriber)" in one.told]
    assert {one.event for one in copper} == {"quake-alert", "money-decree"}, "levels I and II of its countries"


def check_work(notes: Notes) -> None:
    """Which plan, and which of its steps were late."""
    for first, plans in expected.PLANS.items():
        begun = notes.of(first, "plan.start", "plan.change")
        assert [(when(one.at), one.detail["plan"], one.detail["level"]) for one in begun] == list(plans), first
        late = notes.of(first, "step.overdue")
        told = {(when(one.at), one.detail["step"], one.detail["owner"]) for one in late}
        assert told == set(expected.LATE.get(first, ())), first
        assert len(late) == len(told), f"each once: {first}"
    assert not [one for one in notes.done if one.action == "step.unanswered"]


# What a good duty officer would call wrong today. The first is no risk, the others are relief.
WRONG = [
    ("en", "Markets quiet as traders wait for holiday season", "Share prices in Tokyo and Sydney were little changed."),
    (
        "fr",
        "Cameroun, quatre jours après le coup d'État : les militaires au pouvoir lèvent le couvre-feu",
        "La vie reprend à Yaoundé, l'aéroport et les frontières rouvrent. Aucun incident n'a été signalé.",
    ),
    (
        "es",
        "Bolivia: los bancos de La Paz atienden con normalidad",
        "Los clientes compran divisas sin esperar, dijeron los cajeros.",
    ),
]


@pytest.mark.xfail(strict=True, reason="the model takes calm words about money and curfews for risks")
@pytest.mark.parametrize(("language", "title", "text"), WRONG, ids=["markets", "curfew-lifted", "banks-normal"])
def test_relief_and_calm_wake_nobody(language: str, title: str, text: str) -> None:
    report = Report("1", "herald", "herald", "B", Status.ACTUAL, NOW, NOW, understood(language, title, text))
    decision = decide([report], Situation(None, default_owners()), default_guideline(), NOW)
    assert decision.level is None or (language != "en" and decision.level is Level.BLUE)


@pytest.mark.xfail(strict=True, reason="the dead outweigh the coup, so that it becomes an event of its own")
def test_a_coup_told_with_its_dead_is_still_a_coup() -> None:
    title = (
        "Corrected - coup in Cameroon: officers who seized power say 24 people died, not 41, president still detained"
    )
    text = "Two hospitals had counted the same victims. The soldiers gave a toll of 24 dead in the fighting in Yaounde."
    assert "coup" in understood("en", title, text).subtypes


def understood(language: str, title: str, text: str) -> Assessment:
    """What the shipped model makes of one report of a usually reliable source."""
    item = Item(key="1", raw_hash="1", title=title, text=text, language=language, published=NOW)
    return assess([Entry("herald", "B", Sharing.CLEAR, NOW, item)], model(), NOW)[0]
