"""Faulty tables of sites and companies: whatever is wrong in a line is told in Chinese, all of it."""

import pytest

from service.desk.site_file import PARTNER_COLUMNS, SITE_COLUMNS, Faulty, LineFault, read_partners, read_sites
from service.locale.catalogue import Catalogue
from service.locale.refusal import refusal
from tests.locale.chinese import english
from tests.web.tongues import HAN

CATALOGUE = Catalogue()
# What may stand in a table is named as it is written there.
WORDS = {*SITE_COLUMNS, *PARTNER_COLUMNS, "site", "project", "usual", "vital", "low", "yes", "no", "lat", "lon"}
SITES = (
    *("", "name,nation\nA,NE\n", "country\nNE\n", "name,name\nA,B\n", "名称,名称\nA,B\n", "name,country\nA,NE,more\n"),
    *("name,country\nA,NE\nA,ML\n", "name,country\nA,Niger\n", "name\nA\n", "name,country\n,NE\n"),
    *("name,kind,country\nA,castle,NE\n", "name,latitude,longitude\nA,north,2\n", "name,latitude,longitude\nA,95,2\n"),
    *("name,latitude,longitude\nA,13,\n", "name,country,radius_km\nA,NE,900\n", "name,country,people\nA,NE,many\n"),
    *("name,country,people\nA,NE,-4\n", "name,country,criticality\nA,NE,huge\n", "name,country,active\nA,NE,maybe\n"),
    *("name,kind,route\nA,route,13 2\n", "name,route\nA,13 2; 14 2\n", "name,kind,route\nA,route,13 2; here\n"),
    *("name,kind,route\nA,route,13 2; 99 2\n", f"name,country\n{'A' * 200},NE\n", f'name,note\nA,"{"x" * 140_000}'),
)
PARTNERS = (
    *(
        "",
        "name,people\nA,1\n",
        "name,kind\nAcme,foe\n",
        "name\nA\n",
        "name\n\nAcme\nAcme\n",
        "name,country\nAcme,XX\n",
    ),
    *(f"name\n{'Acme ' * 40}\n", f"name,spellings\nAcme,{';'.join(f'Acme {n}' for n in range(60))}\n"),
    *("name,active\nAcme,perhaps\n", "name,spellings\nAcme,é\n"),
)


def told(fault: LineFault) -> str:
    """What a Chinese reader is told of it."""
    both = refusal(CATALOGUE, fault.what, fault.advice, "zh")
    assert both is not None, fault
    return "".join(both)


@pytest.mark.parametrize("text", SITES, ids=lambda text: text[:40])
def test_whatever_is_wrong_with_sites_is_told(text: str) -> None:
    found = read_sites(text).faults
    assert found
    for fault in found:
        assert HAN.search(told(fault))
        assert english(told(fault), WORDS) == []


@pytest.mark.parametrize("text", PARTNERS, ids=lambda text: text[:40])
def test_whatever_is_wrong_with_companies_is_told(text: str) -> None:
    found = read_partners(text).faults
    assert found
    for fault in found:
        assert HAN.search(told(fault))
        assert english(told(fault), WORDS) == []


def test_columns_are_called_as_on_the_page() -> None:
    (fault,) = read_sites("name,latitude,longitude\nA,north,2\n").faults
    assert told(fault) == "纬度“north”不是数字。请用数字和小数点填写。"
    (fault,) = read_sites("name,latitude,longitude\nA,95,2\n").faults
    assert told(fault) == "纬度 95 不在 -90 至 90 之内。请核对。"


def test_so_is_the_first_of_several_with_their_number() -> None:
    error = Faulty(read_sites("name,country\nA,QQ\nB,ZZ\n").faults)
    said = refusal(CATALOGUE, error.what, error.advice, "zh")
    assert said is not None
    assert said[0] == "第 2 行：“QQ”不是国家。（共 2 处错误，未导入任何内容。）"
