"""Situation reports through the API."""

from tests.api.test_channels import send
from tests.api.test_postures import GIVEN
from tests.api.town import Town


def test_a_report_is_sent_and_listed(here: Town) -> None:
    manager, viewer, analyst = here.key("manager"), here.key("viewer"), here.key("analyst")
    assert send(here, analyst, "POST", "postures/NE/reports", {"text": "all quiet"}).status_code == 404
    entered = send(here, manager, "POST", "postures", GIVEN).json()
    assert entered["reported_at"] is None
    assert send(here, viewer, "POST", "postures/NE/reports", {"text": "all quiet"}).status_code == 403
    for wrong in ({}, {"text": ""}, {"text": "all quiet", "more": 1}):
        assert send(here, analyst, "POST", "postures/NE/reports", wrong).status_code == 422
    made = send(here, analyst, "POST", "postures/NE/reports", {"text": "All quiet.\nConvoy at noon."})
    assert made.status_code == 201
    assert made.json()["due_at"] == entered["report_due_at"]
    assert send(here, viewer, "GET", "postures/NE/reports").json() == [made.json()]
    assert send(here, viewer, "GET", "postures/NE").json()["reported_at"] == made.json()["at"]
