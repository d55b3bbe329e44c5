"""The demonstration's own pages: feeds with validators, stories, and the chat room in two languages."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from service.demo.robots import TOKENS
from service.demo.seeds import followers
from service.notify.channel import Post
from service.notify.channels import CHANNELS, info_of
from tests.demo.stage import START, ask, prepared
from tests.demo.test_room import WORDS, message

LATER = START + timedelta(seconds=60)


def test_a_feed_is_not_sent_twice(tmp_path: Path) -> None:
    with prepared(tmp_path, now=START) as made:
        first = ask(made, "/demo/feeds/herald")
        assert first.status_code == 200
        assert first.headers["content-type"].startswith("application/atom+xml")
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
            {"If-Modified-Since": first.headers["last-modified"]},
        ):
            again = ask(made, "/demo/feeds/herald", headers=headers)
            assert (again.status_code, again.content) == (304, b"")
        stale = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
        assert ask(made, "/demo/feeds/herald", headers=stale).status_code == 200
        assert ask(made, "/demo/feeds/herald", headers={"If-Modified-Since": "yesterday"}).status_code == 200
    with prepared(tmp_path, now=LATER) as made:
        changed = ask(made, "/demo/feeds/herald", headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200
        assert "announce coup" in changed.text


def test_a_story_says_that_it_is_invented_and_is_not_told_early(tmp_path: Path) -> None:
    with prepared(tmp_path, now=START) as made:
        assert ask(made, "/demo/story/coup-announced").status_code == 404
    with prepared(tmp_path, now=LATER) as made:
        page = ask(made, "/demo/story/coup-announced-ar", headers={"Accept-Language": "zh-CN"}).text
        assert 'lang="ar" dir="auto"' in page
        assert "本条专为演示而写" in page


def _deliver(made, kind: str, number: str, **changes: object) -> int:  # type: ignore[no-untyped-def]
    """Our own sender's request to the first robot of a kind."""
    with made.house.store.read() as session:
        info = info_of(next(channel for channel, _, _ in followers(session) if channel.kind == kind))
    post = CHANNELS[kind].sign(CHANNELS[kind].render(message(number, **changes), info, WORDS), info, made.stage.now)
    assert isinstance(post, Post)
    path = post.url.removeprefix("http://127.0.0.1:8123")
    answer = ask(made, path, method="POST", content=post.body, headers=dict(post.headers))
    return int(answer.status_code)


def test_the_room_shows_what_it_received_in_both_languages(tmp_path: Path) -> None:
    with prepared(tmp_path) as made:
        empty = ask(made, "/demo/chat")
        assert "No message yet" in empty.text
        assert ask(made, "/demo/chat.json").json() == {"items": []}
        for place, kind in enumerate(TOKENS):
            assert _deliver(made, kind, f"msg_{place:024x}", title="<script>alert(1)</script> coup") == 200
        assert _deliver(made, "slack", "msg_" + "4".rjust(24, "0")) == 200
        items = ask(made, "/demo/chat.json").json()["items"]
        assert [item["kind"] for item in items] == list(reversed(TOKENS))
        assert [item["repeats"] for item in items] == [1, 0, 0, 0, 0]
        assert all(item["countries"] == ["CM", "PE"] and item["level"] == 2 for item in items)
        english = ask(made, "/demo/chat", headers={"Accept-Language": "en"}).text
        chinese = ask(made, "/demo/chat?lang=zh")
    assert "delivered again: 1" in english
    assert "模拟聊天群" in chinese.text
    assert chinese.cookies["watchfire-lang"] == "zh"
    assert english.count("<article") == 5
    assert "<script>alert" not in english + chinese.text
    assert not re.search(r">demo\.[a-z]", english + chinese.text), "a message key without its text"


def test_what_is_not_there_is_not_found_and_too_much_is_refused(tmp_path: Path) -> None:
    with prepared(tmp_path) as made:
        for path in ("/demo/feeds/none", "/demo/story/none", "/demo/other.js", "/demo/prepare.py"):
            assert ask(made, path).status_code == 404
        assert ask(made, "/demo/chat.css").headers["content-type"].startswith("text/css")
        assert ask(made, "/demo/chat.js").headers["content-type"].startswith("text/javascript")
        assert ask(made, "/demo/chat/hook/pager", method="POST").status_code == 404
        big = ask(made, "/demo/chat/hook/feishu?token=x", method="POST", content=b"x" * 70_000)
        assert big.status_code == 413


@pytest.mark.parametrize("kind", TOKENS)
def test_a_wrong_token_is_no_robot(tmp_path: Path, kind: str) -> None:
    with prepared(tmp_path) as made:
        ask(made, f"/demo/chat/hook/{kind}?{TOKENS[kind]}=", method="POST", content=b"{}")
        ask(made, f"/demo/chat/hook/{kind}?{TOKENS[kind]}=guess", method="POST", content=b"{}")
        assert made.stage.room.cards() == []
