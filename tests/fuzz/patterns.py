"""Regular expressions that take more than their share of a long text: `python -m tests.fuzz.patterns`.

Each pattern of `ingest` searches strings made to trip it, of a length and of twice that length. Where the time grows to
three times or more, it is reported: linear work doubles, quadratic quadruples.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from time import process_time
from typing import Any

import ingest

LENGTH = 4_000
SHORT = ("ingest.dates.",)  # their texts are cut at 100 characters
# Only ever tried at the start of a text, where they are linear; searching from every position makes the square.
ANCHORED = frozenset(("DOCTYPE", "FIRST_TAG", "CALLBACK", "SCRIPT", "NAMING"))
GROWTH = 3.0
NOTABLE = 0.004  # seconds, below which a clock tells nothing
PIECES = (
    "a", " ", "<", "&", "<a", "<a ", "<!--", "<?", "<![CDATA[", "<!DOCTYPE x ", "]]>", "\"", "'", "a=", " a='", "&#1",
    "1", "1:", "12:30 ", "-", "\n", "<item>", "<title>a", "</", "xmlns:a=", "年", "1月", "一", "{", "[", ",", "\\",
    "a.", "/", "é", "\u0301", ";", "~{", "\x1b$B", "(", "<!ENTITY a ", "<rss ", "?>", "<a\t", "a:", " xmlns:a='", "&a",
)  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every compiled pattern that stands at the top of a module of `ingest`, by name."""
    for module in pkgutil.walk_packages(ingest.__path__, "ingest."):
        if module.name.startswith(SHORT):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from ((f"{module.name}.{name}", found) for found in _within(value))


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _within(inner)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def seconds(pattern: re.Pattern[Any], text: str, is_anchored: bool) -> float:
    """Processor time of looking for it everywhere in the text."""
    subject = text if isinstance(pattern.pattern, str) else text.encode()
    begun = process_time()
    if is_anchored:
        pattern.match(subject)
    else:
        for _ in pattern.finditer(subject):
            pass
    pattern.fullmatch(subject)
    return process_time() - begun


def worst(pattern: re.Pattern[Any], is_anchored: bool) -> tuple[float, float, str]:
    """Growth, seconds and piece of the text that makes the pattern grow most."""
    found = (0.0, 0.0, "")
    for piece in PIECES:
        for head, tail in (("", ""), ("<a", "!"), ('"', ""), ("<!DOCTYPE ", "")):
            short = seconds(pattern, head + piece * (LENGTH // len(piece)) + tail, is_anchored)
            if short > NOTABLE / 4:
                long = seconds(pattern, head + piece * (2 * LENGTH // len(piece)) + tail, is_anchored)
                found = max(found, (long / short, long, piece)) if long > NOTABLE else found
        if found[0] > GROWTH:
            break
    return found


def main() -> int:
    """Print the patterns that grow faster than their text; exit 1 when there are any."""
    seen: set[re.Pattern[Any]] = set()
    slow = 0
    for name, pattern in patterns():
        if pattern not in seen:
            seen.add(pattern)
            growth, took, piece = worst(pattern, name.rpartition(".")[2] in ANCHORED)
            if growth > GROWTH:
                slow += 1
                print(f"{name}: {growth:.1f} times the time, {took:.2f} s, on {piece!r}")
    print(f"{len(seen)} patterns, {slow} grow faster than their text")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
