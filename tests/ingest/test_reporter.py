"""Who a mail is from: what proves it, and what only claims it."""

from dataclasses import replace

import pytest

from ingest.report import Report
from ingest.reporter import Reporter, recognise

ONE = Reporter("one", "Site One", addresses=("desk@one.example", "@sub.one.example"), secret="s7fkq2mvx9")
MX = "mx.desk.example"


def mail(sender: str = "desk@one.example", *verdicts: str, subject: str = "Shots", to: str = "") -> Report:
    return Report(subject, "x", "x", sender=sender, verdicts=verdicts, recipients=(to,) if to else ())


def known(report: Report, trusted: str = MX) -> str | None:
    found = recognise(report, [ONE], trusted)[1]
    return found.key if found else None


@pytest.mark.parametrize(
    ("verdicts", "who"),
    [
        ((f"{MX}; dkim=pass header.d=one.example",), "one"),
        ((f"{MX} 1; spf=pass smtp.mailfrom=desk@one.example; dkim=none",), "one"),
        ((f"{MX}; dmarc=pass (p=reject) header.from=one.example",), "one"),
        ((f"{MX}; dkim=fail header.d=one.example",), None),
        ((f"{MX}; dkim=pass header.d=evil.example",), None),
        ((f"{MX}; spf=pass smtp.mailfrom=x@evil.example",), None),
        ((f"{MX}; dkim=pass (header.d=one.example) header.d=evil.example",), None),
        (("mx.evil.example; dkim=pass header.d=one.example",), None),
        ((f"{MX}; dkim=none", f"{MX}; dkim=pass header.d=one.example"), None),
        ((f"evil {MX}; dkim=pass header.d=one.example",), None),
        ((f"{MX}.evil.example; dkim=pass header.d=one.example",), None),
        ((), None),
    ],
)
def test_only_the_own_server_vouches(verdicts: tuple[str, ...], who: str | None) -> None:
    assert known(mail("desk@one.example", *verdicts)) == who
    assert known(mail("desk@one.example", *verdicts), trusted="") is None


def test_a_domain_is_not_its_neighbour() -> None:
    assert known(mail("a@sub.one.example", f"{MX}; dkim=pass header.d=sub.one.example")) == "one"
    assert known(mail("a@evilsub.one.example", f"{MX}; dkim=pass header.d=evilsub.one.example")) is None
    assert known(mail("other@one.example", f"{MX}; dkim=pass header.d=one.example")) is None


def test_a_secret_proves_and_is_taken_out() -> None:
    report, found = recognise(mail("any@where.example", subject="[S7fkq2mvx9] Shots"), [ONE], "")
    assert (found, report.subject) == (ONE, "Shots")
    report, found = recognise(mail("any@where.example", to="reports+s7fkq2mvx9@desk.example"), [ONE], "")
    assert (found, report.recipients) == (ONE, ())
    for subject in ("s7fkq2mvx9 Shots", "[s7fkq2mvx] Shots", "[] Shots"):
        assert known(mail("any@where.example", subject=subject)) is None
    assert known(replace(mail(), recipients=("reports+@desk.example",))) is None
