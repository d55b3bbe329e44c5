"""Text from outside, links, waiting times and judging: the pure parts, with words nobody would think of."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Invalid
from service.notify import feishu, slack
from service.notify.backoff import TRIES, wait
from service.notify.channel import Answer, ChannelInfo, Letter, Post, Verdict
from service.notify.channels import CHANNELS, check_channel
from service.notify.judge import judge_http, retry_after, scrubbed
from service.notify.mail import MailSettings, compose
from service.notify.markdown import wide
from service.notify.message import Message, SourceLine, from_payload, to_payload
from service.notify.text import clean, fitted, octets, safe_link, shorten
from tests.notify.world import MESSAGE, WORDS

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
SECRETS = {"webhook": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
anything = st.text(st.characters(), max_size=80)  # lone surrogates and all


def info_for(kind: str, language: str = "en") -> ChannelInfo:
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/a?b=c"
    return ChannelInfo(kind, "room", address, SECRETS.get(kind, "secret"), language)


@given(anything)
def test_clean_text_is_one_visible_line(text: str) -> None:
    shown = clean(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", shown)
    assert shown == clean(shown) == shown.strip()
    shown.encode()


def test_clean_keeps_what_scripts_need() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean(" a\u00a0b\u3000c\r\nd ") == "a b c d"
    assert clean(None) == ""


@pytest.mark.parametrize("mark", ["\u0300", "\u0489", "\u20dd", "\U0001e8d0"])
def test_marks_are_not_piled(mark: str) -> None:
    assert clean(f"a{mark * 5}b") == f"a{mark * 5}b"
    assert clean(f"a{mark * 90}b。{mark * 6}") == f"a{mark * 5}b。{mark * 5}"
    assert clean("——————“！”") == "——————“！”"


@given(anything, st.integers(0, 50))
def test_shortened_text_is_short_and_a_beginning(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most or short == text
    if len(text) > most > 0:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_marks_stay_with_their_letter() -> None:
    assert shorten("abcde\u0301fgh", 6) == "abcd…"
    assert shorten("👩\u200d👩\u200d👧 x", 4) == "👩…" or len(shorten("👩\u200d👩\u200d👧 x", 4)) <= 4


@given(anything)
def test_links_are_of_the_web_and_break_no_markup(text: str) -> None:
    for candidate in (text, f"https://a.example/{text}", f"https://{text}/"):
        link = safe_link(candidate)
        if link is not None:
            assert re.fullmatch(r"https?://[A-Za-z0-9\-._~:/?#@!$&+,;=%]+", link)
            assert safe_link(link) == link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example/x?y=1&z=2#t", "https://a.example/x?y=1&z=2#t"),
        ("https://a.example/新闻 (1)", "https://a.example/%E6%96%B0%E9%97%BB%20%281%29"),
        ("javascript:alert(1)", None),
        ("https://good.example@evil.example/", None),
        ("https://", None),
        ("/alerts/1", None),
        ("https://[broken", None),
        ("https://a.example/" + "x" * 2_000, None),
        (None, None),
    ],
)
def test_links_by_example(link: str | None, expected: str | None) -> None:
    assert safe_link(link) == expected


@given(anything)
def test_no_markdown_is_left(text: str) -> None:
    shown = wide(clean(text))
    assert not re.search(r"[*`\[\]<>#~\\|@&]", shown)
    assert not re.match(r"([-+]|\d+[.)])\s|[-=]+$", shown)


@given(anything)
def test_escapes_can_be_read_back(text: str) -> None:
    plain = clean(text)
    assert unescape(feishu.escape(plain)) == plain
    assert not re.search(r"[<>*~`\[\]\\_]|:\w+:", re.sub(r"&#\d+;", "", feishu.escape(plain)))
    assert not re.search(r"[<>*_~`]", slack.escape(plain))


@given(st.lists(anything.map(clean), min_size=1, max_size=8), st.integers(10, 200))
def test_what_fits_fits_and_keeps_its_tail(lines: list[str], most: int) -> None:
    text = fitted(lines, most, octets, tail=["tail"])
    assert octets(text) <= most
    assert text.endswith("tail")


sources = st.builds(SourceLine, anything, anything, anything, st.none() | anything, st.none() | anything)
reasons = st.fixed_dictionaries({"kind": anything, "code": anything, "value": anything, "words": anything})
messages = st.builds(
    replace,
    st.just(MESSAGE),
    title=anything,
    action=st.sampled_from(["open", "raise", "lower", "withdraw", "resolve", "test", "unheard"]),
    level=st.integers(0, 6),
    previous_level=st.none() | st.integers(1, 4),
    countries=st.lists(anything, max_size=3).map(tuple),
    categories=st.lists(anything, max_size=3).map(tuple),
    reasons=st.lists(reasons, max_size=4).map(tuple),
    sources=st.lists(sources, max_size=4).map(tuple),
    url=anything,
    clause=anything,
    changed_at=anything,
    acknowledge_by=st.none() | anything,
    owner=st.none() | anything,
)


@settings(max_examples=40, deadline=None)
@given(message=messages, language=st.sampled_from(["zh", "en", "fr"]))
def test_any_message_can_be_rendered(message: Message, language: str) -> None:
    assert from_payload(json.loads(json.dumps(to_payload(message)))) == message
    for kind, channel in CHANNELS.items():
        info = info_for(kind, language)
        outgoing = channel.sign(channel.render(message, info, WORDS), info, NOW)
        if isinstance(outgoing, Post):
            assert isinstance(json.loads(outgoing.body.decode()), dict)
        else:
            mail = compose(outgoing, MailSettings("mail.example", sender="desk@watchfire.example")).as_bytes()
            assert b"\nBcc" not in mail


def test_rendering_is_pure() -> None:
    for kind, channel in CHANNELS.items():
        info = info_for(kind)
        assert channel.render(MESSAGE, info, WORDS) == channel.render(MESSAGE, info, WORDS)


def test_a_mail_knows_its_thread() -> None:
    letter = CHANNELS["mail"].render(MESSAGE, info_for("mail"), WORDS)
    assert isinstance(letter, Letter)
    mail = compose(letter, MailSettings("mail.example", sender="Desk <desk@watchfire.example>"))
    assert mail["Message-ID"] == f"<{MESSAGE.id}@watchfire.example>"
    assert mail["References"] == "<alert-1@watchfire.example>"
    assert mail["From"] == "Desk <desk@watchfire.example>"
    assert mail["Importance"] == "high"


@given(st.integers(1, TRIES - 1), st.integers(0, 90_000), anything)
def test_waiting_is_never_shorter_than_asked_nor_longer_than_a_day(tries: int, asked: int, notice: str) -> None:
    pause = wait(notice.encode("utf-8", "replace").decode(), tries, timedelta(seconds=asked))
    assert pause is not None
    assert min(timedelta(seconds=asked), timedelta(hours=24)) <= pause <= timedelta(hours=24)


def test_waiting_grows_and_ends() -> None:
    pauses = [wait("msg_1", tries) for tries in range(1, TRIES)]
    known = [pause for pause in pauses if pause is not None]
    assert len(known) == TRIES - 1
    assert timedelta(seconds=5) <= known[0] <= timedelta(seconds=6)
    assert timedelta(hours=20) < sum(known, timedelta()) < timedelta(hours=30)
    assert wait("msg_1", TRIES) is None
    assert wait("msg_1", 4) != wait("msg_2", 4), "not all at the same moment"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (format_datetime(NOW + timedelta(minutes=5)), timedelta(minutes=5)),
        (format_datetime(NOW - timedelta(minutes=5)), timedelta(0)),
        ("999999999", timedelta(hours=24)),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after(value: str, expected: timedelta | None) -> None:
    assert retry_after(Answer(429, headers={"Retry-After": value}, at=NOW)) == expected


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((status, "ok") for status in (200, 204)),
        *((status, "dead") for status in (301, 308, 400, 401, 403, 404, 410, 413, 422)),
        *((status, "retry") for status in (408, 425, 429, 500, 502, 503, 599, 799)),
    ],
)
def test_statuses(status: int, verdict: str) -> None:
    result = judge_http(Answer(status, at=NOW))
    assert result.verdict == verdict
    assert result.detail.endswith(".")


@pytest.mark.parametrize(
    ("kind", "status", "body", "verdict"),
    [
        ("feishu", 200, b'{"code":0,"msg":"success"}', "ok"),
        ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', "ok"),
        ("feishu", 200, b'{"code":9499,"msg":"too many request"}', "retry"),
        ("feishu", 200, b'{"code":11246,"msg":"card content failed"}', "dead"),
        ("feishu", 200, b'{"code":false}', "dead"),
        ("feishu", 500, b'{"code":0}', "retry"),
        ("feishu", 502, b"<html>", "retry"),
        ("feishu", 404, b"", "dead"),
        ("dingtalk", 200, '{"errcode":-1,"errmsg":"系统繁忙"}'.encode(), "retry"),
        ("dingtalk", 200, '{"errcode":410100,"errmsg":"发送速度太快而限流"}'.encode(), "retry"),
        ("dingtalk", 200, b'{"errcode":310000,"errmsg":"keywords not in content"}', "dead"),
        ("dingtalk", 200, b"[]", "dead"),
        ("wecom", 200, b'{"errcode":0,"errmsg":"ok"}', "ok"),
        ("wecom", 200, b'{"errcode":-1,"errmsg":"system busy"}', "retry"),
        ("wecom", 200, b'{"errcode":40058,"errmsg":"exceed max length"}', "dead"),
        ("slack", 200, b"ok", "ok"),
        ("slack", 200, b"<html>", "dead"),
        ("slack", 404, b"no_service", "dead"),
        ("slack", 503, b"", "retry"),
        ("mail", 250, b"", "ok"),
        ("mail", 421, b"busy", "retry"),
        ("mail", 552, b"full", "dead"),
    ],
)
def test_answers(kind: str, status: int, body: bytes, verdict: str) -> None:
    result = CHANNELS[kind].judge(Answer(status, body, at=NOW))
    assert result.verdict is Verdict(verdict)
    assert result.detail.endswith(".")


def test_no_secret_in_repr_or_scrubbed_text() -> None:
    info = ChannelInfo("feishu", "room", "https://open.example/open-apis/bot/v2/hook/abc-def-123", "sesame-open")
    outgoing = CHANNELS["feishu"].render(MESSAGE, info, WORDS)
    said = f"{info!r} {outgoing!r} {scrubbed(f'{info.address} and {info.secret}, open.example', info)}"
    assert "abc-def-123" not in said
    assert "sesame-open" not in said
    assert "open.example" in said


def test_a_channel_is_checked_before_it_is_stored() -> None:
    for kind in CHANNELS:
        check_channel(info_for(kind))
    with pytest.raises(Invalid) as caught:
        check_channel(ChannelInfo("mail", "x", "nobody"))
    assert caught.value.what == "The channel's address is not one mail address."
    assert caught.value.advice == "Give one, such as desk@example.org."
