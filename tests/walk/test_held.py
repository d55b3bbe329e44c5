"""Over the whole walk: beyond the budget everything comes in a digest, and nothing is lost by a restart."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rules.guideline import default_guideline
from service.auth.access import operator_scope
from service.desk.silences import SilenceGiven, add_silence, end_silence
from service.record.digest import release_due
from service.store.engine import Store
from service.store.tables import Alert, Channel, Notice
from tests.ingest.webserver import Answer
from tests.walk.scene import COUP, Scene, Story, model, scene

NEWS = {
    "ZM": "Cholera outbreak in Lusaka, Zambia: health ministry confirms 40 cases",
    "PK": "Flood cuts the coast road near Karachi, Pakistan, and closes two bridges",
    "PE": "Nurses in Lima, Peru, begin a three-day strike over unpaid wages",
    "NG": "Armed robbers hold up a cash van in Lagos, Nigeria",
    "KZ": "Kazakhstan imposes an export ban on fuel for three months",
    "AR": "Argentina limits dollar purchases by importers from Monday",
    "ID": "Volcano in Indonesia erupts and closes the airport of Manado",
    "KE": "Court in Nairobi, Kenya, freezes the licence of a mining company",
}


@pytest.fixture
def playing(sqlite_store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(sqlite_store, tmp_path, model()) as one:
        given = default_guideline()
        tight = replace(given, restraint=replace(given.restraint, budget={"owner": 20, "subscription": 2}))
        object.__setattr__(one.walk, "guideline", lambda _session, _now: tight)
        yield one


def test_beyond_the_budget_a_digest_tells_the_rest(playing: Scene) -> None:
    stories = [Story(code.lower(), title, f"{title}. More is not known yet.") for code, title in NEWS.items()]
    playing.feed("wire", stories)
    playing.subscriber("follower", list(NEWS))
    playing.go()
    with playing.house.store.read() as session:
        calm = [alert.id for alert in session.exec(select(Alert)).all() if alert.level > 2]
    assert len(calm) > 3, "the guideline finds them worth an alert"
    told = playing.received("follower")
    assert Counter(body["type"] for body in told) == {"alert.open": 2}
    playing.pass_time(minutes=16)
    assert release_due(playing.walk.store, playing.walk.public_url, playing.at) == 1
    playing.go()
    *_, digest = playing.received("follower")
    assert (digest["type"], digest["total"]) == ("alert.digest", len(calm) - 2)
    named = {line["id"] for line in digest["alerts"]} | {body["alert"]["id"] for body in told}
    assert named == set(calm)
    with playing.house.store.read() as session:
        states = Counter(session.exec(select(Notice.state).where(Notice.subscription_id != None)).all())  # noqa: E711
    assert states == {"sent": 3, "digested": len(calm) - 2}


def test_a_silence_ends_with_a_digest_that_says_whose_it_was(playing: Scene) -> None:
    """The desk reads the author and the reason; a follower of another organisation only that there was a silence."""
    with playing.house.store.read() as session:
        desk = operator_scope(session)
    given = SilenceGiven(ends_at=playing.at + timedelta(hours=8), reason="site works", countries=("NE",))
    silence = add_silence(playing.house, desk, given)
    playing.subscriber("follower", ["NE"])
    playing.web.answers["/hook/owner"] = Answer(body=b"{}")
    title = "Niger raises customs duties on imported vehicles"
    playing.feed("wire", [Story("customs", title, f"{title} from next month.")])
    playing.feed("radio", [COUP])
    with playing.house.store.write() as session:
        for owner in owners_of(playing):
            session.add(hook_of(playing, owner))
    playing.go()
    grave = playing.received("follower")
    assert [body["alert"]["level"] <= 2 for body in grave] == [True], "the coup was told at once, and nothing else"
    playing.pass_time(hours=1)
    end_silence(playing.house, desk, silence.id or 0)
    assert release_due(playing.walk.store, playing.walk.public_url, playing.at) >= 2
    playing.go()
    digest = playing.received("follower")[-1]
    assert (digest["type"], digest["total"]) == ("alert.digest", 1)
    assert digest["alerts"][0]["held"] | {"since": ""} == {
        "for": "silence",
        "by": f"silence:{silence.id}",
        "said": None,
        "since": "",
        "notices": 1,
    }
    own = [body for body in playing.received("owner") if body["type"] == "alert.digest"]
    assert {line["held"]["said"] for body in own for line in body["alerts"]} == {"site works"}


def owners_of(playing: Scene) -> list[str]:
    return [owner.key for owner in playing.walk.owners]


def hook_of(playing: Scene, owner: str) -> Channel:
    """A webhook that reaches an owner."""
    return Channel(
        organisation_id=playing.walk.organisation_id,
        kind="webhook",
        name=owner,
        address=playing.web.url("/hook/owner"),
        language="en",
        owner=owner,
        created_at=playing.at,
    )
