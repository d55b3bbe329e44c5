"""Sites and partners through the API: each organisation its own."""

from service.store.tables import Alert
from tests.api.test_channels import send
from tests.api.town import REASON, Town

CAMP = {"name": "Camp", "country": "NE", "points": [[13.5, 2.1]], "people": 40, "criticality": 3}


def test_sites_are_ones_own(here: Town) -> None:
    mine, theirs = here.key("manager"), here.key("manager", "north")
    made = send(here, mine, "POST", "sites", CAMP)
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    assert [one["name"] for one in send(here, mine, "GET", "sites").json()["items"]] == ["Camp"]
    assert send(here, theirs, "GET", "sites").json()["items"] == []
    assert send(here, theirs, "DELETE", f"sites/{number}").status_code == 404
    assert send(here, theirs, "PUT", f"sites/{number}", CAMP).status_code == 404
    assert send(here, here.key("viewer"), "POST", "sites", {**CAMP, "name": "B"}).status_code == 403
    assert send(here, mine, "POST", "sites", CAMP).status_code == 409
    near = send(here, mine, "GET", "sites/near?latitude=13.6&longitude=2.1&km=50").json()["items"]
    assert [(one["name"], one["km"]) for one in near] == [("Camp", 11.1)]
    assert send(here, mine, "PUT", f"sites/{number}", {**CAMP, "people": 41}).json()["people"] == 41
    assert send(here, mine, "GET", "sites/export").text.splitlines()[1].startswith("Camp,site,NE,13.5,2.1")
    assert send(here, mine, "DELETE", f"sites/{number}").status_code == 204


def test_a_file_with_a_fault_changes_nothing_and_tells_every_line(here: Town) -> None:
    key = here.key("manager")
    faulty = send(here, key, "POST", "partners/import", {"csv": "name,kind\nAcme Trading,own\nB,x\nX Y Z,z\n"})
    assert faulty.status_code == 422
    assert [one["name"] for one in faulty.json()["errors"]] == ["line 3", "line 4"]
    assert send(here, key, "GET", "partners").json()["items"] == []
    file = {"csv": "name,kind,spellings\nAcme Trading,own,阿克米; Акме\n"}
    dry = send(here, key, "POST", "partners/import", {**file, "dry_run": True})
    assert (dry.json()["added"], dry.json()["dry_run"]) == (1, True)
    assert send(here, key, "POST", "partners/import", file).json()["added"] == 1
    (one,) = send(here, key, "GET", "partners").json()["items"]
    assert (one["kind"], one["spellings"]) == ("own", ["阿克米", "Акме"])


def test_what_is_touched_is_told_to_the_alerts_own_organisation_only(here: Town) -> None:
    number = here.alert(to=("north",))
    with here.store.write() as session:
        alert = session.get_one(Alert, number)
        alert.exposure = [{"why": "near", "id": 1, "name": "Secret camp", "kind": "site", "km": 3.2, "weight": 0.5}]
        alert.counterfactuals = [{**REASON, "code": "counter.without.3", "value": "Quiet source"}]
        session.add(alert)
    mine = send(here, here.key("analyst"), "GET", f"alerts/{number}").json()
    assert [(hit["name"], hit["km"]) for hit in mine["exposure"]] == [("Secret camp", 3.2)]
    assert mine["counterfactuals"][0]["text"]["en"].startswith("Without Quiet source: level III")
    theirs = send(here, here.key("admin", "north"), "GET", f"alerts/{number}")
    assert theirs.json()["exposure"] == theirs.json()["counterfactuals"] == []
    listed = send(here, here.key("viewer", "north"), "GET", "alerts")
    for told in (theirs.text, listed.text):
        assert "Secret camp" not in told
        assert "Quiet source" not in told
