"""Source files: what an operator writes down to be watched, as YAML, as OPML or as one address a line.

Text in, feeds out; SourceFileError names the file, the line and what to do. What one record may say is in
`ingest.source_record`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from lxml import etree

from ingest.catalogue.packs import pack_called, packs
from ingest.entry import Sharing
from ingest.feed import Feed
from ingest.source_record import FIELDS, Record, SourceFileError, feeds_of, is_language

_OURS = "urn:watchfire:source:1"  # namespace of the attributes by which OPML keeps what it has no word for
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EXAMPLE = "sources:\n  - address: https://example.org/feed.xml"


def read_sources(text: str, filename: str) -> tuple[Feed, ...]:
    """The feeds that a source file names, in its order; the form is told from the name, else from the text.

    A feed without a key gets one from its host and path, the same on every reading. The same address twice is one feed
    in OPML and in lists (where folders overlap) and an error in YAML.
    """
    text = text.removeprefix("\ufeff")
    match _form(text, filename.lower()):
        case "opml":
            return feeds_of(_once(_opml(text, filename)), filename)
        case "yaml":
            return feeds_of(list(_yaml(text, filename)), filename)
        case _:
            return feeds_of(_once(_lines(text)), filename)


def write_opml(feeds: Iterable[Feed]) -> str:
    """OPML 2.0 of the feeds; any reader takes the addresses, `read_sources` gets every field back.

    Except a proxy and credentials, which are secrets: they are never written.
    """
    opml = etree.Element("opml", {"version": "2.0"}, nsmap={"watchfire": _OURS})
    etree.SubElement(etree.SubElement(opml, "head"), "title").text = "Watchfire sources"
    body = etree.SubElement(opml, "body")
    for feed in feeds:
        etree.SubElement(body, "outline", _outline(feed))
    return str(etree.tostring(opml, encoding="unicode", pretty_print=True))


def _form(text: str, filename: str) -> str:
    if filename.endswith((".yaml", ".yml")):
        return "yaml"
    if filename.endswith((".opml", ".xml")) or text.lstrip().startswith("<"):
        return "opml"
    if re.search(r"^sources\s*:", text, re.MULTILINE):
        return "yaml"
    return "lines"


def _once(records: Iterable[Record]) -> list[Record]:
    first: dict[str, Record] = {}
    for record in records:
        first.setdefault(record.fields.get("address", ""), record)
    return list(first.values())


def _lines(text: str) -> Iterator[Record]:
    for number, line in enumerate(text.splitlines(), start=1):
        address = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if address:
            yield Record(number, {"address": address})


def _yaml(text: str, filename: str) -> Iterator[Record]:
    """Records from YAML nodes rather than values: nodes know their line, and `country: NO` stays NO."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or "it is nested too deeply or holds a forbidden character"
        if "alias" in problem:  # which repeats the value, and that may be a password
            problem = "a value that begins with * stands without quotes"
        line = mark.line + 1 if mark else 1
        raise SourceFileError(filename, line, f"this is not YAML: {problem}", "Correct the line.") from error
    yield from (_mapping(node, filename) for node in _source_nodes(root, filename))


def _source_nodes(root: yaml.Node | None, filename: str) -> list[yaml.Node]:
    sources = _pairs(root, filename).get("sources") if isinstance(root, yaml.MappingNode) else None
    if isinstance(root, yaml.MappingNode):
        for name, node in _pairs(root, filename).items():
            if name != "sources":
                raise SourceFileError(filename, _line(node), f"'{name}' is unknown here", "Only 'sources:' may stand.")
    if not isinstance(sources, yaml.SequenceNode):
        line = 1 if sources is None else _line(sources)
        raise SourceFileError(filename, line, "there is no list of sources", f"Begin like this:\n{_EXAMPLE}")
    return list(sources.value)


def _mapping(node: yaml.Node, filename: str) -> Record:
    if not isinstance(node, yaml.MappingNode):
        raise SourceFileError(filename, _line(node), "a source is not a mapping", f"Write it like this:\n{_EXAMPLE}")
    fields: dict[str, str] = {}
    for name, value in _pairs(node, filename).items():
        if name == "rule" and isinstance(value, yaml.MappingNode):
            fields[name] = json.dumps(_texts(value, filename))
            continue
        if not isinstance(value, yaml.ScalarNode):
            raise SourceFileError(filename, _line(value), f"'{name}' holds more than one value", "Give a single one.")
        if value.tag != "tag:yaml.org,2002:null":
            fields[name] = value.value
    return Record(_line(node), fields)


