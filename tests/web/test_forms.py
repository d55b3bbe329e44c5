"""What people do through plain forms, as a browser without scripts sends them."""

import re

import httpx
import pytest
from sqlmodel import select

from service.auth.invite import first_invitation
from service.store.scope import Role
from service.store.tables import Alert, Channel, LogLine, Notice, Organisation, Person, SourceRow, Subscription
from tests.entering import session_of
from tests.web.conftest import Desk, OpenDesk
from tests.web.seed import alert_called


def state_of(desk: Desk, number: int) -> str:
    with desk.store.read() as session:
        return session.get_one(Alert, number).state


def test_acknowledge_resolve_and_back_again(desk: Desk) -> None:
    done = desk.post("/alerts/8/acknowledge", {"back": "/?level=1#alert-8"})
    assert done.status_code == 303
    assert done.headers["location"] == "/?level=1#alert-8"
    assert state_of(desk, 8) == "acknowledged"
    assert desk.post("/alerts/8/respond").headers["location"] == "/alerts/8"
    assert desk.post("/alerts/8/resolve").status_code == 303
    late = desk.post("/alerts/8/acknowledge", accept_language="zh")
    assert late.status_code == 409
    assert "已解除" in late.text


def test_a_dismissal_says_why(desk: Desk) -> None:
    assert desk.post("/alerts/8/dismiss").status_code == 422
    assert desk.post("/alerts/8/dismiss", {"reason": "boredom"}).status_code == 422
    assert desk.post("/alerts/8/dismiss", {"reason": "duplicate", "note": "of the one before"}).status_code == 303
    told = desk.get("/alerts/8", accept_language="zh").text
    assert "重复：of the one before" in told


@pytest.mark.parametrize(
    "back", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:1", "\r\nx"]
)
def test_nobody_is_sent_elsewhere(desk: Desk, back: str) -> None:
    assert desk.post("/alerts/8/acknowledge", {"back": back}).headers["location"] == "/alerts/8"


def test_another_site_can_do_nothing(desk: Desk) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = desk.client.post("/alerts/8/acknowledge", headers=headers)
        assert answer.status_code == 403
    assert state_of(desk, 8) == "open"


def test_scripts_get_one_sentence(desk: Desk) -> None:
    assert desk.post("/alerts/8/acknowledge", HX_Request="true").status_code == 204
    refused = desk.post("/alerts/1/acknowledge", HX_Request="true", accept_language="en")
    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("text/plain")
    assert "Resolved" in refused.text
    assert "<" not in refused.text


def test_subscriptions(desk: Desk) -> None:
    form = {"name": "Mali & 海峡", "countries": ["ML", "NE"], "categories": ["security"], "least_level": "2"}
    assert desk.post("/subscriptions", form).headers["location"].endswith("done=subscription_added")
    shown = desk.get("/subscriptions?done=subscription_added", accept_language="en").text
    assert "Mali &amp; 海峡" in shown
    assert "Subscribed." in shown
    with desk.store.read() as session:
        number = session.exec(select(Subscription.id).where(Subscription.name == "Mali & 海峡")).one()
    made = desk.post(f"/subscriptions/{number}/token")
    address = re.search(r"<code>(http[^<]+/feeds/[^<]+/atom\.xml)</code>", made.text)
    assert address is not None
    feed = desk.client.get(httpx.URL(address[1]).path)
    assert feed.status_code == 200
    assert "尼日尔" in feed.text
    assert address[1] not in desk.get("/subscriptions").text
    assert desk.post(f"/subscriptions/{number}/revoke").status_code == 303
    assert desk.client.get(httpx.URL(address[1]).path).status_code == 404
    assert desk.post(f"/subscriptions/{number}/remove").status_code == 303
    assert "Mali &amp; 海峡" not in desk.get("/subscriptions").text


def test_a_wrong_form_comes_back_filled_in(desk: Desk) -> None:
    again = desk.post(
        "/subscriptions", {"name": "x" * 200, "countries": "PE", "least_level": "2"}, accept_language="zh"
    )
    assert again.status_code == 422
    assert "订阅名称为空或过长。请使用 1 至 120 个字符。" in again.text
    assert 'value="PE" checked' in again.text
    assert "x" * 200 in again.text
    assert desk.post("/subscriptions", {"name": "y", "least_level": "many"}).status_code == 422
    for channel in ("999", "9" * 30, "x"):
        assert desk.post("/subscriptions", {"name": "y", "channel": channel}).status_code in (404, 422)


