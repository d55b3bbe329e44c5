"""What servers and publishers get wrong around a document changes nothing of what is read."""

import json
import re
from pathlib import Path

import pytest

from ingest.parse import ParseError, parse_document
from tests.fuzz.harmless import ANY, FEEDS, XML
from tests.ingest.golden import BASE, DOCUMENTS, NOW, expectation

TEXTS = {path: path.read_bytes().decode("utf-8", "surrogateescape") for path in DOCUMENTS}
OTHERWISE = re.compile("[\udc80-\udcff\x1b]")  # written in another encoding, which these changes would spoil
PLAIN = {path: text for path, text in TEXTS.items() if not OTHERWISE.search(text)}
MARKUP = {path: text for path, text in PLAIN.items() if text.lstrip("\ufeff \n")[:1] == "<" and "<rss" in text}
WHOLE = {path: text for path, text in MARKUP.items() if not json.loads(expectation(path).read_text())["problems"]}


def titles(body: bytes | str) -> list[str]:
    body = body if isinstance(body, bytes) else body.encode()
    try:
        return [item.title for item in parse_document(body, base=BASE, now=NOW).items]
    except ParseError as error:
        return [str(error)]


def differing(texts: dict[Path, str], kind: str) -> list[str]:
    change = (ANY | XML | FEEDS)[kind]
    return [path.name for path, text in texts.items() if titles(change(text)) != titles(text)]


@pytest.mark.parametrize("kind", ANY)
def test_any_document(kind: str) -> None:
    texts = PLAIN if "utf-16" not in kind else {path: text for path, text in PLAIN.items() if text.lstrip()[0] in "<{["}

    assert differing(texts, kind) == []


@pytest.mark.parametrize("kind", XML)
def test_markup(kind: str) -> None:
    texts = MARKUP if "doctype" not in kind else {path: text for path, text in WHOLE.items() if "DOCTYPE" not in text}

    assert differing(texts, kind) == []


@pytest.mark.parametrize("kind", FEEDS)
def test_feeds(kind: str) -> None:
    assert differing({path: text for path, text in WHOLE.items() if text.count("<item") > 1}, kind) == []
