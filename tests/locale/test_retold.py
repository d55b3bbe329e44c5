"""Sentences that are stored in English are told again in Chinese: all that the stages can say, and nothing wrongly."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import trouble
from ingest.guard import Guard
from ingest.trouble import HttpError
from service.locale.catalogue import Catalogue
from service.locale.retold import retold
from service.notify import dingtalk, feishu, judge, mail, slack, wecom

ROOT = Path(__file__).parents[2]
TROUBLES = {name for name, kind in vars(trouble).items() if isinstance(kind, type) and issubclass(kind, Exception)}
ADVICE = (dingtalk.ADVICE, feishu.ADVICE, mail.ADVICE, slack.ADVICE, wecom.ADVICE, judge._ADVICE)
CATALOGUE = Catalogue()


def sentences() -> Iterator[str]:
    """Every sentence that is written out where trouble is raised or a receiver's answer is judged."""
    for path in sorted((*(ROOT / "ingest").rglob("*.py"), *(ROOT / "service/notify").glob("*.py"))):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            at = 0 if name in {*TROUBLES, "ProxyError", "Unusable"} else 1 if name == "Result" else None
            if at is not None and len(call.args) > at:
                text = written(call.args[at], module)
                if text is not None:
                    yield text


def written(node: ast.expr, module: str) -> str | None:
    """A text or an f-text with what is put into it stood in for; None for anything else."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(written(part, module) or "x1" for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)):
            held = getattr(importlib.import_module(module), name, None)
            return held if isinstance(held, str) else "it stayed away" if name in ("told", "advice", "what") else None
    return None


SENTENCES = sorted(set(sentences()))


def test_enough_sentences_were_found_to_mean_something() -> None:
    assert len(SENTENCES) > 60


@pytest.mark.parametrize("text", [one for one in SENTENCES if not one.endswith("; x1.") and "stayed" not in one])
def test_every_sentence_has_chinese_words(text: str) -> None:
    told = retold(CATALOGUE, text, "zh")
    assert told is not None
    assert told.endswith("。")


@pytest.mark.parametrize("advice", sorted({words for one in ADVICE for words in one.values()}))
def test_every_advice_of_a_channel_has_chinese_words(advice: str) -> None:
    assert retold(CATALOGUE, f"Whoever answers 7: odd words; {advice}.", "zh")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451, 500, 503, 599])
def test_an_answer_is_told_with_its_host_and_advice(status: int) -> None:
    told = retold(CATALOGUE, str(HttpError("news.example", status)), "zh")
    assert told is not None
    assert told.startswith(f"news.example 返回 {status}")


def test_a_refused_address_is_told_with_what_to_do() -> None:
    told = retold(CATALOGUE, Guard().refusal("10.0.0.7", 80), "zh")
    assert told == "地址防护未放行 10.0.0.7:80，因为它不是公网地址；请使用公网地址，或请运维人员放行该网络。"


def test_english_and_unknown_sentences_stay_as_they_are() -> None:
    known = str(HttpError("news.example", 503))
    assert retold(CATALOGUE, known, "en") is None
    assert retold(CATALOGUE, "Something else went wrong.", "zh") is None
    assert retold(CATALOGUE, "", "zh") is None


def test_what_others_said_may_hold_a_joint() -> None:
    said = "The mail server answers 550: no such user; go away; check the recipient's address."
    assert retold(CATALOGUE, said, "zh") in (None, "邮件服务器返回 550：no such user; go away；请核对收件地址。")


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    told = retold(CATALOGUE, text, "zh")
    assert told is None or told
