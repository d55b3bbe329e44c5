"""CSV files of sites and companies: read whole or not at all, every fault told with its line."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.desk.site_given import KINDS_ZH, PARTNERS_ZH, PartnerGiven, SiteGiven, partner_given, site_given
from service.errors import Invalid
from service.notify.text import clean
from service.store.tables import PartnerRow, SiteRow

MOST_ROWS = 20_000
SITE_COLUMNS = (
    *("name", "kind", "country", "latitude", "longitude", "route", "radius_km", "people", "criticality"),
    *("note", "active"),
)
PARTNER_COLUMNS = ("name", "kind", "spellings", "country", "note", "active")
CHINESE = {
    "名称": "name", "类型": "kind", "国家": "country", "纬度": "latitude", "经度": "longitude", "线路": "route",
    "半径": "radius_km", "半径公里": "radius_km", "人数": "people", "重要性": "criticality", "备注": "note",
    "启用": "active", "别名": "spellings", "其他写法": "spellings",
}  # fmt: skip
# The first of each that is read is what is written, for whoever reads Chinese.
HEADS = {key: name for name, key in reversed(CHINESE.items())}
CELLS = {
    **{key: name for name, key in reversed({**KINDS_ZH, **PARTNERS_ZH}.items())},
    "low": "低",
    "usual": "一般",
    "vital": "关键",
    "yes": "是",
    "no": "否",
}
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # with what a calculation begins, full width as well
WORDS = ("low", "usual", "vital")
Given = TypeVar("Given", SiteGiven, PartnerGiven)


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in one line of a file (the header is line 1), and what to do about it."""

    line: int
    what: str
    advice: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Given]):
    """What a file holds: rows that can be used, and everything that is wrong with the others."""

    rows: tuple[Given, ...]
    faults: tuple[LineFault, ...]


class Faulty(Invalid):
    """A file cannot be used; `faults` are all of them, in the order of the lines."""

    def __init__(self, faults: tuple[LineFault, ...]) -> None:
        first = faults[0]
        rest = f" ({len(faults)} faults in all; nothing was imported.)" if len(faults) > 1 else ""
        super().__init__(f"Line {first.line}: {first.what}{rest}", first.advice)
        self.faults = faults


def read_sites(text: str) -> Sheet[SiteGiven]:
    """Sites of a CSV file, comma, semicolon or tab between, the header in English or Chinese."""
    return _read(text, SITE_COLUMNS, site_given)


def read_partners(text: str) -> Sheet[PartnerGiven]:
    """Companies of a CSV file."""
    return _read(text, PARTNER_COLUMNS, partner_given)


def _read(text: str, columns: tuple[str, ...], given: Callable[[Mapping[str, str]], Given]) -> Sheet[Given]:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\x00", ""), newline=""), delimiter=_gap(text))
    try:
        table = [(lines.line_num, row) for row in lines]
    except csv.Error as error:
        return Sheet((), (_unreadable(lines.line_num, error),))
    if not table:
        return Sheet((), (LineFault(1, "The file is empty.", f"Begin with the header {','.join(columns)}."),))
    names, wrong = _header(table[0][1], columns)
    if wrong:
        return Sheet((), wrong)
    if len(table) - 1 > MOST_ROWS:
        return Sheet((), (LineFault(MOST_ROWS + 2, f"There are more than {MOST_ROWS:,} rows.", "Split the file."),))
    return _rows(table[1:], names, given)


def _unreadable(line: int, error: csv.Error) -> LineFault:
    if "field limit" in str(error):  # what an open quote comes to: all that follows is one cell
        most = csv.field_size_limit()
        return LineFault(line, f"A cell is longer than {most:,} characters.", "See whether a quote is left open.")
    return LineFault(line, f"This is no CSV ({error}).", "Save the table as CSV, UTF-8.")


def _gap(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _header(row: list[str], columns: tuple[str, ...]) -> tuple[list[str], tuple[LineFault, ...]]:
    names = [CHINESE.get(name.strip(), name.strip().lower()) for name in row]
    known = f"Columns are {', '.join(columns)}."
    faults = [LineFault(1, f"Column '{name[:40]}' is not known.", known) for name in names if name not in columns]
    faults += [LineFault(1, f"Column {name} is there twice.", known) for name in columns if names.count(name) > 1]
    if "name" not in names:
        faults.append(LineFault(1, "There is no column name.", known))
    return names, tuple(faults)


def _rows(
    table: Iterable[tuple[int, list[str]]], names: list[str], given: Callable[[Mapping[str, str]], Given]
) -> Sheet[Given]:
    rows: list[Given] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for line, row in table:
        if not any(cell.strip() for cell in row):
            continue
        try:
            if len(row) > len(names):
                raise Invalid(f"It has {len(row)} cells for {len(names)} columns.", "Put quotes around commas.")
            one = given({name: _plain(cell) for name, cell in zip(names, row, strict=False)})
            if one.name in seen:
                raise Invalid(f"'{one.name}' stands in line {seen[one.name]} already.", "Give each its own name.")
        except Invalid as error:
            faults.append(LineFault(line, error.what, error.advice))
            continue
        seen[one.name] = line
        rows.append(one)
    return Sheet(tuple(rows), tuple(faults))


def _plain(cell: str) -> str:
    """A cell as it was before `_safe` guarded it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def _safe(cell: str) -> str:
    """A table calculator must not take a name for a formula."""
    plain = clean(cell)
    return f"'{plain}" if plain[:1] in FORMULA else plain


def sites_csv(rows: Iterable[SiteRow], lang: str = "en") -> str:
    """Sites as a file that can be read again, with headings and words of ours in a language."""
    return _written(SITE_COLUMNS, (_site_cells(row, _said(lang)) for row in rows), lang)


def partners_csv(rows: Iterable[PartnerRow], lang: str = "en") -> str:
    """The same of companies."""
    return _written(PARTNER_COLUMNS, (_partner_cells(row, _said(lang)) for row in rows), lang)


def _said(lang: str) -> Callable[[str], str]:
    """How a word of ours is written in a cell."""
    return (lambda word: CELLS.get(word, word)) if lang == "zh" else str


def _partner_cells(row: PartnerRow, said: Callable[[str], str]) -> tuple[str, ...]:
    names = _safe("; ".join(row.spellings))
    return (_safe(row.name), said(row.kind), names, row.country or "", _safe(row.note), said(_yes(row.active)))


def _site_cells(row: SiteRow, said: Callable[[str], str]) -> tuple[str, ...]:
    alone = row.points[0] if len(row.points) == 1 else None
    return (
        _safe(row.name),
        said(row.kind),
        row.country or "",
        f"{alone[0]:g}" if alone else "",
        f"{alone[1]:g}" if alone else "",
        "; ".join(f"{lat:.6g} {lon:.6g}" for lat, lon in row.points) if len(row.points) > 1 else "",
        f"{row.radius_km:g}",
        str(row.people),
        said(WORDS[row.criticality - 1]),
        _safe(row.note),
        said(_yes(row.active)),
    )


def _yes(active: bool) -> str:
    return "yes" if active else "no"


def _written(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], lang: str) -> str:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow([HEADS[name] for name in columns] if lang == "zh" else columns)
    writer.writerows(rows)
    return into.getvalue()
