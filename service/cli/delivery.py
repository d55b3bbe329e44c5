"""`watchfire delivery`: what was told to whom, what is held back and why, and how full everybody's day is."""

from typing import Annotated

import typer

from service.cli.office import Row, open_office, show
from service.cli.tongue import tongue
from service.desk.deliveries import retry_delivery, retry_like, send_held
from service.desk.interruptions import load_of_today
from service.locale.catalogue import Catalogue
from service.notify.digest import because
from service.store.read_rest import list_notices
from service.store.tables import Channel, Notice

delivery_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Number = Annotated[str, typer.Argument(help="Its number; `list` shows it.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Key of the organisation; the desk's own if not given.")
]
TITLE = 60


@delivery_app.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(help="pending, held, sent, digested, superseded or dead; all if not given.")
    ] = None,
    within: Annotated[str | None, typer.Option(help="Number of a digest: what it told of.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 30,
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Deliveries, the newest first; held ones with what holds them and until when."""
    words, lang = Catalogue(), "en" if as_json else tongue()  # programs read one language
    with open_office() as office, office.store.read() as session:
        found = list_notices(session, office.scope(organisation), state=state, within=within, limit=limit)
    show([_row(notice, channel, words, lang) for notice, channel in found.items], as_json, "There are none.")


def _row(notice: Notice, channel: Channel | None, words: Catalogue, lang: str) -> Row:
    held = because(notice.held_for, notice.held_by or "", words, lang) if notice.held_for else ""
    return {
        "number": notice.id,
        "created": notice.created_at,
        "state": notice.state,
        "level": notice.payload.get("level"),
        "action": notice.action,
        "to": notice.owner or notice.payload.get("subscription") or "",
        "channel": channel.name if channel is not None else "",
        "title": words.title(str(notice.payload.get("title") or ""), notice.payload.get("reasons", ()), "en")[:TITLE],
        "held by": held,
        "told at the latest": notice.release_at if notice.state == "held" else None,
        "told in": notice.told_in,
        "error": notice.error,
    }


@delivery_app.command("load")
def load(organisation: Organisation = None, as_json: Json = False) -> None:
    """How many interruptions everybody had today, against what a day bears, and what is held."""
    with open_office() as office:
        rows: list[Row] = [
            {
                "who": one.name if as_json or one.role == "owner" else f"{one.name} (subscription {one.key})",
                "role": one.role,
                "counted": one.counted,
                "budget": one.most,
                "told one by one": one.told,
                "digests": one.digests,
                "held now": one.held,
            }
            for one in load_of_today(office, office.scope(organisation))
        ]
    show(rows, as_json, "Nobody was told anything today.")


@delivery_app.command("send")
def send(number: Number) -> None:
    """Send a held notice now, instead of in a digest."""
    with open_office() as office:
        send_held(office, office.scope(), number)
    print(f"Delivery {number} goes out now.")


@delivery_app.command("retry")
def retry(
    number: Number,
    like: Annotated[bool, typer.Option("--like", help="And all others of its channel and cause.")] = False,
) -> None:
    """Send a dead letter again."""
    with open_office() as office:
        if like:
            print(f"Deliveries that are sent again: {retry_like(office, office.scope(), number)}.")
            return
        retry_delivery(office, office.scope(), number)
    print(f"Delivery {number} is sent again.")
