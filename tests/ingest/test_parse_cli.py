"""`watchfire parse` as a process: one JSON object a document, never a crash."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.ingest.golden import DOCUMENTS


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-m", "service.cli.parse", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=120)


def objects(out: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.decode("utf-8").splitlines()]


def test_every_document_gets_its_line_in_order(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>No feed</body></html>")
    missing, folder = tmp_path / "missing.xml", tmp_path
    files = [str(DOCUMENTS[0]), str(missing), str(folder), str(page), str(DOCUMENTS[1])]

    result = run("--jsonl", *files)

    assert result.returncode == 0
    assert result.stderr == b""
    answers = objects(result.stdout)
    assert [answer["file"] for answer in answers] == files
    first, absent, directory, refused, last = answers
    assert first["error"] is None
    assert first["entries"]
    assert first["format"]
    assert "cannot be read: No such file" in absent["error"]
    assert "cannot be read" in directory["error"]
    assert "web page" in refused["error"]
    assert all(answer["entries"] == [] for answer in (absent, directory, refused))
    assert last["entries"]


def test_an_entry_has_what_was_promised(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(
        "<rss><channel><item><title>中文 title</title><link>https://a.example/1</link><guid>g</guid>"
        "<pubDate>Sat, 01 Aug 2026 08:00:00 +0800</pubDate></item></channel></rss>",
        encoding="utf-8",
    )

    (answer,) = objects(run("--jsonl", str(file)).stdout)

    (entry,) = answer["entries"]
    assert entry["title"] == "中文 title"
    assert entry["link"] == "https://a.example/1"
    assert entry["id"] == "g"
    assert entry["published"] == "2026-08-01T00:00:00Z"


def test_without_jsonl_people_get_a_table(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("<rss><channel><item><title>[red]Not markup[/red]</title></item></channel></rss>")

    good, bad = run(str(file)), run(str(tmp_path / "missing"))

    assert good.returncode == 0
    assert "[red]Not markup[/red]" in good.stdout.decode()
    assert bad.returncode == 1
    assert "No such file" in bad.stderr.decode()
    assert bad.stdout == b""
