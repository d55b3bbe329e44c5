"""The mailbox: every mail stored once and then marked, whatever breaks, over a real connection."""

import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import col, select

from ingest.guard import Guard
from ingest.mail import MOST_BYTES
from ingest.mailbox import Account, MailboxError, open_mailbox
from service.desk.mailbox import Looked, look, mailbox_health
from service.errors import SetupError
from service.store.engine import Store
from service.store.tables import EntryRow, FieldReport, LogLine
from tests.api.town import Town, town
from tests.report.postoffice import CERTIFICATE, PASSWORD, USER, PostOffice, mail, post_office
from tests.walk.command import COMMAND, ROOT, environment, watchfire, watchfire_here

LOOPBACK = Guard((ip_network("127.0.0.0/8"),))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server without TLS."""
    with post_office() as found:
        yield found


def settings_of(office: PostOffice, **more: Any) -> dict[str, Any]:
    return {
        "imap_host": "127.0.0.1",
        "imap_port": office.port,
        "imap_user": USER,
        "imap_password": SecretStr(PASSWORD),
        "imap_security": "none",
        **more,
    }


@pytest.fixture
def here(store: Store, tmp_path: Path, office: PostOffice) -> Iterator[Town]:
    """A town with a mailbox, on both databases."""
    with town(store, tmp_path, **settings_of(office)) as found:
        yield found


def reports(here: Town) -> list[FieldReport]:
    with here.store.read() as session:
        return list(session.exec(select(FieldReport).order_by(col(FieldReport.id))).all())


def test_new_mails_become_entries_and_are_marked(here: Town, office: PostOffice) -> None:
    office.deliver(mail("Two men hurt.", Message_ID="<1@x>"))
    office.deliver(mail("Road closed.", Message_ID="<2@x>"))
    assert look(here.house, always=True) == Looked(2, 0, 0)
    assert [row.text for row in reports(here)] == ["Two men hurt.", "Road closed."]
    assert office.unread == []
    with here.store.read() as session:
        assert [row.stage for row in session.exec(select(EntryRow)).all()] == ["new", "new"]
        assert {line.actor for line in session.exec(select(LogLine)).all()} == {"mailbox"}
    assert look(here.house, always=True) == Looked()
    assert not any(PASSWORD in command for command in office.commands)


def test_one_that_somebody_has_read_meanwhile_is_not_missed(here: Town, office: PostOffice) -> None:
    assert look(here.house, always=True) == Looked()
    office.deliver(mail("Read on a phone."), "\\Seen")
    assert look(here.house, always=True) == Looked(1, 0, 0)


def test_what_was_read_before_the_first_look_is_an_archive(here: Town, office: PostOffice) -> None:
    office.deliver(mail("Long ago."), "\\Seen")
    office.deliver(mail("Still unread."))
    office.deliver(mail("Long ago as well."), "\\Seen")
    assert look(here.house, always=True) == Looked(1, 0, 0)
    assert look(here.house, always=True) == Looked()
    assert [row.text for row in reports(here)] == ["Still unread."]


def test_a_folder_that_counts_anew_doubles_nothing(here: Town, office: PostOffice) -> None:
    for number in range(3):
        office.deliver(mail(f"Report {number} of the day.", Message_ID=f"<{number}@x>"))
    assert look(here.house, always=True) == Looked(3, 0, 0)
    office.validity += 1
    for number, one in enumerate(office.inbox, 1):
        one.uid, one.flags = number, set()
    assert look(here.house, always=True) == Looked(0, 0, 3)
    assert office.unread == []


def test_a_mail_that_cannot_be_read_is_kept_and_stops_nobody(here: Town, office: PostOffice) -> None:
    sealed = mail("x", Content_Type="multipart/encrypted", Message_ID="<1@x>")
    office.deliver(sealed)
    office.deliver(b"\xff\xfe no mail at all")
    office.deliver(mail("Readable.", Message_ID="<3@x>"))
    assert look(here.house, always=True) == Looked(3, 2, 0)
    rows = reports(here)
    assert [row.state for row in rows] == ["unreadable", "unreadable", "accepted"]
    assert rows[0].raw == sealed
    assert "encrypted" in (rows[0].error or "")
    assert rows[1].raw == b"\xff\xfe no mail at all"


def test_a_huge_mail_is_fetched_no_further_than_its_head(here: Town, office: PostOffice) -> None:
    office.deliver(mail("x" * (MOST_BYTES + 1)))
    assert look(here.house, always=True) == Looked(1, 1, 0)
    (row,) = reports(here)
    assert row.raw is not None
    assert 1000 < len(row.raw) <= 2**18
    assert "25 MB" in (row.error or "")
    assert office.unread == []


@pytest.mark.parametrize("can_move", [True, False])
def test_stored_mails_move_to_a_folder(sqlite_store: Store, tmp_path: Path, office: PostOffice, can_move: bool) -> None:
    office.can_move, office.folders["Done"] = can_move, []
    office.deliver(mail())
    with town(sqlite_store, tmp_path, **settings_of(office, imap_done="Done")) as here:
        assert look(here.house, always=True) == Looked(1, 0, 0)
        assert (len(office.inbox), len(office.folders["Done"])) == (0, 1)
        assert look(here.house, always=True) == Looked()


def test_it_is_looked_into_when_it_is_time(here: Town, office: PostOffice) -> None:
    assert look(here.house) == Looked()
    office.deliver(mail())
    assert look(here.house) is None
    here.pass_time(seconds=here.house.settings.imap_interval + 1)
    assert look(here.house) == Looked(1, 0, 0)


def test_a_failure_is_kept_for_people_until_it_is_over(here: Town, office: PostOffice) -> None:
    good = office.folders
    office.folders = {}
    for _ in range(2):
        with pytest.raises(MailboxError, match="has no folder 'INBOX'"):
            look(here.house, always=True)
    with here.store.read() as session:
        health = mailbox_health(here.house, session)
    assert health is not None
    assert (health.failures, health.failing_since, health.ok_at) == (2, here.at, None)
    assert "has no folder" in health.error
    office.folders = good
    look(here.house, always=True)
    with here.store.read() as session:
        health = mailbox_health(here.house, session)
    assert health is not None
    assert (health.failures, health.error, health.ok_at) == (0, "", here.at)


def test_a_broken_senders_file_stops_the_reading_and_loses_nothing(
    sqlite_store: Store, tmp_path: Path, office: PostOffice
) -> None:
    office.deliver(mail())
    senders = tmp_path / "senders.yaml"
    senders.write_text("senders: [", encoding="utf-8")
    with town(sqlite_store, tmp_path, **settings_of(office, senders=senders)) as here:
        with pytest.raises(SetupError, match="senders file cannot be used"):
            look(here.house, always=True)
        assert office.unread == [1]
        senders.write_text("senders:\n- key: one\n  name: One\n", encoding="utf-8")
        assert look(here.house, always=True) == Looked(1, 0, 0)


# --- connections


def account(office: PostOffice, **more: Any) -> Account:
    return Account(**{"host": "127.0.0.1", "port": office.port, "user": USER, "password": PASSWORD, **more})


def opened(office: PostOffice, guard: Guard, **more: Any) -> None:
    with open_mailbox(account(office, **more), guard):
        pass


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_tls(security: Any) -> None:
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    trusting.check_hostname = False
    with post_office(secure=security) as office:
        office.deliver(mail())
        with open_mailbox(account(office, security=security), LOOPBACK, tls=trusting) as box:
            assert box.last_uid() == 1
        with pytest.raises(MailboxError, match="no trusted certificate"):
            opened(office, LOOPBACK, security=security)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "does not let us in"),
        ({"folder": "Nowhere"}, "has no folder 'Nowhere'"),
        ({"port": 1}, "cannot be reached"),
        ({"host": "nowhere.invalid"}, "cannot be reached"),
        ({"host": "2130706433"}, "usual form"),
        ({"security": "starttls"}, "offers no STARTTLS"),
    ],
)
def test_what_is_wrong_is_one_sentence(office: PostOffice, change: dict[str, Any], words: str) -> None:
    with pytest.raises(MailboxError, match=words) as told:
        opened(office, LOOPBACK, **{"security": "none", **change})
    assert PASSWORD not in str(told.value)


def test_the_guard_stands_before_mailboxes_too(office: PostOffice) -> None:
    with pytest.raises(MailboxError, match=r"address guard refuses 127\.0\.0\.1"):
        opened(office, Guard(), security="none")
    assert office.commands == []


# --- killed


def run_killed(folder: Path, office: PostOffice, at: str, nth: int) -> None:
    """`watchfire report mailbox --once`, killed by the server just before the nth command of a kind takes effect."""
    seen: list[str] = []
    process = subprocess.Popen(
        [*COMMAND, "report", "mailbox", "--once"],
        cwd=ROOT,
        env=environment(folder, **kill_settings(office)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def before(command: str) -> None:
        seen.extend([command] if at in command else [])
        if at in command and len(seen) == nth:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            raise OSError("the client is gone")

    office.before = before
    assert process.wait(60) == -signal.SIGKILL


def kill_settings(office: PostOffice) -> dict[str, str]:
    return {
        "imap_host": "127.0.0.1",
        "imap_port": str(office.port),
        "imap_user": USER,
        "imap_password": PASSWORD,
        "imap_security": "none",
        "allow_nets": "127.0.0.0/8",
    }


@pytest.mark.parametrize(("at", "nth"), [("STORE", 1), ("STORE", 3), ("BODY.PEEK", 2), ("SEARCH", 1)])
def test_killed_between_fetching_and_marking(tmp_path: Path, office: PostOffice, at: str, nth: int) -> None:
    for number in range(4):
        office.deliver(mail(f"Report {number} of the day.", Message_ID=f"<{number}@x>"))
    run_killed(tmp_path, office, at, nth)
    assert office.unread, "the server still holds what was not marked"
    office.before = lambda _command: None
    again = watchfire(tmp_path, "report", "mailbox", "--once", **kill_settings(office))
    assert again.returncode == 0, again.stderr
    assert office.unread == []
    listed = watchfire_here(tmp_path, "report", "list", "--json")
    assert listed.stdout.count('"number"') == 4
    for number in range(4):
        shown = watchfire_here(tmp_path, "report", "show", str(number + 1))
        assert f"Report {number} of the day." in shown.stdout


def test_two_at_once_file_each_mail_once(tmp_path: Path, office: PostOffice) -> None:
    assert watchfire_here(tmp_path, "report", "list", **kill_settings(office)).returncode == 0
    for number in range(10):
        office.deliver(mail(f"Report {number} of the day.", Message_ID=f"<{number}@x>"))
    running: list[Any] = [
        subprocess.Popen(
            [*COMMAND, "report", "mailbox", "--once"], cwd=ROOT, env=environment(tmp_path, **kill_settings(office))
        )
        for _ in range(2)
    ]
    assert [one.wait(90) for one in running] == [0, 0]
    assert watchfire_here(tmp_path, "report", "list", "--json").stdout.count('"number"') == 10
