"""The same event has a level of its own for whom it touches, and everybody is told once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from service.auth.access import operator_scope
from service.desk.alerts import act_on
from service.desk.site_given import PartnerGiven, SiteGiven
from service.desk.sites import add_partner, add_site
from service.errors import NotFound
from service.pipeline import recheck_due
from service.store.engine import Store
from service.store.read_alerts import AlertFilter, get_alert, list_alerts
from service.store.scope import Scope
from service.store.tables import Alert, AssessmentRow
from tests.walk.scene import Scene, Story, model, scene

BOMB = Story(
    "bomb",
    "Bomb explodes at a market in Niamey, Niger; three killed",
    "A bomb exploded at a market in Niamey on Tuesday, killing three people, the police said.",
)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as found:
        yield found


def eyes(play: Scene, organisation: str | None = None) -> Scope:
    with play.house.store.read() as session:
        return operator_scope(session, organisation)


def alerts(play: Scene, organisation: str | None = None) -> list[Alert]:
    scope = eyes(play, organisation)
    with play.house.store.read() as session:
        return list_alerts(session, scope, AlertFilter()).items


def test_each_organisation_has_the_level_that_its_own_sites_give(play: Scene) -> None:
    for name in ("near", "far"):
        play.subscriber(name, ["NE"])
    camp = SiteGiven("Camp", country="NE", points=((13.53, 2.1),), people=900, criticality=3)
    add_site(play.house, eyes(play, "near"), camp)
    play.feed("wire", [BOMB])
    play.go()
    (desk,), (near,), (far,) = alerts(play), alerts(play, "near"), alerts(play, "far")
    assert near.level < desk.level
    assert (far.id, far.level, far.exposure) == (desk.id, desk.level, [])
    assert near.id != desk.id
    (hit,) = near.exposure
    assert (hit["name"], hit["why"], hit["people"]) == ("Camp", "near", 900)
    assert hit["km"] < 10
    assert {one["code"] for one in near.counterfactuals} >= {f"counter.untouched.{desk.level}"}


def test_everybody_is_told_once_and_nobody_of_anothers_sites(play: Scene) -> None:
    for name in ("near", "far"):
        play.subscriber(name, ["NE"])
    add_site(play.house, eyes(play, "near"), SiteGiven("Camp", country="NE", points=((13.53, 2.1),), criticality=3))
    play.feed("wire", [BOMB])
    play.go()
    play.go()
    assert [len(play.received(name)) for name in ("near", "far")] == [1, 1]
    assert "Camp" in str(play.received("near"))
    assert "Camp" not in str(play.received("far"))
    (near,) = alerts(play, "near")
    for stranger in (eyes(play), eyes(play, "far")):
        with play.house.store.read() as session, pytest.raises(NotFound):
            get_alert(session, stranger, near.id or 0)


def test_the_organisation_acts_on_its_own_alert(play: Scene) -> None:
    play.subscriber("near", ["NE"])
    add_site(play.house, eyes(play, "near"), SiteGiven("Camp", country="NE", points=((13.53, 2.1),), criticality=3))
    play.feed("wire", [BOMB])
    play.go()
    (near,), (desk,) = alerts(play, "near"), alerts(play)
    assert act_on(play.house, eyes(play, "near"), near.id or 0, "acknowledge").state == "acknowledged"
    assert desk.state == "open"
    play.pass_time(hours=1)
    assert recheck_due(play.walk) == 0


def test_places_are_kept_and_read_back(play: Scene) -> None:
    play.feed("wire", [BOMB])
    play.go()
    with play.house.store.read() as session:
        (made,) = session.exec(select(AssessmentRow)).all()
    (place,) = made.places
    assert (place["country"], place["town"]) == ("NE", True)
    assert abs(place["point"][0] - 13.5) < 0.2


def test_own_company_in_a_title_is_a_direct_hit_for_the_desk(play: Scene) -> None:
    add_partner(play.house, eyes(play), PartnerGiven("Sahel Mining Ltd", "own", ("萨赫勒矿业",)))
    story = Story("raid", "Police raid offices of Sahel Mining in Niamey, Niger, over unpaid taxes", "")
    play.feed("wire", [story])
    play.go()
    (alert,) = alerts(play)
    assert alert.exposure[0]["words"] == "Sahel Mining"
    assert alert.level <= 3
