"""The guideline file: the shipped one is whole, and every planted fault is found at its line with advice."""

import re

import pytest

from rules.clause import Weights
from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.level import Level
from scoring.category import CATEGORIES, SUBTYPES, Category

TEXT = default_text()
LINES = TEXT.splitlines()


def line_with(start: str, after: str = "") -> int:
    """The 1-based line that begins with `start` (blanks aside), the first after the line that holds `after`."""
    place = next(number for number, line in enumerate(LINES) if after in line)
    return next(number for number, line in enumerate(LINES) if number >= place and line.strip().startswith(start)) + 1


def changed(line: int, text: str | None) -> str:
    """The shipped guideline with one line replaced (indent kept), or taken out for None."""
    lines = list(LINES)
    old = lines[line - 1]
    indent = old[: len(old) - len(old.lstrip())]
    lines[line - 1 : line] = [] if text is None else [indent + text]
    return "\n".join(lines)


def faults(text: str) -> list[GuidelineError]:
    """What is wrong with a guideline."""
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(text, "mine.yaml")
    assert all(isinstance(one, GuidelineError) for one in caught.value.every)
    return list(caught.value.every)  # type: ignore[arg-type]


COUP = "id: POL-1"
T, W, K = "thresholds:", "weights:", "category:"
# what is planted: (line it stands in, the line instead, the line that is reported if another, words of the message)
PLANTED: dict[str, tuple[int, str | None, int, str]] = {
    "threshold out of range": (
        n := line_with(T, COUP),
        "thresholds: {1: 135, 2: 46, 3: 28, 4: 14}",
        n,
        "threshold 135 is outside 0–100",
    ),
    "thresholds ascend": (n, "thresholds: {1: 64, 2: 46, 3: 48, 4: 14}", n, "threshold 48 of level 3 in clause POL-1"),
    "thresholds equal": (n, "thresholds: {1: 64, 2: 64, 3: 28, 4: 14}", n, "not below 64"),
    "gap in thresholds": (n, "thresholds: {1: 64, 2: 46, 4: 14}", n, "has no 3"),
    "threshold no number": (n, "thresholds: {1: high, 2: 46, 3: 28, 4: 14}", n, "threshold high is not a number"),
    "threshold alerts on all": (n, "thresholds: {1: 64, 2: 46, 3: 28, 4: 0}", n, "alerts on everything"),
    "threshold of level 5": (n, "thresholds: {1: 64, 2: 46, 3: 28, 4: 14, 5: 2}", n, "unknown key 5"),
    "thresholds a list": (n, "thresholds: [64, 46, 28, 14]", n, "is not a table of keys"),
    "thresholds nan": (n, "thresholds: {1: .nan, 2: 46, 3: 28, 4: 14}", n, "not a number"),
    "unknown sub-type": (n := line_with("subtype: coup"), "subtype: cuop", n, "unknown sub-type cuop"),
    "sub-type of another category": (
        n,
        "subtype: terrorism",
        n,
        "terrorism is a sub-type of security, not of political",
    ),
    "overlap": (n, "subtype: regime_change", line_with("- id: POL-2"), "regime_change has a clause already in line"),
    "category without clause": (
        line_with(K, "id: FIN-0"),
        "category: legal",
        line_with("- id: SEC-0"),
        "category financial has no clause",
    ),
    "unknown category": (n := line_with(K, COUP), "category: politics", n, "unknown category politics"),
    "duplicate id": (n := line_with("- id: POL-2"), "- id: POL-1", n, "clause id POL-1 is taken by line"),
    "id in odd letters": (n, "- id: pol 2", n, "id pol 2 is not capital letters"),
    "unknown key": (n := line_with("hold: 72 h", COUP), "holds: 72 h", n, "unknown key holds"),
    "wrong unit": (n, "hold: 72 hours", n, "hold of clause POL-1 72 hours is not a time span"),
    "no unit": (n, "hold: 72", n, "72 is not a time span"),
    "years of hold": (n, "hold: 9000 d", n, "longer than a year"),
    "key twice": (n, "id: POL-9", n, "clause has id twice"),
    "clause without reason": (line_with("title:", COUP) + 3, "wy:", line_with("title:", COUP) + 3, "unknown key wy"),
    "title in one language": (
        n := line_with("title:", COUP),
        "title: {en: Coup}",
        n,
        "title of clause POL-1 has no zh",
    ),
    "empty title": (n, 'title: {en: Coup, zh: ""}', n, "in Chinese is empty"),
    "no title": (n, None, line_with("- id: POL-1"), "clause has no title"),
    "negative weight": (n := line_with("weights: {certainty: 0.4}"), "weights: {certainty: -1}", n, "outside 0.05–4"),
    "concern below one": (n, "weights: {concern: 0.5}", n, "weight of concern 0.5 is outside 1–3"),
    "unknown weight": (n, "weights: {exposure: 2}", n, "unknown key exposure in weights"),
    "floor undone": (
        n := line_with("level: 2"),
        "level: 3",
        line_with("- severity: 0.9"),
        "no floor keeps severity 0.9 at level 2",
    ),
    "floor too high": (
        n := line_with("- severity: 0.65"),
        "- severity: 0.8",
        line_with("- severity: 0.9"),
        "no floor keeps severity 0.65",
    ),
    "floor waits for urgency": (
        n := line_with("least_urgency"),
        "least_urgency: 0.9",
        n,
        "least_urgency 0.9 is outside",
    ),
    "deadlines ascend": (n := line_with("2: {acknowledge"), "2: {acknowledge: 5 min, hold: 24 h}", n, "no later than"),
    "hold of the calmest level": (
        n := line_with("4: {acknowledge"),
        "4: {acknowledge: 24 h, hold: 1 h}",
        n,
        "unknown key hold",
    ),
    "level missing": (line_with("3: {acknowledge"), None, line_with("1: {acknowledge"), "levels has no 3"),
    "nothing is old": (n := line_with("old_after: 7"), "old_after: 0 d", n, "old_after is zero"),
    "no version": (line_with("version:"), None, line_with("version:") + 0, "the guideline has no version"),
    "not YAML": (n := line_with("old_after: 7"), "old_after: {7 d", n + 1, "this is not YAML"),
    "tab": (n, "\told_after: 7 d", n, "this is not YAML"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_at_its_line_with_advice(fault: str) -> None:
    line, text, where, words = PLANTED[fault]
    found = faults(changed(line, text))
    hit = [one for one in found if words in one.what]
    assert hit, [str(one) for one in found]
    assert hit[0].line == where, str(hit[0])
    assert hit[0].advice
    assert re.match(rf"mine\.yaml:{where}: .*\. .+[.?]", str(hit[0]))


def test_the_message_says_what_and_what_to_do() -> None:
    line, text, *_ = PLANTED["threshold out of range"]
    first = faults(changed(line, text))[0]
    assert str(first) == f"mine.yaml:{line}: threshold 135 is outside 0–100. Give a number from 0 to 100."


@pytest.mark.parametrize("fault", ["unknown category", "unknown sub-type", "no unit", "negative weight", "not YAML"])
def test_one_slip_is_one_fault(fault: str) -> None:
    line, text, *_ = PLANTED[fault]
    assert len(faults(changed(line, text))) == 1


def test_all_faults_are_told_at_once_in_line_order() -> None:
    lines = list(LINES)
    for name in ("unknown weight", "wrong unit", "deadlines ascend"):
        line, text, *_ = PLANTED[name]
        lines[line - 1] = changed(line, text).splitlines()[line - 1]
    found = faults("\n".join(lines))
    assert len(found) == 3
    assert [one.line for one in found] == sorted(one.line for one in found)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "just words", "[1, 2]", "a: 1", "\x00", "[" * 60_000, "- " * 60_000, "&a [*a]"]
)
def test_what_is_no_guideline_at_all_is_one_clear_error(text: str) -> None:
    assert faults(text)[0].line == 1


