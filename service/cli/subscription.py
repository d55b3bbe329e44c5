"""`watchfire subscription` and `watchfire channel`: who follows what, and how they are told."""

import asyncio
from typing import Annotated

import typer

from service.cli.office import Office, open_office, show
from service.desk.channels import channel_to_test, create_channel, remove_channel
from service.desk.sending import make_sender
from service.desk.subscriptions import (
    create_subscription,
    feed_addresses,
    new_feed_token,
    remove_subscription,
    revoke_feed_token,
)
from service.errors import WatchfireError
from service.locale.catalogue import Catalogue
from service.notify.channel import Result
from service.notify.deliver import send_test
from service.store.pages import LARGEST
from service.store.read_rest import list_channels, list_subscriptions
from service.store.tables import Channel

subscription_app = typer.Typer(no_args_is_help=True, add_completion=False)
channel_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Key of the organisation; the desk's own if not given.")
]
Number = Annotated[int, typer.Argument(min=1, max=LARGEST, help="Its number; `list` shows it.")]


class NotDelivered(WatchfireError):
    """A test message did not arrive."""


@subscription_app.command("list")
def list_(organisation: Organisation = None, as_json: Json = False) -> None:
    """Show what an organisation follows."""
    with open_office() as office:
        scope = office.scope(organisation)
        with office.store.read() as session:
            rows = list_subscriptions(session, scope)
        lines = [
            {
                "id": row.id,
                "name": row.name,
                "countries": row.countries if as_json else row.countries or "all",
                "categories": row.categories if as_json else row.categories or "all",
                "least_level": row.least_level,
                "channel_id": row.channel_id,
                "feed": row.feed_hint if as_json else row.feed_hint and f"{row.feed_hint}…",
            }
            for row in rows
        ]
        show(lines, as_json, "Nothing is followed. Add a subscription with `watchfire subscription add NAME`.")


@subscription_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    country: Annotated[list[str] | None, typer.Option(help="ISO 3166 code; repeat it for more, none for all.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="Category; repeat it for more, none for all.")] = None,
    level: Annotated[int, typer.Option(help="Least level: 1 the gravest only, 4 everything.")] = 4,
    channel: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="Number of the channel; a feed only if not given.")
    ] = None,
    organisation: Organisation = None,
) -> None:
    """Follow countries and categories; alerts that stand already are told at once."""
    with open_office() as office:
        row = create_subscription(
            office,
            office.scope(organisation),
            name=name,
            countries=country or (),
            categories=category or (),
            least_level=level,
            channel_id=channel,
        )
        print(f"Subscription {row.id} '{row.name}' follows from now on.")


@subscription_app.command("remove")
def remove(number: Number, organisation: Organisation = None) -> None:
    """Follow no more."""
    with open_office() as office:
        remove_subscription(office, office.scope(organisation), number)
        print(f"Subscription {number} is removed.")


@subscription_app.command("token")
def token(
    number: Number,
    revoke: Annotated[bool, typer.Option("--revoke", help="End the token instead of making one.")] = False,
    organisation: Organisation = None,
) -> None:
    """Make a token for the subscription's feeds, shown this once; the one before stops."""
    with open_office() as office:
        scope = office.scope(organisation)
        if revoke:
            revoke_feed_token(office, scope, number)
            print(f"The feeds of subscription {number} answer nobody any more.")
            return
        for address in feed_addresses(office.public_url, new_feed_token(office, scope, number)).values():
            print(address)


@channel_app.command("list")
def channels(organisation: Organisation = None, as_json: Json = False) -> None:
    """Show an organisation's channels, without secrets."""
    with open_office() as office:
        scope = office.scope(organisation)
        with office.store.read() as session:
            rows = list_channels(session, scope)
        lines = [
            {
                "id": row.id,
                "kind": row.kind,
                "name": row.name,
                "owner": row.owner,
                "language": row.language,
                "secret": bool(row.secret),
            }
            for row in rows
        ]
        show(lines, as_json, "There is no channel. Add one with `watchfire channel add KIND NAME ADDRESS`.")


@channel_app.command("add")
def add_channel(
    kind: Annotated[str, typer.Argument(help="webhook, feishu, dingtalk, wecom, slack or mail.")],
    name: Annotated[str, typer.Argument(help="What it is called.")],
    address: Annotated[str, typer.Argument(help="Address of the webhook, or the mail address.")],
    secret: Annotated[str | None, typer.Option(help="Its signing secret, if the tool gave one.")] = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    owner: Annotated[
        str | None, typer.Option(help="Key of the owner whose duties it tells; `rules show --owners`.")
    ] = None,
    organisation: Organisation = None,
) -> None:
    """Add a channel."""
    with open_office() as office:
        made = create_channel(
            office,
            office.scope(organisation),
            kind=kind,
            name=name,
            address=address,
            secret=secret,
            language=language,
            owner=owner,
        )
        where = f" -o {organisation}" if organisation else ""
        print(f"Channel {made.row.id} '{made.row.name}' is there. Try it: watchfire channel test {made.row.id}{where}")
        if made.secret:
            print(f"Its receiver checks our signature with this secret, shown this once:\n{made.secret}")


@channel_app.command("test")
def try_channel(number: Number, organisation: Organisation = None) -> None:
    """Send a test message now."""
    with open_office() as office:
        result = asyncio.run(_tested(office, channel_to_test(office, office.scope(organisation), number)))
        if not result.ok:
            raise NotDelivered(result.detail)
        print(result.detail)


async def _tested(office: Office, channel: Channel) -> Result:
    sender = make_sender(office.settings, Catalogue())
    async with sender.client:
        return await send_test(sender, channel, office.clock())


@channel_app.command("remove")
def remove_(number: Number, organisation: Organisation = None) -> None:
    """Remove a channel that no subscription uses."""
    with open_office() as office:
        remove_channel(office, office.scope(organisation), number)
        print(f"Channel {number} is removed.")
