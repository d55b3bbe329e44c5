"""The restraint of a guideline: the shipped one is read, and what it must not say is found with line and advice."""

from datetime import timedelta

import pytest

from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.level import Level
from rules.quiet_rule import HELD

TEXT = default_text()
MUTES, STORM = "mutes: [4]", "storm: {alerts: 30, within: 10 min}"
COOLDOWN, UPDATE = "cooldown: {3: 1 h, 4: 12 h}", "update: {3: 30 min, 4: 6 h}"
BUDGET, DIGEST = "budget: {owner: 20, subscription: 60}", "  digest: 15 min"
SECOND = """    - by: 1
      mutes: [4]
      same: [country, category, subtype]
      why: {en: again, zh: 又}
  cooldown:"""


def test_the_shipped_restraint_leaves_the_grave_levels_alone() -> None:
    rule = default_guideline().restraint
    assert {level for one in rule.inhibit for level in one.mutes} <= set(HELD)
    assert set(rule.cooldown) | set(rule.update) <= set(HELD)
    assert rule.storm.alerts == 30
    assert rule.digest == timedelta(minutes=15)
    assert dict(rule.budget) == {"owner": 20, "subscription": 60}
    assert rule.inhibiting == {Level.RED}
    assert rule.longest_cooldown == timedelta(hours=12)


def test_a_guideline_without_restraint_has_the_shipped_one() -> None:
    start, end = TEXT.index("restraint:\n"), TEXT.index("\nclauses:\n")
    assert parse_guideline(TEXT[:start] + TEXT[end:]).restraint == default_guideline().restraint


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (MUTES, "mutes: [2]", "mutes level 2, which is always told at once"),
        (MUTES, "mutes: [4, 1]", "mutes level 1, which is always told at once"),
        ("- by: 1\n      mutes: [4]", "- by: 4\n      mutes: [4]", "level 4 mutes level 4, which is not calmer"),
        ("- by: 1\n      mutes: [4]", "- by: 4\n      mutes: [3]", "level 4 mutes level 3, which is not calmer"),
        ("for: while open", "for: 0 min", "for is zero"),
        ("same: [country, category]", "same: [contry]", "unknown value of same contry"),
        ("  cooldown:", SECOND, "never decides: that of line"),
        (STORM, "storm: {alerts: 0, within: 10 min}", "alerts 0 is outside 1"),
        (STORM, "storm: {alerts: 30, within: 0 min}", "within is zero"),
        (STORM, "storm: {alerts: 2.5, within: 10 min}", "alerts 2.5 is no whole number"),
        (COOLDOWN, "cooldown: {3: 25 h, 4: 12 h}", "cooldown of level 3 is longer than a day"),
        (COOLDOWN, "cooldown: {2: 1 h}", "unknown key 2 in cooldown"),
        (UPDATE, "update: {3: 5 h}", "update is longer than level 3 may go unacknowledged"),
        (DIGEST, "  digest: 5 h", "digest is longer than level 3 may go unacknowledged"),
        (BUDGET, "budget: {owner: 20}", "budget has no subscription"),
        (BUDGET, "budget: {owner: 0, subscription: 60}", "budget of owner 0 is outside 1"),
    ],
)
def test_what_restraint_must_not_say(good: str, bad: str, words: str) -> None:
    assert TEXT.count(good) == 1
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(TEXT.replace(good, bad))
    found = next(one for one in caught.value.every if words in one.what)
    assert found.advice
    assert found.line >= TEXT[: TEXT.index(good)].count("\n")
