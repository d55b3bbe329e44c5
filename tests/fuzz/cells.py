"""Tables gone wrong: cells and rows lost, doubled, quoted wrongly, with another delimiter."""

from random import Random

CELLS = (
    "",
    '"',
    '""',
    '"a',
    "a\nb",
    "-0-",
    "1e999",
    "=1+1",
    "\x1a",
    "\x00",
    "#tag",
    "a" * 5000,
    "2026-99-99",
    ";;",
    "é",
)


def change_rows(text: str, random: Random) -> str:
    """One to four changes of rows and cells."""
    rows = [line.split(",") for line in text.split("\n")]
    for _ in range(random.randint(1, 4)):
        row = random.choice(rows) or [""]
        at = random.randrange(len(row))
        random.choice((
            lambda row=row, at=at: row.__setitem__(at, random.choice(CELLS)),
            lambda row=row, at=at: row.insert(at, random.choice(CELLS)),
            lambda row=row: rows.append(list(row)),
            lambda row=row: row.extend(row[:100] * random.choice((1, 100))),
            lambda: rows.insert(random.randrange(len(rows)), []),
            lambda row=row: row.__delitem__(slice(1, None)),
        ))()  # fmt: skip
    return "\n".join(random.choice((",", ",", ",", ";", "\t", "|")).join(row) for row in rows)
