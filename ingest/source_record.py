"""One record of a source file: what it may say, checked field by field, and the key it gets."""

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pycountry

from ingest.entry import Sharing, digest
from ingest.feed import KINDS as KINDS
from ingest.feed import Feed
from ingest.http import URL, InvalidURL, plain_host
from ingest.parsers.pagerule import RuleError, rule_of
from ingest.source_access import READERS, Wrong, with_credentials

_SHORTEST, _LONGEST = 5, 30 * 86_400  # seconds between two looks
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_MOST_RULE = 4_000  # characters of a page rule as JSON
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


class SourceFileError(Exception):
    """A source file cannot be used: which file and line, what is wrong, and what to do."""

    def __init__(self, filename: str, line: int, what: str, advice: str) -> None:
        super().__init__(f"{filename}, line {line}: {what}. {advice}")
        self.filename, self.line, self.what, self.advice = filename, line, what, advice


@dataclass(frozen=True, slots=True)
class Record:
    """One source as it stands in a file: its line (from 1) and its fields as written; a page rule is JSON."""

    line: int
    fields: Mapping[str, str]


def feeds_of(records: Sequence[Record], filename: str) -> tuple[Feed, ...]:
    """The records as feeds with unique keys; SourceFileError for the first that cannot be used."""
    keys = {record.fields["key"] for record in records if record.fields.get("key")}
    lines: dict[str, int] = {}
    feeds = []
    for record in records:
        feed = _feed(record, keys, filename)
        for clash, what in ((feed.key, "key"), (feed.address, "address")):
            if clash in lines:
                advice = f"It stands in line {lines[clash]} already; remove one of them or tell them apart."
                raise SourceFileError(filename, record.line, f"the {what} '{clash}' is given twice", advice)
            lines[clash] = record.line
        keys.add(feed.key)
        feeds.append(feed)
    return tuple(feeds)


def derived_key(address: str) -> str:
    """A key from host and path, as `example-org-world-feed`; with a hash where those do not tell the whole address."""
    url = URL(address)
    host, path = plain_host(url).removeprefix("www."), unquote(url.path)
    words = re.findall(r"[a-z0-9]+", f"{host} {path}".lower())
    slug = "-".join(words)[:80].strip("-") or "feed"
    is_whole = not url.query and path.isascii() and len(slug) < 80
    return slug if is_whole else f"{slug}-{digest(address)[:8]}"


def is_language(text: str) -> bool:
    """True for what looks like a BCP 47 code: en, zh, pt-BR."""
    return re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", text) is not None


def _feed(record: Record, taken: set[str], filename: str) -> Feed:
    values: dict[str, Any] = {}
    for name, text in record.fields.items():
        try:
            values[name] = _reader(name)(text if name == "password" else text.strip())
        except Wrong as wrong:
            raise SourceFileError(filename, record.line, *wrong.args) from None
    try:
        values = with_credentials(values)
    except Wrong as wrong:
        raise SourceFileError(filename, record.line, *wrong.args) from None
    if "address" not in values:
        raise SourceFileError(filename, record.line, "a source has no address", "Add 'address: https://…'.")
    values.setdefault("name", plain_host(URL(values["address"])))
    if "key" not in values:
        key = derived_key(values["address"])
        values["key"] = key if key not in taken else f"{key}-{digest(values['address'])[:8]}"
    return Feed(**values)


def _reader(name: str) -> Callable[[str], Any]:
    if name in FIELDS:
        return FIELDS[name]
    near = difflib.get_close_matches(name, FIELDS, n=1)
    advice = f"Did you mean '{near[0]}'?" if near else f"Known are {', '.join(FIELDS)}."
    raise Wrong(f"'{name[:40]}' is not known of a source", advice)


def _refuse(field: str, text: str, advice: str) -> NoReturn:
    raise Wrong(f"{field} '{text[:200]}' cannot be used", advice)


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        _refuse("key", text, "Use up to 100 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit.")
    return text


def _name(text: str) -> str:
    if not text:
        _refuse("name", text, "Give a name or leave the field out.")
    return " ".join(text.split())[:200]


def _address(text: str) -> str:
    advice = "Write it as https://host/path."
    if re.search(r"[\s\x00-\x1f\x7f]", text) or len(text) > 2_000:
        _refuse("address", text, advice)
    try:
        url = URL(text)
        is_usable = url.scheme in {"http", "https"} and bool(url.raw_host) and (url.port or 1) < 65_536
    except (InvalidURL, ValueError):
        is_usable = False
    if not is_usable:
        _refuse("address", text, advice)
    return text


def _kind(text: str) -> str:
    if text.lower() not in KINDS:
        _refuse("kind", text, f"Use one of {', '.join(KINDS)}.")
    return text.lower()


def _country(text: str) -> str:
    code = text.upper()
    if code == "UK":
        _refuse("country", text, "The ISO code is GB.")
    if code != "XK" and (len(code) != 2 or pycountry.countries.get(alpha_2=code) is None):
        _refuse("country", text, "Use the two letters of ISO 3166, such as FR, or leave it out for many countries.")
    return code


def _language(text: str) -> str:
    if not is_language(text):
        _refuse("language", text, "Use a code such as en, zh or pt-BR.")
    return text.replace("_", "-")


def _reliability(text: str) -> str:
    if text.upper() not in {"A", "B", "C", "D", "E", "F"}:
        _refuse("reliability", text, "Use A (completely reliable) to E (unreliable), or F (cannot be judged).")
    return text.upper()


def _sharing(text: str) -> Sharing:
    try:
        return Sharing("TLP:" + text.upper().removeprefix("TLP:"))
    except ValueError:
        _refuse("sharing", text, f"Use one of {', '.join(mark.value for mark in Sharing)}.")


def _interval(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not _SHORTEST <= int(text) <= _LONGEST:
        _refuse("interval", text, f"Give whole seconds from {_SHORTEST} to {_LONGEST}; 900 is a quarter of an hour.")
    return int(text)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _refuse("zone", text, "Use a name such as Asia/Shanghai.")
    return text


def _critical(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        _refuse("critical", text, "Use true or false.")
    return text.lower() in _TRUE


def _region(text: str) -> str:
    words = " ".join(_NOT_SHOWN.sub(" ", text).split())
    if not words or len(words) > 60:
        _refuse("region", text, "Name it in up to 60 characters, such as africa-west, or leave it out.")
    return words


def _terms(text: str) -> str:
    words = " ".join(_NOT_SHOWN.sub(" ", text).split())
    if not words or len(words) > 500:
        _refuse("terms", text, "Say in up to 500 characters under which terms the publisher lets others use it.")
    return words


def _rule(text: str) -> Mapping[str, Any]:
    """A page rule as JSON, kept as it was declared once the parser of pages takes it."""
    advice = "Write it as fields with their values, as the manual shows for pages without a feed."
    try:
        rule = json.loads(text) if len(text) <= _MOST_RULE else None
    except (ValueError, RecursionError):
        rule = None
    if not isinstance(rule, dict) or not rule:
        _refuse("rule", text, advice)
    try:
        rule_of(rule)
    except RuleError as error:
        _refuse("rule", text, str(error))
    return rule


FIELDS: Mapping[str, Callable[[str], Any]] = {
    "key": _key,
    "name": _name,
    "address": _address,
    "kind": _kind,
    "country": _country,
    "language": _language,
    "reliability": _reliability,
    "sharing": _sharing,
    "interval": _interval,
    "zone": _zone,
    "critical": _critical,
    "region": _region,
    "terms": _terms,
    "rule": _rule,
    **READERS,
}