def _texts(node: yaml.MappingNode, filename: str) -> dict[str, str]:
    """A page rule's own fields, all of them texts."""
    texts = {}
    for name, value in _pairs(node, filename).items():
        if not isinstance(value, yaml.ScalarNode):
            raise SourceFileError(filename, _line(value), f"'{name}' holds more than one value", "Give a single one.")
        texts[name] = value.value
    return texts


def _pairs(node: yaml.MappingNode, filename: str) -> dict[str, yaml.Node]:
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name in pairs:
            raise SourceFileError(filename, _line(key), f"'{name}' is given twice", "Remove one of them.")
        pairs[name] = value
    return pairs


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _opml(text: str, filename: str) -> Iterator[Record]:
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        advice = "Correct the line; in an address, & is written &amp;."
        raise SourceFileError(filename, error.lineno or 1, f"this is not OPML: {error.msg}", advice) from error
    found = False
    for outline in root.iter("outline"):
        attributes = _attributes(outline)
        if attributes.get("xmlurl"):
            found = True
            yield Record(int(outline.sourceline or 1), _fields(attributes, _folders(outline)))
    if not found:
        advice = "Each feed is an <outline> with an xmlUrl attribute."
        raise SourceFileError(filename, 1, "there is no feed in this OPML", advice)


def _attributes(outline: Any) -> dict[str, str]:
    return {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}


def _folders(outline: Any) -> list[str]:
    """The names of the folders that a feed lies in, and of its categories (`/Africa/West,/news`), innermost first."""
    names = [name for path in outline.get("category", "").split(",") for name in reversed(path.split("/"))]
    for folder in outline.iterancestors("outline"):
        attributes = _attributes(folder)
        names.append(attributes.get("title") or attributes.get("text", ""))
    return names


def _placed(folders: list[str]) -> dict[str, str]:
    """What folders say of a feed where they bear the name of a pack: its region, its kind."""
    known = [pack for pack in map(pack_called, folders) if pack is not None]
    region = next((pack.key for pack in known if pack.is_region), "")
    kind = next((pack.kind for pack in known if pack.kind), "")
    return {"region": region, "kind": kind}


def _fields(attributes: Mapping[str, str], folders: list[str]) -> dict[str, str]:
    ours = {name: attributes.get(f"{{{_OURS}}}{name}", "") for name in FIELDS}
    theirs = {
        "address": attributes["xmlurl"],
        "name": attributes.get("title") or attributes.get("text", ""),
        # OPML writes "unknown", and readers write worse: what is no code is left out rather than refused.
        "language": attributes.get("language", "") if is_language(attributes.get("language", "")) else "",
        **_placed(folders),
    }
    return {name: value for name, value in (theirs | {k: v for k, v in ours.items() if v}).items() if value}


def _outline(feed: Feed) -> dict[str, str]:
    ours = {
        "key": feed.key,
        "kind": feed.kind,
        "country": feed.country,
        "language": feed.language,
        "reliability": feed.reliability,
        "sharing": feed.sharing.value if feed.sharing is not Sharing.CLEAR else None,
        "interval": str(feed.interval),
        "zone": feed.zone,
        "critical": "true" if feed.critical else None,
        "region": feed.region,
        "terms": feed.terms,
        "rule": json.dumps(dict(feed.rule)) if feed.rule else None,
    }
    plain = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.address}
    theirs = {"language": feed.language, "category": ",".join(_categories(feed))}
    named = plain | {name: value for name, value in theirs.items() if value}
    every = named | {f"{{{_OURS}}}{field}": value for field, value in ours.items() if value}
    return {name: _NOT_XML.sub(" ", value) for name, value in every.items()}


def _categories(feed: Feed) -> list[str]:
    """For other readers: the packs of the feed's region and kind, as OPML writes them."""
    region = [feed.region] if feed.region in packs() else []
    kind = [pack.key for pack in packs().values() if pack.kind == feed.kind != "news"]
    return [f"/{key}" for key in (*region, *kind)]
