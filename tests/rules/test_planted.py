"""Thirty and more planted faults, one in each copy of the shipped files, and the command that is asked about it.

What is looked for is what a person gets: the file, the line at which the fault stands, and what to do about it.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from rules.document import DocumentError
from rules.guideline import default_guideline, default_text
from rules.owners import default_owners_text
from rules.plan_file import default_texts
from service.cli import run
from service.desk.guideline_in_force import CurrentGuideline
from service.desk.owners import read_owners
from service.errors import SetupError
from service.settings import Settings

ROSTER = files("rules").joinpath("defaults", "roster.yaml").read_text(encoding="utf-8")
TREE = (
    default_owners_text()
    + """
regions:
  sahel: [ML, BF, NE, TD]
routes:
  central: central-lead
  local: africa-lead
  support: [middle-east-north-africa-lead, asia-pacific-lead, europe-central-asia-lead, americas-lead]
  routes:
    - name: Sahel
      when: {regions: [sahel]}
      local: africa-lead
      routes:
        - name: Niger
          when: {countries: [NE]}
          support: [security-adviser]
    - name: Kinds
      when: {categories: [legal, financial, reputational, political]}
      support: [legal-counsel, finance-officer, communications, government-affairs]
"""
)
COUP = "    subtype: coup\n    title: {en: Coup"
WHEN = '    subtype: coup\n    when: "%s"\n    title: {en: Coup'
CRISIS = (
    "  - id: POL-9\n    category: political\n    subtype: coup\n%s    title: {en: A, zh: 甲}\n    thresholds: %s\n"
    "    why: {en: A, zh: 甲}\n"
)
POL1 = "  - id: POL-1\n"
# what is planted: file, what stands there, what is put instead, words of the line that is told (the last such line),
# words of the fault, words of the advice
GUIDELINE = {
    "gap: a category without a clause": (
        "    id: FIN-0\n", None, "- id: SEC-0", "category financial has no clause", "Add a clause with that category"),
    "gap: a level without a threshold": (
        "{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 64, 2: 46, 4: 14}", "{1: 64, 2: 46, 4: 14}", "has no 3", "Add `3:`"),
    "overlap: two clauses for one kind": (
        "    subtype: coup\n", "    subtype: regime_change\n", "- id: POL-2", "regime_change has a clause already",
        "Keep one"),
    "overlap: the same condition twice": (
        POL1, CRISIS % ("    when: concern\n", "{1: 60, 2: 40, 3: 20, 4: 10}") +
        (CRISIS % ("    when: concern\n", "{1: 60, 2: 40, 3: 20, 4: 10}")).replace("POL-9", "POL-10") + POL1,
        "- id: POL-10", "has the same condition as POL-9", "keep one"),
    "dead clause: behind one without a condition": (
        "  - id: POL-2\n", CRISIS % ("    when: concern\n", "{1: 60, 2: 40, 3: 20, 4: 10}") + "  - id: POL-2\n",
        "- id: POL-9", "clause POL-9 is unreachable", "first"),
    "dead clause: a condition that never holds": (
        COUP, WHEN % "severity > 1.5", 'when: "severity > 1.5"', "never holds", "fractions are 0–1"),
    "dead clause: a level out of reach": (
        "{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 100, 2: 46, 3: 28, 4: 14}", "- id: POL-1", "out of reach", "under"),
    "a condition that always holds": (
        COUP, WHEN % "severity >= 0.0", 'when: "severity >= 0.0"', "always holds", "Leave `when` out"),
    "contradiction: graver grades calmer": (
        POL1, CRISIS % ("    when: severity >= 0.8\n", "{1: 90, 2: 80, 3: 70, 4: 60}") + POL1, "- id: POL-9",
        "contradicts POL-1", "no higher than"),
    "contradiction: a graver report lowers the level": (
        COUP, WHEN % "severity < 0.5", 'when: "severity < 0.5"', "stops to hold when things get graver",
        "use >= and >"),
    "a condition on what is not known": (
        COUP, WHEN % "danger > 2", 'when: "danger > 2"', "looks at danger", "Known:"),
    "a condition with a word that is no value": (
        COUP, WHEN % "'coop' in subtypes", "when: \"'coop' in subtypes\"", 'names "coop"', "Check the key"),
    "a condition that is no CEL": (
        COUP, WHEN % "severity >", 'when: "severity >"', "is not CEL", "cel.dev"),
    "unknown key": ("    hold: 72 h\n", "    holds: 72 h\n", "holds: 72 h", "unknown key holds", "Did you mean hold?"),
    "unknown sub-type": ("subtype: coup", "subtype: cuop", "subtype: cuop", "unknown sub-type cuop", "mean coup?"),
    "wrong unit": ("hold: 72 h", "hold: 72 hours", "hold: 72 hours", "is not a time span", "15 min, 4 h or 7 d"),
    "no unit": ("old_after: 7 d", "old_after: 7", "old_after: 7", "is not a time span", "a number and a unit"),
    "percent for a fraction": (
        "  - severity: 0.9\n", "  - severity: 90\n", "severity: 90", "is outside 0–1", "from 0 to 1"),
    "a reach that shrinks": (
        "magnitude: {", "magnitude: {9.9: 1, ", "magnitude: {9.9: 1", "do not rise", "at least as far"),
    "thresholds ascend": (
        "{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 64, 2: 46, 3: 48, 4: 14}", "3: 48", "is not below 46", "descend"),
    "a loop of anchors": (
        "  picture: 72 h\n", "  picture: 72 h\n  more: &more [*more]\n", "more: &more", "loop", "Write out"),
}  # fmt: skip
OWNERS = {
    "unreachable owner": (
        "      support: [legal-counsel, finance-officer, ", "      support: [finance-officer, ", "- key: legal-counsel",
        "no route leads to owner legal-counsel", "Name it in a route"),
    "a dead route": (
        "    - name: Sahel\n", "    - {name: West, when: {regions: [sahel]}, local: africa-lead}\n    - name: Sahel\n",
        "- name: Sahel", "route Sahel is never followed", "narrower one first"),
    "a route that cannot fit": (
        "when: {countries: [NE]}", "when: {countries: [FR]}", "when: {countries: [FR]}", "can never fit", "Move it"),
    "unknown owner": (
        "support: [security-adviser]", "support: [security-advisor]", "security-advisor", "unknown owner",
        "Did you mean security-adviser?"),
    "nobody at the root": (
        "  central: central-lead\n  local", "  local", "local: africa-lead", "names no central owner", "Add `central:"),
}  # fmt: skip
ROSTERS = {
    "loop of deputies": (
        "zone: Asia/Shanghai}\n  - {key: chen", "zone: Asia/Shanghai, deputy: li.wei}\n  - {key: chen",
        "key: li.wei", "loop", "outside of the ring"),
    "nobody of that name": ("people: [amina]", "people: [amna]", "people: [amna]", "amna", "Did you mean amina?"),
    "a quorum that nobody can give": ("quorum: 2, ", "", "1: {answer: quorum", "not of how many", "Add `quorum: 2`"),
}  # fmt: skip
HOUSE = {
    "expired roster": (
        "    ends: 2027-12-31\n    lead: chen.jing\n    deputies",
        "    ends: 2026-01-31\n    lead: chen.jing\n    deputies",
        "- owner: central-lead", "ended on 2026-01-31", "give it a later end"),
    "gap at night": (
        "hours: [daily 20:00-08:00]", "hours: [daily 22:00-08:00]", "- owner: africa-lead", "Nobody is on duty",
        "add a turn"),
    "roster of an unknown owner": (
        "- owner: africa-lead", "- owner: afrika-lead", "- owner: afrika-lead", "There is no owner afrika-lead",
        "name one of the owners file"),
    "owner out of reach": (
        "# Who is on duty.", "# Who is on duty!", "- owner: central-lead", "central-lead: cannot be reached",
        "Add a channel"),
}  # fmt: skip
PLANS = {
    "gap: no plan for a level": (
        "start:\n      levels: [4]\n      categories: [legal]",
        "start:\n      levels: [4]\n      categories: [security]",
        "- key: legal-1", "no plan for every alert of category legal at level 4", "Add one"),
    "steps that wait for each other": (
        "after: [take]", "after: [rhythm]", "- key: meeting", "wait for each other", "Take one"),
    "a plan for events and alarms": (
        "      troubles: [implausible]", "      troubles: [implausible]\n      categories: [legal]",
        "levels: [1, 2, 3, 4]",
        "either categories or troubles", "Events start a plan by"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WATCHFIRE_GUIDELINE", "WATCHFIRE_OWNERS", "WATCHFIRE_PLANS", "WATCHFIRE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def planted(text: str, old: str, new: str | None) -> str:
    """The text with the fault; for None the category of the clause behind it is another one."""
    if new is None:
        where = text.index("category:", text.index(old.strip()))
        return text[:where] + "category: legal" + text[text.index("\n", where) :]
    assert old in text
    return text.replace(old, new, 1)


def told(capsys: pytest.CaptureFixture[str], words: str) -> str:
    said = capsys.readouterr()
    found = [line for line in (said.err + said.out).splitlines() if words in line]
    assert found, said.err + said.out
    return found[0]


def at_its_line(line: str, text: str, where: str, words: str, advice: str) -> None:
    """The told line names the file and the line, and says after the fault what to do."""
    found = re.search(r"mine\.yaml:(\d+): (.+)", line)
    assert found, line
    assert where in text.splitlines()[int(found[1]) - 1], (line, text.splitlines()[int(found[1]) - 1])
    assert advice in found[2][found[2].index(words) :], line
    assert len(found[2]) > len(words) + 5


@pytest.mark.parametrize("fault", [*GUIDELINE, *OWNERS, *ROSTERS])
def test_rules_check_finds_it(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of, base = next(
        (of, base) for of, base in ((GUIDELINE, default_text()), (OWNERS, TREE), (ROSTERS, ROSTER)) if fault in of
    )
    old, new, where, words, advice = of[fault]
    text, file = planted(base, old, new), tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(["rules", "check", str(file)]) == 2
    at_its_line(told(capsys, words), text, where, words, advice)


@pytest.mark.parametrize("fault", PLANS)
def test_plan_check_finds_it(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, where, words, advice = PLANS[fault]
    text, file = planted("".join(_whole()), old, new), tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(["plan", "check", str(file)]) == 2
    at_its_line(told(capsys, words), text, where, words, advice)


def _whole() -> Iterator[str]:
    """Both shipped files of plans as one."""
    texts = default_texts()
    yield texts["plan_modules.yaml"]
    yield texts["plans.yaml"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATCHFIRE_DATA", str(folder))
        assert run(["db", "upgrade"]) == 0
    return folder


@pytest.mark.parametrize("fault", HOUSE)
def test_roster_check_finds_it(
    fault: str, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, where, words, advice = HOUSE[fault]
    text, file = planted(ROSTER, old, new), tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("WATCHFIRE_DATA", str(house))
    run(["roster", "check", str(file), "--json"])
    found = next(one for one in json.loads(capsys.readouterr().out) if words in one["what"])
    at_its_line(f"{found['file']}:{found['line']}: {found['what']}", text, where, words, advice)


def test_there_are_thirty_of_them() -> None:
    assert len([*GUIDELINE, *OWNERS, *ROSTERS, *HOUSE, *PLANS]) >= 30
    assert default_guideline().version


def test_a_faulty_file_never_replaces_a_good_one(tmp_path: Path) -> None:
    """Neither when the service starts (it does not), nor when it comes to be asked again (what held goes on)."""
    file = tmp_path / "mine.yaml"
    file.write_text(planted(TREE, *OWNERS["a dead route"][:2]), encoding="utf-8")
    with pytest.raises(SetupError):
        read_owners(Settings(owners=file))
    old, new = GUIDELINE["wrong unit"][:2]
    file.write_text(planted(default_text(), old, new), encoding="utf-8")
    with pytest.raises((SetupError, DocumentError)):
        CurrentGuideline(Settings(guideline=file), 1)
