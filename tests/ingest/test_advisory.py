"""Each government's travel advice on two days: one country's level moves, and exactly that is a revision."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ingest.advice import Move, compare, levels
from ingest.entry import Item
from ingest.parse import parse_document
from ingest.parsers.level import written
from ingest.sift import sift
from tests.ingest.golden import BASE, NOW

Stages = dict[str, int]
Writer = Callable[[Stages, int], str]

NAMES = {"SD": "Sudan", "KE": "Kenya", "JP": "Japan", "PE": "Peru"}
JAPANESE = {"SD": "スーダン", "KE": "ケニア", "JP": "日本", "PE": "ペルー"}
GERMAN = {"SD": "Sudan", "KE": "Kenia", "JP": "Japan", "PE": "Peru"}
DUTCH = {"SD": ("SDN", "Soedan"), "KE": ("KEN", "Kenia"), "JP": ("JPN", "Japan"), "PE": ("PER", "Peru")}
KOREAN = {"SD": "수단", "KE": "케냐", "JP": "일본", "PE": "페루"}
MONDAY: Stages = {"SD": 4, "KE": 2, "JP": 1, "PE": 2}
TUESDAY: Stages = {**MONDAY, "KE": 3}


def ordered(stages: Stages, day: int) -> list[tuple[str, int]]:
    """The countries in another order each day, as some publishers put the latest first."""
    return list(stages.items())[:: 1 if day % 2 else -1]


def america_feed(stages: Stages, day: int) -> str:
    words = {
        1: "Exercise Normal Precautions",
        2: "Exercise Increased Caution",
        3: "Reconsider Travel",
        4: "Do Not Travel",
    }
    items = "".join(
        f"<item><title>{NAMES[key]} - Level {stage}: {words[stage]}</title><link>https://travel.example/{key}.html</link>"
        f'<guid isPermaLink="false">https://travel.example/{key}.html</guid><category domain="Threat-Level">'
        f'Level {stage}: {words[stage]}</category><category domain="Country-Tag">{key}</category>'
        f"<pubDate>Mon, {day:02} Aug 2026</pubDate>"
        f"<description>{' ' * day}&lt;p&gt;Travel advice for {NAMES[key]}.&lt;/p&gt;</description></item>"
        for key, stage in ordered(stages, day)
    )
    head = f"<title>Elsewhere Travel Advisories</title><link>https://travel.example/</link><lastBuildDate>{day}</lastBuildDate>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def america_api(stages: Stages, day: int) -> str:
    return json.dumps([
        {
            "Title": f"{NAMES[key]} - Level {stage}: Words", "Link": f"https://travel.example/{key}.html",
            "Category": ["XX"], "Summary": f"<p>Advice.</p>{' ' * day}", "id": f"https://travel.example/{key}.html",
            "Published": f"2026-07-{day:02}T00:00:00-04:00", "Updated": f"2026-08-{day:02}T00:00:00-04:00",
        }
        for key, stage in ordered(stages, day)
    ])  # fmt: skip


def britain(stages: Stages, day: int) -> str:
    statuses = {
        1: [], 2: ["avoid_all_but_essential_travel_to_parts"],
        3: ["avoid_all_but_essential_travel_to_whole_country"], 4: ["avoid_all_travel_to_whole_country"],
    }  # fmt: skip
    children = [
        {
            "content_id": f"c-{key}", "base_path": f"/foreign-travel-advice/{NAMES[key].lower()}",
            "title": f"{NAMES[key]} travel advice", "document_type": "travel_advice",
            "public_updated_at": f"2026-08-{day:02}T10:00:00Z", "updated_at": f"2026-08-{day:02}T11:00:00Z",
            "details": {"country": {"name": NAMES[key]}, "alert_status": statuses[stage], "summary": "<p>Advice.</p>"},
        }
        for key, stage in ordered(stages, day)
    ]  # fmt: skip
    index = {"document_type": "travel_advice_index", "title": "Foreign travel advice", "base_path": "/advice"}
    return json.dumps({**index, "links": {"children": children}})


def canada(stages: Stages, day: int) -> str:
    words = {1: "Take normal security precautions", 2: "Exercise a high degree of caution",
             3: "Avoid non-essential travel", 4: "Avoid all travel"}  # fmt: skip
    data = {
        key: {
            "country-id": 1000 + stage, "country-iso": key, "country-eng": NAMES[key], "advisory-state": stage - 1,
            "date-published": {"timestamp": 1780000000 + day, "date": f"2026-08-{day:02} 10:00:00", "asp": f"{day}"},
            "has-advisory-warning": 1, "has-regional-advisory": 0, "recent-updates-type": f"Editorial change {day}",
            "eng": {"name": NAMES[key], "url-slug": NAMES[key].lower(), "friendly-date": f"August {day}, 2026",
                    "advisory-text": words[stage], "recent-updates": f"Words of day {day}."},
        }
        for key, stage in ordered(stages, day)
    }  # fmt: skip
    return json.dumps({"metadata": {"generated": {"timestamp": day}}, "data": data})


def australia_export(stages: Stages, day: int) -> str:
    words = {1: "Exercise normal safety precautions", 2: "Exercise a high degree of caution",
             3: "Reconsider your need to travel", 4: "Do not travel"}  # fmt: skip
    return json.dumps([
        {"title": NAMES[key], "overall_advice_level": words[stage], "url": f"https://travel.example/{key}",
         "updated": f"2026-08-{day:02}T01:00:00Z"}
        for key, stage in ordered(stages, day)
    ])  # fmt: skip


def australia_feed(stages: Stages, day: int) -> str:
    items = "".join(
        f"<item><title>{NAMES[key]}</title><link>https://travel.example/{key}</link><guid>https://travel.example/{key}</guid>"
        f"<description>Advice.</description><pubDate>{day:02} Aug 2026 00:00:00 GMT</pubDate>"
        f"<ta:warnings><ta:level>{stage}/5</ta:level></ta:warnings></item>"
        for key, stage in ordered(stages, day)
    )
    return (
        '<rss version="2.0" xmlns:ta="http://travel.example/schema/"><channel><title>Elsewhere travel advice</title>'
        f"<link>https://travel.example/</link>{items}</channel></rss>"
    )


def germany(stages: Stages, day: int) -> str:
    flags = ("warning", "partialWarning", "situationWarning", "situationPartWarning")
    which = {4: "warning", 3: "partialWarning", 2: "situationPartWarning"}
    records = {
        f"20{i}": {
            "lastModified": 1780000000 + day, "effective": 1780000000 + day, "title": f"{GERMAN[key]}: Reisehinweise",
            "countryCode": key, "iso3CountryCode": DUTCH[key][0], "countryName": GERMAN[key],
            **{flag: which.get(stage) == flag for flag in flags},
        }
        for i, (key, stage) in enumerate(ordered(stages, day))
    }  # fmt: skip
    return json.dumps({"response": {"lastModified": 1780000000 + day, "contentList": list(records), **records}})


def netherlands(stages: Stages, day: int) -> str:
    colours = {1: "groen", 2: "geel", 3: "oranje", 4: "rood"}
    return json.dumps([
        {
            "id": f"id-{key}", "type": "Reisadvies", "title": f"Reisadvies {DUTCH[key][1]}", "location": DUTCH[key][1],
            "isocode": DUTCH[key][0], "canonical": f"https://advies.example/{key}",
            "introduction": f"<p>De kleurcode voor {DUTCH[key][1]} is {colours[stage]}.</p>{' ' * day}",
            "lastmodified": f"2026-08-{day:02}T10:00:00Z",
        }
        for key, stage in ordered(stages, day)
    ])  # fmt: skip


def korea(stages: Stages, day: int) -> str:
    return json.dumps({
        "currentCount": 5,
        "data": [
            {"alarm_lvl": stage, "country_eng_nm": NAMES[key], "country_iso_alp2": key, "country_nm": KOREAN[key],
             "region_ty": "전체", "remark": "전 지역", "written_dt": f"2026-08-{day:02}"}
            for key, stage in ordered(stages, day)
        ],
    })  # fmt: skip


def japan(stages: Stages, day: int) -> str:
    """Japan's state is one document a country; here Kenya's."""
    flags = "".join(f"<riskLevel{n}>{int(stages['KE'] == n)}</riskLevel{n}>" for n in (4, 3, 2, 1))
    return (
        f"<opendata><lastModified>2026/08/{day:02} 09:00:00</lastModified><country><cd>0254</cd>"
        f"<name>{JAPANESE['KE']}</name></country>{flags}"
        f"<riskLeaveDate>2026/08/{day:02} 00:00:00</riskLeaveDate></opendata>"
    )


def ireland(stages: Stages, day: int) -> str:
    words = {1: "Normal Precautions", 2: "High Degree of Caution", 3: "Avoid Non-Essential Travel", 4: "Do Not Travel"}
    records = [
        {"country": NAMES[key], "security_status": words[stage], "link": f"https://travel.example/{key}/",
         "last_updated": f"2026-08-{day:02}"}
        for key, stage in ordered(stages, day)
    ]  # fmt: skip
    return json.dumps({"generated": day, "countries": records})


def newzealand(stages: Stages, day: int) -> str:
    words = {1: "Exercise normal safety and security precautions", 2: "Exercise increased caution",
             3: "Avoid non-essential travel", 4: "Do not travel"}  # fmt: skip
    rows = "".join(
        f"<destination><name>{NAMES[key]}</name><code>{key}</code><adviceLevel>{words[stage]}</adviceLevel>"
        f"<url>https://travel.example/{key}</url><reviewedAt>2026-08-{day:02}</reviewedAt></destination>\n"
        for key, stage in ordered(stages, day)
    )
    return f"<destinations><generated>{day}</generated><list>{rows}</list></destinations>"


GOVERNMENTS: list[Writer] = [
    america_feed, america_api, britain, canada, australia_export, australia_feed, germany, netherlands, korea, japan,
    ireland, newzealand,
]  # fmt: skip


def read(text: str) -> tuple[Item, ...]:
    return parse_document(text.encode(), base=BASE, now=NOW).items


def known(items: tuple[Item, ...]) -> dict[str, str]:
    return {item.key: item.raw_hash for item in items}


@pytest.mark.parametrize("government", GOVERNMENTS)
def test_a_country_whose_level_moved_is_the_only_revision(government: Writer) -> None:
    before, after = read(government(MONDAY, 3)), read(government(TUESDAY, 4))

    (revision,) = sift(after, known(before)).fresh

    assert compare(levels(before), levels(after)).moves == (Move(revision.key, 2, 3),)
    assert revision.countries == ("KE",)
    assert revision.extra["advisory_level"] == "3"


@pytest.mark.parametrize("government", GOVERNMENTS)
def test_dates_order_and_white_space_make_no_revision(government: Writer) -> None:
    before, after = read(government(MONDAY, 3)), read(government(MONDAY, 4))

    assert len(after) == len(before) == (1 if government is japan else 4)
    assert sift(after, known(before)).fresh == ()


@pytest.mark.parametrize("government", [one for one in GOVERNMENTS if one is not japan])
def test_every_level_is_read_and_every_country_known(government: Writer) -> None:
    items = read(government(MONDAY, 3))

    assert {item.countries[0]: int(item.extra["advisory_level"]) for item in items} == MONDAY


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_japans_flags_are_its_stages(stage: int) -> None:
    (item,) = read(japan({"KE": stage}, 1))

    assert item.extra["advisory_level"] == str(stage)
    assert item.countries == ("KE",)


def test_parts_of_a_country_keep_keys_of_their_own() -> None:
    record: dict[str, Any] = {"country-iso": "PT", "advisory-state": 0, "date-published": {"date": "2026-08-01"}}
    rows = {"a": {**record, "eng": {"name": "Portugal"}}, "b": {**record, "eng": {"name": "Azores"}}}
    before = read(json.dumps({"data": rows}))
    after = read(json.dumps({"data": {**rows, "b": {**rows["b"], "advisory-state": 2}}}))

    assert [item.key for item in before] == ["advice:PT:Portugal", "advice:PT:Azores"]
    assert [item.key for item in sift(after, known(before)).fresh] == ["advice:PT:Azores"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("提醒中国公民近期注意安全", 2),
        ("提醒中国公民谨慎前往该国", 3),
        ("提醒中國公民謹慎前往", 3),
        ("提醒中国公民暂勿前往，已在当地的尽快撤离", 4),
        ("请当地中国公民尽快离开", 4),
        ("渡航は止めてください。（渡航中止勧告）", 3),
        ("退避してください。渡航は止めてください。（退避勧告）", 4),
        ("不要不急の渡航は止めてください。", 3),  # the graver phrase stands in it; MOFA always adds the number
        ("レベル２：不要不急の渡航は止めてください。", 2),
        ("3단계 출국권고", 3),
        ("여행금지", 4),
        ("Formellement déconseillé", 4),
        ("Déconseillé sauf raison impérative", 3),
        ("Vigilance renforcée", 2),
        ("Teilreisewarnung für den Norden", 3),
        ("Reisewarnung", 4),
        ("Sicherheitsstufe 4 (von 4)", 4),
        ("Level 12 of the tower", None),
        ("FCDO advise against all but essential travel", 3),
        ("Nothing of the kind", None),
    ],
)
def test_phrases_of_governments_have_a_level(text: str, level: int | None) -> None:
    assert written(text) == level


@pytest.mark.parametrize(
    ("status", "level"),
    [([], "1"), (["something_new"], None), ("red", "4"), ("Exercise increased caution", "2"), (3, "3")],
)
def test_a_status_that_is_not_known_is_no_level(status: Any, level: str | None) -> None:
    record = {"title": "Chad travel advice", "document_type": "travel_advice", "alert_status": status}

    (item,) = read(json.dumps({**record, "public_updated_at": "2026-08-01T00:00:00Z"}))

    assert item.extra.get("advisory_level") == level


def test_other_levels_than_those_of_countries_are_no_travel_advice() -> None:
    rows = [
        {"title": f"Massif {i}", "risk_level": i, "published": "2026-08-01", "summary": "Wind slabs."} for i in (1, 2)
    ]

    assert parse_document(json.dumps(rows).encode(), base=BASE, now=NOW).format == "records"
    countries = [{**row, "title": name} for row, name in zip(rows, ("Chad", "Chile"), strict=True)]
    assert parse_document(json.dumps(countries).encode(), base=BASE, now=NOW).format == "advisory"