def test_the_shipped_guideline_speaks_of_everything_and_says_why() -> None:
    guideline = default_guideline()
    kinds = {clause.subtype or clause.category.value for clause in guideline.clauses}
    assert kinds == {*SUBTYPES, *(category.value for category in CATEGORIES)}
    for clause in guideline.clauses:
        assert len(clause.why.en) > 40
        assert len(re.findall(r"[\u4e00-\u9fff]", clause.why.zh)) > 10
        assert re.search(r"[\u4e00-\u9fff]", clause.title.zh)
    assert len({clause.why.en for clause in guideline.clauses}) == len(guideline.clauses)
    minutes = [rule.acknowledge.total_seconds() / 60 for rule in guideline.levels.values()]
    assert minutes == [15, 30, 240, 1440]


def test_the_version_follows_the_content() -> None:
    one = parse_guideline(TEXT)
    assert re.fullmatch(r"1\+[0-9a-f]{8}", one.version)
    assert parse_guideline(TEXT.replace("\n", "\r\n")).version == one.version
    other = parse_guideline(TEXT.replace("{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 65, 2: 46, 3: 28, 4: 14}"))
    assert other.version != one.version


def test_a_sub_type_without_a_clause_falls_to_its_category() -> None:
    start, end = line_with("- id: POL-1") - 1, line_with("- id: POL-2") - 1
    guideline = parse_guideline("\n".join([*LINES[:start], *LINES[end:]]))
    assert [one.id for one in guideline.clauses_of([Category.POLITICAL], ["coup"])] == ["POL-0"]


def test_clauses_of_a_report() -> None:
    guideline = default_guideline()

    def ids(labels: list[Category], subtypes: list[str]) -> list[str]:
        return [clause.id for clause in guideline.clauses_of(labels, subtypes)]

    assert ids([Category.POLITICAL, Category.SECURITY], ["coup"]) == ["POL-1", "SEC-0"]
    assert ids([Category.SECURITY], ["coup"]) == ["SEC-0"]  # a sub-type of no held category says nothing
    assert ids([Category.SECURITY], ["nonsense"]) == ["SEC-0"]
    assert ids([], ["coup"]) == []


def test_weights_come_from_the_clause_else_from_the_guideline() -> None:
    guideline = parse_guideline(changed(line_with("weights: {severity"), "weights: {severity: 2}"))
    assert guideline.weights == Weights(severity=2)
    assert guideline.by_id["SEC-7"].weights == Weights(severity=2, certainty=0.4)
    assert guideline.by_id["SEC-0"].score(0.5, 1, 1) == 25.0


def test_the_hold_is_the_clause_own_else_the_level() -> None:
    guideline = default_guideline()
    assert guideline.hold("SEC-4", Level.YELLOW).days == 7
    assert guideline.hold("SEC-0", Level.YELLOW) == guideline.levels[Level.YELLOW].hold
    assert guideline.hold("GONE-1", Level.RED) == guideline.levels[Level.RED].hold
