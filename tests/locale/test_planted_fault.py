"""Faulty files, as the other tests plant faults into them: whatever is found is told in Chinese, all of it."""

from collections.abc import Callable, Iterator

import pytest

from rules.condition import ConditionError, Facts, parse_condition
from rules.document import DocumentError
from rules.guideline import default_text, parse_guideline
from rules.owners import parse_house, parse_owners
from rules.plan_file import parse_plans
from rules.roster_file import parse_rosters
from service.desk.senders import parse_senders
from service.locale.catalogue import Catalogue
from service.locale.file_fault import fault_told
from tests.locale.chinese import english, scalars
from tests.rules import test_condition as conditions
from tests.rules import test_guideline as guidelines
from tests.rules import test_owners as owners
from tests.rules import test_plans as plans
from tests.rules import test_planted as thirty
from tests.rules import test_roster as rosters
from tests.rules import test_routing as routes
from tests.web.tongues import HAN

CATALOGUE = Catalogue()
Told = tuple[str, DocumentError]
FILES: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "guidelines": (parse_guideline, [thirty.planted(default_text(), *one[:2]) for one in thirty.GUIDELINE.values()]),
    "guidelines by line": (parse_guideline, [guidelines.changed(*one[:2]) for one in guidelines.PLANTED.values()]),
    "conditions": (parse_guideline, [one[0] for one in conditions.PLANTED.values()]),
    "houses": (parse_house, [thirty.planted(thirty.TREE, *one[:2]) for one in thirty.OWNERS.values()]),
    "routes": (parse_house, [routes.TEXT.replace(*one[:2], 1) for one in routes.FAULTS.values()]),
    "owners": (parse_owners, [owners.GOOD.replace(*one[:2], 1) for one in owners.PLANTED.values()]),
    "rosters": (parse_rosters, [rosters.TEXT.replace(*one[:2], 1) for one in rosters.FAULTS.values()]),
    "rosters as shipped": (
        parse_rosters,
        [thirty.planted(thirty.ROSTER, *one[:2]) for one in thirty.ROSTERS.values()],
    ),
    "senders": (
        parse_senders,
        [
            *("", "- a: [", "senders: [{key: one}]", "senders: [{key: One!, name: x}]"),
            *("senders: [{key: a, name: x}, {key: a, name: y}]", "senders: [{key: a, name: x, secret: short}]"),
            *("senders: [{key: a, name: x, addresses: [nobody]}]", "senders: [{key: a, name: x, reliabilty: B}]"),
            "senders: [{key: a, name: x, sharing: WHITE}]",
        ],
    ),
}  # fmt: skip


def faults(parse: Callable[[str], object], text: str) -> list[DocumentError]:
    """Everything that is wrong with a file."""
    try:
        parse(text)
    except DocumentError as error:
        return list(error.every)
    return []


def left_in_english(text: str, fault: DocumentError) -> list[str]:
    """What of a fault is not told in Chinese."""
    told = fault_told(CATALOGUE, fault.what, fault.advice, "zh")
    if told is None or not all(HAN.search(one) for one in told if one):
        return [str(fault)]
    return english("".join(told), scalars(text))


@pytest.mark.parametrize("kind", FILES)
def test_whatever_is_planted_is_told_with_nothing_left_in_english(kind: str) -> None:
    parse, texts = FILES[kind]
    found = [(text, fault) for text in texts for fault in faults(parse, text)]
    assert len(found) >= len([text for text in texts if faults(parse, text)]) >= min(3, len(texts))
    wrong = {fault.what: left for text, fault in found if (left := left_in_english(text, fault))}
    assert wrong == {}


def test_there_are_many_of_them() -> None:
    found = [fault for parse, texts in FILES.values() for text in texts for fault in faults(parse, text)]
    assert len({fault.what for fault in found}) > 110


def planted_plans() -> Iterator[Told]:
    """The same of plans, which are several files."""
    for name, old, new, *_ in plans.FAULTS:
        texts = plans.planted(name, old, new)
        try:
            parse_plans(texts, plans.OWNERS)
        except DocumentError as error:
            yield from (("\n".join(texts.values()), one) for one in error.every)


def test_so_is_what_is_wrong_with_plans() -> None:
    found = list(planted_plans())
    assert len({fault.what for _, fault in found}) > 30
    assert {fault.what: left for text, fault in found if (left := left_in_english(text, fault))} == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: b: c", "此处不能出现“键: 值”"),
        ("a: [1, 2", "缺少“,”或“]”"),
        ("a: {b: 1", "缺少“,”或“}”"),
        ("a: 'b", "文件过早结束"),
        ("a: *b", "引用的锚点没有定义"),
        ("a: &b 1\nc: &b 2", "锚点重复"),
        ("a: 1\n---\nb: 2", "一个文件中有多个文档"),
        ("a: @b", "不能用于开头"),
        ("a: 1\n b: 2", "此处不能出现"),
        ("- a\nb: 1", "缺少短横"),
        ("a\nb: 1", "此处不能出现"),
        ('a: "\\q"', "转义"),
        ("a: 1\n- b", "缺少键"),
        ("a: \x00", "不能有控制字符"),
    ],
)
def test_why_it_is_no_yaml_is_told(text: str, why: str) -> None:
    (fault,) = faults(parse_owners, text)
    told = fault_told(CATALOGUE, fault.what, fault.advice, "zh")
    assert told is not None
    assert why in told[0], fault.what


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("severity >", "在第 11 个字符处过早结束"),
        ("severity ==== 2", "“==”不应出现"),
        ("'abc", "引号没有闭合"),
        ("severity § 2", "“§”无法识别"),
        ("severity + 1 > 2", "float + int 不能一起运算"),
        ("severity > 'x'", "不同类"),
        ("missing(severity)", "没有函数 missing"),
        ("sources / 0 > 1", "除以零"),
        ("sources % 0 == 1", "除以零"),
        ("countries[9] == 'NE'", "列表没有第 9 项"),
        ("int('a') > 2", "函数 int 不能接受所给的值"),
    ],
)
def test_why_it_is_no_condition_is_told(when: str, why: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(when).tried(Facts(countries=("NE",)))
    told = fault_told(CATALOGUE, caught.value.what, caught.value.advice, "zh")
    assert told is not None
    assert why in told[0], caught.value.what
    assert english("".join(told), ["missing"]) == []
