"""Where the records are: in a JSON value, an XML tree or a table of any layout."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.parsers.document import ParseError
from ingest.parsers.markup import name
from ingest.parsers.record import Record, is_dated, is_placed, is_telling, of_element

LOOK_DEPTH = 4
SAMPLE = 20
WORTH = 0.5  # share of the sampled members that must name something
RAGGED = 0.2  # share of rows that do not fit the header, above which the table is no list to rely on
FILLED = 0.6  # share of a header's cells that are not empty
HASHTAG = re.compile(r"#[a-z][\w +]*$")
END_OF_FILE = "\x1a"


def in_json(value: Any) -> list[Record]:
    """The largest list, or mapping by key, of objects that name something; a lone object that does; else nothing."""
    groups = list(_groups(value, LOOK_DEPTH))
    best: list[Record] = max(reversed(groups), key=len, default=[])  # of equals, the innermost
    if best:
        return best
    return [value] if isinstance(value, Mapping) and is_telling(value) and is_dated(value) else []


def _groups(value: Any, depth: int) -> Iterator[list[Record]]:
    members = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    objects = [member for member in members if isinstance(member, Mapping)]
    is_group = isinstance(value, list) or (len(objects) >= 1 and _alike(objects) and not has_own_title(value))
    if objects and is_group and sum(map(is_telling, objects[:SAMPLE])) >= WORTH * len(objects[:SAMPLE]):
        is_list = isinstance(value, list) or len(objects) > 1
        if is_list or is_dated(objects[0]):
            yield objects
        if is_list:
            return
    if depth:
        for member in members[:SAMPLE]:
            yield from _groups(member, depth - 1)


def has_own_title(value: Any) -> bool:
    """True for an object that is itself a record, so that its parts are not records."""
    return isinstance(value, Mapping) and any(
        isinstance(inner, str) and str(key).lower() in ("title", "headline", "name") for key, inner in value.items()
    )


def _alike(objects: Sequence[Record]) -> bool:
    """True when the objects share most of their fields, as the rows of one list do."""
    shared = set(objects[0]).intersection(*objects[1:SAMPLE])
    return len(shared) * 2 >= max(len(one) for one in objects[:SAMPLE])


def in_xml(root: Any) -> list[Record]:
    """The elements that repeat most, have parts and name something."""
    counts: Counter[str] = Counter()
    for element in root.iter():
        if len(element) >= 2 and element is not root:
            counts[name(element)] += 1
    for tag, count in counts.most_common(SAMPLE):
        found = [element for element in root.iter() if name(element) == tag and len(element)]
        sample = [of_element(element) for element in found[:SAMPLE]]
        if count >= 2 and sum(is_telling(one) and is_placed(one) for one in sample) >= WORTH * len(sample):
            return [of_element(element) for element in found]
    return []


def tagged(root: Any, *tags: str) -> Iterator[Record]:
    """All elements of these local names that have parts, outermost only, in document order."""
    stack = [root]
    while stack:
        element = stack.pop()
        if element is not root and name(element) in tags and (len(element) or len(element.attrib) > 1):
            yield of_element(element)
        else:
            stack.extend(reversed(element))


def in_rows(
    rows: Sequence[Sequence[str]], columns: Sequence[str] | None = None
) -> tuple[list[Record], tuple[str, ...]]:
    """Rows as records under the header's names, and what was odd. `columns` name the cells of a table without header.

    ParseError when many rows do not fit the header: half a list is worse than the last good one.
    """
    rows = [row for row in rows if any(row) and tuple(row) != (END_OF_FILE,) and not _is_tags(row)]
    if columns is None:
        start = _header(rows)
        columns, rows = rows[start], rows[start + 1 :]
    fitting = [
        row for row in rows if len(row) == len(columns) or (not any(row[len(columns) :]) and len(row) > len(columns))
    ]
    bad = len(rows) - len(fitting)
    if not rows or bad > RAGGED * len(rows):
        raise ParseError(f"{bad} of the table's {len(rows)} rows do not fit its header; the last good list stays.")
    problems = (f"{bad} rows do not fit the table's header; they were left out.",) if bad else ()
    return [dict(zip(columns, row, strict=False)) for row in fitting], problems


def _is_tags(row: Sequence[str]) -> bool:
    """True for the row of hashtags that humanitarian tables (HXL) put below their header."""
    cells = [cell for cell in row if cell]
    return len(cells) > 1 and all(HASHTAG.match(cell) for cell in cells)


def _header(rows: Sequence[Sequence[str]]) -> int:
    """Index of the header: the first row that is as wide as most and not mostly empty, as a line above it would be."""
    if not rows:
        raise ParseError("The table is empty.")
    usual = Counter(len(row) for row in rows[:200]).most_common(1)[0][0]
    wide = [i for i, row in enumerate(rows[:200]) if len(row) >= usual]
    return next((i for i in wide if sum(map(bool, rows[i])) >= FILLED * usual), wide[0])


def is_header(row: Sequence[str]) -> bool:
    """True when the cells could be the names of columns: distinct words, no numbers, none missing."""
    cells = [cell for cell in row if cell]
    return (
        len(cells) >= max(2, len(row) - 1)
        and len(set(cells)) == len(cells)
        and all(len(cell) <= 80 and not cell[0].isdigit() and "://" not in cell for cell in cells)
    )
