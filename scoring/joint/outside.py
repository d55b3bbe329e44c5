"""Headlines of outlets in the order of their time, with what readers put together; none of their words is here.

`happenings.tsv` holds a line a headline: its digest, the stretch of time that was read as one, and the number of its
happening in it; of some stretches nothing learns, they measure. The headlines themselves stay outside
(`scoring.headlines`).
"""

import csv
from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

from scoring.headlines import Headline, digest, history, pool

READ = Path(__file__).with_name("happenings.tsv")
MEASURES = "m"  # how the names of stretches begin that nothing learns from
TEXT = 400  # characters of a text that are kept
CUT = " --- "  # what follows it in a text is another's

Row = dict[str, Any]


def read_outside(folder: Path, *, measuring: bool = False) -> list[list[Row]]:
    """The stretches that were read, each in the order of time, as `read_told` gives told happenings: those to learn
    from, or those that measure."""
    with READ.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        said = {key: (name, number) for key, name, number in rows if name.startswith(MEASURES) == measuring}
    stretches: dict[str, dict[str, Row]] = defaultdict(dict)
    for headline in chain(history(folder), pool(folder)):
        key = digest_of(headline)
        if key in said:
            stretch, number = said[key]
            stretches[stretch][key] = row_of(headline) | {"event": f"{stretch}-{number}"}
    return [
        sorted(rows.values(), key=lambda row: (row["published"], row["title"])) for _, rows in sorted(stretches.items())
    ]


def digest_of(headline: Headline) -> str:
    """How a headline is named in what was read: outlets say the same on several days, each time of something else."""
    return digest(headline.source, headline.published.isoformat() if headline.published else "", headline.title)


def row_of(headline: Headline) -> Row:
    """A headline in the shape of told happenings."""
    text = headline.text[:TEXT].split(CUT)[0]
    published = headline.published.isoformat() if headline.published else None
    return {
        "id": headline.title,
        "source": headline.source,
        "lang": headline.language,
        "title": headline.title,
        "text": text,
        "published": published,
    }
