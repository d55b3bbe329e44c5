"""The guideline's clauses about sources: which trouble with which of them is worth an alarm, and of which level."""

from dataclasses import dataclass
from enum import StrEnum

from yaml.nodes import Node

from ingest.feed import KINDS, Feed
from rules.document import Document, Words, line_of
from rules.level import LEVELS, Level

MOST_LOOKS = 20


class Trouble(StrEnum):
    """What can be wrong with a source that somebody has to know."""

    FAILING = "failing"  # it fails or refuses us, `looks` times in a row
    QUIET = "quiet"  # it answers and brings nothing new for much longer than its rhythm
    IMPLAUSIBLE = "implausible"  # it told what cannot be true, and was held back
    UNSEEN = "unseen"  # it was due, and nobody looked


@dataclass(frozen=True, slots=True)
class SourceClause:
    """One trouble, and what an alarm about it is. `of` are `critical`, `all`, or kinds of sources."""

    id: str
    trouble: Trouble
    of: tuple[str, ...]
    looks: int
    level: Level
    title: Words
    why: Words
    line: int = 0

    def speaks_of(self, feed: Feed) -> bool:
        """Whether the clause is about such a source."""
        return "all" in self.of or (feed.critical and "critical" in self.of) or feed.kind in self.of


def source_clause(document: Document, node: Node) -> SourceClause | None:
    """The clause that stands here; None when its trouble cannot be read, which is a fault of the document."""
    found = document.table(node, "clause about sources", ("id", "trouble", "of", "level", "title", "why"), ("looks",))
    identity = document.text(found.get("id"), "id", 40)
    where = f"clause {identity}".strip()
    trouble = document.choice(found.get("trouble"), "trouble", (one.value for one in Trouble))
    of = document.choices(found.get("of"), "of", "word", ("critical", "all", *KINDS))
    level = document.choice(found.get("level"), "level", LEVELS)
    looks = document.number(found["looks"], "looks", 1, MOST_LOOKS) if "looks" in found else 2
    if not (trouble and level):
        return None
    return SourceClause(
        id=identity,
        trouble=Trouble(trouble),
        of=of,
        looks=int(looks),
        level=Level(int(level)),
        title=document.words(found.get("title"), f"title of {where}"),
        why=document.words(found.get("why"), f"why of {where}"),
        line=line_of(node),
    )
