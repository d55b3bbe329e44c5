"""Report: what somebody in the field says, however it came, and the item that it becomes. Pure.

Whoever writes may say more than words: a sharing mark in the subject or the first line, and lines such as
`Country: CM`, `Place: …`, `When: …`, `Category: …` (国家：, 地点：, 时间：, 类别：) near the beginning.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ingest.attachment import File
from ingest.dates import AHEAD
from ingest.entry import DateQuality, Item, Sharing, digest
from ingest.report_lines import SAID_NOTHING, Said, marked, read_lines
from ingest.text import TEXT_LENGTH, TITLE_LENGTH, UNWANTED, cut, fold, headline, language

MOST_TEXT = 100_000  # characters of a report's whole text that are kept
CLOCK_WRONG = timedelta(days=30)  # a mail that claims to be older was written on a machine with a wrong clock


class ReportError(ValueError):
    """A message cannot be read as a report; one sentence says why. `found` is what could be read of it, if anything."""

    def __init__(self, what: str, found: "Report | None" = None) -> None:
        super().__init__(what)
        self.found = found


class Machine(StrEnum):
    """A message that no person wrote: kept and marked, no entry."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Report:
    """What came. `text` is everything that was written, with its lines; `body` what this report says by itself: without
    quoted history, signature, mark and stated lines.

    `sender` is the address that the message claims, which proves nothing; `verdicts` what mail servers say of that
    (Authentication-Results, topmost first). `replies_to` are message ids, the nearest first. `corrects` tells that it
    takes the place of what it answers. `token` is what the sender gave to tell this report from the next of the same
    words. Times are aware.
    """

    subject: str
    text: str
    body: str
    said: Said = SAID_NOTHING
    sender: str | None = None
    sender_name: str | None = None
    sent: datetime | None = None
    language: str | None = None
    files: tuple[File, ...] = ()
    message_id: str | None = None
    replies_to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    machine: Machine | None = None
    corrects: bool = False
    token: str = ""
    problems: tuple[str, ...] = ()

    @property
    def sharing(self) -> Sharing | None:
        """The mark that the sender set, if any."""
        return self.said.sharing

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all in words."""
        return not (self.subject or self.body)


def written(subject: str, text: str, now: datetime, *, said: Said = SAID_NOTHING, token: str = "") -> Report:
    """A report that was typed into a form or sent to the API; what `said` holds goes before what the text says."""
    whole = tidy(text)
    title, mark = marked(fold(subject, TITLE_LENGTH))
    body, found = read_lines(whole, now, country=said.countries[:1])
    both = found.under(said).with_mark(mark)
    return Report(title, whole, body, both, language=language(f"{title} {body}"), token=token[:200])


def tidy(text: str) -> str:
    """Text with its lines: no controls, no more than one empty line in a row, bounded."""
    lines = [fold(line) for line in UNWANTED.sub("", text[: 2 * MOST_TEXT].replace("\r\n", "\n")).splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return cut("\n".join(kept).strip(), MOST_TEXT)


def fingerprint(report: Report, *more: str) -> str:
    """64 hex digits by which a report that arrives twice is known. `more` is what tells two senders or days apart.

    A message id alone would not do: it is the sender's to choose, and a used one must not silence another message.
    """
    files = digest(*(f"{file.name} {hashlib.sha256(file.content).hexdigest()}" for file in report.files))
    return digest("report", report.message_id or report.token, report.subject, report.text, files, *more)


def item_of(report: Report, key: str, raw_hash: str, received: datetime) -> Item:
    """The item that a report becomes; `received` (aware) stands in where the message's own time cannot be believed."""
    said = report.said
    place = f"{said.place}: " if said.place else ""
    title = report.subject or headline(fold(report.body))
    sent = report.sent
    believed = sent is not None and received - CLOCK_WRONG <= sent <= received + AHEAD
    return Item(
        key=key,
        raw_hash=raw_hash,
        title=cut(title, TITLE_LENGTH),
        text=fold(f"{place}{report.body}", TEXT_LENGTH),
        language=report.language,
        published=min(sent, received) if believed and sent is not None else received,
        occurred=said.occurred,
        date_quality=DateQuality.GOOD,
        countries=said.countries,
        point=said.point,
        extra={"report_category": said.category} if said.category else {},
    )


def strictest(marks: Iterable[Sharing | None], otherwise: Sharing) -> Sharing:
    """The strictest of some marks."""
    return max((mark for mark in marks if mark is not None), key=lambda mark: mark.strictness, default=otherwise)


def nameless(report: Report) -> Report:
    """The same report without a trace of who sent it: no address, name, message id or server's word."""
    return replace(
        report, sender=None, sender_name=None, message_id=None, replies_to=(), recipients=(), verdicts=(), token=""
    )
