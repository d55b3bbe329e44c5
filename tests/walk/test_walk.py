"""The whole walk on both databases: a real feed over HTTP becomes a graded alert in a subscriber's webhook."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

import service.pipeline
from service.store.engine import Store
from service.store.tables import Alert, AlertShare, Duty, EntryRow, Event, LogLine, Notice, SourceRow
from tests.walk.scene import CALM, COUP, Scene, Story, model, scene


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def alerts(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        return list(session.exec(select(Alert).order_by(col(Alert.id))).all())


def count(play: Scene, table: type) -> int:
    with play.house.store.read() as session:
        return len(session.exec(select(table)).all())


def test_a_coup_reaches_its_subscriber_and_no_other(play: Scene) -> None:
    play.feed("herald", [COUP, CALM])
    niger = play.subscriber("niger", ["NE"])
    play.subscriber("peru", ["PE"])
    play.go()
    (alert,) = alerts(play)
    assert alert.level <= 2
    assert alert.countries == ["NE"]
    assert "political" in alert.categories
    assert alert.clause
    assert alert.reasons
    assert alert.acknowledge_by is not None
    assert [card["alert"]["countries"] for card in play.received("niger")] == [["NE"]]
    assert play.received("peru") == []
    with play.house.store.read() as session:
        assert session.exec(select(AlertShare.organisation_id)).all() == [niger]
        duties = session.exec(select(Duty)).all()
        assert [duty.role for duty in duties].count("accountable") == 1


def test_a_second_pass_changes_nothing(play: Scene) -> None:
    play.feed("herald", [COUP, CALM])
    play.subscriber("niger", ["NE"])
    play.go()
    before = [count(play, table) for table in (EntryRow, Event, Alert, Notice, LogLine)]
    play.go()
    assert [count(play, table) for table in (EntryRow, Event, Alert, Notice, LogLine)] == before


def test_a_second_source_joins_the_event_and_an_edit_is_a_revision(play: Scene) -> None:
    play.feed("herald", [COUP], reliability="D")
    play.go()
    assert alerts(play)[0].unconfirmed
    play.feed(
        "tribune", [Story("n1", "Coup in Niger: army officers take power in Niamey, president held", COUP.text[:80])]
    )
    play.go()
    (alert,) = alerts(play)
    assert alert.sources == 2
    assert not alert.unconfirmed
    play.feed("herald", [replace(COUP, title=COUP.title + ", 12 people killed")], known=True)
    play.go()
    with play.house.store.read() as session:
        rows = session.exec(select(EntryRow).where(EntryRow.key == "coup").order_by(col(EntryRow.revision))).all()
    assert [row.revision for row in rows] == [1, 2]
    assert len(alerts(play)) == 1, "one event has one open alert"
    assert count(play, Event) == 1


def test_a_closed_alert_speaks_again_only_when_it_gets_graver(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    with play.house.store.write() as session:
        alert = session.exec(select(Alert)).one()
        alert.state, alert.closed_at, alert.level = "dismissed", play.at, 1
    play.feed("tribune", [replace(COUP, guid="again")])
    play.go()
    assert [one.state for one in alerts(play)] == ["dismissed"]


def test_a_dead_webhook_becomes_a_visible_dead_letter(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.subscriber("niger", ["NE"])
    play.web.answers.pop("/hook/niger")
    play.go()
    with play.house.store.read() as session:
        (notice,) = session.exec(select(Notice).where(col(Notice.subscription_id).is_not(None))).all()
    assert (notice.state, notice.attempts) == ("dead", 1)
    assert notice.error


def test_an_entry_that_breaks_a_stage_is_set_aside_and_the_others_go_on(
    play: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = service.pipeline.assess

    def brittle(entries, *rest):  # type: ignore[no-untyped-def]
        if any("tiles" in entry.item.title for entry in entries):
            raise ValueError("planted")
        return whole(entries, *rest)

    monkeypatch.setattr(service.pipeline, "assess", brittle)
    play.feed("herald", [COUP, CALM])
    for _ in range(6):
        play.go()
    with play.house.store.read() as session:
        stages = dict(session.exec(select(EntryRow.key, EntryRow.stage)).all())
        error = session.exec(select(EntryRow.error).where(EntryRow.key == "calm")).one()
    assert stages == {"coup": "decided", "calm": "failed"}
    assert "planted" in (error or "")


def test_what_joins_in_the_same_batch_marks_the_event_too(play: Scene) -> None:
    """Else a stricter report that came in with the first would be shown to all who may see the first."""
    play.feed("herald", [COUP])
    play.feed("tribune", [replace(COUP, guid="t", title="Coup in Niger: army officers take power in Niamey")])
    with play.house.store.write() as session:
        session.exec(select(SourceRow).where(SourceRow.key == "tribune")).one().sharing = "TLP:AMBER"
    play.go()
    with play.house.store.read() as session:
        (event,) = session.exec(select(Event)).all()
        (alert,) = session.exec(select(Alert)).all()
    assert (event.sharing, alert.sharing) == ("TLP:AMBER", "TLP:AMBER")
