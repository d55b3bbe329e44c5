"""A proposed guideline is told to those who may approve it, and the decision to who proposed it: once, in words."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlmodel import col, select

from rules.guideline import default_text
from service.auth.access import person_scope
from service.desk.guideline import approve, note_seen, propose, turn_down
from service.notify.channel import ChannelInfo, Post
from service.notify.channels import CHANNELS
from service.notify.deliver import Sender, deliver_batch
from service.notify.message import from_payload
from service.observe import Metrics
from service.store.guidelines import count_waiting
from service.store.office import person_by_id
from service.store.scope import Scope
from service.store.tables import Channel, GuidelineVersion, Notice
from tests.api.town import Town, words
from tests.notify.mailroom import FakeMail
from tests.notify.world import TurnedClock

TEXT = default_text().replace('version: "1"', 'version: "9"')
PEOPLE = (
    *(("ann", "admin", None), ("li", "manager", None), ("bea", "manager", "legal-counsel")),
    *(("omar", "analyst", None), ("off", "manager", None), ("quiet", "admin", None)),
)


@pytest.fixture
def office(here: Town) -> Town:
    """Two who may approve by their own mail, one by her owner's, one who is away, one whom nothing reaches."""
    here.at = datetime.now(UTC).replace(microsecond=0)
    for name, role, owner in PEOPLE:
        here.person(name, role, owner=owner)
    for key, language in (("ann", "en"), ("li", "zh"), ("legal-counsel", "en"), ("omar", "en"), ("off", "en")):
        row = Channel(
            organisation_id=here.numbers["organisation:home"],
            kind="mail",
            name=key,
            address="desk@example.org",
            language=language,
            owner=key,
            created_at=here.at,
        )
        here.keep(f"channel:{key}", row)
    with here.store.write() as session:
        person = person_by_id(session, here.numbers["person:off"])
        assert person is not None
        person[0].active = False
    return here


@pytest.fixture
def post() -> Iterator[FakeMail]:
    """A real mail server on loopback."""
    fake = FakeMail(TurnedClock())
    yield fake
    fake.stop()


def eyes(here: Town, name: str) -> Scope:
    with here.store.read() as session:
        found = person_by_id(session, here.numbers[f"person:{name}"])
    assert found is not None
    return person_scope(*found)


def proposed(here: Town, by: Scope, text: str = TEXT, note: str = "fewer calls at night") -> int:
    """A proposal that was tried."""
    number = propose(here.house, by, text, note).id or 0
    with here.store.write() as session:
        row = session.get(GuidelineVersion, number)
        assert row is not None
        row.backtest = {}
    return number


def told(here: Town, action: str) -> list[Notice]:
    with here.store.read() as session:
        query = select(Notice).where(Notice.action == f"guideline_{action}").order_by(col(Notice.owner))
        return list(session.exec(query).all())


def waiting(here: Town, name: str, *, approves: bool = True) -> int:
    with here.store.read() as session:
        return count_waiting(session, eyes(here, name), approves=approves)


def mails(here: Town, post: FakeMail) -> dict[str, tuple[str, str]]:
    """Deliver what waits: the subject and the text that each was sent, by the number of the notice."""

    async def deliver() -> None:
        async with httpx.AsyncClient() as client:
            sender = Sender(client=client, mail=post.settings(), catalogue=words())
            await deliver_batch(here.store, sender, Metrics(), "test", lambda: here.at)

    asyncio.run(deliver())
    found = {}
    for asked in post.accepted:
        mail = post.mail(asked)
        part = mail.get_body(("plain",))
        assert part is not None
        found[post.number(asked)] = (str(mail["Subject"]), part.get_content())
    return found


def test_those_who_may_approve_are_asked_by_mail_in_their_language(office: Town, post: FakeMail) -> None:
    number = proposed(office, eyes(office, "ann"))
    asked = told(office, "proposed")
    assert [one.owner for one in asked] == ["bea", "li"], "not who proposed it, nor analysts, nor who is switched off"
    sent = mails(office, post)
    subject, text = sent[asked[1].id]
    assert subject.startswith("[Watchfire] 指引 · 指引 9+")
    for words_ in ("等待第二人批准", "提出人：ann", "fewer calls at night", f"/guideline/changes/{number}"):
        assert words_ in text
    subject, text = sent[asked[0].id]
    assert subject.startswith("[Watchfire] GUIDELINE · Guideline 9+")
    for words_ in ("waits for a second person to decide", "Proposed by ann", "Open the change"):
        assert words_ in text
    assert "alert" not in text.lower().replace("guideline", "")


