"""The known senders of reports: the operator's file (WATCHFIRE_SENDERS), read when a report comes."""

from collections.abc import Callable
from typing import Any

from yaml.nodes import Node

from ingest.entry import Sharing
from ingest.place.countries import CODES
from ingest.reporter import LEAST_SECRET, Reporter
from rules.document import Document, DocumentError
from service.desk.owners import read_file
from service.errors import SetupError
from service.settings import Settings

LETTERS = ("A", "B", "C", "D", "E", "F")
KEY = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def read_senders(settings: Settings) -> tuple[Reporter, ...]:
    """The known senders; SetupError says what is wrong with the file."""
    if settings.senders is None:
        return ()
    try:
        return parse_senders(read_file(settings.senders, "WATCHFIRE_SENDERS"), settings.senders.name)
    except DocumentError as error:
        raise SetupError(f"The senders file cannot be used: {error}") from error


def parse_senders(text: str, name: str = "senders.yaml") -> tuple[Reporter, ...]:
    """Read senders; DocumentError lists every fault with its line and what to do about it."""
    document = Document(name)
    root = document.table(document.root(text), "the senders file", ("senders",))
    nodes = document.items(root.get("senders"), "senders")
    senders = [_sender(document, node) for node in nodes]
    keys: set[str] = set()
    for node, sender in zip(nodes, senders, strict=True):
        if sender.key in keys:
            document.fault(node, f"sender {sender.key} stands twice", "Give each sender its own key.")
        keys.add(sender.key)
    document.finish()
    return tuple(senders)


def _sender(document: Document, node: Node) -> Reporter:
    known = ("reliability", "sharing", "country", "addresses", "secret", "people", "keys")
    found = document.table(node, "sender", ("key", "name"), known)
    key = document.text(found.get("key"), "key", 60)
    if not KEY.issuperset(key):
        document.fault(found.get("key"), f"the key '{key}' cannot be used", "Use a-z, 0-9, '-', '_' and '.'.")
    return Reporter(
        key=key,
        name=document.text(found.get("name"), "name", 120),
        reliability=document.choice(found.get("reliability"), "reliability", LETTERS) or "C",
        sharing=_mark(document, found.get("sharing")),
        country=document.choice(found.get("country"), "country", CODES) or None,
        addresses=_several(document, found, "addresses", _address),
        secret=_secret(document, found.get("secret")),
        people=_several(document, found, "people"),
        keys=_several(document, found, "keys"),
    )


def _mark(document: Document, node: Node | None) -> Sharing | None:
    word = document.choice(node, "sharing mark", [mark.value for mark in Sharing])
    return Sharing(word) if word else None


def _secret(document: Document, node: Node | None) -> str | None:
    if node is None:
        return None
    secret = document.text(node, "secret", 60)
    if len(secret) < LEAST_SECRET or not secret.isascii() or not secret.isalnum():
        document.fault(node, "the secret is too easy", f"Use {LEAST_SECRET} or more letters and digits.")
    return secret


def _several(
    document: Document, found: dict[str, Node], key: str, check: Callable[[Document, Any, str], None] | None = None
) -> tuple[str, ...]:
    if key not in found:
        return ()
    values = []
    for node in document.items(found[key], key):
        values.append(document.text(node, key, 200))
        if check is not None:
            check(document, node, values[-1])
    return tuple(values)


def _address(document: Document, node: Node, address: str) -> None:
    if "@" not in address or address.endswith("@") or " " in address:
        document.fault(node, f"'{address}' is no address", "Write it as name@example.org, or @example.org for all.")
