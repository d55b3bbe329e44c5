"""The harness itself: it sees what fails, makes it small, and does not wait for what hangs."""

from pathlib import Path

from tests.fuzz.shrink import shrunk
from tests.fuzz.worker import failure, keep


def test_a_failing_document_becomes_as_small_as_it_still_fails() -> None:
    assert shrunk(b"a" * 500 + b"!!" + b"b" * 300, lambda body: b"!!" in body) == b"!!"


def test_a_good_document_does_not_fail() -> None:
    assert failure(b"<rss><channel><item><title>A</title></item></channel></rss>") == ""


def test_what_fails_is_written_down(tmp_path: Path) -> None:
    keep(tmp_path / "found", 3, 17, b"<x", "KeyError in sniff.py:document")

    assert (tmp_path / "found" / "3-17-KeyError").read_bytes() == b"<x"
