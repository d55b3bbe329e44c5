"""Archives row by row: forms, encodings, dates, mappings, and rows that are none."""

import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ingest.archive import ArchiveError, Fault, Plan, Row, parse_map, read_archive

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TABLE = "title,date,outlet\nQuay closed,2021-03-04,Harbour Post\nQuay open,2021-03-05T06:00:00+02:00,Harbour Post\n"
PACKED = gzip.compress(TABLE.encode(), mtime=0)


def read(body: bytes, **columns: str) -> list[Row | Fault]:
    return list(read_archive(io.BytesIO(body), Plan(columns), NOW))


def told(body: bytes, **columns: str) -> list[tuple[str, str, str | None]]:
    """Title, date and source of every row; all of them must be readable."""
    rows = read(body, **columns)
    assert not [row for row in rows if isinstance(row, Fault)]
    return [
        (row.item.title, f"{row.item.published:%Y-%m-%dT%H:%MZ}", row.source) for row in rows if isinstance(row, Row)
    ]


EXPECTED = [("Quay closed", "2021-03-04T00:00Z", "Harbour Post"), ("Quay open", "2021-03-05T04:00Z", "Harbour Post")]
LINES = "\n".join(
    json.dumps({"headline": title, "published": date, "source": {"name": outlet}}) for title, date, outlet in EXPECTED
)


@pytest.mark.parametrize(
    "body",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\n\n").encode(),
        TABLE.replace("outlet\n", "outlet\n#title,#date,#org\n").encode(),
        PACKED,
        gzip.compress(TABLE[:40].encode(), mtime=0) + gzip.compress(TABLE[40:].encode(), mtime=0),
        LINES.encode(),
        LINES.encode("utf-16"),
        gzip.compress(LINES.encode(), mtime=0),
        f"[{LINES}]".replace("\n", ",\n").encode(),
        f"[{LINES}]".replace("\n", ",").encode(),
        f"[\n{LINES}\n]\n".encode(),
    ],
)
def test_the_same_entries_in_many_forms(body: bytes) -> None:
    assert told(body) == EXPECTED


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16-le"])
def test_chinese_columns_in_old_encodings(codec: str) -> None:
    text = "标题,日期,来源\n港口工人因谈判破裂开始罢工，货轮改道,2021年3月4日,沿海晚报\n"
    body = (b"\xff\xfe" if codec == "utf-16-le" else b"") + text.encode(codec)
    assert told(body, published="日期") == [("港口工人因谈判破裂开始罢工，货轮改道", "2021-03-04T00:00Z", "沿海晚报")]


def test_an_explicit_mapping_goes_before_what_columns_are_called() -> None:
    body = b"title,kicker,date,when\nwrong,Quay closed,2020-01-01,2021-03-04\n"
    assert told(body, title="kicker", published="when") == [("Quay closed", "2021-03-04T00:00Z", None)]
    nested = b'{"id": 7, "meta": {"Kopf": "Quay closed"}, "title": "wrong", "date": "2021-03-04"}'
    assert told(nested, title="kopf") == [("Quay closed", "2021-03-04T00:00Z", None)]


def test_dates_without_a_zone_are_read_in_the_one_that_is_given() -> None:
    (row,) = read_archive(io.BytesIO(b"title,date\nA,2021-03-04 08:00\n"), Plan(zone="Asia/Shanghai"), NOW)
    assert isinstance(row, Row)
    assert row.item.published == datetime(2021, 3, 4, 0, tzinfo=UTC)


def test_a_bad_row_is_told_with_its_line_and_costs_no_other() -> None:
    body = (
        b"title,date,note\nA,2021-03-04,x\nB,03/04/2021,x\nC,,x\n,2021-03-04,\nD,2999-01-01,x\nE,2021-03-04\n"
        b'"F\nF",2021-03-04,x\nG,1970-01-01,x\nH,1911-10-10,x\n'
    )
    rows = read(body)
    assert [row.item.title for row in rows if isinstance(row, Row)] == ["A", "F F", "H"]
    faults = {row.line: row.why for row in rows if isinstance(row, Fault)}
    assert sorted(faults) == [3, 4, 5, 6, 7, 10]
    assert "'03/04/2021' cannot be read for certain" in faults[3]
    assert "no date" in faults[4]
    assert "neither a title nor a text" in faults[5]
    assert "lies ahead" in faults[6]
    assert "2 cells" in faults[7]


