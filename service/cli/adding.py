"""What `watchfire source add` does: find the feed behind an address, watch it, and show its first entries."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typer

from ingest.candidate import Candidate, equals
from ingest.http import make_client
from ingest.source_access import ACCESS
from service.cli.office import Office, Row, in_words, open_office, read_file
from service.desk.sources import source_state
from service.desk.trial import FirstLook, Trial, prefilled, try_address, watch_now, watched_at
from service.errors import Conflict, Invalid


def add_by_address(given: Mapping[str, str], *, exact: bool, pick: int, as_json: bool) -> None:
    """Watch a source. `given` are the fields that the operator said; what the feed says of itself fills the gaps.

    An address that needs a proxy or credentials is taken as it stands: a search would knock without them. Invalid
    when nothing can be watched or a person must choose, Conflict when it is watched already.
    """
    exact = exact or any(given.get(name) for name in ACCESS)
    with open_office() as office:
        asyncio.run(_add(office, given, exact=exact, pick=pick, as_json=as_json))


def secret(file: Path | None, *, is_asked: bool) -> str:
    """The password, or a header's value: out of a file, or typed unseen. It is no option: others see those."""
    if file is not None:
        return (sys.stdin.read() if str(file) == "-" else read_file(file)).rstrip("\r\n")
    return str(typer.prompt("Password or value", hide_input=True)) if is_asked else ""


async def _add(office: Office, given: Mapping[str, str], *, exact: bool, pick: int, as_json: bool) -> None:
    scope = office.scope()
    fields = {name: text for name, text in given.items() if text}
    async with make_client(office.settings.allow_nets) as client:
        trial = None
        if not exact:
            _refuse_watched(watched_at(office, scope, [given["address"]]))
            trial = await try_address(office, scope, client, given["address"])
            chosen = _chosen(trial, pick, as_json)
            if not as_json:
                _say_found(trial, chosen)
            _refuse_watched({key: name for key, name in trial.watched.items() if key == chosen.address})
            fields = {**prefilled(chosen, trial.listed), **fields, "address": chosen.address}
            if chosen.rule is not None:
                fields["rule"] = json.dumps(dict(chosen.rule))
        look = await watch_now(office, scope, client, fields)
    _say_watched(look, trial, office.clock(), as_json)


def _refuse_watched(watched: Mapping[str, str]) -> None:
    for address, key in watched.items():
        raise Conflict(
            f"{address} is watched already, as '{key}'.", f"`watchfire source show {key}` tells how it does."
        )


def _chosen(trial: Trial, pick: int, as_json: bool) -> Candidate:
    """The best candidate, or the one that was picked; without a choice between equals, they are listed first."""
    found = trial.discovery.candidates
    if not found:
        raise Invalid(trial.discovery.sentence, _hint(trial))
    if pick:
        if pick > len(found):
            raise Invalid(f"There is no number {pick}.", f"{len(found)} feeds were found.")
        return found[pick - 1]
    if len(equals(found)) > 1:
        if as_json:
            print(json.dumps({"source": None, "found": [_told(one) for one in found]}, ensure_ascii=False, indent=2))
        else:
            print("\n".join(_line(number, one) for number, one in enumerate(found, start=1)))
        raise Invalid("Several feeds are as good as each other.", "Choose one of them with `--pick N`.")
    return found[0]


def _hint(trial: Trial) -> str:
    if trial.listed:
        keys = ", ".join(one.feed.key for one in trial.listed[:3])
        return f"The catalogue knows this publisher: `watchfire catalogue show {keys}`."
    return "If the address is right and is a feed, add `--exact`."


def _say_found(trial: Trial, chosen: Candidate) -> None:
    for listed in trial.listed[:3]:
        print(f"In the catalogue: {listed.feed.name} ({listed.feed.key}), {listed.feed.address}")
    found = trial.discovery.candidates
    for number, one in enumerate(found, start=1):
        print(f"{_line(number, one)}{'  <- this one' if one is chosen and len(found) > 1 else ''}")


def _line(number: int, one: Candidate) -> str:
    newest = f"newest {one.newest:%Y-%m-%d %H:%MZ}" if one.newest else "no dates"
    facts = (one.format, f"{one.entries} entries", newest, one.language or "language unknown", one.pulse.value)
    return f"{number}. {in_words(one.title or one.address)}: {one.address} ({in_words(', '.join(facts))})"


def _say_watched(look: FirstLook, trial: Trial | None, now: datetime, as_json: bool) -> None:
    if as_json:
        found = [_told(one) for one in trial.discovery.candidates] if trial is not None else []
        print(json.dumps({**_shown(look, now), "found": found}, ensure_ascii=False, indent=2, default=str))
        return
    row = look.row
    print(f"Watching {in_words(row.name)} as '{row.key}'.")
    for entry in look.entries:
        print(f"  {in_words(entry.published_at) or '-':17}  {in_words(entry.title)}")
    if row.error:
        print(f"Its first look failed: {row.error}")
    elif look.looked:
        print(f"It is {source_state(row, now)}; the next look is at {in_words(row.next_check_at)}.")


def _shown(look: FirstLook, now: datetime) -> Row:
    row = look.row
    return {
        "source": {
            "key": row.key,
            "name": row.name,
            "address": row.address,
            "kind": row.kind,
            "language": row.language,
        },
        "health": {
            "state": source_state(row, now),
            "error": row.error,
            "last_success": row.last_success_at,
            "next_look": row.next_check_at,
        },
        "entries": [
            {"title": entry.title, "link": entry.link, "published": entry.published_at} for entry in look.entries
        ],
    }


def _told(one: Candidate) -> Row:
    return {
        "address": one.address,
        "how": one.how.name.lower(),
        "format": one.format,
        "title": one.title,
        "language": one.language,
        "entries": one.entries,
        "newest": one.newest.isoformat() if one.newest else None,
        "pulse": one.pulse.value,
    }