def test_each_is_told_once(office: Town, post: FakeMail) -> None:
    number = proposed(office, eyes(office, "ann"))
    mails(office, post)
    approve(office.house, eyes(office, "li"), number)
    office.pass_time(minutes=1)
    sent = mails(office, post)
    assert len(post.accepted) == 3
    assert len(sent) == 3
    assert mails(office, post) == sent
    assert len(post.accepted) == 3


def test_who_proposed_it_is_told_that_it_was_approved(office: Town, post: FakeMail) -> None:
    number = proposed(office, eyes(office, "li"))
    approve(office.house, eyes(office, "ann"), number, office.at + timedelta(hours=2))
    (one,) = told(office, "approved")
    assert one.owner == "li"
    subject, text = mails(office, post)[one.id]
    assert "获批准" in subject
    assert "决定人：ann" in text
    assert f"{office.at + timedelta(hours=2):%Y-%m-%d %H:%M} UTC" in text


def test_who_proposed_it_is_told_why_it_was_rejected(office: Town, post: FakeMail) -> None:
    number = proposed(office, eyes(office, "ann"))
    approve(office.house, eyes(office, "bea"), number, office.at + timedelta(hours=2))
    turn_down(office.house, eyes(office, "li"), number, "the thresholds are too high")
    (one,) = told(office, "rejected")
    subject, text = mails(office, post)[one.id]
    assert "was rejected" in subject
    assert "Decided by li" in text
    assert "Because: the thresholds are too high" in text


def test_to_take_back_ones_own_tells_nobody(office: Town) -> None:
    number = proposed(office, eyes(office, "ann"))
    turn_down(office.house, eyes(office, "ann"), number, "a slip")
    assert told(office, "rejected") == []
    assert [waiting(office, name) for name in ("ann", "li", "quiet")] == [0, 0, 0]


def test_a_command_or_a_key_is_told_nothing_but_asks(office: Town) -> None:
    number = proposed(office, office.operator())
    assert [one.owner for one in told(office, "proposed")] == ["ann", "bea", "li"]
    text = words().reason_text(told(office, "proposed")[0].payload["reasons"][1], "zh")
    assert "operator" not in text
    approve(office.house, eyes(office, "ann"), number)
    assert told(office, "approved") == []


def test_two_who_share_a_room_hear_it_once(office: Town) -> None:
    office.person("carl", "manager", owner="legal-counsel")
    proposed(office, eyes(office, "ann"))
    assert [one.owner for one in told(office, "proposed")] == ["bea", "li"]


def test_the_rail_counts_what_waits(office: Town) -> None:
    number = proposed(office, eyes(office, "ann"))
    proposed(office, eyes(office, "li"), TEXT.replace('version: "9"', 'version: "10"'))
    assert [waiting(office, name) for name in ("ann", "li", "quiet")] == [1, 1, 2]
    assert waiting(office, "omar", approves=False) == 0
    turn_down(office.house, eyes(office, "quiet"), number, "no")
    assert [waiting(office, name) for name in ("ann", "li", "quiet")] == [2, 0, 1]
    note_seen(office.house, eyes(office, "li"), number)
    assert waiting(office, "ann") == 2, "another's look is not hers"
    note_seen(office.house, eyes(office, "ann"), number)
    assert waiting(office, "ann") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", list(CHANNELS))
def test_every_way_says_it(office: Town, kind: str, language: str) -> None:
    number = proposed(office, eyes(office, "ann"))
    turn_down(office.house, eyes(office, "li"), number, "no")
    for action, said in (("proposed", ("waits for", "等待")), ("rejected", ("was rejected", "被否决"))):
        message = from_payload(told(office, action)[0].payload)
        address = "desk@example.org" if kind == "mail" else "https://hooks.example/"
        outgoing = CHANNELS[kind].render(message, ChannelInfo(kind, "room", address, None, language), words())
        text = outgoing.body.decode() if isinstance(outgoing, Post) else outgoing.text
        if "\\u" in text:
            text = text.encode().decode("unicode_escape", "ignore")
        assert said[language == "zh"] in text
        assert "guideline.told" not in text
        if kind == "webhook":
            assert f'"type":"guideline.{action}"' in text
            assert '"alert":null' in text
            assert f'"guideline":{{"version":"{message.title}"' in text


def test_a_hostile_note_stays_a_note(office: Town, post: FakeMail) -> None:
    proposed(office, eyes(office, "ann"), note="x\u202e\r\nBcc: all@example.org\n<script>alert(1)</script>")
    one = told(office, "proposed")[1]
    _, text = mails(office, post)[one.id]
    assert "\u202e" not in text
    assert post.mail(post.accepted[0])["Bcc"] is None
    assert replace(from_payload(one.payload), id="").kind == "guideline"
