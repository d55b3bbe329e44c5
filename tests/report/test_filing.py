"""What becomes of reports, on both databases: entries, voices, threads, marks, and the walk to an alert."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from service.auth.access import mailbox_scope, person_scope
from service.desk.report_given import Given, report_of
from service.desk.report_mending import read_again
from service.desk.reports import Filed, file_mail, file_report
from service.desk.senders import parse_senders
from service.desk.sources import resume_source
from service.errors import Conflict, NotFound
from service.store.engine import Store
from service.store.people import home_organisation, organisation_by_key
from service.store.read_reports import get_attachment, led_to, list_reports
from service.store.read_rest import list_sources
from service.store.sources import claim_sources
from service.store.tables import Attachment, EntryRow, FieldReport, LogLine, Person, SourceRow
from tests.api.town import Town, town
from tests.report.postoffice import mail
from tests.walk.scene import model, scene

SENDERS = """
senders:
  - {key: embassy, name: Embassy, secret: s7fkq2mvx9, reliability: B, country: NE}
  - {key: branch, name: Branch, secret: b4tnz8wcr1, reliability: A, sharing: 'TLP:RED', people: [ann]}
"""


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[Town]:
    """A town that knows two senders."""
    senders = tmp_path / "senders.yaml"
    senders.write_text(SENDERS, encoding="utf-8")
    with town(store, tmp_path, senders=senders, imap_trust="mx.desk.example") as found:
        yield found


def post(here: Town, text: str = "Shots were heard near the camp.", **heads: str) -> Filed:
    with here.store.read() as session:
        scope = mailbox_scope(session)
    return file_mail(here.house, scope, mail(text, **heads))


def entry_of(here: Town, filed: Filed) -> tuple[EntryRow, SourceRow]:
    with here.store.read() as session:
        entry = session.get_one(EntryRow, filed.entry_id)
        return entry, session.get_one(SourceRow, entry.source_id)


def test_each_known_sender_is_a_voice_of_its_own(here: Town) -> None:
    embassy = entry_of(here, post(here, Subject="[s7fkq2mvx9] Shots near the camp"))
    branch = entry_of(here, post(here, Subject="[b4tnz8wcr1] Shots near the camp"))
    claimed = entry_of(here, post(here, From="Embassy <desk@embassy.example>"))
    other = entry_of(here, post(here, "The road is cut.", From="x@y.example"))
    assert [(entry.reliability, source.name, entry.sharing) for entry, source in (embassy, branch)] == [
        ("B", "Embassy", "TLP:AMBER"),
        ("A", "Branch", "TLP:RED"),
    ]
    assert embassy[0].title == "Shots near the camp"
    assert embassy[0].countries == ["NE"], "it names no place, and is in Niger"
    assert (claimed[0].reliability, claimed[0].countries) == ("F", [])
    assert claimed[1].id == other[1].id, "all who prove nothing are one voice"
    elsewhere = entry_of(here, post(here, "Shots in Cameroon.", Subject="[s7fkq2mvx9] Cameroon"))
    assert elsewhere[0].countries == [], "what it names itself is for the machine to find"


def test_people_and_keys_that_the_file_names(here: Town) -> None:
    here.person("ann", "owner")
    here.person("bob", "owner")
    with here.store.read() as session:
        home = home_organisation(session)
        north = organisation_by_key(session, "north")
        ann, bob = (session.get_one(Person, here.numbers[f"person:{name}"]) for name in ("ann", "bob"))
    scopes = [person_scope(ann, home), person_scope(bob, home), person_scope(ann, north)]
    told = [
        file_report(here.house, scope, report_of(Given(text="Shots near the camp"), here.at), channel="form")
        for scope in scopes
    ]
    letters = [(entry_of(here, one)[0].reliability, one.row.sharing, one.row.sender) for one in told]
    assert letters == [("A", "TLP:RED", "Branch"), ("C", "TLP:AMBER", "bob"), ("C", "TLP:AMBER", "ann")]


def test_a_mail_that_comes_twice_is_one_report(here: Town) -> None:
    first = post(here, Message_ID="<1@x>")
    again = post(here, Message_ID="<1@x>", Received="by another road")
    assert (first.is_new, again.is_new, again.row.id) == (True, False, first.row.id)
    forged = post(here, "Everything is calm.", Message_ID="<1@x>")
    assert forged.is_new, "a used message id silences nobody"


def test_a_reply_is_an_entry_of_its_own_and_a_correction_a_revision(here: Town) -> None:
    first = post(here, Subject="[s7fkq2mvx9] Shots", Message_ID="<1@x>")
    reply = post(here, "It is over now.", Subject="Re: [s7fkq2mvx9] Shots", Message_ID="<2@x>", In_Reply_To="<1@x>")
    forged = post(here, "All false.", Subject="Correction: Shots", Message_ID="<3@x>", In_Reply_To="<1@x>")
    mended = post(
        here, "Two hurt.", Subject="[s7fkq2mvx9] Correction: Shots", Message_ID="<4@x>", References="<0@x> <1@x>"
    )
    entries = [entry_of(here, one)[0] for one in (first, reply, forged, mended)]
    assert [(entry.revision, entry.latest) for entry in entries] == [(1, False), (1, True), (1, True), (2, True)]
    assert entries[0].key == entries[3].key
    assert entries[1].title == entries[0].title == "Shots"
    assert [one.row.detail.get("answers") for one in (reply, forged, mended)] == [first.row.id] * 3
    assert mended.row.detail["replaces"] is True


def test_an_anonymous_mail_loses_its_sender(here: Town) -> None:
    filed = post(here, "Anonymous: yes\nThe manager takes money.", Message_ID="<who@branch.example>")
    entry, source = entry_of(here, filed)
    with here.store.read() as session:
        line = session.exec(select(LogLine).where(LogLine.subject == "report")).one()
    told = f"{filed.row.model_dump()} {entry.model_dump()} {source.model_dump()} {line.model_dump()}"
    for trace in ("branch.example", "Site One", "who@"):
        assert trace not in told
    assert (source.key, entry.reliability, line.actor) == ("report-anonymous", "F", "anonymous")


def test_nothing_is_half_stored(here: Town) -> None:
    """The report, its entry, files and line come together or not at all."""
    nobody: Any = None
    with pytest.raises(IntegrityError):  # the line, which is written last, must say who
        file_mail(here.house, replace(here.operator(), actor=nobody), mail())
    with here.store.read() as session:
        for table in (FieldReport, EntryRow, Attachment, LogLine):
            assert session.exec(select(table)).all() == []


def test_a_later_program_reads_what_was_kept(here: Town) -> None:
    raw = b"From: a@b.example\r\nSubject: [s7fkq2mvx9] Shots\r\nContent-Type: multipart/encrypted\r\n\r\nx"
    with here.store.read() as session:
        kept = file_mail(here.house, mailbox_scope(session), raw)
    assert (kept.row.state, kept.row.raw, kept.row.subject) == ("unreadable", raw, "Shots")
    with here.store.write() as session:
        session.get_one(FieldReport, kept.row.id).raw = raw.replace(b"multipart/encrypted", b"text/plain")
    row = read_again(here.house, here.operator(), kept.row.id or 0)
    assert (row.state, row.error, row.sender_known) == ("accepted", None, True)
    entry, source = entry_of(here, Filed(row))
    assert (entry.title, entry.reliability, source.key) == ("Shots", "B", "report-embassy")
    with pytest.raises(Conflict):
        read_again(here.house, here.operator(), kept.row.id or 0)


def test_sources_of_reports_are_never_fetched_or_listed(here: Town) -> None:
    _, source = entry_of(here, post(here))
    with here.store.write() as session:
        claimed = claim_sources(session, here.at, "worker", 100, all_active=True)
        listed = list_sources(session, here.operator()).items
    assert source.key not in {due.feed.key for due in claimed}
    assert source.key not in {row.key for row in listed}
    with pytest.raises(Conflict, match="Nothing is fetched"):
        resume_source(here.house, here.operator(), source.id or 0)


def test_reports_are_paged_without_their_bytes(here: Town) -> None:
    for number in range(5):
        post(here, f"Report number {number} of the day")
    scope = here.operator()
    with here.store.read() as session:
        first = list_reports(session, scope, limit=3)
        rest = list_reports(session, scope, limit=3, cursor=first.next)
        assert [row.id for row in (*first.items, *rest.items)] == [5, 4, 3, 2, 1]
        assert rest.next is None
        with pytest.raises(NotFound):
            get_attachment(session, scope, 1, 1)


def test_the_same_at_once_is_filed_once(here: Town) -> None:
    report = report_of(Given(text="Shots near the camp", token="one"), here.at)
    filed: list[Filed] = []
    scope = here.operator()
    threads = [
        threading.Thread(target=lambda: filed.append(file_report(here.house, scope, report, channel="api")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(one.is_new for one in filed) == [False] * 5 + [True]
    assert len({one.row.id for one in filed}) == 1


def test_a_report_walks_to_an_alert_of_its_mark(store: Store, tmp_path: Path) -> None:
    with scene(store, tmp_path, model()) as playing:
        playing.subscriber("north", ["NE"])
        text = "Country: NE\nSoldiers have seized the presidential palace and announced a coup; the borders are closed."
        with store.read() as session:
            scope = mailbox_scope(session)
        filed = file_mail(playing.house, scope, mail(text, Subject="TLP:RED Coup in Niger, palace seized"))
        playing.go()
        with store.read() as session:
            became = led_to(session, scope, filed.entry_id)
        assert became is not None
        assert (became.entry.stage, became.entry.sharing) == ("decided", "TLP:RED")
        assert became.event_id is not None
        assert became.alert_id is not None
        assert playing.received("north") == [], "a subscriber cleared for GREEN is told nothing of it"


def test_what_the_sender_calls_it_counts(store: Store, tmp_path: Path) -> None:
    with scene(store, tmp_path, model()) as playing:
        with store.read() as session:
            scope = mailbox_scope(session)
        quiet = "The gate was painted green this morning."
        bare = file_mail(playing.house, scope, mail(quiet, Subject="Paint"))
        named = file_mail(playing.house, scope, mail(f"Country: NE\nCategory: security\n{quiet}", Subject="Paint"))
        playing.go()
        with store.read() as session:
            events = [led_to(session, scope, one.entry_id) for one in (bare, named)]
        assert [one.event_id is not None for one in events if one] == [False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("senders: [{key: one}]", "has no name"),
        ("senders: [{key: One!, name: x}]", "cannot be used"),
        ("senders: [{key: a, name: x}, {key: a, name: y}]", "stands twice"),
        ("senders: [{key: a, name: x, secret: short}]", "too easy"),
        ("senders: [{key: a, name: x, addresses: [nobody]}]", "is no address"),
        ("senders: [{key: a, name: x, country: XX}]", "unknown country"),
        ("senders: [{key: a, name: x, reliabilty: B}]", "Did you mean reliability"),
    ],
)
def test_a_fault_in_the_senders_file_is_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_senders(text)
