"""Following: what is shared from the start, and what ends with it."""

import pytest
from sqlmodel import select

from service.desk.alerts import act_on
from service.desk.channels import create_channel, remove_channel
from service.desk.deliveries import retry_delivery
from service.desk.subscriptions import create_subscription, remove_subscription
from service.errors import Conflict, Invalid, NotFound
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.read_rest import list_channels, list_notices, list_subscriptions
from service.store.tables import Channel, LogLine, Notice
from tests.api.town import Town


def seen(town: Town, organisation: str) -> list[str]:
    """The titles of the alerts that an organisation sees."""
    scope = town.operator(organisation)
    with town.store.read() as session:
        return [alert.title for alert in list_alerts(session, scope, AlertFilter()).items]


def test_standing_alerts_are_shared_and_told_at_once(here: Town) -> None:
    here.alert("Coup", countries=("NE",), level=1)
    here.alert("Strike", countries=("FR",), level=1)
    here.alert("Rumour", countries=("NE",), level=4)
    here.alert("Secret", countries=("NE",), level=1, sharing="TLP:RED")
    here.alert("Over", countries=("NE",), level=1, state="resolved")
    row = create_subscription(
        here.house,
        here.operator("north"),
        name=" Niger\n watch ",
        countries=["ne", "NE"],
        categories=["security"],
        least_level=2,
        channel_id=here.numbers["channel:north"],
    )
    assert (row.name, row.countries) == ("Niger watch", ["NE"])
    assert seen(here, "north") == ["Coup"]
    with here.store.read() as session:
        (notice,) = session.exec(select(Notice)).all()
    assert (notice.subscription_id, notice.state) == (row.id, "pending")


@pytest.mark.parametrize(
    "wrong",
    [
        {"countries": ["XX"]},
        {"countries": ["Niger"]},
        {"categories": ["weather"]},
        {"least_level": 0},
        {"name": "\u200b"},
        {"name": "n" * 121},
    ],
)
def test_what_cannot_be_followed(here: Town, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"name": "n", **wrong}
    with pytest.raises(Invalid):
        create_subscription(here.house, here.operator(), **given)  # type: ignore[arg-type]


def test_a_foreign_channel_is_no_channel(here: Town) -> None:
    with pytest.raises(NotFound):
        create_subscription(here.house, here.operator("north"), name="n", channel_id=here.numbers["channel:south"])


def test_removing_ends_sharing_and_what_waits(here: Town) -> None:
    scope, number = here.operator("north"), here.alert("Coup")
    row = create_subscription(here.house, scope, name="n", channel_id=here.numbers["channel:north"])
    other = create_subscription(here.house, scope, name="too", countries=["FR"])
    assert seen(here, "north") == ["Coup"]
    remove_subscription(here.house, scope, row.id or 0)
    assert seen(here, "north") == []
    with here.store.read() as session:
        left = {one.id for one in list_subscriptions(session, scope)}
        ((notice, _),) = list_notices(session, scope).items
    assert left == {here.numbers["subscription:north"], other.id}
    assert (notice.state, notice.error) == ("dead", "The subscription was removed before this was sent.")
    with pytest.raises(NotFound):
        remove_subscription(here.house, scope, row.id or 0)
    act_on(here.house, here.operator(), number, "resolve")
    with here.store.read() as session:
        assert len(session.exec(select(Notice)).all()) == 1


def test_what_two_subscriptions_share_stays_with_one_of_them(here: Town) -> None:
    scope = here.operator("north")
    here.alert("Coup")
    first, _ = (create_subscription(here.house, scope, name=name) for name in ("one", "two"))
    remove_subscription(here.house, scope, first.id or 0)
    assert seen(here, "north") == ["Coup"]


