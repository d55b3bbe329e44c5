"""Files of reports: names that are safe anywhere, programs and scripts seen through their disguise, bounds."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.attachment import KNOWN, MOST_EACH, MOST_FILES, MOST_TOGETHER, OTHER, File, Why, clean_name, judge


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.jpg", b"\xff\xd8", None),
        ("list.xlsx", b"PK\x03\x04", None),
        ("files.zip", b"PK\x03\x04", None),
        ("note", b"plain", None),
        ("setup.exe", b"anything", Why.PROGRAM),
        ("photo.jpg", b"MZ\x90\x00", Why.PROGRAM),
        ("tool", b"\x7fELF", Why.PROGRAM),
        ("invoice.pdf.exe", b"x", Why.PROGRAM),
        ("setup.exe.txt", b"x", None),
        ("setup.exe. ", b"x", Why.PROGRAM),
        ("gpj\u202eexe.", b"MZ", Why.PROGRAM),
        ("run.JS", b"x", Why.SCRIPT),
        ("page.html", b"x", Why.SCRIPT),
        ("picture.svg", b"<svg/>", Why.SCRIPT),
        ("picture.png", b" \n<script>", Why.SCRIPT),
        ("notes.txt", b"#!/bin/sh", Why.SCRIPT),
        ("table.xlsm", b"PK", Why.SCRIPT),
        ("site.v2.report.pdf", b"%PDF", None),
        ("www.example.com.pdf", b"%PDF", None),
    ],
)
def test_what_runs_is_not_kept(name: str, content: bytes, why: Why | None) -> None:
    (found,) = judge([File(name, "image/png", content)])
    assert found.refused == why
    assert (found.content is None) == (why is not None)
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_bounds() -> None:
    files = [File(f"{number}.jpg", "", b"x" * (MOST_EACH - number)) for number in (-1, 0, 1, 2)]
    assert [one.refused for one in judge(files)] == [Why.TOO_LARGE, None, None, Why.REPORT_FULL]
    many = judge([File(f"{number}.txt", "", b"x") for number in range(MOST_FILES + 2)])
    assert [one.refused for one in many[MOST_FILES - 1 :]] == [None, Why.TOO_MANY, Why.TOO_MANY]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\报告.docx", "报告.docx"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
        ("  ", "file"),
        ("...", "file"),
        ("con.txt", "_con.txt"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("x" * 300 + ".pdf", "x" * 109 + ".pdf"),
    ],
)
def test_names(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.lists(st.tuples(st.text(max_size=60), st.binary(max_size=60)), max_size=5))
def test_every_file_is_judged_and_every_name_is_one(files: list[tuple[str, bytes]]) -> None:
    judged = judge([File(name, "text/html", content) for name, content in files])
    assert len(judged) == len(files)
    assert sum(len(one.content or b"") for one in judged) <= MOST_TOGETHER
    for one in judged:
        assert one.media_type in {*KNOWN.values(), OTHER}
        assert one.name
        assert one.name == clean_name(one.name)
        assert not set(one.name) & set('/\\:*?"<>|\r\n\x00')
