"""The examples in the documents are true."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.guideline import default_text, parse_guideline
from rules.level import Level
from rules.owners import default_owners, parse_house, parse_owners
from rules.plan_file import default_texts, parse_plans
from rules.roster_file import parse_rosters
from rules.routing import Asked, find
from scoring.category import Category
from service.api import build_api
from service.api.described import describe
from service.api.shapes.report import ReportGiven
from service.desk.report_given import report_of
from service.desk.senders import parse_senders
from service.locale.catalogue import Catalogue
from service.notify.channel import ChannelInfo, Post
from service.notify.message import Message, SourceLine
from service.notify.webhook import Webhook, payload

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "whsec_YSBrZXkgb2YgdHdlbnR5LWZvdXIgYnl0ZQ=="
REASON = {"kind": "severity", "code": "severity.coup", "value": "", "words": "seizes power"}


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), flags=re.S)


def message() -> Message:
    """Something to tell."""
    at = "2026-11-22T04:32:29Z"
    source = SourceLine("Example Wire", "B", "Army seizes power in Niger", "https://wire.example.org/1", at)
    return Message(
        id="msg_1",
        action="open",
        alert_id=1,
        version=1,
        level=1,
        previous_level=None,
        state="open",
        title="Army seizes power in Niger",
        language="en",
        countries=("NE",),
        categories=("political",),
        subtypes=("coup",),
        unconfirmed=True,
        withdrawn=False,
        concern=False,
        score=70.7,
        reasons=(REASON,),
        clause="POL-1",
        guideline="1+99b4966a",
        opened_at=at,
        changed_at=at,
        acknowledge_by=None,
        sources=(source,),
        url="https://watchfire.example.org/alerts/1",
        subscription="Niger",
        owner=None,
        demo=False,
    )


def shape(value: Any) -> Any:
    """Names and their nesting, without the values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else None


def test_the_webhook_has_the_shape_that_is_shown() -> None:
    _, example = blocks("api.md", "json")
    assert shape(json.loads(example)) == shape(payload(message(), Catalogue(), "en"))


def test_the_signature_is_checked_as_is_shown() -> None:
    (example,) = blocks("api.md", "python")
    house: dict[str, Any] = {}
    exec(example, house)
    info = ChannelInfo("webhook", "n", "https://rooms.example/x", SECRET, "en")
    post = Webhook().sign(Webhook().render(message(), info, Catalogue()), info, datetime.now(UTC))
    assert isinstance(post, Post)
    assert house["is_ours"](SECRET, post.headers, post.body)
    assert not house["is_ours"](SECRET, post.headers, post.body + b" ")
    late = {**post.headers, "webhook-timestamp": str(int(time.time()) - 400)}
    assert not house["is_ours"](SECRET, late, post.body)


def test_addresses_of_the_api_are_there() -> None:
    known = {path.split("/")[1] for path in describe(build_api())["paths"]} | {"api"}
    shown = set(re.findall(r"`(?:GET|POST|DELETE) /([a-z]+)", (DOCS / "api.md").read_text("utf-8")))
    assert shown - known == set()
    assert known - shown - {"me", "api", "entries", "events"} == set()


def test_a_report_can_be_sent_as_shown_and_senders_named_as_shown() -> None:
    sent, _ = blocks("api.md", "json")
    report = report_of(ReportGiven.model_validate_json(sent).given(), datetime(2026, 12, 1, tzinfo=UTC))
    assert (report.said.countries, report.said.category, len(report.files)) == (("CM",), "security", 1)
    (senders,) = blocks("reports.md", "yaml")
    (sender,) = parse_senders(senders)
    assert (sender.key, sender.reliability, sender.country) == ("embassy-niamey", "B", "NE")


def test_the_owners_and_the_clause_that_are_shown_can_be_used() -> None:
    owners, clause = blocks("owners-and-guideline.md", "yaml")
    assert [owner.key for owner in parse_owners(owners)] == ["central-lead", "sahel-lead", "finance-officer"]
    number = re.search(r"- id: (\S+)", clause)
    assert number
    without = re.sub(rf"  - id: {number[1]}\n.*?(?=  - id: )", "", default_text(), flags=re.S)
    assert number[1] in [one.id for one in parse_guideline(without + "\n" + clause).clauses]


def test_the_roster_the_tree_and_the_escalation_that_are_shown_can_be_used() -> None:
    roster, tree, escalation = blocks("rosters.md", "yaml")
    found = parse_rosters(roster + escalation)
    assert list(found.rosters) == ["central-lead"]
    assert found.policies[Level.RED].quorum == 2
    keys = ("central-lead", "sahel-lead", "night-desk", "legal-counsel")
    owners = "owners:\n" + "".join(f"  - {{key: {key}, name: {key}}}\n" for key in keys)
    routes = parse_house(owners + tree)[1]
    assert routes is not None
    assert find(routes, Asked(Level.BLUE, "NE"), datetime(2026, 12, 1, 12, tzinfo=UTC)).local == "sahel-lead"


def test_the_plan_that_is_shown_can_be_used() -> None:
    (plan,) = blocks("plans.md", "yaml")
    made = parse_plans({**default_texts(), "shown.yaml": plan}, default_owners())
    found = made.best(Level.RED, (Category.FINANCIAL,), ("currency",), ("NG",))
    assert found is not None
    assert found.key == "capital-control-naira"


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_manual_is_found_from_the_front_page(page: str) -> None:
    text = (DOCS.parent / page).read_text("utf-8")
    assert [name.name for name in DOCS.glob("*.md") if f"docs/{name.name}" not in text] == []
