"""Comments: who may say and see what, whom a name calls, and what the log keeps."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from service.auth.access import operator_scope
from service.desk.comments import change_comment, comment, plain_text, read_mentions, talk_about, withdraw_comment
from service.desk.house import House
from service.desk.mention_text import mentioned, mentions
from service.errors import Conflict, Invalid, NotFound, Refused
from service.store.comments import comments_on, mentions_of, unread_mentions
from service.store.engine import Store
from service.store.log import follow_log
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.scope import Role, Scope
from service.store.tables import Alert, Channel, Comment, LogLine, Mention, Notice
from tests.triage.conftest import NOW
from tests.web.desk import house_of, operator
from tests.web.seed import alert_called
from tests.web.talking import add_people

NAMES = ("li", "li wei", "wang", "王伟", "ann-marie")


class Clock:
    at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(told: Store, clock: Clock) -> House:
    found = house_of(told, clock=clock)
    add_people(found)
    return found


def as_(house: House, name: str, role: Role = Role.ANALYST) -> Scope:
    return replace(operator(house.store), actor=name, role=role)


def guest(house: House) -> Scope:
    with house.store.read() as session:
        return operator_scope(session, "guest")


def an_alert(house: House) -> int:
    return alert_called(house.store, "尼日尔").id or 0


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@wang please", ("wang",)),
        ("@WANG, @Ｗａｎｇ", ("wang",)),
        ("@li wei and @li", ("li wei", "li")),
        ("@lin is nobody, nor is @wangs", ()),
        ("请@王伟看一下", ("王伟",)),
        ("＠王伟请看", ("王伟",)),
        ("mail a@wang.example, @@wang", ()),
        ("(@wang) @ann-marie!", ("wang", "ann-marie")),
        ("👩🏽‍🚒@wang👍", ("wang",)),
    ],
)
def test_whom_a_name_calls(text: str, called: tuple[str, ...]) -> None:
    assert mentioned(text, NAMES) == called
    for start, end, name in mentions(text, NAMES):
        assert text[start] in "@＠"
        assert len(text[start:end]) == len(name) + 1


@given(st.text(alphabet="@ liwangWEI王伟.-\n", max_size=40))
def test_calls_lie_in_order_and_apart(text: str) -> None:
    last = 0
    for start, end, name in mentions(text, NAMES):
        assert last <= start < end <= len(text)
        assert name in NAMES
        last = end


def test_what_hides_or_turns_text_is_not_kept() -> None:
    assert plain_text(" a\u202eb\r\n\r\n\r\n\r\nc\x00\u200b \n") == "ab\n\nc"
    for nothing in ("", " \n\u200b", "\u202e"):
        with pytest.raises(Invalid):
            plain_text(nothing)
    with pytest.raises(Invalid):
        plain_text("x" * 2001)


def add_channel(house: House) -> int | None:
    with house.store.write() as session:
        home = operator(house.store).organisation_id
        mine = Channel(organisation_id=home, kind="slack", name="Fatou", address="https://x.example/h", owner="fatou",
                       created_at=NOW)  # fmt: skip
        session.add(mine)
        session.flush()
        return mine.id


def test_who_is_called_again_by_a_change_is_told_once(house: House) -> None:
    add_channel(house)
    alert, wang = an_alert(house), as_(house, "wang")
    number = comment(house, wang, alert, "look @fatou").id or 0
    change_comment(house, wang, alert, number, "look @李娜")
    change_comment(house, wang, alert, number, "look @fatou @李娜")
    with house.store.read() as session:
        assert unread_mentions(session, as_(house, "fatou")) == 1
        assert [one.owner for one in session.exec(select(Notice).where(Notice.action == "mention")).all()] == ["fatou"]


def test_a_comment_is_kept_logged_and_told(house: House) -> None:
    alert, channel = an_alert(house), add_channel(house)
    row = comment(house, as_(house, "wang"), alert, "@fatou @李娜 @wang see this")
    with house.store.read() as session:
        talk = talk_about(session, as_(house, "wang"), [alert], NOW)
        assert [one.comment.text for one in talk.said] == ["@fatou @李娜 @wang see this"]
        assert [name for name, _ in talk.said[0].mentioned] == ["fatou", "李娜"]
        line = session.exec(select(LogLine).where(LogLine.subject == "comment")).one()
        assert (line.action, line.actor, line.subject_id) == ("comment.add", "wang", str(alert))
        notice = session.exec(select(Notice).where(Notice.action == "mention")).one()
        assert (notice.channel_id, notice.owner, notice.state) == (channel, "fatou", "pending")
        assert notice.payload["reasons"][0]["words"].startswith("@fatou")
        assert notice.payload["url"].endswith(f"/alerts/{alert}#comment-{row.id}")
        assert notice.payload["acknowledge_by"] is None
        assert unread_mentions(session, as_(house, "fatou")) == unread_mentions(session, as_(house, "李娜")) == 1
        assert unread_mentions(session, as_(house, "wang")) == 0
        assert [one.comment_id for one, _, _ in mentions_of(session, as_(house, "fatou"))] == [row.id]
    read_mentions(house, as_(house, "fatou"), [alert])
    with house.store.read() as session:
        assert unread_mentions(session, as_(house, "fatou")) == 0
        said = talk_about(session, as_(house, "wang"), [alert], NOW).said[0]
        assert dict(said.mentioned)["fatou"] is not None
        assert dict(said.mentioned)["李娜"] is None


def test_ones_own_can_be_changed_and_removed_for_a_quarter_of_an_hour(house: House, clock: Clock) -> None:
    alert, wang = an_alert(house), as_(house, "wang")
    row = comment(house, wang, alert, "first @fatou")
    number = row.id or 0
    with pytest.raises(Refused):
        change_comment(house, as_(house, "fatou"), alert, number, "not hers")
    clock.at = NOW + timedelta(minutes=14)
    change_comment(house, wang, alert, number, "second @李娜")
    with house.store.read() as session:
        assert unread_mentions(session, as_(house, "fatou")) == 0
        assert unread_mentions(session, as_(house, "李娜")) == 1
    withdraw_comment(house, wang, alert, number)
    with house.store.read() as session:
        kept = session.get(Comment, number)
        assert kept is not None
        assert (kept.text, kept.removed_at is not None) == ("", True)
        assert session.exec(select(Mention)).all() == []
        lines = session.exec(select(LogLine).where(LogLine.subject == "comment").order_by(col(LogLine.id))).all()
        assert [line.action for line in lines] == ["comment.add", "comment.edit", "comment.remove"]
        assert [line.detail.get("before") for line in lines] == [None, "first @fatou", "second @李娜"]
    with pytest.raises(NotFound):
        withdraw_comment(house, wang, alert, number)
    late = comment(house, wang, alert, "stays").id or 0
    clock.at += timedelta(minutes=15)
    with pytest.raises(Conflict):
        change_comment(house, wang, alert, late, "too late")
    with pytest.raises(Conflict):
        withdraw_comment(house, wang, alert, late)


def test_what_is_said_stays_in_the_house(house: House) -> None:
    with house.store.read() as session:
        shared = next(iter(list_alerts(session, guest(house), AlertFilter()).items)).id or 0
        newest = max(session.exec(select(LogLine.id)).all()) or 0
    comment(house, as_(house, "wang"), shared, "for us alone")
    comment(house, guest(house), shared, "for them alone")
    with house.store.read() as session:
        assert [one.text for one in comments_on(session, operator(house.store), [shared])] == ["for us alone"]
        assert [one.text for one in comments_on(session, guest(house), [shared])] == ["for them alone"]
        assert [line.actor for line in follow_log(session, operator(house.store), newest)] == ["wang"]
        assert [line.actor for line in follow_log(session, guest(house), newest)] == ["operator"]
    hidden = an_alert(house)
    with pytest.raises(NotFound):
        comment(house, guest(house), hidden, "not theirs to see")


def test_a_viewer_only_reads(house: House) -> None:
    with pytest.raises(Refused):
        comment(house, as_(house, "wang", Role.VIEWER), an_alert(house), "no")
    comment(house, as_(house, "wang", Role.OWNER), an_alert(house), "owners may")


def test_a_mention_on_what_may_not_be_seen_any_more_is_not_counted(house: House) -> None:
    alert = an_alert(house)
    comment(house, as_(house, "wang"), alert, "@fatou")
    with house.store.write() as session:
        row = session.get_one(Alert, alert)
        row.organisation_id = guest(house).organisation_id
        session.add(row)
    with house.store.read() as session:
        assert unread_mentions(session, as_(house, "fatou")) == 0
        assert mentions_of(session, as_(house, "fatou")) == []
