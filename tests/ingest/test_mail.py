"""Mails as they come from real mailers, good and bad; everything here is invented."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.entry import Sharing
from ingest.mail import MOST_BYTES, read_mail
from ingest.report import Machine, ReportError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = b"From: Site One <site@branch.example>\r\nSubject: Shots near the camp\r\nMessage-ID: <1@branch.example>\r\n"


def simple(text: bytes, head: bytes = HEAD) -> bytes:
    return head + b"\r\n" + text


def built(**heads: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    for name, value in {"From": "site@branch.example", "Subject": "Shots", **heads}.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_plain_mail() -> None:
    head = HEAD + b"Date: Sun, 1 Mar 2026 11:30:00 +0100\r\nTo: Desk <reports+one@desk.example>\r\n"
    report = read_mail(simple(b"Six men.\r\n\r\nNobody hurt.\r\n", head), NOW)
    assert (report.subject, report.text, report.body) == ("Shots near the camp", *["Six men.\n\nNobody hurt."] * 2)
    assert (report.sender, report.sender_name) == ("site@branch.example", "Site One")
    assert report.sent == datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    assert (report.message_id, report.recipients) == ("1@branch.example", ("reports+one@desk.example",))
    assert (report.files, report.machine, report.sharing) == ((), None, None)


@pytest.mark.parametrize(
    ("encoding", "declared", "text"),
    [
        ("gbk", "gb2312", "今天上午十点左右，营地外面听到了枪声，没有人员受伤，我们已经撤到办公楼。"),
        ("gbk", None, "今天上午十点左右，营地外面听到了枪声，没有人员受伤，我们已经撤到办公楼。"),
        ("big5", "big5", "今天上午十點左右，營地外面聽到了槍聲，沒有人員受傷，我們已經撤到辦公樓。"),
        ("cp1251", "windows-1251", "Утром возле лагеря слышали выстрелы, никто не пострадал."),
        ("cp1256", "windows-1256", "سمعنا إطلاق نار قرب المخيم صباح اليوم ولم يصب أحد بأذى"),
        ("cp1252", "iso-8859-1", "Des tirs entendus près du camp, “personne” n’est blessé."),
        ("utf-8", "us-ascii", "今天上午，营地外面听到了枪声。"),
        ("utf-8", "no-such-charset", "今天上午，营地外面听到了枪声。"),
        ("utf-16", "utf-16", "Shots near the camp, 枪声"),
    ],
)
def test_whatever_the_charset_says(encoding: str, declared: str | None, text: str) -> None:
    said = f"Content-Type: text/plain; charset={declared}\r\n".encode() if declared else b""
    body = base64.encodebytes(text.encode(encoding))
    raw = HEAD + said + b"Content-Transfer-Encoding: base64\r\n\r\n" + body
    assert read_mail(raw, NOW).text == text


@pytest.mark.parametrize(
    "subject",
    [
        "=?GB2312?B?" + base64.b64encode("营地附近枪声".encode("gbk")).decode() + "?=",
        "=?utf-8?Q?=E8=90=A5=E5=9C=B0?= =?utf-8?Q?=E9=99=84=E8=BF=91=E6=9E=AA=E5=A3=B0?=",
        "=?x-unknown?B?" + base64.b64encode("营地附近枪声".encode()).decode() + "?=",
        "=?utf-8?B?" + base64.b64encode("营地附近枪声".encode()).decode().rstrip("=") + "?=",
    ],
)
def test_encoded_subjects(subject: str) -> None:
    assert read_mail(f"Subject: {subject}\r\n\r\nText".encode(), NOW).subject == "营地附近枪声"


def test_a_subject_in_bare_bytes_is_read_in_the_bodys_charset() -> None:
    raw = "Subject: 营地附近枪声\r\nContent-Type: text/plain; charset=gbk\r\n\r\n营地外听到枪声。".encode("gbk")
    assert read_mail(raw, NOW).subject == "营地附近枪声"


def test_html_keeps_its_lines_and_loses_its_scripts() -> None:
    message = built()
    message.set_content("<p>One<br>Two</p><script>bad()</script><ul><li>Three &amp; four</li></ul>", subtype="html")
    assert read_mail(message.as_bytes(), NOW).text == "One\nTwo\n\nThree & four"


def test_plain_is_preferred_and_files_are_gathered() -> None:
    message = built()
    message.set_content("The plain words.")
    message.add_alternative("<p>The other words.</p>", subtype="html")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="现场 照片.png")
    message.add_attachment(b"tnef", maintype="application", subtype="ms-tnef")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar")
    report = read_mail(message.as_bytes(), NOW)
    assert report.text == "The plain words."
    assert [file.name for file in report.files] == ["现场 照片.png", "winmail.dat", "invite.ics"]
    assert report.files[0].content == b"\x89PNG"


def test_a_mail_within_a_mail() -> None:
    inner = built(Subject="The first report")
    inner.set_content("What was seen.")
    outer = built(Subject="Fwd: see below")
    outer.set_content("")
    outer.add_attachment(inner)
    report = read_mail(outer.as_bytes(), NOW)
    assert (report.subject, report.body) == ("see below", "What was seen.")
    assert [(file.name, file.media_type) for file in report.files] == [("The first report.eml", "message/rfc822")]


@pytest.mark.parametrize(
    ("subject", "text", "mark", "kept"),
    [
        ("TLP:AMBER Shots", "x1", Sharing.AMBER, "Shots"),
        ("[TLP:RED] Shots", "x1", Sharing.RED, "Shots"),
        ("【TLP:GREEN】枪声", "x1", Sharing.GREEN, "枪声"),
        ("Re: [tlp: amber+strict] Shots", "x1", Sharing.AMBER_STRICT, "Shots"),
        ("Shots", "TLP:CLEAR\n\nx1", Sharing.CLEAR, "Shots"),
        ("[TLP:GREEN] Shots", "TLP:RED\nx1", Sharing.RED, "Shots"),
        ("TLP:PURPLE Shots", "x1", Sharing.RED, "Shots"),
        ("Shots", "x1\nTLP:RED is what they said", None, "Shots"),
    ],
)
def test_marks(subject: str, text: str, mark: Sharing | None, kept: str) -> None:
    message = built(Subject=subject)
    message.set_content(text)
    report = read_mail(message.as_bytes(), NOW)
    assert (report.sharing, report.subject) == (mark, kept)
    assert report.body.startswith("x1")


def test_stated_lines() -> None:
    text = "国家：喀麦隆\n地点：亚瓜 10.3414, 15.2350\n时间：2026年3月1日 10:15\n类别：安全\n匿名：是\n\n听到枪声。"
    said = read_mail(simple(text.encode()), NOW).said
    assert (said.countries, said.point, said.category, said.anonymous) == (("CM",), (10.3414, 15.235), "security", True)
    assert said.occurred == datetime(2026, 3, 1, 9, 15, tzinfo=UTC)
    report = read_mail(simple(b"Country: Chad, Niger\nWhen: 1 March 2026 08:00 UTC\nColour: red\n\nSeen."), NOW)
    assert (report.said.countries, report.body) == (("TD", "NE"), "Colour: red\n\nSeen.")
    lied = read_mail(simple(b"Country: Nowhere\nWhen: 1 March 2027\n\nSeen."), NOW)
    assert lied.said.countries == ()
    assert lied.said.occurred is None
    assert lied.body == "Country: Nowhere\nWhen: 1 March 2027\n\nSeen.", "what makes no sense stays in the text"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("New words.\n\n> old\n> older\n", "New words."),
        ("New words.\n\nOn Sun, 1 Mar 2026 at 10:00, Ann <a@b.example>\nwrote:\n> old\n", "New words."),
        ("New words.\n\n-----Original Message-----\nFrom: a@b\nold\n", "New words."),
        ("新情况。\n\n发件人: 张三\n发送时间: 2026年3月1日\n收件人: 值班台\n\n旧内容\n", "新情况。"),
        ("新情况。\n\n------------------ 原始邮件 ------------------\n旧内容\n", "新情况。"),
        ("Words.\n-- \nAnn\nSite One\n", "Words."),
        ("Words.\n\nSent from my iPhone\n", "Words."),
        ("> Is anybody hurt?\nNo.\n> Is it over?\nYes.\n", "> Is anybody hurt?\nNo.\n> Is it over?\nYes."),
        ("On Monday he wrote:\n> first\nand I say\n> second\n", "On Monday he wrote:\n> first\nand I say"),
        ("> only what was quoted\n", "> only what was quoted"),
        ("From: here to the bridge the road is cut.\nNo cars pass.\n", None),
        ("-- \nAnn\n", "--\nAnn"),
    ],
)
def test_history_and_signature_are_trimmed_with_care(text: str, own: str | None) -> None:
    report = read_mail(simple(text.encode()), NOW)
    assert report.body == (own if own is not None else report.text)
    assert len(report.text) >= len(report.body), "the whole text is kept beside it"


def test_what_is_sent_on_is_the_report() -> None:
    text = b"---------- Forwarded message ---------\nFrom: a@b\n\nShots were heard.\n"
    report = read_mail(b"Subject: Fwd: Shots\r\n\r\n" + text, NOW)
    assert "Shots were heard." in report.body


@pytest.mark.parametrize(
    ("head", "machine"),
    [
        (b"Auto-Submitted: auto-replied", Machine.AUTO_REPLY),
        (b"X-Autoreply: yes", Machine.AUTO_REPLY),
        (b"Subject: Automatic reply: Shots", Machine.AUTO_REPLY),
        ("Subject: 自动回复：枪声".encode(), Machine.AUTO_REPLY),
        (b"From: MAILER-DAEMON@mx.example", Machine.BOUNCE),
        (b"Return-Path: <>\r\nSubject: Undeliverable: Shots", Machine.BOUNCE),
        (b"Content-Type: multipart/report; report-type=delivery-status; boundary=x", Machine.BOUNCE),
        (b"Content-Type: text/calendar; method=REQUEST", Machine.CALENDAR),
        (b"Auto-Submitted: no", None),
        (b"Precedence: list\r\nList-Id: <sites.example>", None),
        (b"Subject: Out of office building burns", None),
    ],
)
def test_machines_are_known(head: bytes, machine: Machine | None) -> None:
    assert read_mail(head + b"\r\nX-Mailer: y\r\nDate: z\r\n\r\nsome words here", NOW).machine is machine


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no mail"),
        (b"\x00\x01\x02 no mail", "no mail"),
        (HEAD.replace(b"Shots near the camp", b"") + b"\r\n", "neither words nor files"),
        (b"Subject: x\r\nContent-Type: multipart/encrypted\r\n\r\nx", "encrypted"),
        (b"Subject: x\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nx", "encrypted"),
        (b"Subject: x\r\n\r\n" + b"x" * MOST_BYTES, "25 MB"),
        (b"Subject: x\r\n\r\n" + b"boundary" * 1000, "more parts"),
        (b"Subject: x\r\n\r\n" + b"boundary" * 100 + b"x\n" * 300_000, "more parts"),
        (b"Subject: x\r\n\r\n" + b"\n" * 2_000_001, "or lines"),
        (b"Subject: x\r\n" + b"X: y\r\n" * 200_000, "longer headers"),
        (b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(290)), "cannot be read|neither words"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words) as told:
        read_mail(raw, NOW)
    assert str(told.value).count(". ") == 0, "one sentence"


def test_files_without_words_are_kept_with_the_reason() -> None:
    message = built(Subject="")
    message.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="gate.jpg")
    with pytest.raises(ReportError, match="files but no words") as told:
        read_mail(message.as_bytes(), NOW)
    assert told.value.found is not None
    assert [file.name for file in told.value.found.files] == ["gate.jpg"]


def outcome(raw: bytes) -> bool:
    """Whether a report with something in it came out, or one sentence; anything else escapes and fails the test."""
    try:
        report = read_mail(raw, NOW)
    except ReportError as error:
        return str(error).endswith(".")
    return bool(report.subject or report.body or report.machine)


def test_deep_nesting_ends() -> None:
    raw = b"Subject: deep\r\n"
    for number in range(140):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
    assert outcome(raw + b"\r\nwords")


HEADERS = st.sampled_from(
    ["From", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding", "Message-ID", "To", "References",
     "Content-Disposition", "Auto-Submitted", "Authentication-Results", "MIME-Version", "In-Reply-To"]
)  # fmt: skip
PIECES = st.sampled_from(
    [b"multipart/mixed; boundary=b", b"text/html", b"message/rfc822", b"base64", b"quoted-printable", b"=?utf-8?B?/w",
     b"=?gb2312?Q?=C4=E3?=", b'name="=?x?=', b"charset=idna", b"charset=utf-7", b"charset=\xff", b"<a@b>", b"[TLP:RED]",
     b"filename*0*=utf-8''%E4",
     b"\r\n--b\r\n", b"\r\n--b--\r\n", b"\x00", b"\xff\xfe", b"Country: CM\n", b"=C4", b"<p><br>",
     b"attachment; filename*=x'y'%ff", b"; boundary=\"", b"uuencode", b"begin 644 x\n", b"multipart/report"]
)  # fmt: skip
VALUES = st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=6).map(b" ".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=20)
)
def test_nothing_but_a_report_or_one_sentence_comes_out(heads: list[tuple[str, bytes]], body: list[bytes]) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in heads) + b"\r\n" + b"".join(body)
    assert outcome(raw)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all(raw: bytes) -> None:
    assert outcome(raw)