def test_channels(desk: Desk) -> None:
    made = desk.post(
        "/channels", {"kind": "webhook", "name": "Receiver", "address": "https://taker.example/very-secret"}
    )
    assert made.status_code == 200
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made.text)
    assert secret is not None
    shown = desk.get("/channels").text
    assert secret[0] not in shown
    assert "very-secret" not in shown
    assert "taker.example" in shown
    refused = desk.post("/channels", {"kind": "slack", "name": "Bad", "address": "no address"}, accept_language="en")
    assert refused.status_code == 422
    assert 'value="no address"' in refused.text
    with desk.store.read() as session:
        used = session.exec(select(Subscription.channel_id).where(Subscription.organisation_id == 1)).first()
        free = session.exec(select(Channel.id).where(Channel.name == "Receiver")).one()
    assert desk.post(f"/channels/{used}/remove", accept_language="zh").status_code == 409
    assert desk.post(f"/channels/{free}/remove").status_code == 303
    assert "taker.example" not in desk.get("/channels").text


def test_a_test_tells_how_it_went(desk: Desk) -> None:
    tried = desk.post("/channels/2/test", accept_language="en")
    assert tried.status_code == 200
    assert "The test did not arrive." in tried.text


def test_dead_letters_are_seen_and_sent_again(desk: Desk) -> None:
    with desk.store.read() as session:
        dead = session.exec(select(Notice).where(Notice.state == "dead", Notice.channel_id != None)).all()  # noqa: E711
    page = desk.get("/deliveries?state=dead", accept_language="en").text
    assert "Not delivered" in page
    assert "The receiver answers 404 Not Found; nothing is there, so check the address of the channel." in page
    assert (
        "接收方返回 404；该地址无内容，请核对通道地址。"
        in desk.get("/deliveries?state=dead", accept_language="zh").text
    )
    assert f"/deliveries/{dead[0].id}/retry" in page
    assert desk.post(f"/deliveries/{dead[0].id}/retry").status_code == 303
    with desk.store.read() as session:
        assert session.get_one(Notice, dead[0].id).state == "pending"
    assert desk.post(f"/deliveries/{dead[0].id}/retry", accept_language="zh").status_code == 409


def test_dead_letters_of_one_channel_and_cause_are_one_group(desk: Desk) -> None:
    with desk.store.write() as session:
        dead = session.exec(select(Notice).where(Notice.state == "dead", Notice.channel_id != None)).all()  # noqa: E711
        for number in range(12):
            session.add(Notice(**dead[0].model_dump(exclude={"id", "dedup"}), id=f"msg_{number}", dedup=f"d{number}"))
    page = desk.get("/deliveries", accept_language="en").text
    count = 12 + sum((one.channel_id, one.error) == (dead[0].channel_id, dead[0].error) for one in dead)
    assert f"Send all {count} again" in page
    causes = {(one.channel_id, one.error) for one in dead}
    assert page.count("answers 404 Not Found") == len(causes)  # the cause of all of them is told once
    assert f"全部重新发送（{count} 条）" in desk.get("/deliveries?state=dead", accept_language="zh").text
    whole = re.search(r"/deliveries\?state=dead&amp;like=(\w+)", page)
    assert whole is not None
    assert desk.get(f"/deliveries?state=dead&like={whole[1]}").text.count('/retry"') == count
    sent = desk.post(f"/deliveries/{whole[1]}/retry/like")
    assert (sent.status_code, sent.headers["location"]) == (303, "/deliveries?done=deliveries_retried")
    with desk.store.read() as session:
        assert session.get_one(Notice, "msg_3").state == "pending"
        assert len(session.exec(select(LogLine).where(LogLine.action == "notice.retry")).all()) == count
    assert desk.post(f"/deliveries/{whole[1]}/retry/like").status_code == 409
    assert "They are being sent again." in desk.get("/deliveries?done=deliveries_retried", accept_language="en").text


