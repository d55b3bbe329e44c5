"""How a record says that a source is let in to: through a proxy, with a user and password, or with a header.

All of it is secret: no sentence about it repeats what was written.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ingest.feed import Credentials

CREDENTIALS = ("user", "password", "header", "value")
ACCESS = ("proxy", *CREDENTIALS)
PROXY_ADVICE = "Write it as http://host:port or socks5h://host:port; user:password@ may stand before the host."
_PROXIES = frozenset(("http", "https", "socks5h"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSAFE = re.compile(r"[^\x21-\x7e]|\\|%(?![0-9A-Fa-f]{2})")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x20-\x7e]{1,4000}")
# What the client says itself, or what would change how an answer is carried.
_OURS = frozenset((
    "accept", "accept-encoding", "connection", "content-length", "content-type", "expect", "host", "if-match",
    "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "proxy-authorization",
    "proxy-connection", "range", "te", "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip


class Wrong(Exception):
    """What is wrong with a value, and what to do."""


def with_credentials(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a record with its four fields of credentials as one; Wrong when they do not go together."""
    given = {name: values.pop(name) for name in CREDENTIALS if values.get(name)}
    if not given:
        return values
    if bool(given.get("header")) != bool(given.get("value")):
        raise Wrong("a header and its value are given together", "Give both, or neither.")
    if given.get("header") and (given.get("user") or given.get("password")):
        raise Wrong("a source is let in to by a header or by a user and password, not both", "Leave one of them out.")
    if given.get("password") and not given.get("user"):
        raise Wrong("a password has no user", "Give the user too.")
    return {**values, "credentials": Credentials(**given)}


def proxy(text: str) -> str:
    """Where the proxy stands, with the port."""
    try:
        parts = urlsplit(text)
        is_usable = parts.scheme in _PROXIES and bool(parts.hostname) and bool(parts.port)
        is_usable &= parts.path in ("", "/") and not parts.query and not parts.fragment
    except ValueError:
        is_usable = False
    if not is_usable or len(text) > 2_000 or _UNSAFE.search(text):
        raise Wrong("the proxy cannot be used", PROXY_ADVICE)
    return text


def user(text: str) -> str:
    """A name for HTTP Basic, in which a colon would end it."""
    if not text or len(text) > 200 or ":" in text or _CONTROL.search(text):
        raise Wrong("the user cannot be used", "Give up to 200 characters without a colon.")
    return text


def password(text: str) -> str:
    """A password, with the spaces that it may have at its ends."""
    if not text or len(text) > 1_000 or _CONTROL.search(text):
        raise Wrong("the password cannot be used", "Give up to 1,000 characters without control characters.")
    return text


def header(text: str) -> str:
    """The name of a header field."""
    if not _TOKEN.fullmatch(text) or text.lower() in _OURS:
        raise Wrong("the header cannot be used", "Give the name of a header field such as Authorization or X-Api-Key.")
    return text


def value(text: str) -> str:
    """The value of a header field."""
    if not _VALUE.fullmatch(text):
        raise Wrong("the value of the header cannot be used", "Give up to 4,000 ASCII characters in one line.")
    return text


READERS: Mapping[str, Callable[[str], str]] = {
    "proxy": proxy,
    "user": user,
    "password": password,
    "header": header,
    "value": value,
}
