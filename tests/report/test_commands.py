"""`watchfire report` as an operator uses it."""

import json
import subprocess
from pathlib import Path

from tests.report.postoffice import mail
from tests.walk.command import COMMAND, ROOT, environment, watchfire, watchfire_here


def test_mails_as_files(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(mail("Country: CM\nTwo men hurt.", Message_ID="<1@x>"))
    bad.write_bytes(b"\x00 no mail")
    filed = watchfire(tmp_path, "report", "file", str(good), str(bad))
    assert filed.returncode == 1, "one was unreadable"
    assert "report 1: entry 1, TLP:AMBER." in filed.stdout
    assert "report 2: kept, but unreadable: This is no mail" in filed.stdout
    again = watchfire_here(tmp_path, "report", "file", str(good))
    assert (again.returncode, "It had come before" in again.stdout) == (0, True)
    listed = json.loads(watchfire_here(tmp_path, "report", "list", "--json").stdout)
    assert [(row["number"], row["state"], row["channel"]) for row in listed] == [
        (2, "unreadable", "file"),
        (1, "accepted", "file"),
    ]
    assert "Two men hurt." in watchfire_here(tmp_path, "report", "show", "1").stdout
    assert len(json.loads(watchfire_here(tmp_path, "report", "list", "--state", "unreadable", "--json").stdout)) == 1


def test_a_mail_from_a_pipe(tmp_path: Path) -> None:
    piped = subprocess.run(
        [*COMMAND, "report", "file", "-"],
        cwd=ROOT,
        env=environment(tmp_path),
        input=mail(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert piped.returncode == 0, piped.stderr
    assert b"-: report 1: entry 1" in piped.stdout


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    for arguments, settings, words in (
        (("report", "file", str(tmp_path / "nowhere.eml")), {}, "cannot be read: No such file"),
        (("report", "show", "7"), {}, "There is no report 7."),
        (("report", "list", "--state", "odd"), {}, "is no state of a report"),
        (("report", "mailbox"), {}, "There is no mailbox."),
        (("report", "mailbox"), {"imap_host": "127.0.0.1"}, "but no account"),
        (("report", "mailbox"), {"imap_host": "127.0.0.1", "imap_user": "x", "imap_port": "1"}, "address guard"),
        (("report", "link"), {}, "Set WATCHFIRE_REPORT_FORM=link."),
    ):
        done = watchfire_here(tmp_path, *arguments, **settings)
        assert done.returncode != 0
        assert words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    link = watchfire_here(tmp_path, "report", "link", report_form="link", public_url="https://desk.example")
    assert "https://desk.example/report/" in link.stdout
