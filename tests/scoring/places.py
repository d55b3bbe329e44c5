"""Places found in a file of headlines: `python -m tests.scoring.places FILE [--rows]`.

Each line of the file is an object with `lang`, `title`, `text`, `countries` (where it happens) and `actors` (who only
acts or speaks).
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.locate import countries, locate

Row = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """Countries counted over rows. `outside`: wrong ones that the text does not hold even as actors."""

    rows: int = 0
    exact: int = 0
    right: int = 0
    due: int = 0
    said: int = 0
    wrong: int = 0
    outside: int = 0

    def add(self, row: Row) -> None:
        """Count one row."""
        due, said = set(row["countries"]), set(found(row))
        self.rows += 1
        self.exact += due == said
        self.right += len(due & said)
        self.due += len(due)
        self.said += len(said)
        self.wrong += len(said - due)
        self.outside += len(said - due - set(row["actors"]))

    @property
    def recall(self) -> float:
        """The share of the right countries that was found."""
        return self.right / self.due if self.due else 1.0

    @property
    def excess(self) -> float:
        """The share of what was found that is wrong."""
        return self.wrong / self.said if self.said else 0.0

    def line(self, name: str) -> str:
        """One line of the report."""
        return (
            f"{name:>4} {self.rows:5} rows   right {self.recall:6.1%} of {self.due:4}   "
            f"wrong {self.excess:6.1%} of {self.said:4} ({self.outside} not in the text)   exact {self.exact:4}"
        )


def found(row: Row) -> tuple[str, ...]:
    """What the code says of a row."""
    return countries(locate(row["title"], row["text"], row["lang"]))


def read(path: Path) -> list[Row]:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def tally(rows: Iterable[Row]) -> dict[str, Tally]:
    """By language, and `all`."""
    tallies: dict[str, Tally] = {}
    for row in rows:
        for name in (row["lang"], "all"):
            tallies.setdefault(name, Tally()).add(row)
    return tallies


def _faults(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        said = found(row)
        if set(said) != set(row["countries"]):
            due, actors = ",".join(row["countries"]), ",".join(row["actors"])
            said_too = ",".join(said)
            yield f"{row['id']} {row['lang']} due {due or '-'} said {said_too or '-'} actors {actors or '-'}"
            yield f"     {row['title']} | {row['text']}"


def main(arguments: list[str]) -> None:
    """Print the report; with --rows each row that is not exact."""
    rows = read(Path(next(word for word in arguments if not word.startswith("-"))))
    if "--rows" in arguments:
        print("\n".join(_faults(rows)))
    for name, counted in sorted(tally(rows).items(), key=lambda pair: (pair[0] == "all", pair[0])):
        print(counted.line(name))


if __name__ == "__main__":
    main(sys.argv[1:])