def test_bad_json_lines_are_told() -> None:
    rows = read(b'{"title": "A", "date": "2021-03-04"}\n{"title": \n[1, 2]\n\n{"title": "B", "date": 1614816000}\n')
    assert [(row.line, isinstance(row, Fault)) for row in rows] == [
        (1, False),
        (2, True),
        (3, True),
        (3, True),
        (5, False),
    ]


def test_an_open_quote_costs_a_bounded_stretch_and_says_so() -> None:
    good = "Quay closed,2021-03-04,some words\n"
    body = "title,date,note\n" + good * 3 + '"never closed,2021-03-04,x\n' + good * 60_000
    rows = read(body.encode())
    (fault,) = [row for row in rows if isinstance(row, Fault)]
    assert fault.line == 5
    assert len([row for row in rows if isinstance(row, Row)]) == 60_003 - (fault.rows - 1)
    assert 30_000 < fault.rows < 32_000, "about a million characters"


def test_an_endless_line_is_passed_over() -> None:
    body = b'{"title": "A", "date": "2021-03-04"}\n' + b"x" * (9 * 2**20) + b'\n{"title": "B", "date": "2021-03-04"}\n'
    rows = read(body)
    assert [(row.line, isinstance(row, Fault)) for row in rows] == [(1, False), (2, True), (3, False)]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<rss/>", "archive feeds"),
        (b"PK\x03\x04zip", "ZIP"),
        (b"just words", "neither JSON"),
        (b"a,b,c\n1,2,3\n", "--map"),
        (PACKED[: len(PACKED) // 2], "middle of its packing"),
        (PACKED[:20] + b"\x00\x01\x02" + PACKED[23:], "middle of its packing"),
        (b'[\n  {\n    "title": "A"\n  },\n' + b'  {\n    "title": "A"\n  },\n' * 20, "None of the first"),
    ],
)
def test_what_is_no_archive_is_refused_in_one_sentence(body: bytes, why: str) -> None:
    with pytest.raises(ArchiveError, match=why):
        read(body)


def test_a_mapping_that_fits_nothing_is_refused_at_once() -> None:
    with pytest.raises(ArchiveError, match="no column 'kicker'"):
        read(TABLE.encode(), title="kicker")
    lines = b'{"title": "A", "date": "2021-03-04"}\n' * 200
    seen: list[Row | Fault] = []
    with pytest.raises(ArchiveError, match="'kicker'"):
        seen.extend(read_archive(io.BytesIO(lines), Plan({"title": "kicker"}), NOW))
    for wrong in ("title", "title=", "colour=red", "=x"):
        with pytest.raises(ArchiveError, match="--map"):
            parse_map(wrong)
    assert parse_map("title = kicker, published=when,") == {"title": "kicker", "published": "when"}


def test_the_same_words_on_another_day_are_another_entry() -> None:
    one, other = (row for row in read(b"title,date\nCurfew,2021-03-04\nCurfew,2021-03-05\n") if isinstance(row, Row))
    assert one.item.key != other.item.key


class Endless(io.RawIOBase):
    """A file of so many bytes that is never whole in memory; it can be sought back to its start."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0
        self.line = b'{"title": "Quay closed again", "date": "2021-03-04", "text": "' + b"w" * 900 + b'"}\n'

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) in ((0, 0), (0, 1), (self.at, 0))
        self.at = self.at if whence else offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        start = self.at % len(self.line)
        piece = (self.line * (len(buffer) // len(self.line) + 2))[start : start + min(len(buffer), self.size - self.at)]
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


def test_a_long_file_is_never_whole_in_memory() -> None:
    def count(rows: Iterator[Row | Fault]) -> int:
        return sum(isinstance(row, Row) for row in rows)

    tracemalloc.start()
    rows = count(read_archive(io.BufferedReader(Endless(24 * 2**20)), Plan(), NOW))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows > 20_000
    assert peak < 12 * 2**20, "the sample by which the form is told, and the row at hand"
