"""A mail (RFC 5322, with MIME and without, sound or broken) → Report. Pure; raises nothing but ReportError.

The classic policy of `email` reads the structure: the modern one raises on headers that real mailers send. Words are
decoded by `ingest.encoding`, which knows what Chinese, Cyrillic and Arabic mailers do without saying so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime

from ingest.attachment import MOST_FILES, File
from ingest.encoding import decode
from ingest.entry import Sharing
from ingest.mail_machine import machine_of
from ingest.mail_words import body_text, header_words
from ingest.report import MOST_TEXT, Machine, Report, ReportError, tidy
from ingest.report_lines import corrected, marked, read_lines
from ingest.text import TITLE_LENGTH, cut, language, tongue

MOST_BYTES = 25 * 2**20
MOST_PARTS = 200
DEEPEST = 12
MOST_LINES, MOST_WORK = 2_000_000, 20_000_000
MOST_HEAD = 2**20
MOST_BOUNDARIES = 300  # declared in the bytes: each is a level that the parser may have to descend
ENCRYPTED = frozenset(("multipart/encrypted", "application/pgp-encrypted"))
REPLY = re.compile(r"^\s*(?:(?:re|aw|sv|antw|答复|回复|回覆|rép)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|转发|轉寄|转寄)\s*[:：]", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,128}@[^\s@<>,;:\"]{1,190}")
SENDER_NAME = 120
MADE_UP = {
    "text/calendar": "invite.ics",
    "application/ms-tnef": "winmail.dat",
    "message/delivery-status": "status.txt",
}


@dataclass
class _Found:
    """What a walk through the parts gathers."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    has_calendar: bool = False
    problems: list[str] = field(default_factory=list)


def read_mail(raw: bytes, now: datetime) -> Report:
    """The report that a mail is. ReportError says in one sentence why there is none: too large, encrypted, no words."""
    message = _parse(raw)
    try:
        return _read(message, now)
    except ReportError:
        raise
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise ReportError(f"The mail is built in a way that cannot be read ({type(error).__name__}).") from error


def _parse(raw: bytes) -> "Message[str, str]":
    if len(raw) > MOST_BYTES:
        raise ReportError(f"The mail has {len(raw) / 2**20:.0f} MB, more than the {MOST_BYTES >> 20} MB that are read.")
    lowered, lines = raw.lower(), raw.count(b"\n")
    levels = 1 + lowered.count(b"boundary") + lowered.count(b"message/rfc822")
    # What the parser takes grows with both: 140 levels over 5 million lines took it 64 s.
    if levels > MOST_BOUNDARIES or levels * lines > MOST_WORK or lines > MOST_LINES:
        raise ReportError("The mail has more parts within parts, or lines, than any that a person sends.")
    if min((end for end in (raw.find(b"\n\r\n"), raw.find(b"\n\n")) if end >= 0), default=len(raw)) > MOST_HEAD:
        raise ReportError("The mail has longer headers than any that a person sends.")
    try:
        return BytesParser(policy=policy.compat32).parsebytes(raw)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise ReportError(f"The mail is built in a way that cannot be read ({type(error).__name__}).") from error


def _read(message: "Message[str, str]", now: datetime) -> Report:
    if not any(name in message for name in ("from", "subject", "date", "message-id", "received", "content-type")):
        raise ReportError("This is no mail: it has none of the headers that a mail has.")
    heads = _heads(message)
    if _is_locked(message):
        what = "The mail is encrypted; ask its sender to send it again in the clear, or through the form."
        raise ReportError(what, _said(heads, _Found(), now, None))
    found = _Found()
    _walk(message, found)
    machine = machine_of(heads, message.get_content_type(), _parameter(message, "report-type"))
    if machine is None and found.has_calendar and not "".join(found.plain + found.html).strip():
        machine = Machine.CALENDAR
    report = _said(heads, found, now, machine)
    if report.is_empty and not machine:
        files_only = "files but no words; look at them and make the entry by hand"
        raise ReportError(f"The mail holds {files_only if report.files else 'neither words nor files'}.", report)
    return report


def _is_locked(message: "Message[str, str]") -> bool:
    kind = message.get_content_type()
    is_sealed = kind.endswith("pkcs7-mime") and _parameter(message, "smime-type") in ("enveloped-data", "")
    return kind in ENCRYPTED or is_sealed


def _heads(message: "Message[str, str]") -> dict[str, list[str]]:
    """Headers in words by lower-case name, in their order; bytes beyond ASCII are read in the body's encoding."""
    charset = next((part.get_content_charset() for part in _parts(message) if part.get_content_charset()), None)
    heads: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        heads.setdefault(name.lower(), []).append(header_words(str(value), charset))
    return heads


