"""`watchfire search`: alerts and reports by words, in Chinese or English."""

from typing import Annotated

import typer

from service.cli.office import open_office, show
from service.desk.search import find, reindex
from service.store.search import count_found

Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
TITLE = 70


def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words that must all be there.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many of each kind.")] = 20,
    reports: Annotated[bool, typer.Option("--reports", help="Reports, instead of alerts.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Make the index anew first.")] = False,
    as_json: Json = False,
) -> None:
    """Find alerts, or reports, that hold all the words."""
    with open_office() as office:
        made = reindex(office.store, anew=anew)
        if anew and not words:
            with office.store.read() as session:
                alerts, entries = count_found(session)
            print(f"Read {made[0]} alerts and {made[1]} entries; {alerts} alerts and {entries} entries can be found.")
            return
        found = find(office, office.scope(), " ".join(words or []), limit=limit)
    if reports:
        rows = [
            {"entry": entry.id, "event": event, "seen": entry.first_seen_at, "source": source.name,
             "title": entry.title[:TITLE]}
            for entry, source, event in found.reports
        ]  # fmt: skip
        show(rows, as_json, "No report holds all these words.")
        return
    lines = [
        {"alert": alert.id, "level": alert.level, "state": alert.state, "countries": " ".join(alert.countries),
         "changed": alert.changed_at, "title": alert.title[:TITLE]}
        for alert in found.alerts.items
    ]  # fmt: skip
    show(lines, as_json, "No alert holds all these words.")
