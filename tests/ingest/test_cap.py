"""Warnings: what updates, cancels or repeats what, for whom it is meant and where it holds."""

import json
from typing import Any

import pytest

from ingest.entry import Item, Status
from ingest.parse import parse_document
from ingest.parsers.whereabouts import of_authority, of_geocode, pairs
from ingest.sift import sift
from tests.ingest.golden import BASE, NOW

CAP = "urn:oasis:names:tc:emergency:cap:"
INFO = (
    "<category>Met</category><event>{event}</event><urgency>Immediate</urgency><severity>{severity}</severity>"
    "<certainty>Observed</certainty>"
)


def info(event: str = "Flood", severity: str = "Severe", more: str = "", language: str = "") -> str:
    tongue = f"<language>{language}</language>" if language else ""
    return f"<info>{tongue}{INFO.format(event=event, severity=severity)}{more}</info>"


def alert(
    identifier: str = "a-1", status: str = "Actual", kind: str = "Alert", inner: str = "", references: str = "",
    version: str = "1.2", sent: str = "2026-08-01T06:00:00+09:00",
) -> str:  # fmt: skip
    earlier = f"<references>{references}</references>" if references else ""
    return (
        f'<alert xmlns="{CAP}{version}"><identifier>{identifier}</identifier><sender>met@example.org</sender>'
        f"<sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{earlier}{inner}</alert>"
    )


def read(text: str) -> list[Item]:
    return list(parse_document(text.encode(), base=BASE, now=NOW).items)


def only(text: str) -> Item:
    (item,) = read(text)
    return item


