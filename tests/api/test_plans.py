"""Plans and responses over the API: who sees them, who may act, and what is refused."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from service.auth.access import operator_scope
from service.desk.responses import act_on
from service.errors import Refused
from service.store.responses import response_of, steps_of
from service.store.scope import Role
from service.store.tables import Alert
from tests.api.town import START, Town
from tests.web.responding import respond_to


@dataclass(frozen=True)
class Caller:
    """Somebody with a key."""

    town: Town
    key: str

    def get(self, path: str) -> httpx.Response:
        """Ask for something."""
        return self._send("GET", path)

    def post(self, path: str, json: Any = None) -> httpx.Response:
        """Do something."""
        return self._send("POST", path, json)

    def _send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with self.town.client(self.key) as client:
                return await client.request(method, path, json=body)

        return asyncio.run(ask())


@pytest.fixture
def alert(here: Town) -> int:
    """A coup at level 1 whose plan is at work."""
    number = here.alert(level=1, owner="central-lead", to=("north",), categories=("political",))
    with here.store.write() as session:
        session.get_one(Alert, number).subtypes = ["coup"]
    respond_to(here.store, number, START)
    return number


def test_plans_are_listed_and_shown_to_the_desk_alone(here: Town) -> None:
    desk = Caller(here, here.key("viewer"))
    guest = Caller(here, here.key("viewer", "north"))
    listed = (desk.get("/api/v1/plans")).json()
    assert len(listed["items"]) > 50
    coup = (desk.get("/api/v1/plans/coup")).json()
    assert coup["title"] == {"zh": "政变或未遂政变", "en": "Coup or attempted coup"}
    assert coup["steps_at"] == {"1": 31, "2": 31}
    assert coup["steps"][0]["within"] == {"1": 1200, "2": 3600}
    assert (desk.get("/api/v1/plans/nothing")).status_code == 404
    assert (guest.get("/api/v1/plans")).status_code == 404


def test_the_response_is_the_desks_own(here: Town, alert: int) -> None:
    desk = Caller(here, here.key("viewer"))
    guest = Caller(here, here.key("admin", "north"))
    shown = (desk.get(f"/api/v1/alerts/{alert}/response")).json()
    assert (shown["plan"], shown["level"], shown["open"], shown["overdue"]) == ("coup", 1, 31, 0)
    assert shown["steps"][0]["key"] == "command.take"
    assert shown["history"][0]["action"] == "plan.start"
    assert (guest.get(f"/api/v1/alerts/{alert}")).status_code == 200
    assert (guest.get(f"/api/v1/alerts/{alert}/response")).status_code == 404
    history = (guest.get(f"/api/v1/alerts/{alert}")).json()["history"]
    assert all(line["action"].startswith("alert.") for line in history)


def test_acting_on_a_step(here: Town, alert: int) -> None:
    desk = Caller(here, here.key("analyst"))
    viewer = Caller(here, here.key("viewer"))
    step = (desk.get(f"/api/v1/alerts/{alert}/response")).json()["steps"][0]["id"]
    at = f"/api/v1/alerts/{alert}/response/steps/{step}"
    assert (viewer.post(f"{at}/start")).status_code == 403
    assert (desk.post(f"{at}/start")).json()["state"] == "doing"
    assert (desk.post(f"{at}/done")).status_code == 422
    assert (desk.post(f"{at}/done", json={"text": "x" * 1001})).status_code == 422
    done = (desk.post(f"{at}/done", json={"text": "Li, Wang, Okoro, Diallo"})).json()
    assert (done["state"], done["result"], done["changed_by"]) == ("done", "Li, Wang, Okoro, Diallo", "key:analyst")
    assert (desk.post(f"{at}/start")).status_code == 409
    assert (desk.post(f"{at}/vanish")).status_code == 422
    assert (desk.post(f"{at}/hand", json={"text": "nobody"})).status_code == 422
    assert (desk.post(f"/api/v1/alerts/{alert}/response/steps/999999/done")).status_code == 404
    second = (desk.get(f"/api/v1/alerts/{alert}/response")).json()["steps"][0]["id"]
    handed = desk.post(f"/api/v1/alerts/{alert}/response/steps/{second}/hand", json={"text": "legal-counsel"})
    assert handed.json()["owner"] == "legal-counsel"


def test_a_plan_beside_the_one_at_work(here: Town, alert: int) -> None:
    desk = Caller(here, here.key("analyst"))
    before = (desk.get(f"/api/v1/alerts/{alert}/response")).json()
    after = (desk.post(f"/api/v1/alerts/{alert}/response/plans", json={"plan": "evacuation"})).json()
    assert after["added"] == ["evacuation"]
    assert {step["key"] for step in before["steps"]} < {step["key"] for step in after["steps"]}
    assert any(step["key"] == "evacuate.carriers" for step in after["steps"])
    again = (desk.post(f"/api/v1/alerts/{alert}/response/plans", json={"plan": "evacuation"})).json()
    assert len(again["steps"]) == len(after["steps"])
    assert (desk.post(f"/api/v1/alerts/{alert}/response/plans", json={"plan": "no"})).status_code == 404


def test_closing_with_open_steps_asks_why(here: Town, alert: int) -> None:
    desk = Caller(here, here.key("analyst"))
    refused = desk.post(f"/api/v1/alerts/{alert}/resolve")
    assert refused.status_code == 422
    assert "31 steps" in refused.json()["detail"]
    closed = desk.post(f"/api/v1/alerts/{alert}/resolve", json={"reason": "Refuted."})
    assert closed.json()["state"] == "resolved"
    shown = (desk.get(f"/api/v1/alerts/{alert}/response")).json()
    assert shown["close_reason"] == "Refuted."
    step = shown["steps"][0]["id"]
    late = desk.post(f"/api/v1/alerts/{alert}/response/steps/{step}/done", json={"text": "x"})
    assert late.status_code == 409


def test_an_owner_acts_on_his_own_steps_only(here: Town, alert: int) -> None:
    with here.store.read() as session:
        whole = operator_scope(session)
        found = response_of(session, alert)
        assert found is not None
        steps = {step.key: step.id or 0 for step in steps_of(session, found)}
    scope = replace(whole, role=Role.OWNER, owner="finance-officer", actor="zhao")
    assert act_on(here.house, scope, alert, steps["cash.position"], "start").state == "doing"
    with pytest.raises(Refused):
        act_on(here.house, scope, alert, steps["movement.hold"], "start")