def test_a_webhook_without_a_secret_gets_one(here: Town) -> None:
    made = create_channel(here.house, here.operator(), kind="webhook", name="n", address=" https://rooms.example/x ")
    assert made.secret
    assert made.secret.startswith("whsec_")
    assert made.row.address == "https://rooms.example/x"
    given = create_channel(
        here.house, here.operator(), kind="webhook", name="n", address="https://rooms.example/x", secret=made.secret
    )
    assert given.secret is None
    mail = create_channel(
        here.house, here.operator(), kind="mail", name="n", address="duty@desk.example", owner="legal-counsel"
    )
    assert (mail.secret, mail.row.secret, mail.row.owner) == (None, None, "legal-counsel")


def orphan(town: Town, alert: int, version: int) -> str:
    """A dead notice to an owner without a channel."""
    number = f"msg_{alert}_{version}"
    with town.store.write() as session:
        session.add(
            Notice(
                id=number,
                organisation_id=town.numbers["organisation:home"],
                alert_id=alert,
                version=version,
                action="open",
                owner="legal-counsel",
                dedup=number,
                payload={},
                state="dead",
                error="Owner legal-counsel has no channel.",
                not_before=town.at,
                created_at=town.at,
            )
        )
    return number


def test_a_channel_for_an_owner_tells_what_stands(here: Town) -> None:
    live, over = here.alert("Coup"), here.alert("Flood", state="resolved")
    numbers = [orphan(here, alert, version) for alert in (live, over) for version in (2, 1)]
    made = create_channel(
        here.house, here.operator(), kind="mail", name="n", address="law@desk.example", owner="legal-counsel"
    )
    with here.store.read() as session:
        found = {number: session.get_one(Notice, number) for number in numbers}
    pending = [notice for notice in found.values() if notice.state == "pending"]
    assert [(notice.id, notice.channel_id, notice.error) for notice in pending] == [(numbers[0], made.row.id, None)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pigeon"},
        {"address": "file:///etc/passwd"},
        {"address": "rooms.example"},
        {"kind": "mail", "address": "nobody"},
        {"secret": "plain words"},
        {"language": "tlh"},
        {"owner": "central-lead"},  # a subscriber has no owners
    ],
)
def test_channels_that_cannot_be(here: Town, wrong: dict[str, str]) -> None:
    given = {"kind": "webhook", "name": "n", "address": "https://rooms.example/x", **wrong}
    with pytest.raises(Invalid):
        create_channel(here.house, here.operator("north"), **given)


def test_a_removed_channel_forgets_its_address(here: Town) -> None:
    scope, number = here.operator("north"), here.numbers["channel:north"]
    with pytest.raises(Conflict, match="north watch"):
        remove_channel(here.house, scope, number)
    remove_subscription(here.house, scope, here.numbers["subscription:north"])
    waiting = here.notice(here.alert(), "north", "pending")
    remove_channel(here.house, scope, number)
    with here.store.read() as session:
        assert list_channels(session, scope) == []
        row, notice = session.get(Channel, number), session.get(Notice, waiting)
        assert row is not None
        assert notice is not None
        assert (row.address, row.secret, row.active) == ("", None, False)
        assert notice.state == "dead"


def test_a_dead_letter_is_sent_again_once(here: Town) -> None:
    number = here.notice(here.alert(), "north")
    assert retry_delivery(here.house, here.operator("north"), number).state == "pending"
    with pytest.raises(Conflict):
        retry_delivery(here.house, here.operator("north"), number)


def test_every_change_leaves_a_line(here: Town) -> None:
    scope = here.operator("north")
    row = create_subscription(here.house, scope, name="n")
    remove_subscription(here.house, scope, row.id or 0)
    create_channel(here.house, scope, kind="mail", name="n", address="a@b.example")
    with here.store.read() as session:
        lines = session.exec(select(LogLine)).all()
    assert [(line.actor, line.action, line.organisation_id) for line in lines] == [
        ("operator", action, scope.organisation_id)
        for action in ("subscription.add", "subscription.remove", "channel.add")
    ]