def _parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Every part, outermost first, without descending for ever."""
    waiting, count = [(message, 0)], 0
    while waiting and count < MOST_PARTS:
        part, depth = waiting.pop(0)
        count += 1
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and depth < DEEPEST:
            waiting += [(one, depth + 1) for one in inner if isinstance(one, Message)]


def _walk(message: "Message[str, str]", found: _Found, depth: int = 0) -> None:
    """Sort the parts into words and files. A mail that was sent on as a file is a file, and speaks where nothing else
    does."""
    inner = message.get_payload()
    if message.get_content_type() == "message/rfc822" and isinstance(inner, list):
        _attached_mail(message, inner, found, depth)
    elif isinstance(inner, list):
        for part in inner[:MOST_PARTS]:
            if isinstance(part, Message) and depth < DEEPEST:
                _walk(part, found, depth + 1)
    else:
        _leaf(message, found)


def _attached_mail(part: "Message[str, str]", inner: Sequence[object], found: _Found, depth: int) -> None:
    mail = inner[0] if inner else None
    if not isinstance(mail, Message) or len(found.files) > MOST_FILES:
        return
    name = _filename(part) or f"{header_words(str(mail.get('subject', '')), None)[:80] or 'mail'}.eml"
    try:
        found.files.append(File(name, "message/rfc822", mail.as_bytes()))
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError, KeyError):
        found.problems.append("A mail within the mail could not be taken out as a file.")
    within = _Found()
    if depth < DEEPEST and not "".join(found.plain + found.html).strip():
        _walk(mail, within, depth + 1)
        found.html += within.html
        found.plain += within.plain


def _leaf(part: "Message[str, str]", found: _Found) -> None:
    kind = part.get_content_type()
    name = _filename(part)
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        content = b""
    is_words = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not name
    if is_words:
        text = decode(content[: 8 * MOST_TEXT], part.get_content_charset()).text
        (found.html if kind == "text/html" else found.plain).append(text)
        return
    found.has_calendar = found.has_calendar or kind == "text/calendar"
    if content or name:
        found.files.append(File(name or _made_up(kind), kind, content))


def _filename(part: "Message[str, str]") -> str:
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(key, header=header)
        if value:
            return header_words(collapse_rfc2231_value(value), part.get_content_charset())[:300]
    return ""


def _made_up(kind: str) -> str:
    main, _, sub = kind.partition("/")
    return MADE_UP.get(kind) or f"{main}.{re.sub(r'[^a-z0-9]', '', sub)[:10] or 'bin'}"


def _parameter(message: "Message[str, str]", name: str) -> str:
    value = message.get_param(name)
    return collapse_rfc2231_value(value).lower() if value else ""


def _said(heads: dict[str, list[str]], found: _Found, now: datetime, machine: Machine | None) -> Report:
    subject = cut(_first(heads, "subject"), TITLE_LENGTH)
    is_forward = FORWARD.match(subject) is not None
    whole, own = body_text(found.plain, found.html, is_forward=is_forward)
    title, mark, corrects = bare_subject(subject)
    body, said = read_lines(tidy(own), now)
    name, address = _sender(heads)
    return Report(
        subject=title,
        text=tidy(whole),
        body=body,
        said=said.with_mark(mark).with_mark(_sensitive(heads)),
        sender=address,
        sender_name=name,
        sent=_date(_first(heads, "date")),
        language=language(f"{title} {body}", tongue(_first(heads, "content-language"))),
        files=tuple(found.files),
        message_id=next(iter(MESSAGE_ID.findall(_first(heads, "message-id"))), None),
        replies_to=_replies_to(heads),
        recipients=_recipients(heads),
        verdicts=tuple(heads.get("authentication-results", ())),
        machine=machine,
        corrects=corrects,
        problems=tuple(found.problems),
    )


def bare_subject(subject: str) -> tuple[str, Sharing | None, bool]:
    """A subject without `Re:`, mark and `Correction:`; the mark; whether it corrects."""
    title, mark = marked(REPLY.sub("", FORWARD.sub("", subject)).strip())
    title, corrects = corrected(REPLY.sub("", title).strip())
    return title, mark, corrects


def _first(heads: dict[str, list[str]], name: str) -> str:
    return heads.get(name, [""])[0]


def _sender(heads: dict[str, list[str]]) -> tuple[str | None, str | None]:
    name, address = next(iter(getaddresses([_first(heads, "from")[:1000]])), ("", ""))
    found = ADDRESS.search(address) or ADDRESS.search(_first(heads, "from")[:1000])
    return name.strip()[:SENDER_NAME] or None, found[0].lower() if found else None


def _sensitive(heads: dict[str, list[str]]) -> Sharing | None:
    """`Sensitivity: Company-Confidential` (RFC 4021) is a mark as well, if a coarse one."""
    word = _first(heads, "sensitivity").strip().lower()
    return Sharing.AMBER_STRICT if word in ("private", "personal", "company-confidential") else None


def _replies_to(heads: dict[str, list[str]]) -> tuple[str, ...]:
    near = MESSAGE_ID.findall(_first(heads, "in-reply-to"))
    far = MESSAGE_ID.findall(_first(heads, "references"))
    return tuple(dict.fromkeys([*near, *reversed(far)]))[:20]


def _recipients(heads: dict[str, list[str]]) -> tuple[str, ...]:
    named = [value for name in ("to", "cc", "delivered-to", "x-original-to") for value in heads.get(name, ())]
    return tuple(dict.fromkeys(found.lower() for value in named for found in ADDRESS.findall(value[:5000])))[:50]


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