def test_sources(desk: Desk) -> None:
    page = desk.get("/sources", accept_language="en").text
    assert "step.example answers 503 Service Unavailable; the trouble is on their side" in page
    assert "step.example 返回 503；问题在对方，稍后重试。" in desk.get("/sources", accept_language="zh").text
    assert page.index("Степной вестник") < page.index("Sahel Lantern")
    added = desk.post(
        "/sources", {"address": "https://new.example/rss", "name": "New one", "country": "ML", "kind": "news"}
    )
    assert added.status_code == 303
    again = desk.post("/sources", {"address": "https://new.example/rss"}, accept_language="en")
    assert again.status_code == 409
    with desk.store.read() as session:
        number = session.exec(select(SourceRow.id).where(SourceRow.address == "https://new.example/rss")).one()
    desk.post(f"/sources/{number}/pause")
    assert 'class="line source health-paused"' in desk.get("/sources").text
    desk.post(f"/sources/{number}/resume")
    assert 'class="line source health-paused"' not in desk.get("/sources").text
    file = {"file": ("list.txt", b"https://one.example/rss\nhttps://two.example/rss\n")}
    brought = desk.client.post("/sources/import", files=file, headers={"Origin": desk.url, "Accept-Language": "en"})
    assert "2 sources added" in brought.text
    broken = {"file": ("list.txt", b"\xff\xfe\x00")}
    refused = desk.client.post("/sources/import", files=broken, headers={"Origin": desk.url, "Accept-Language": "en"})
    assert refused.status_code == 422


def test_too_large_is_refused_before_it_is_read(desk: Desk) -> None:
    answer = desk.client.post("/channels", content=b"name=" + b"x" * 3_000_000, headers={"Origin": desk.url})
    assert answer.status_code == 413


def test_the_first_account_and_the_door(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False, empty=True)
    link = first_invitation(shut.store, shut.house.clock(), shut.url)
    assert link is not None
    path = httpx.URL(link).path
    assert "Make your account" in shut.get(path, accept_language="en").text
    wrong = shut.post(path, {"name": "Li", "password": "correct horse", "again": "battery"}, accept_language="zh")
    assert "两次输入的密码不一致" in wrong.text
    weak = shut.post(path, {"name": "Li", "password": "short", "again": "short"}, accept_language="en")
    assert "The password has 5 characters." in weak.text
    made = shut.post(path, {"name": "Li", "password": "correct horse", "again": "correct horse"})
    assert made.status_code == 303
    assert "HttpOnly" in made.headers["set-cookie"]
    assert shut.get("/").status_code == 200
    assert shut.get(path).status_code == 404
    assert shut.post("/sign-out").headers["location"] == "/sign-in"
    assert "/sign-in" in str(shut.get("/").url)
    denied = shut.post("/sign-in", {"name": "Li", "password": "wrong password"}, accept_language="zh")
    assert denied.status_code == 403
    assert "用户名或密码不正确" in denied.text
    entered = shut.post("/sign-in", {"name": "li", "password": "correct horse", "goal": "//evil.example"})
    assert entered.headers["location"] == "/"
    assert shut.get("/sign-in?next=/sources").url.path == "/sources"


def test_a_subscriber_sees_only_what_is_shared(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    now = shut.house.clock()
    with shut.store.write() as session:
        guest = session.exec(select(Organisation).where(Organisation.key == "guest")).one()
        person = Person(organisation_id=guest.id or 0, name="guest", password_hash="-", role=Role.ADMIN, created_at=now)
        session.add(person)
        session.flush()
        number = person.id or 0
    shut.client.cookies.set("watchfire", session_of(shut.store, number, now))
    page = shut.get("/", accept_language="en").text
    assert re.findall(r'class="row-place">([^<]+)<', page) == ["Cameroon", "Peru, Chile"]
    assert 'href="/sources"' not in page
    assert shut.get("/sources").status_code == 404
    assert shut.get(f"/alerts/{alert_called(shut.store, '尼日尔').id}").status_code == 404
    shared = alert_called(shut.store, "Unverified")
    told = shut.get(f"/alerts/{shared.id}", accept_language="en").text
    assert "Who must act" not in told
    assert "Duty room" not in told
    assert shut.post(f"/alerts/{shared.id}/acknowledge").status_code == 403
