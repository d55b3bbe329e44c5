"""Sites and partners: files are read whole or not at all, and there and back again nothing is lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cli import run
from service.desk.site_file import partners_csv, read_partners, read_sites, sites_csv
from service.desk.site_given import KINDS_ZH, PARTNER_KINDS
from service.notify.text import clean
from service.store.tables import PartnerRow, SiteRow
from tests.rules.making import NOW
from tests.web.tongues import foreign_words

GOOD = """name,kind,country,latitude,longitude,route,radius_km,people,criticality
Camp A,site,NE,13.51,2.11,,2,340,vital
Road to Agadez,route,NE,,,13.51 2.11; 16.97 7.99,,,
Country office,people,ML,,,,,12,low
"""
TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)


def test_faults_are_told_with_their_line() -> None:
    wrong = GOOD + "Camp A,site,NE,1,1,,,,\n,site,NE,1,1,,,,\nX,tower,NE,1,1,,,,\nY,site,ZZ,91,1,,,,\nZ,site,,,,,,,\n"
    faults = read_sites(wrong).faults
    assert [fault.line for fault in faults] == [5, 6, 7, 8, 9]
    assert [fault.what for fault in faults] == [
        "'Camp A' stands in line 2 already.",
        "The name of the site is empty or too long.",
        "'tower' is no kind of site.",
        "latitude 91 is outside -90 to 90.",
        "It has neither point nor country.",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "The file is empty."),
        ("title,kind\nA,site\n", "Column 'title' is not known."),
        ("name,name\nA,B\n", "Column name is there twice."),
        ("name,country\nA,NE,3\n", "It has 3 cells for 2 columns."),
        ("name,latitude\nA,north\n", "Only one of latitude and longitude is given."),
        ("name,kind,route\nA,route,1 1\n", "A route has 2 to 500 points."),
        ("name,country,people\nA,NE,many\n", "people 'many' is not a number."),
    ],
)
def test_each_fault_has_its_sentence(text: str, what: str) -> None:
    assert read_sites(text).faults[0].what == what


def test_chinese_headers_and_words_are_read_with_any_gap() -> None:
    sheet = read_sites("名称;类型;国家;纬度;经度;人数;重要性\n尼亚美营地;项目;NE;13.5;2.1;300;高\n")
    (row,) = sheet.rows
    assert (row.name, row.kind, row.points, row.people, row.criticality) == (
        "尼亚美营地",
        "project",
        ((13.5, 2.1),),
        300,
        3,
    )


@given(
    st.lists(
        st.tuples(TEXT, st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 9999), st.integers(1, 3)), max_size=5
    ),
    st.sampled_from(["en", "zh"]),
)
@settings(max_examples=100, deadline=None)
def test_sites_go_out_and_come_back(rows: list[tuple[str, float, float, int, int]], lang: str) -> None:
    made = [
        SiteRow(
            organisation_id=1,
            name=f"{number} {name}",
            country="NE",
            points=[[round(lat, 4), round(lon, 4)]],
            people=people,
            criticality=critical,
            created_at=NOW,
            changed_at=NOW,
        )
        for number, (name, lat, lon, people, critical) in enumerate(rows)
    ]
    sheet = read_sites(sites_csv(made, lang))
    assert sheet.faults == ()
    for row, back in zip(made, sheet.rows, strict=True):
        assert (back.name, back.people, back.criticality) == (clean(row.name).strip(), row.people, row.criticality)
        assert back.points[0] == pytest.approx(row.points[0], abs=1e-3)


def test_no_name_becomes_a_formula_in_a_table() -> None:
    row = PartnerRow(organisation_id=1, name="=cmd()", spellings=["+11", "@xy"], created_at=NOW, changed_at=NOW)
    for lang in ("en", "zh"):
        written = partners_csv([row], lang)
        assert "'=cmd()" in written
        (back,) = read_partners(written).rows
        assert (back.name, back.spellings, back.kind) == ("=cmd()", ("+11", "@xy"), "partner")


def test_files_speak_their_reader_s_language() -> None:
    """Headings and words of ours; what people wrote stays."""
    kinds = [("Camp", kind, level) for level, kind in enumerate(KINDS_ZH.values())]
    sites = [
        SiteRow(organisation_id=1, name=name, kind=kind, criticality=1 + level % 3, created_at=NOW, changed_at=NOW)
        for name, kind, level in kinds
    ]
    firms = [
        PartnerRow(organisation_id=1, name="Camp", kind=kind, created_at=NOW, changed_at=NOW) for kind in PARTNER_KINDS
    ]
    for lang in ("en", "zh"):
        for file in (sites_csv(sites, lang), partners_csv(firms, lang)):
            assert foreign_words(file, lang, {"Camp"}) == []


def test_the_commands_from_file_to_distance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path / "data"))
    file = tmp_path / "sites.csv"
    file.write_text(GOOD.replace("vital", "huge"), encoding="utf-8")
    assert run(["site", "import", str(file)]) == 2
    assert "sites.csv:2: criticality 'huge' is not known." in capsys.readouterr().err
    file.write_text(GOOD, encoding="utf-8")
    assert run(["site", "import", str(file), "--dry-run"]) == 0
    assert "Sites added: 3" in capsys.readouterr().out
    assert run(["site", "list", "--json"]) == 0
    assert capsys.readouterr().out.strip() == "[]"
    assert run(["site", "import", str(file)]) == 0
    assert run(["site", "import", str(file)]) == 0
    assert "as before: 3" in capsys.readouterr().out
    assert run(["site", "near", "15.2", "5.0", "--km", "50"]) == 0
    told = capsys.readouterr().out
    assert "Road to Agadez" in told
    assert "Camp A" not in told
    assert run(["site", "export"]) == 0
    assert "Camp A,site,NE,13.51,2.11,,2,340,vital" in capsys.readouterr().out
    assert run(["partner", "add", "Acme Trading Ltd", "--kind", "own", "--spelling", "阿克米"]) == 0
    assert run(["partner", "list"]) == 0
    assert "阿克米" in capsys.readouterr().out
