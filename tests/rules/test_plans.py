"""Plans: which starts with which alert, who answers for each step, and what a faulty file is told."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decide import decide
from rules.decision import Action, Decision
from rules.guideline import default_guideline
from rules.level import POSTURES, Level
from rules.owners import default_owners, find_owners
from rules.plan import Held, Plan, plan_for, settle
from rules.plan_file import PlansError, default_plans, default_texts, parse_plans
from rules.respond import chain_of, leads_of, line_up, remind
from rules.situation import Situation
from scoring.category import CATEGORIES, SUBTYPES, Category
from tests.rules.making import NOW, some_reports, some_standing

PLANS, OWNERS, GUIDELINE = default_plans(), default_owners(), default_guideline()
SEEDS = st.integers(0, 2**32 - 1)
HOUR = timedelta(hours=1)


def decision(level: int = 1, subtypes: tuple[str, ...] = ("coup",), **values: object) -> Decision:
    labels = tuple(dict.fromkeys(SUBTYPES[key] for key in subtypes))
    usual = {
        "action": Action.OPEN,
        "level": Level(level),
        "score": 80.0,
        "clause": "POL-1",
        "guideline": "1",
        "unconfirmed": False,
        "countries": ("NE",),
        "categories": labels or (Category.SECURITY,),
        "subtypes": subtypes,
        "reasons": (),
        "duties": find_owners(OWNERS, ("NE",), labels, Level(level), NOW),
    }
    return Decision(**{**usual, **values})  # type: ignore[arg-type]


def started(made: Decision, posture: str = "normal") -> str:
    plan = plan_for(made, PLANS, posture)
    assert plan is not None
    return plan.key


@pytest.mark.parametrize(
    ("level", "subtype", "posture", "key"),
    [
        (1, "coup", "normal", "coup"),
        (1, "coup", "crisis", "evacuation"),
        (2, "coup", "crisis", "coup"),
        (3, "coup", "normal", "coup-watch"),
        (2, "armed_conflict", "normal", "armed-conflict"),
        (1, "kidnapping", "crisis", "kidnapping"),
        (2, "natural_hazard", "normal", "natural-hazard"),
        (3, "epidemic", "normal", "epidemic-watch"),
        (2, "cyber", "normal", "cyber"),
        (3, "sanctions", "normal", "sanctions-watch"),
        (2, "asset_freeze", "normal", "asset-freeze"),
        (2, "capital_control", "normal", "capital-control"),
        (1, "banking", "normal", "banking"),
        (4, "boycott", "normal", "boycott-watch"),
        (2, "product_safety", "normal", "product-safety"),
        (3, "labour_dispute", "normal", "labour-dispute-watch"),
        (3, "election", "normal", "political-3"),
        (4, "litigation", "normal", "legal-4"),
    ],
)
def test_the_right_plan_starts(level: int, subtype: str, posture: str, key: str) -> None:
    assert started(decision(level, (subtype,)), posture) == key


def test_every_category_level_and_subtype_has_a_plan_with_steps() -> None:
    for level, category, posture in product(Level, CATEGORIES, POSTURES):
        for subtype in (None, *(key for key, one in SUBTYPES.items() if one is category)):
            plan = PLANS.best(level, (category,), (subtype,) if subtype else (), (), posture)
            assert plan is not None
            assert plan.steps_at(level), (plan.key, level)
            assert plan.command == "central" or level > 2


def test_every_step_says_what_can_be_measured_in_both_languages() -> None:
    steps = {step.key: step for plan in PLANS.plans for step in plan.steps}
    assert len(steps) > 90
    for step in steps.values():
        for words in (step.what, step.result):
            assert len(words.en) > 10
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)


def test_a_notice_asks_for_little_and_a_crisis_for_much() -> None:
    most = {level: max(len(plan.steps_at(level)) for plan in PLANS.tried[level]) for level in Level}
    assert most[Level.BLUE] <= 8
    assert most[Level.YELLOW] <= 20
    assert list(most.values()) == sorted(most.values(), reverse=True)


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_every_alert_has_a_plan_and_each_step_one_owner_whatever_comes_in(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        situation = Situation(some_standing(random), OWNERS, plans=PLANS, posture=random.choice(POSTURES))
        made = decide(some_reports(random), situation, GUIDELINE, NOW)
        if made.level is None or not made.categories:
            continue
        plan = PLANS.by_key[made.plan]
        leads = leads_of(made.duties, OWNERS, made.countries, made.categories, NOW)
        lines = line_up(plan, made.level, PLANS, leads, OWNERS, NOW)
        assert lines
        keys = {owner.key for owner in OWNERS}
        for line in lines:
            assert line.owner in keys
            assert line.owner not in line.support
            assert set(line.support) <= keys
            assert line.due > NOW


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_the_order_in_which_things_were_found_does_not_change_the_plan(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        subtypes = tuple(random.sample(sorted(SUBTYPES), random.randint(0, 4)))
        categories = tuple(random.sample(CATEGORIES, random.randint(1, 3)))
        made = decision(random.randint(1, 4), subtypes, categories=categories, countries=("NE", "ML", "KE"))
        shuffled = replace(
            made,
            subtypes=tuple(random.sample(subtypes, len(subtypes))),
            categories=tuple(random.sample(categories, len(categories))),
            countries=("KE", "NE", "ML"),
        )
        assert started(made) == started(shuffled)


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_the_order_of_reports_changes_neither_plan_nor_owners(seed: int) -> None:
    random = Random(seed)
    reports, situation = some_reports(random), Situation(some_standing(random), OWNERS, plans=PLANS)
    made = decide(reports, situation, GUIDELINE, NOW)
    again = decide(random.sample(reports, len(reports)), situation, GUIDELINE, NOW)
    assert again.plan == made.plan
    if made.plan and made.level is not None:
        lists = [
            line_up(
                PLANS.by_key[one.plan],
                made.level,
                PLANS,
                leads_of(one.duties, OWNERS, one.countries, one.categories, NOW),
                OWNERS,
                NOW,
            )
            for one in (made, again)
        ]
        assert lists[0] == lists[1]


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_what_is_chosen_at_one_instant_depends_on_the_last_decision_alone(seed: int) -> None:
    random = Random(seed)
    before = _some_held(random)
    wanted = [(random.choice(PLANS.plans), random.choice(list(Level))) for _ in range(random.randint(1, 5))]
    held = before
    for plan, level in wanted:
        held = settle(PLANS, held, plan, level, NOW)
    alone = settle(PLANS, before, *wanted[-1], NOW)
    assert (held.plan, held.level) == (alone.plan, alone.level) if held is not None else False


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_a_plan_gives_way_to_a_graver_one_only(seed: int) -> None:
    random = Random(seed)
    before = _some_held(random) or Held("coup", Level.ORANGE, NOW - HOUR)
    found, level = random.choice(PLANS.plans), random.choice(list(Level))
    after = settle(PLANS, before, found, level, NOW)
    assert after.level <= before.level
    if after.plan != before.plan:
        earlier = PLANS.ranks[found.key] < PLANS.ranks[before.plan]
        assert level < before.level or (level == before.level and earlier)


def _some_held(random: Random) -> Held | None:
    if random.random() < 0.3:
        return None
    return Held(random.choice(PLANS.plans).key, random.choice(list(Level)), NOW - HOUR)


def test_a_department_that_the_owners_do_not_know_falls_to_the_lead() -> None:
    few = tuple(owner for owner in OWNERS if owner.central or owner.key == "africa-lead")
    duties = find_owners(few, ("NE",), (Category.POLITICAL,), Level.YELLOW, NOW)
    leads = leads_of(duties, few, ("NE",), (Category.POLITICAL,), NOW)
    lines = line_up(PLANS.by_key["coup-watch"], Level.YELLOW, PLANS, leads, few, NOW)
    assert {line.owner for line in lines} == {"africa-lead"}


def test_the_line_of_reminders_names_each_once_and_ends() -> None:
    assert chain_of("finance-officer", "africa-lead", "central-lead") == (
        *("finance-officer", "africa-lead", "central-lead"),
    )
    chain = chain_of("central-lead", "africa-lead", "central-lead")
    assert chain == ("central-lead", "africa-lead")
    told, stage = [], 0
    while found := remind(chain, stage, HOUR, NOW):
        told, stage = [*told, found.owner], found.stage
    assert told == list(chain)


def planted(name: str, old: str, new: str) -> dict[str, str]:
    texts = default_texts()
    assert old in texts[name], old
    return {**texts, name: texts[name].replace(old, new, 1)}


P, M = "plans.yaml", "plan_modules.yaml"
FAULTS = [
    (P, "start:\n      levels: [4]\n      categories: [legal]",
     "start:\n      levels: [4]\n      categories: [security]",
     "no plan for every alert of category legal at level 4", "Add one without subtypes"),
    (P, "categories: [legal]\n    command: central", "categories: [legal, security]\n    command: central",
     "plans security-1 and legal-1 both start for security at level 1", "Tell them apart"),
    (P, "owner: legal-counsel", "owner: legal-councel", "owner legal-councel, whom the owners file does not know",
     "Did you mean legal-counsel?"),
    (P, "subtypes: [coup]", "subtypes: [coop]", "unknown sub-type coop", "Did you mean coup?"),
    (P, "subtypes: [cyber]", "subtypes: [cyber, sanctions]", "sanctions, which is a sub-type of legal", "Add legal"),
    (P, "levels: [1]\n      categories: [security]", "levels: [5]\n      categories: [security]", "unknown level 5",
     "1, 2, 3, 4"),
    (P, "command: central", "command: local", "leaves level 1 to local command", "command: central"),
    (P, "lead: security", "lead: securty", "securty is no department", "Did you mean security?"),
    (P, "use: [verify, people", "use: [verfy, people", "uses unknown module verfy", "Did you mean verify?"),
    (P, "use: [verify, people", "use: [verify, verify, people", "use names verify twice", "Keep one"),
    (P, "key: coup-watch", "key: coup", "key coup is taken", "its own key"),
    (P, "key: coup\n", "key: Coup!\n", "is not small letters", "asset-freeze-2"),
    (P, "remind: {1: 15 min", "remind: {1: 15 mins", "is not a time span", "15 min"),
    (P, "posture: crisis", "posture: crises", "unknown posture crises", "Did you mean crisis?"),
    (P, "closes:", "close:", "unknown key close", "Did you mean closes?"),
    (M, "who: local", "who: locals", "locals is no department", "Did you mean local?"),
    (M, "within: {1: 30 min, 2: 1 h, 3: 4 h, 4: 24 h}", "within: {1: 30 min, 2: 10 min, 3: 4 h, 4: 24 h}",
     "gives a graver level more time", "grow from level 1 to 4"),
    (M, "within: {1: 30 min, 2: 1 h, 3: 4 h, 4: 24 h}", "within: {1: 30 min, 2: 1 h, 3: 4 h}", "has no 4", "Add `4:`"),
    (M, "within: {1: 30 min, 2: 1 h, 3: 4 h, 4: 24 h}", "within: 30 weeks", "is not a time span", "15 min"),
    (M, "after: [take]", "after: [rhythm]", "wait for each other", "Take one `after` out"),
    (M, "after: [take]", "after: [toke]", "comes after command.toke", "Did you mean command.take?"),
    (M, "within: {1: 1 h, 2: 2 h}\n        after: [take]", "within: {1: 10 min, 2: 2 h}\n        after: [take]",
     "is due before command.take", "more time at level 1"),
    (M, "- key: shelter", "- key: shelters", "no plan uses module shelters", "Use it or leave it out"),
    (M, "key: safe-room", "key: supplies", "step shelter.supplies stands twice", "its own key"),
    (M, "levels: [1]\n        within: 1 h", "levels: [4]\n        within: 1 h", "step evacuate.decide is never taken",
     "Correct its levels"),
    (M, "result:\n          en: The alert says", "results:\n          en: The alert says", "unknown key results",
     "Did you mean result?"),
    (M, "- key: roll-call", "- key: roll-call\n        key: again", "has key twice", "Keep one"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "what", "advice"), FAULTS, ids=[fault[3][:40] for fault in FAULTS])
def test_each_planted_fault_is_found_with_file_line_and_advice(
    name: str, old: str, new: str, what: str, advice: str
) -> None:
    texts = planted(name, old, new)
    with pytest.raises(PlansError) as caught:
        parse_plans(texts, OWNERS)
    found = [fault for fault in caught.value.every if what in fault.what]
    assert found, [str(fault) for fault in caught.value.every]
    assert advice in found[0].advice
    assert found[0].file in texts
    if found[0].file == name and not what.startswith("no plan"):  # where a missing one would stand: test_planted
        changed = default_texts()[name].split(old)[0].count("\n") + 1
        assert item_at(texts[name], found[0].line) in (item_at(texts[name], changed), item_at(texts[name], changed + 3))


def item_at(text: str, line: int) -> int:
    """The line at which the plan, module or department begins that this line belongs to."""
    heads = [place for place, one in enumerate(text.splitlines(), 1) if re.match(r"  - key:|\w+:", one)]
    return max(head for head in heads if head <= line)


def test_a_plan_that_others_always_precede_is_dead() -> None:
    texts = default_texts()
    start = "    start:\n      levels: [1, 2]\n      categories: [security]\n      subtypes: [kidnapping]\n"
    twins = "".join(_small(f"twin-{posture}", posture, start) for posture in POSTURES)
    with pytest.raises(PlansError, match="plan kidnapping never starts"):
        parse_plans({**texts, P: texts[P] + twins}, OWNERS)


def _small(key: str, posture: str, start: str) -> str:
    return (
        f"\n  - key: {key}\n    title: {{en: Twin, zh: 双}}\n{start}      posture: {posture}\n    command: central\n"
        f"    lead: lead\n    use: [verify]\n    closes: {{en: At the end, zh: 结束}}\n"
    )


def test_an_empty_or_broken_file_is_told_of() -> None:
    for text in ("", "- a list", "plans: nothing", "a: [", "plans: []"):
        with pytest.raises(PlansError):
            parse_plans({"mine.yaml": text}, OWNERS)


def test_the_version_follows_the_content() -> None:
    other = parse_plans(planted(P, "title: {en: Legal, zh: 法务}", "title: {en: Lawyers, zh: 法务}"), OWNERS)
    assert other.version != PLANS.version
    assert isinstance(other.by_key["coup"], Plan)
