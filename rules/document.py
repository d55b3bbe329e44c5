"""Reading a rules file: YAML nodes with their lines; every fault is kept, nothing is guessed.

Scalars are read as they are written, not as YAML 1.1 would resolve them: `NO` stays Norway, `4:30` stays text.
"""

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ingest.loaders import VALUES

LARGEST = 1_000_000  # characters; the shipped guideline has about 40,000
DEEPEST = 500  # levels; the C parser recurses, and crashes the process somewhere between 5,000 and 50,000
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
MOST_LISTED = 40  # names told of what can be used: there are 249 countries
LONGEST_TOLD = 80  # characters of what somebody wrote
STRUCTURE, NOTHING = "(a structure)", "(nothing)"  # stand for what is no word or number
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")


class DocumentError(ValueError):
    """A rules file cannot be used; reads `file:line: what advice`.

    `every` holds all faults of the file in line order, this one (the first) included.
    """

    def __init__(
        self, file: str, line: int, what: str, advice: str = "", others: tuple["DocumentError", ...] = ()
    ) -> None:
        super().__init__(f"{file}:{line}: {what}. {advice}".strip())
        self.file = file
        self.line = line
        self.what = what
        self.advice = advice
        self.every: tuple[DocumentError, ...] = (self, *others)


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The words in this language: Chinese for any `zh…`, English for all else."""
        return self.zh if language.startswith("zh") else self.en


class Document:
    """Collects the faults of one file while it is read.

    Each reader answers a harmless placeholder after a fault, so that reading goes on and finds them all; `finish`
    raises before anybody can use a placeholder. A missing node (None) is no fault: where it is one, `table` said so.
    """

    def __init__(self, file: str, error: type[DocumentError] = DocumentError) -> None:
        self.file = file
        self.error = error
        self.faults: list[tuple[int, str, str]] = []

    def fault(self, node: Node | int | None, what: str, advice: str) -> None:
        """Keep a fault at the node's line, or at this line (1-based)."""
        self.faults.append((line_of(node), what, advice))

    def finish(self) -> None:
        """Raise the document's kind of error when anything was wrong."""
        if not self.faults:
            return
        every = [self.error(self.file, *fault) for fault in sorted(self.faults, key=lambda fault: fault[0])]
        first = every[0]
        raise self.error(first.file, first.line, first.what, first.advice, tuple(every[1:]))

    def root(self, text: str) -> Node | None:
        """The document's only node; None (and a fault) when it is no YAML or empty."""
        if len(text) > LARGEST or _depth(text) > DEEPEST:
            self.fault(1, "the file is too long or nested too deeply", "Check that it is the right file.")
            return None
        try:
            node: Node | None = yaml.compose(text, Loader=VALUES)
        except yaml.YAMLError as error:
            self.fault(_mark(error), f"this is not YAML ({_problem(error)})", "Check indentation, colons and quotes.")
            return None
        if node is None:
            self.fault(1, "the file is empty", "Start from the shipped one: `watchfire rules show --source`.")
        looped = _loop(node) if node is not None and "*" in text else None
        if looped is not None:
            self.fault(looped, "an anchor here holds itself: a loop", "Write out what is meant instead of `*name`.")
            return None
        return node

    def table(
        self, node: Node | None, where: str, required: Iterable[str], optional: Iterable[str] = ()
    ) -> dict[str, Node]:
        """Key → node of a mapping; faults: not a mapping, a key twice, an unknown key, a missing one."""
        required = tuple(required)
        known = (*required, *optional)
        if not isinstance(node, MappingNode):
            if node is not None:
                self.fault(node, f"{where} is not a table of keys", f"Give {_listed(known)}, one a line.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            self._keep(found, key, value, where, known)
        for name in required:
            if name not in found:
                self.fault(node, f"{where} has no {name}", f"Add `{name}:`.")
        return found

    def _keep(self, found: dict[str, Node], key: Node, value: Node, where: str, known: tuple[str, ...]) -> None:
        name = key.value if isinstance(key, ScalarNode) else STRUCTURE
        if name in found:
            self.fault(key, f"{where} has {name} twice", "Keep one of them.")
        elif name not in known:
            near = get_close_matches(name, known, 1)
            self.fault(
                key,
                f"unknown key {told(key)} in {where}",
                f"Did you mean {near[0]}?" if near else f"Known: {_listed(known)}.",
            )
        else:
            found[name] = value

    def items(self, node: Node | None, where: str) -> list[Node]:
        """The nodes of a list that is not empty."""
        if node is None:
            return []
        if not isinstance(node, SequenceNode) or not node.value:
            self.fault(node, f"{where} is not a list with at least one item", "Write each item after a dash.")
            return []
        return list(node.value)

    def text(self, node: Node | None, where: str, longest: int = 2000) -> str:
        """Words on one scalar, trimmed, not empty."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode) or not node.value.strip():
            self.fault(node, f"{where} is empty", "Write it out.")
            return ""
        words = " ".join(node.value.split())
        if len(words) > longest:
            self.fault(node, f"{where} has {len(words)} characters", f"Keep it under {longest}.")
        return words

    def words(self, node: Node | None, where: str) -> Words:
        """The same thing in English and Chinese."""
        found = self.table(node, where, ("en", "zh"))
        return Words(
            self.text(found.get("en"), f"{where} in English"), self.text(found.get("zh"), f"{where} in Chinese")
        )

    def number(self, node: Node | None, where: str, low: float, high: float) -> float:
        """A number within low–high, both included."""
        if node is None:
            return low
        written = told(node)
        try:
            value = float(node.value) if isinstance(node, ScalarNode) else math.nan
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self.fault(node, f"{where} {written} is not a number", f"Give a number from {low:g} to {high:g}.")
            return low
        if not low <= value <= high:
            self.fault(
                node, f"{where} {written} is outside {low:g}–{high:g}", f"Give a number from {low:g} to {high:g}."
            )
            return low
        return value

    def choice(self, node: Node | None, where: str, known: Iterable[str]) -> str:
        """One of the known words; "" after a fault."""
        known = tuple(known)
        if node is None:
            return ""
        written = node.value.strip() if isinstance(node, ScalarNode) else STRUCTURE
        if written in known:
            return str(written)
        near = get_close_matches(written, known, 1)
        advice = f"Did you mean {near[0]}?" if near else f"Use one of {_listed(known)}."
        self.fault(node, f"unknown {where} {told(node)}", advice)
        return ""

    def choices(self, node: Node | None, where: str, one: str, known: Iterable[str]) -> tuple[str, ...]:
        """The known words of a list; a fault for each other one, and for an empty list."""
        known = tuple(known)
        words = [self.choice(item, one, known) for item in self.items(node, where)]
        return tuple(word for word in words if word)

    def duration(self, node: Node | None, where: str) -> timedelta:
        """A time span such as `15 min`, `4 h` or `7 d`."""
        if node is None:
            return timedelta()
        written = told(node)
        match = DURATION.fullmatch(node.value.strip()) if isinstance(node, ScalarNode) else None
        if match is None or match[2] not in UNITS:
            self.fault(node, f"{where} {written} is not a time span", "Write a number and a unit: 15 min, 4 h or 7 d.")
            return timedelta()
        seconds = float(match[1]) * UNITS[match[2]]
        if seconds > 366 * UNITS["d"]:
            self.fault(node, f"{where} {written} is longer than a year", "Check the unit: s, min, h or d.")
            return timedelta()
        return timedelta(seconds=seconds)


def line_of(node: Node | int | None) -> int:
    """The 1-based line of a node; an int is a line already, None is the first line."""
    if isinstance(node, int):
        return node
    return 1 if node is None else int(node.start_mark.line) + 1


def told(node: Node) -> str:
    """What stands there, as a fault tells it: short, in one line."""
    words = " ".join(node.value.split()) if isinstance(node, ScalarNode) else STRUCTURE
    return words[:LONGEST_TOLD] + "…" if len(words) > LONGEST_TOLD else words or NOTHING


def short_hash(*texts: str) -> str:
    """Eight hex digits of what is written, whatever the line ends."""
    lines = [line for text in texts for line in text.splitlines()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _depth(text: str) -> int:
    """No less than the deepest nesting: brackets left open so far, and the widest indent (`- - -` included)."""
    deepest = opened = 0
    for line in text.splitlines():
        deepest = max(deepest, len(line) - len(line.lstrip(" \t-?:")))
        for letter in line:
            opened = max(0, opened + (letter in "[{") - (letter in "]}"))
            deepest = max(deepest, opened)
    return deepest


def _loop(root: Node) -> Node | None:
    """A node that is part of itself, by way of an alias."""
    open_, done = set[int](), set[int]()
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, left = waiting.pop()
        if left:
            open_.discard(id(node))
            done.add(id(node))
        elif id(node) in open_:
            return node
        elif id(node) not in done:
            open_.add(id(node))
            waiting.append((node, True))
            waiting += [(one, False) for one in _parts(node)]
    return None


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _mark(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark is not None else 1


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable").rstrip(".")


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return f"{', '.join(known[:MOST_LISTED])}{more}"
