"""Reporter: somebody whose reports are expected, and how a mail is told to be theirs. Pure.

The From line of a mail is what its writer likes. A sender is known only when the operator's own mail server vouches for
the domain (DKIM, or SPF of the same domain, in Authentication-Results, RFC 8601), or when the mail bears a secret.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.entry import Sharing
from ingest.mail import bare_subject
from ingest.report import Report

LEAST_SECRET = 8
_RESULT = re.compile(r"^(dkim|spf|dmarc)\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(
    r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom|smtp\.helo)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE
)
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Reporter:
    """An embassy, branch, site or contractor.

    It reports by these addresses (whole, or `@domain`), people and keys, or with this secret; it is so reliable (A–F),
    and `sharing` is the mark of its reports if they say nothing stricter.
    """

    key: str
    name: str
    reliability: str = "C"
    sharing: Sharing | None = None
    country: str | None = None
    addresses: tuple[str, ...] = ()
    secret: str | None = None
    people: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def recognise(report: Report, reporters: Iterable[Reporter], trusted: str) -> tuple[Report, Reporter | None]:
    """The report without the secret that it bore, and whose it is; None when nothing proves that.

    `trusted` is the name by which the operator's mail server signs its verdicts (authserv-id); "" believes none.
    """
    reporters = tuple(reporters)
    for reporter in reporters:
        if reporter.secret and _bears(report, reporter.secret):
            return _without(report, reporter.secret), reporter
    if not (trusted and report.sender and vouched(report, trusted)):
        return report, None
    return report, next((one for one in reporters if _writes_from(report.sender, one)), None)


def _writes_from(sender: str, reporter: Reporter) -> bool:
    return any(
        sender == address.lower() or (address.startswith("@") and sender.endswith(address.lower()))
        for address in reporter.addresses
    )


def _bears(report: Report, secret: str) -> bool:
    """In the subject as `[secret]`, or behind the plus of the address that it was sent to."""
    given = [*re.findall(r"\[([^\[\]]{1,200})\]", report.subject)]
    given += [address.partition("@")[0].partition("+")[2] for address in report.recipients]
    return any(hmac.compare_digest(one.encode().lower(), secret.encode().lower()) for one in given if one)


def _without(report: Report, secret: str) -> Report:
    subject = re.sub(re.escape(f"[{secret}]"), " ", report.subject, flags=re.IGNORECASE)
    kept = tuple(address for address in report.recipients if f"+{secret.lower()}@" not in address)
    title, mark, corrects = bare_subject(" ".join(subject.split()))
    said = report.said.with_mark(mark)
    return replace(report, subject=title, said=said, corrects=report.corrects or corrects, recipients=kept)


def vouched(report: Report, trusted: str) -> bool:
    """Whether the trusted server says that the sender's domain sent it. Only its own, topmost verdict counts.

    Whatever stands below could have been in the mail before it came in.
    """
    if not report.verdicts or report.sender is None:
        return False
    server, _, results = _COMMENT.sub(" ", report.verdicts[0]).partition(";")
    if server.split()[:1] != [trusted] and server.strip().lower() != trusted.lower():
        return False
    domain = report.sender.rpartition("@")[2]
    return any(_passes(result, domain) for result in results.split(";"))


def _passes(result: str, domain: str) -> bool:
    found = _RESULT.match(result.strip())
    if found is None or found[2].lower() != "pass":
        return False
    named = {name.rpartition("@")[2].lower().rstrip(".") for name in _DOMAIN.findall(found[3])}
    return domain in named
