"""Refusals and failures are told in Chinese, too: every sentence that an error is raised with, and what to do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entry import Sharing
from service import errors
from service.auth.access import Permission, demand
from service.errors import Refused, WatchfireError
from service.locale.catalogue import Catalogue
from service.locale.refusal import refusal
from service.store.scope import Role, Scope
from tests.web.tongues import HAN

ROOT = Path(__file__).parents[2] / "service"
CATALOGUE = Catalogue()
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, WatchfireError)}
# Told to whoever builds this program, and to whoever writes its catalogues: in English, as its documents are.
BUILDERS = {"web/build.py", "locale/catalogue.py"}
# Sentences that hold another one, and are known by that.
STOOD_IN = {"Ask x1 x1.", "There is no x1 x1.", "x1x1.", "x1x1", "x1.", "x1: x1", "Check x1."}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence that is written out where an error of ours is raised, with where that is."""
    for path in sorted(ROOT.rglob("*.py")):
        where = str(path.relative_to(ROOT))
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in {*KINDS, "LineFault"} and where not in BUILDERS:
                yield from ((where, text) for one in call.args for text in written(one) if text not in STOOD_IN)


def written(node: ast.expr) -> Iterator[str]:
    """A text or an f-text with what is put into it stood in for; both of a choice between two."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "x1" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*written(one), *written(other))


SENTENCES = sorted({text: where for where, text in sentences()}.items())


def test_enough_sentences_were_found_to_mean_something() -> None:
    assert len(SENTENCES) > 400


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES])
def test_every_sentence_has_chinese_words(text: str) -> None:
    told = refusal(CATALOGUE, text, "", "zh")
    assert told is not None
    assert HAN.search(told[0])
    assert told[0].endswith(("。", "：x1"))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_whatever_a_role_may_not_do_is_told(role: Role, permission: Permission) -> None:
    for home in (True, False):
        scope = Scope(organisation_id=1, role=role, home=home, actor="a", clearance=Sharing.RED)
        try:
            demand(scope, permission)
        except Refused as error:
            told = refusal(CATALOGUE, error.what, error.advice, "zh")
            assert told is not None
            assert not [word for word in (role.value, "may not", "Ask") if word in "".join(told)]


@pytest.mark.parametrize(
    ("what", "advice", "told"),
    [
        ("There is no site 3.", "`watchfire site list` shows them.", "没有编号为 3 的场所。可用 `watchfire site list` 查看。"),  # noqa: E501
        ("Alert 7 is resolved: it cannot be dismissed any more.", "", "预警 7 现为“已解除”，不能再改为“已排除”。"),
        ("/x cannot be read: No such file or directory.", "Check the path.", "无法读取 /x：没有这个文件或目录。请检查路径。"),  # noqa: E501
        ("Line 3: 'QQ' is no country.", "", "第 3 行：“QQ”不是国家。"),
        ("The channel's address cannot be used.", "Check how it is written.", "通道地址无法使用。请检查写法。"),
    ],
)  # fmt: skip
def test_words_of_ours_within_it_are_told_as_well(what: str, advice: str, told: str) -> None:
    assert "".join(refusal(CATALOGUE, what, advice, "zh") or ()) == told


def test_what_somebody_typed_stays_as_it_is() -> None:
    assert refusal(CATALOGUE, "There is nobody called 'open'.", "", "zh") == ("没有名为“open”的人员。", "")


def test_english_and_unknown_sentences_stay_as_they_are() -> None:
    assert refusal(CATALOGUE, "There is no site 3.", "", "en") is None
    assert refusal(CATALOGUE, "Something else went wrong.", "", "zh") is None
    assert refusal(CATALOGUE, "There is no site 3.", "Do something else.", "zh") is None


def test_what_somebody_sent_may_be_as_long_and_as_nested_as_it_likes() -> None:
    assert refusal(CATALOGUE, "Line 3: " * 120 + "no.", "", "zh") is not None
    assert refusal(CATALOGUE, "a: " * 300 + "b", "", "zh") is not None
    assert refusal(CATALOGUE, f"There is nobody called '{'a: ' * 1000}'.", "", "zh") is None


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_breaks_it(what: str, advice: str) -> None:
    told = refusal(CATALOGUE, what, advice, "zh")
    assert told is None or len(told) == 2
