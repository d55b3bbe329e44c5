"""The system through the API: for the desk, unknown as unknown."""

from datetime import timedelta

from service.store.failures import Failure, keep_failures
from tests.api.test_channels import send
from tests.api.town import ROLES, Town


def test_every_line_with_its_figures(here: Town) -> None:
    for role in ROLES:
        told = send(here, here.key(role), "GET", "system").json()
        lines = {line["key"]: line for line in told["lines"]}
        assert (lines["database"]["state"], lines["work"]["state"]) == ("well", "unknown")
        assert lines["disk"]["values"]["total"] > 0
        assert told["state"] in ("unknown", "broken")
    curves = {one["key"]: one for one in send(here, here.key("viewer"), "GET", "system/history").json()}
    assert curves["outbox"]["values"] == [None] * 48
    assert (curves["outbox"]["step_s"], curves["outbox"]["now"]) == (1800, None)


def test_it_is_for_the_desk(here: Town) -> None:
    for path in ("system", "system/history"):
        assert send(here, here.key("admin", "north"), "GET", path).status_code == 403
        assert send(here, "", "GET", path).status_code == 401
        assert send(here, here.key("viewer"), "GET", f"{path}?x=1").status_code == 422


def test_what_failed_with_when_and_why(here: Town) -> None:
    assert send(here, here.key("viewer"), "GET", "system").json()["failures"] == []
    with here.store.write() as session:
        for minutes, work in ((3, "collect"), (1, "deliver"), (2, "collect")):
            keep_failures(session, [Failure(work, "one", here.at - timedelta(minutes=minutes), 0.5, f"{minutes}")])
    told = send(here, here.key("viewer"), "GET", "system").json()["failures"]
    assert [(one["work"], one["error"]) for one in told] == [("deliver", "1"), ("collect", "2"), ("collect", "3")]
    assert told[0] == {"at": "2026-03-01T11:59:00Z", "work": "deliver", "worker": "one", "took": 0.5, "error": "1"}
