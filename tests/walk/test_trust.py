"""What is explained is the decision that was taken: same sites, routes, plan; and a route by site or organisation leads
its alert to its owner, step by step."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from rules.exposure import hit_values
from rules.guideline import default_guideline, default_text
from rules.parties import Party, relive
from service.app import build_walk
from service.auth.access import operator_scope
from service.desk.backtest import others_row, run_backtest
from service.desk.explain import explain_alert, explain_event, why_told
from service.desk.means import means_of, people_of
from service.desk.site_given import PartnerGiven, SiteGiven
from service.desk.sites import add_partner, add_site
from service.locale.catalogue import Catalogue
from service.pressing import escalate_due
from service.record.situated import situation_of
from service.store.backtest import stored_events
from service.store.engine import Store
from service.store.tables import Alert, AssessmentRow, Duty, LogLine, Organisation, Response, ResponseStep
from tests.walk.scene import COUP, Scene, Story, model, scene
from tests.walk.test_alarms import alarms, breaks, look, mends, watch
from tests.walk.test_exposure import BOMB

OWNERS = """
owners:
  - {key: central-lead, name: Central lead, central: true}
  - {key: camp-lead, name: Camp lead}
  - {key: camp-chief, name: Chief for the camp}
  - {key: sahel-lead, name: Sahel lead}
  - {key: client-desk, name: Desk for the client}
  - {key: security-adviser, name: Security adviser}
  - {key: government-affairs, name: Government affairs}
  - {key: legal-counsel, name: Legal counsel}
  - {key: finance-officer, name: Finance officer}
  - {key: communications, name: Communications}
routes:
  central: central-lead
  support: [security-adviser, government-affairs, legal-counsel, finance-officer, communications]
  routes:
    - name: Client
      when: {organisations: [client]}
      central: client-desk
      local: client-desk
    - name: Camp
      when: {sites: [CAMP Niamey]}
      central: camp-chief
      local: camp-lead
    - name: Sahel
      when: {countries: [NE, ML]}
      local: sahel-lead
"""
CAMP = SiteGiven("Camp Niamey", country="NE", points=((13.53, 2.1),), people=900, criticality=3)
CALMER = Story("calmer", "Niger: capital Niamey calm, shops open after attempted coup", "Traffic is normal again.")


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as found:
        file = tmp_path / "owners.yaml"
        file.write_text(OWNERS, encoding="utf-8")
        settings = found.house.settings.model_copy(update={"owners": file})
        object.__setattr__(found.house, "settings", settings)
        found.walk = build_walk(found.house, model)
        yield found


def accountable(session: Session, alert: Alert) -> list[str]:
    query = select(Duty.owner).where(Duty.alert_id == alert.id, Duty.role == "accountable")
    return list(session.exec(query).all())


def the_alert(session: Session, home: bool = True) -> Alert:
    query = select(Alert).join(Organisation, col(Organisation.id) == col(Alert.organisation_id))
    return session.exec(query.where(col(Organisation.home).is_(home))).one()


def test_a_route_by_site_leads_to_its_owner_to_the_last_step(play: Scene) -> None:
    with play.house.store.read() as session:
        eyes = operator_scope(session)
    add_site(play.house, eyes, CAMP)
    play.feed("wire", [BOMB])
    play.go()
    with play.house.store.read() as session:
        alert = the_alert(session)
        grave = alert.level <= 2
        assert accountable(session, alert) == ["camp-chief" if grave else "camp-lead"]
        response = session.exec(select(Response).where(Response.alert_id == alert.id)).one()
        owners = set(session.exec(select(ResponseStep.owner).where(ResponseStep.response_id == response.id)).all())
    assert response.central == "camp-chief"
    assert owners & {"camp-lead", "camp-chief"}
    assert not owners & {"sahel-lead", "central-lead"}
    play.pass_time(days=2)  # nobody answers: the line ends at the central owner of this very route
    while escalate_due(play.walk):
        play.pass_time(hours=1)
    with play.house.store.read() as session:
        told = session.exec(select(LogLine.detail).where(LogLine.action == "alert.escalate")).all()
    assert told
    assert "camp-chief" in str(told)


def test_without_the_site_the_country_answers(play: Scene) -> None:
    play.feed("wire", [BOMB])
    play.go()
    with play.house.store.read() as session:
        alert = the_alert(session)
        assert accountable(session, alert) == ["central-lead" if alert.level <= 2 else "sahel-lead"]


def test_a_route_by_organisation_is_followed_for_its_alerts_alone(play: Scene) -> None:
    for name in ("client", "stranger"):
        play.subscriber(name, ["NE"])
        with play.house.store.read() as session:
            eyes = operator_scope(session, name)
        add_site(play.house, eyes, SiteGiven(f"{name} works", country="NE", points=((13.5, 2.1),), criticality=3))
    play.feed("wire", [BOMB])
    play.go()
    with play.house.store.read() as session:
        keys = {one.id: one.key for one in session.exec(select(Organisation)).all()}
        found = {keys[one.organisation_id]: accountable(session, one) for one in session.exec(select(Alert)).all()}
    assert found["client"] == ["client-desk"]
    assert found["stranger"] == ["central-lead"]


def test_history_is_told_again_for_an_organisation_as_it_was(play: Scene) -> None:
    """A subscriber's own alert, from the database once more: same level, clause, score, sites and time of change."""
    play.subscriber("near", ["NE"])
    with play.house.store.read() as session:
        eyes = operator_scope(session, "near")
    add_site(play.house, eyes, CAMP)
    play.feed("wire", [BOMB])
    play.go()
    play.pass_time(hours=5)
    play.feed("post", [BOMB])
    play.go()
    store = play.house.store
    with store.read() as session:
        alert = the_alert(session, home=False)
        whose = session.get_one(Organisation, alert.organisation_id)
        means = means_of(play.house, session)
        party = Party(whose.id or 0, situation_of(session, None, whose, means), desk=False)
    ((_, heard),) = stored_events(store, [alert.event_id], words=True)
    told = [one for one in relive(heard, default_guideline(), party, play.at) if one.decision.action.value != "none"]
    last = told[-1].decision
    assert (last.level, last.clause, round(last.score, 1)) == (alert.level, alert.clause, alert.score)
    assert [dict(hit_values(hit)) for hit in last.exposure] == alert.exposure
    assert told[-1].at == alert.changed_at
    with store.read() as session:
        eyes = operator_scope(session)
    text = default_text().replace("most: 1.5", "most: 1")
    found = run_backtest(store, (default_text(), text), people_of(play.house), play.at - timedelta(days=9), play.at)
    assert others_row(found) == {
        "organisations": 1,
        "alerts": 1,
        "decisions": sum(one.decisions for one in found.others),
        "added": 0,
        "gone": 0,
        "raised": 0,
        "lowered": 1,
    }
    assert found.tally.kinds == {}