@pytest.mark.parametrize(
    ("status", "kind", "folded"),
    [
        ("Actual", "Alert", Status.ACTUAL),
        ("Actual", "Update", Status.UPDATE),
        ("Actual", "Cancel", Status.CANCEL),
        ("Actual", "Error", Status.CANCEL),
        ("Actual", "Ack", Status.TEST),
        ("Exercise", "Alert", Status.EXERCISE),
        ("Exercise", "Cancel", Status.EXERCISE),
        ("Test", "Update", Status.TEST),
        ("System", "Alert", Status.TEST),
        ("Draft", "Alert", Status.TEST),
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_status_and_message_are_folded(status: str, kind: str, folded: Status, version: str) -> None:
    item = only(alert(status=status, kind=kind, inner=info(), version=version))

    assert item.status is folded
    assert item.extra["cap_message"] == kind


def test_an_update_is_a_revision_of_the_first_alert() -> None:
    first = only(alert(inner=info(severity="Minor")))
    text = alert(
        "a-2", kind="Update", inner=info(severity="Extreme"), references="met@example.org,a-1,2026-08-01T06:00:00+09:00"
    )

    (revision,) = sift(read(text), {first.key: first.raw_hash}).fresh

    assert revision.key == first.key
    assert (first.extra["cap_severity"], revision.extra["cap_severity"]) == ("Minor", "Extreme")


def test_a_cancellation_without_words_takes_back_the_first_alert() -> None:
    item = only(alert("a-3", kind="Cancel", references="met@example.org,a-1,2026-08-01T06:00:00+09:00"))

    assert (item.key, item.status) == ("a-1", Status.CANCEL)


def test_each_language_is_an_item_and_says_which_alert_it_belongs_to() -> None:
    items = read(alert(inner=info("Flood", language="en-US") + info("Inondation", language="fr-CA")))

    assert [(item.key, item.title, item.language) for item in items] == [
        ("a-1", "Flood", "en"),
        ("a-1#fr-ca", "Inondation", "fr"),
    ]
    assert {item.extra["cap_alert"] for item in items} == {"a-1"}


def test_a_signature_is_not_read() -> None:
    signature = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>bm8=</ds:SignatureValue></ds:Signature>'
    signed = alert(inner=info() + signature)

    assert read(signed) == read(alert(inner=info()))


def test_a_prefix_is_only_a_prefix() -> None:
    text = alert(inner=info())
    prefixed = (
        text.replace("</", "</c:")
        .replace("<c:", "<")
        .replace("<", "<c:")
        .replace("<c:/c:", "</c:")
        .replace("<c:/", "</c:")
    )
    prefixed = prefixed.replace("xmlns=", "xmlns:c=")

    assert read(prefixed) == read(text)


@pytest.mark.parametrize(
    ("name", "value", "country"),
    [
        ("ISO3166-1", "MX", "MX"),
        ("ISO 3166-1 alpha-3", "MEX", "MX"),
        ("ISO 3166-2", "JP-13", "JP"),
        ("EMMA_ID", "DE123", "DE"),
        ("EMMA_ID", "UK001", "GB"),
        ("NUTS3", "EL651", "GR"),
        ("NUTS2", "FR10", "FR"),
        ("HASC", "BR.SP", "BR"),
        ("SAME", "048201", "US"),
        ("UGC", "TXZ213", "US"),
        ("FIPS6", "048201", "US"),
        ("profile:CAP-CP:Location:0.3", "2465", "CA"),
        ("layer:EC-MSC-SMC:1.0:CLC", "048000", "CA"),
        ("WARNCELLID", "109162000", "DE"),
        ("EMMA_ID", "", None),
        ("district", "12", None),
        ("ISO3166-1", "Neverland", None),
    ],
)
def test_a_geocode_lies_in_a_country(name: str, value: str, country: str | None) -> None:
    assert of_geocode(name, value) == country


@pytest.mark.parametrize(
    ("identifier", "country"),
    [
        ("2.49.0.1.840.0.aa.001.1", "US"),
        ("urn:oid:2.49.0.1.124.0.1", "CA"),
        ("2.49.0.0.36.0.BOM.1", "AU"),
        ("12.49.0.0.36.0", None),
        ("2.49.0.0.999.0.X", None),
        ("a-1", None),
    ],
)
def test_the_number_of_an_authority_tells_its_country(identifier: str, country: str | None) -> None:
    assert of_authority(identifier, "met@example.org") == country


def test_the_areas_codes_go_before_the_authoritys_country() -> None:
    area = (
        "<area><areaDesc>Border</areaDesc><polygon>47,11 47,12 48,12 47,11</polygon>"
        "<geocode><valueName>EMMA_ID</valueName><value>AT007</value></geocode>"
        "<geocode><valueName>EMMA_ID</valueName><value>IT009</value></geocode></area>"
    )

    item = only(alert("2.49.0.1.276.0.MET.1", inner=info(more=area)))

    assert item.countries == ("AT", "IT")
    assert item.point == (47.5, 11.5)


def nws(**changes: Any) -> str:
    properties = {
        "event": "Flood Warning", "areaDesc": "Invented County", "status": "Actual", "messageType": "Alert",
        "severity": "Severe", "sent": "2026-08-20T09:00:00-05:00", "geocode": {"UGC": ["TXZ999"]}, "references": [],
        **changes,
    }  # fmt: skip
    feature = {"type": "Feature", "id": f"https://api.example/{changes.get('id', 'one')}", "geometry": None}
    return json.dumps({"type": "FeatureCollection", "features": [{**feature, "properties": properties}]})


def test_an_update_in_geojson_is_a_revision_of_the_first_alert() -> None:
    first = only(nws())
    earlier = [
        {"@id": "https://api.example/two", "identifier": "two", "sent": "2026-08-20T10:00:00-05:00"},
        {"@id": "https://api.example/one", "identifier": "one", "sent": "2026-08-20T09:00:00-05:00"},
    ]
    update = only(nws(id="three", messageType="Update", references=earlier))

    assert update.key == first.key == "https://api.example/one"
    assert update.status is Status.UPDATE
    assert update.countries == ("US",)


@pytest.mark.parametrize("response", ["AllClear", "allclear"])
def test_an_all_clear_takes_back(response: str) -> None:
    assert only(nws(response=response)).status is Status.CANCEL


def test_a_deleted_earthquake_is_taken_back() -> None:
    quake = {"mag": 6.0, "place": "off the coast", "time": 1787196000000, "title": "M 6.0 - off the coast"}

    def feature(status: str) -> Item:
        body = {"type": "Feature", "id": "us9", "geometry": None, "properties": {**quake, "status": status}}
        return only(json.dumps({"type": "FeatureCollection", "features": [body]}))

    assert feature("reviewed").status is Status.ACTUAL
    assert feature("deleted").status is Status.CANCEL
    assert sift([feature("deleted")], {"us9": feature("automatic").raw_hash}).fresh
    assert not sift([feature("reviewed")], {"us9": feature("automatic").raw_hash}).fresh


@pytest.mark.timeout(10)
def test_endless_shapes_are_read_in_linear_time() -> None:
    assert len(list(pairs("1,2 " * 200_000))) <= 50_000
    assert list(pairs("1" * 200_000)) == []
    area = f"<area><areaDesc>{'x' * 100_000}</areaDesc><polygon>{'-1.5,' * 100_000}</polygon></area>"
    assert only(alert(inner=info(more=area))).point is not None
