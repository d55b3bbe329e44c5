"""One way to weigh a sentence in tests: everything that is not said is plain."""

from datetime import UTC, datetime
from typing import Any

from ingest.entry import Status
from scoring.assessment import ReasonKind
from scoring.category import Category
from scoring.impact import Impact, weigh

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECURITY, POLITICAL = Category.SECURITY, Category.POLITICAL
FINANCIAL = Category.FINANCIAL


def judge(title: str, text: str = "", labels: tuple[Category, ...] = (SECURITY,), **given_: Any) -> Impact:
    settings_: dict[str, Any] = {
        "language": None,
        "published": NOW,
        "now": NOW,
        "reliability": "B",
        "status": Status.ACTUAL,
        "labels": labels,
        "subtypes": (),
        "probabilities": {},
        "countries": (),
    }
    return weigh(title, text, **(settings_ | given_))


def codes(impact: Impact, kind: ReasonKind) -> set[str]:
    return {reason.code for reason in impact.reasons if reason.kind is kind}
