"""The guideline's floors: a grave report is never graded lower than this for want of a second source."""

from yaml.nodes import Node

from rules.clause import Floor
from rules.document import Document, line_of
from rules.level import LEVELS, Level

# What no guideline may undo: grave is never silenced for want of a second source (least severity → calmest level).
PROMISED = ((0.9, Level.ORANGE), (0.65, Level.YELLOW))


def read_floors(document: Document, node: Node | None) -> tuple[Floor, ...]:
    """The floors that stand here; what is promised and not kept is a fault of the document."""
    floors = []
    for item in document.items(node, "floors"):
        found = document.table(item, "floor", ("severity", "level", "why"), ("least_urgency",))
        level = document.choice(found.get("level"), "level", LEVELS)
        floors.append(
            Floor(
                severity=document.number(found.get("severity"), "severity", 0, 1),
                level=Level(int(level)) if level else Level.RED,
                least_urgency=document.number(found.get("least_urgency"), "least_urgency", 0, 0.3),
                why=document.words(found.get("why"), "why"),
                line=line_of(item),
            )
        )
    for severity, calmest in PROMISED if node is not None else ():
        if not any(floor.severity <= severity and floor.level <= calmest for floor in floors):
            what = f"no floor keeps severity {severity:g} at level {int(calmest)} or graver"
            document.fault(
                node, what, f"Add one: a grave report must not wait for a second source (severity {severity:g})."
            )
    return tuple(floors)
