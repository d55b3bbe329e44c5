"""Names of companies: found where they stand, and not within other words."""

import pytest

from rules.names import NameIndex, forms_of


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Acme Trading Ltd.", "Court fines ACME TRADING over permits", "ACME TRADING"),
        ("Acme Trading Ltd.", "acme trading was fined", ""),
        ("Société Générale S.A.", "La Societe Generale ferme ses agences", "Societe Generale"),
        ("BP", "BP halts drilling", "BP"),
        ("BP", "his bp was high", ""),
        ("BP", "The BPX exchange", ""),
        ("Shell", "Shell companies", "Shell"),
        ("Shell", "artillery shell hits market", ""),
        ("Total", "A total of nine people", ""),
        ("AT&T", "AT&T is fined", "AT&T"),
        ("AT&T", "Stand at T junction", ""),
        ("CNPC", "Attack on CNPC pipeline", "CNPC"),
        ("Газпром нефть", "Суд арестовал активы Газпром нефть", "Газпром нефть"),
        ("شركة النيل", "هجوم على شركة النيل في الخرطوم", "شركة النيل"),
        ("中国石油天然气集团有限公司", "中国石油天然气集团在尼日尔的管道遭袭", "中国石油天然气集团"),
        ("中國石油", "中国石油的管道", "中国石油"),
        ("中国石油", "中國石油的管道", "中國石油"),
        ("中远", "中远期规划发布", ""),
        ("中远", "中远海运船只遭袭", "中远"),
        ("中远", "“中远”船只遭袭", "中远"),
        ("삼성전자", "삼성전자는 공장을 닫았다", "삼성전자"),
    ],
)
def test_a_name_is_found_only_where_it_is_a_name(name: str, text: str, found: str) -> None:
    assert [words for _, words in NameIndex([(0, name)]).find(text, "")] == ([found] if found else [])


def test_the_longest_known_name_wins_among_han_names() -> None:
    index = NameIndex([(0, "新华联"), (1, "新华联合"), (2, "新华联")])
    assert index.find("新华联合冶金被查", "") == ((1, "新华联合"),)
    assert index.find("新华联被查", "") == ((0, "新华联"), (2, "新华联"))


def test_forms_are_left_out_only_where_enough_is_left() -> None:
    assert forms_of("Acme Trading Co., Ltd.") == ["Acme Trading Co., Ltd.", "Acme Trading"]
    assert forms_of("ABC Ltd") == ["ABC Ltd"]
    assert forms_of("Ente Nazionale S.p.A.") == ["Ente Nazionale S.p.A.", "Ente Nazionale"]
    assert forms_of("中铁有限公司") == ["中铁有限公司"]


def test_both_title_and_text_are_read() -> None:
    index = NameIndex([(7, "Acme Trading"), (3, "Beta Mining")])
    assert index.find("Raid on Beta Mining", "Acme Trading denies") == ((3, "Beta Mining"), (7, "Acme Trading"))
