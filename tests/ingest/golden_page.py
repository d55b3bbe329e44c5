"""Golden pairs of pages without a feed, in `fixtures/page`. As a module, writes the expectations anew."""

import json
from pathlib import Path

import yaml

from ingest.page import parse_page, rule_of
from ingest.parse import Parsed
from tests.ingest.golden import NOW, shown

FOLDER = Path(__file__).parent / "fixtures" / "page"
RULES = sorted(FOLDER.glob("*.rule.yaml"))
BASE = "https://ministry.example/news/index.html"


def page_of(rule: Path) -> Path:
    """The page beside a rule."""
    stem = rule.name.removesuffix(".rule.yaml")
    return next(path for path in (rule.with_name(f"{stem}.html"), rule.with_name(f"{stem}.json")) if path.exists())


def expectation(rule: Path) -> Path:
    """Where the expectation of a rule's page stands."""
    return rule.with_name(rule.name.replace(".rule.yaml", ".expect.json"))


def read(rule: Path) -> Parsed:
    """The page as read by its rule."""
    declared = yaml.safe_load(rule.read_text(encoding="utf-8"))
    return parse_page(page_of(rule).read_bytes(), rule=rule_of(declared), base=BASE, now=NOW)


if __name__ == "__main__":
    for path in RULES:
        text = json.dumps(shown(read(path)), ensure_ascii=False, indent=1)
        expectation(path).write_text(text + "\n", encoding="utf-8")