def _play_on(play: Scene) -> None:
    with play.house.store.read() as session:
        eyes = operator_scope(session)
    add_site(play.house, eyes, CAMP)
    add_partner(play.house, eyes, PartnerGiven("Sahel Mining Ltd", "own", ()))
    play.feed("wire", [BOMB, COUP])
    play.feed("post", [Story("raid", "Police raid offices of Sahel Mining in Bamako, Mali, over unpaid taxes", "")])
    play.go()
    play.pass_time(hours=5)
    play.feed("wire", [BOMB, COUP, CALMER], known=True)
    play.go()


def test_what_is_explained_is_what_was_decided(play: Scene) -> None:
    """For every alert: clause, score, level, owners with their deadlines, plan, what is touched and what if."""
    _play_on(play)
    with play.house.store.read() as session:
        alerts = session.exec(select(Alert)).all()
        eyes = operator_scope(session)
        duties = {
            one.id: [
                (d.owner, d.role, d.acknowledge_by)
                for d in session.exec(select(Duty).where(Duty.alert_id == one.id).order_by(col(Duty.id)))
            ]
            for one in alerts
        }
        plans = {one.alert_id: one.plan for one in session.exec(select(Response)).all()}
    assert len(alerts) >= 3
    for alert in alerts:
        found = explain_alert(play.house, eyes, alert.id or 0)
        made, told = found.explanation.decision, found.values()
        assert (made.level, made.clause, made.guideline) == (alert.level, alert.clause, alert.guideline)
        assert (round(made.score, 1), made.unconfirmed) == (alert.score, alert.unconfirmed)
        assert [(d.owner, d.role, d.acknowledge_by) for d in made.duties] == duties[alert.id]
        assert made.plan == plans[alert.id]
        assert told["exposure"]["hits"] == alert.exposure
        assert told["counterfactuals"] == alert.counterfactuals
        assert told["routes"][0] == "root"
        assert [one["id"] for one in told["clauses"] if one["verdict"] in ("cited", "held", "named")] == [alert.clause]
        assert explain_event(play.house, eyes, alert.event_id).values() == told


def test_a_level_that_is_only_held_is_told_as_held(play: Scene) -> None:
    play.feed("wire", [COUP])
    play.go()
    with play.house.store.write() as session:
        session.connection().execute(update(AssessmentRow).values(severity=0.3))
    with play.house.store.read() as session:
        alert, eyes = the_alert(session), operator_scope(session)
    found = explain_alert(play.house, eyes, alert.id or 0)
    (why,) = [one for one in found.explanation.clauses if one.clause.id == alert.clause]
    assert (why.verdict.value, why.level) == ("held", alert.level)
    assert why_told(why, Catalogue(), "en").startswith("holds the alert at level I")
    assert found.explanation.decision.action.value == "none"


def test_an_alarm_about_a_source_starts_its_plan_and_ends_it(play: Scene) -> None:
    watch(play)
    look(play)
    breaks(play)
    look(play, 2)
    with play.house.store.read() as session:
        (alarm,) = alarms(play)
        response = session.exec(select(Response).where(Response.alert_id == alarm.id)).one()
        steps = session.exec(select(ResponseStep).where(ResponseStep.response_id == response.id)).all()
    assert (response.plan, response.closed_at) == ("source-lost", None)
    assert {step.owner for step in steps} == {"central-lead"}
    assert next(step.key for step in steps) == "source-lost.how-many"
    mends(play)
    look(play, 2)
    with play.house.store.read() as session:
        assert session.get_one(Response, response.id).closed_at is not None
        lines = session.exec(select(LogLine.action).where(LogLine.subject_id == str(alarm.id))).all()
    assert lines == ["plan.start", "alert.open", "alert.resolve"]
