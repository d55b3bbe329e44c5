"""Reports by API: what becomes of them, who sees them, how files come in and go out, and what is refused."""

import asyncio
import base64
from typing import Any

import httpx
import pytest
from sqlmodel import select

from service.store.tables import Attachment, EntryRow, FieldReport, LogLine, Organisation, SourceRow
from tests.api.town import Town

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SAID = {
    "subject": "Shots near the camp",
    "text": "Six armed men fired at the gate. Nobody was hurt.",
    "country": "喀麦隆",
    "place": "Yagoua 10.3414, 15.2350",
    "occurred_at": "2026-03-01 10:15",
    "category": "security",
}


def ask(town: Town, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    async def go() -> httpx.Response:
        async with town.client(token) as client:
            return await client.request(method, f"/api/v1/{path}", **more)

    return asyncio.run(go())


def file(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def test_a_report_becomes_an_entry(here: Town) -> None:
    key = here.key("owner")
    made = ask(
        here, key, "POST", "reports", json={**SAID, "sharing": "TLP:RED", "attachments": [file("gate.png", PNG)]}
    )
    assert made.status_code == 201, made.text
    shape = made.json()
    assert (shape["state"], shape["sharing"], shape["channel"]) == ("accepted", "TLP:RED", "api")
    with here.store.read() as session:
        entry = session.get_one(EntryRow, shape["entry_id"])
        source = session.get_one(SourceRow, entry.source_id)
        line = session.exec(select(LogLine).where(LogLine.action == "report.file")).one()
    assert (entry.title, entry.countries, entry.stage) == (SAID["subject"], ["CM"], "new")
    assert (entry.latitude, entry.longitude) == (10.3414, 15.235)
    assert entry.occurred_at is not None
    assert entry.occurred_at.isoformat() == "2026-03-01T09:15:00+00:00", "local time of the country"
    assert entry.extra == {"report_category": "security"}
    assert (source.kind, source.active, source.address[:7], entry.reliability) == ("report", False, "report:", "C")
    assert (line.actor, line.subject_id, line.detail["entry"]) == ("key:owner", str(shape["id"]), entry.id)
    whole = ask(here, key, "GET", f"reports/{shape['id']}").json()
    assert (whole["text"], whole["place"], whole["sender"]) == (SAID["text"], SAID["place"], "key:owner")
    found = whole["attachments"][0]
    got = ask(here, key, "GET", f"reports/{shape['id']}/attachments/{found['id']}")
    assert got.content == PNG
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"].startswith('attachment; filename="gate.png"')
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox")


def test_the_same_by_multipart(here: Town) -> None:
    files = [("attachments", ("a.txt", b"one")), ("attachments", ("run.exe", b"MZ\x90\x00"))]
    made = ask(here, here.key("analyst"), "POST", "reports", data=SAID, files=files)
    assert made.status_code == 201, made.text
    kept = ask(here, here.key("viewer"), "GET", f"reports/{made.json()['id']}").json()["attachments"]
    assert [(one["name"], one["refused"]) for one in kept] == [("a.txt", None), ("run.exe", "program")]
    refused = ask(here, here.key("viewer"), "GET", f"reports/{made.json()['id']}/attachments/{kept[1]['id']}")
    assert refused.status_code == 404
    with here.store.read() as session:
        assert session.get_one(Attachment, kept[1]["id"]).content is None


def test_the_very_same_again_is_the_same_report(here: Town) -> None:
    key = here.key("analyst")
    first, again = (ask(here, key, "POST", "reports", json={**SAID, "id": "7"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = ask(here, key, "POST", "reports", json={**SAID, "id": "8"})
    assert other.status_code == 201
    assert ask(here, here.key("manager"), "POST", "reports", json={**SAID, "id": "7"}).status_code == 201
    quiet = {"text": "All quiet"}
    assert [ask(here, key, "POST", "reports", json=quiet).status_code for _ in range(2)] == [201, 200]
    here.pass_time(days=1)
    assert ask(here, key, "POST", "reports", json=quiet).status_code == 201, "tomorrow it is news again"


def test_the_mark_is_never_laxer_than_the_desks(here: Town) -> None:
    key = here.key("analyst")
    marks = {
        stated: ask(here, key, "POST", "reports", json={"text": f"Seen {stated}", "sharing": stated}).json()["sharing"]
        for stated in ("", "TLP:CLEAR", "TLP:GREEN", "amber", "TLP:AMBER+STRICT", "TLP:RED")
    }
    assert marks == {
        "": "TLP:AMBER", "TLP:CLEAR": "TLP:AMBER", "TLP:GREEN": "TLP:AMBER", "amber": "TLP:AMBER",
        "TLP:AMBER+STRICT": "TLP:AMBER+STRICT", "TLP:RED": "TLP:RED",
    }  # fmt: skip
    written = ask(here, key, "POST", "reports", json={"text": "TLP:RED\nSeen", "sharing": "TLP:GREEN"}).json()
    assert written["sharing"] == "TLP:RED"


def test_who_sees_reports(here: Town) -> None:
    north, south = here.key("analyst", "north"), here.key("admin", "south")
    mine = ask(here, north, "POST", "reports", json=SAID).json()
    ours = ask(here, here.key("analyst"), "POST", "reports", json={**SAID, "attachments": [file("a.txt", b"x")]}).json()
    listed = {
        name: [one["id"] for one in ask(here, key, "GET", "reports").json()["items"]]
        for name, key in (("north", north), ("south", south), ("desk", here.key("viewer")))
    }
    assert listed == {"north": [mine["id"]], "south": [], "desk": [ours["id"], mine["id"]]}
    for path in (f"reports/{ours['id']}", f"reports/{ours['id']}/attachments/1", f"reports/{ours['id']}/raw"):
        assert ask(here, north, "GET", path).status_code == 404
    with here.store.write() as session:
        session.get_one(FieldReport, ours["id"]).sharing = "TLP:RED"
    lower_clearance(here)
    assert [one["id"] for one in ask(here, here.key("viewer"), "GET", "reports").json()["items"]] == [mine["id"]]
    assert ask(here, here.key("viewer"), "GET", f"reports/{ours['id']}/attachments/1").status_code == 404


def lower_clearance(town: Town) -> None:
    with town.store.write() as session:
        session.get_one(Organisation, town.numbers["organisation:home"]).clearance = "TLP:AMBER"


def test_an_anonymous_report_keeps_no_trace(here: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    key = here.key("analyst")
    caplog.clear()
    made = ask(here, key, "POST", "reports", json={**SAID, "anonymous": True, "id": "mine"}).json()
    with here.store.read() as session:
        row = session.get_one(FieldReport, made["id"])
        entry = session.get_one(EntryRow, made["entry_id"])
        line = session.exec(select(LogLine).where(LogLine.action == "report.file")).one()
        source = session.get_one(SourceRow, entry.source_id)
    assert (row.person_id, row.key_id, row.sender, row.sender_known, row.anonymous) == (None, None, None, False, True)
    assert (source.key, entry.reliability) == ("report-anonymous", "F")
    assert (line.actor, line.organisation_id) == ("anonymous", None)
    told = f"{row.model_dump()} {entry.model_dump()} {line.model_dump()} {source.model_dump()}"
    for trace in ("analyst", "mine", "key:", "127.0.0.1", key[:8]):
        assert trace not in told
        assert not [
            record for record in caplog.records if record.name.startswith("service") and trace in record.message
        ]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": ""}, "says nothing"),
        ({"text": "x" * 100_001}, "body 'text'"),
        ({"text": "Seen", "country": "Nowhere"}, "no country"),
        ({"text": "Seen", "occurred_at": "2027-01-01"}, "lies ahead"),
        ({"text": "Seen", "sharing": "TLP:PINK"}, "no sharing mark"),
        ({"text": "Seen", "category": "weather"}, "no category"),
        ({"text": "Seen", "latitude": 91, "longitude": 1}, "latitude"),
        ({"text": "Seen", "colour": "red"}, "not known here"),
        ({"text": "Seen", "attachments": [{"name": "a", "content": "no base 64!"}]}, "attachments.0.content"),
        ({"subject": "Seen"}, "body 'text'"),
        (["Seen"], "body"),
    ],
)
def test_what_cannot_be_used_is_named(here: Town, sent: Any, words: str) -> None:
    answer = ask(here, here.key("analyst"), "POST", "reports", json=sent)
    assert (answer.status_code, answer.json()["key"]) == (422, "error.invalid")
    assert words in answer.json()["detail"]
    with here.store.read() as session:
        assert session.exec(select(FieldReport)).all() == []


def test_bounds(here: Town) -> None:
    key = here.key("analyst")
    full = [file(f"{number}.jpg", bytes([number]) * 9 * 2**20) for number in range(2)]
    many = {"text": "Seen", "attachments": [*full, file("big.jpg", b"b" * (10 * 2**20 + 1))]}
    too_large = ask(here, key, "POST", "reports", json=many)
    assert too_large.status_code in (413, 422)
    made = ask(here, key, "POST", "reports", json={"text": "Seen", "attachments": many["attachments"][2:]})
    kept = ask(here, key, "GET", f"reports/{made.json()['id']}").json()["attachments"]
    assert [(one["size"], one["refused"]) for one in kept] == [(10 * 2**20 + 1, "too_large")]
    assert ask(here, key, "POST", "reports", content=b"x" * (36 * 2**20 + 1)).status_code == 413
    assert ask(here, here.key("viewer"), "POST", "reports", content=b"x" * 2**21).status_code == 403


def test_the_description_knows_both_forms(here: Town) -> None:
    described = ask(here, here.key("viewer"), "GET", "openapi.json").json()
    takes = described["paths"]["/reports"]["post"]["requestBody"]["content"]
    assert set(takes) == {"application/json", "multipart/form-data"}
    assert described["components"]["schemas"]["ReportGiven"]["required"] == ["text"]
    assert "FileGiven" in described["components"]["schemas"]
