"""Who must act: one accountable owner for every alert, and an owners file that can be trusted."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.place.countries import CODES
from rules.level import Level
from rules.owners import LAST_RESORT, OwnersError, default_owners, default_owners_text, find_owners, parse_owners
from rules.situation import Owner
from scoring.category import CATEGORIES, Category
from tests.rules.making import COUNTRIES, NOW

CENTRAL = Owner("boss", "Boss", central=True)
GULF = Owner("gulf-boss", "Gulf boss", countries=("AE", "QA"), central=True)
NIGER = Owner("niger", "Niger", countries=("NE",))
SAHEL = Owner("sahel", "Sahel", countries=("ML", "NE", "TD"))
NIGER_LAW = Owner("niger-law", "Niger law", countries=("NE",), categories=(Category.LEGAL,))
LAW = Owner("law", "Law", categories=(Category.LEGAL,), levels=(Level.RED, Level.ORANGE, Level.YELLOW))
ALL = (CENTRAL, GULF, NIGER, SAHEL, NIGER_LAW, LAW)
SECURITY, LEGAL = (Category.SECURITY,), (Category.LEGAL,)


def found(countries: tuple[str, ...], categories: tuple[Category, ...], level: int) -> list[str]:
    """Owners' keys, the accountable one first."""
    duties = find_owners(ALL, countries, categories, Level(level), NOW)
    assert [duty.role for duty in duties] == ["accountable", *["support"] * (len(duties) - 1)]
    return [duty.owner for duty in duties]


@pytest.mark.parametrize(
    ("countries", "categories", "level", "owners"),
    [
        (("NE",), SECURITY, 1, ["boss", "niger"]),
        (("NE",), SECURITY, 3, ["niger", "boss"]),
        (("NE",), SECURITY, 4, ["niger"]),
        (("ML", "NE"), SECURITY, 4, ["sahel", "niger"]),
        (("NE", "ML"), SECURITY, 2, ["boss", "niger", "sahel"]),
        (("QA",), SECURITY, 1, ["gulf-boss"]),
        (("QA",), SECURITY, 4, ["gulf-boss"]),
        (("NE",), LEGAL, 3, ["niger-law", "law", "boss"]),
        (("NE",), LEGAL, 4, ["niger-law"]),
        (("FR",), LEGAL, 3, ["law", "boss"]),
        (("FR",), LEGAL, 4, ["boss"]),
        ((), SECURITY, 3, ["boss"]),
        ((), (), 1, ["boss"]),
    ],
)
def test_who_is_asked(
    countries: tuple[str, ...], categories: tuple[Category, ...], level: int, owners: list[str]
) -> None:
    assert found(countries, categories, level) == owners


def test_deadlines_follow_the_level() -> None:
    minutes = [
        (find_owners(ALL, ("NE",), SECURITY, level, NOW)[0].acknowledge_by - NOW) / timedelta(minutes=1)
        for level in Level
    ]
    assert minutes == [15, 30, 240, 1440]
    asked = find_owners(
        ALL, (), (), Level.RED, NOW, acknowledge=dict.fromkeys(Level, timedelta(minutes=1)), clause="SEC-1"
    )
    assert (asked[0].acknowledge_by - NOW, asked[0].clause) == (timedelta(minutes=1), "SEC-1")


def test_there_is_always_somebody() -> None:
    assert find_owners((), (), (), Level.RED, NOW)[0].owner == LAST_RESORT.key
    assert find_owners((NIGER,), ("FR",), (), Level.BLUE, NOW)[0].owner == "niger"


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**40).map(Random))
def test_exactly_one_is_accountable_whatever_the_owners(random: Random) -> None:
    def some() -> Owner:
        return Owner(
            key=f"o{random.randrange(10**9)}",
            name="x",
            countries=tuple(random.sample(COUNTRIES, random.randint(0, 3))),
            categories=tuple(random.sample(CATEGORIES, random.randint(0, 2))),
            levels=tuple(random.sample(list(Level), random.randint(0, 2))),
            central=random.random() < 0.3,
        )

    owners = [some() for _ in range(random.randint(0, 8))]
    countries = random.sample(COUNTRIES, random.randint(0, 3))
    level, categories = random.choice(list(Level)), random.sample(CATEGORIES, random.randint(0, 2))
    duties = find_owners(owners, countries, categories, level, NOW)
    assert [duty.role for duty in duties].count("accountable") == 1
    assert len({duty.owner for duty in duties}) == len(duties)
    mixed = random.sample(owners, len(owners))
    assert find_owners(mixed, countries, categories, level, NOW) == duties


def test_the_shipped_owners_cover_every_country_at_every_level() -> None:
    owners = default_owners()
    assert find_owners(owners, (), (), Level.RED, NOW)[0].owner == "central-lead"
    for code in CODES:
        assert sum(code in owner.countries for owner in owners) == 1, code
        for level in Level:
            first = find_owners(owners, (code,), SECURITY, level, NOW)[0]
            assert (first.owner == "central-lead") == (level <= Level.ORANGE)
    assert "NO" in next(owner for owner in owners if owner.key == "europe-central-asia-lead").countries


GOOD = """\
owners:
  - key: central-lead
    name: Central lead
    central: true
  - key: niger
    name: Niger
    countries: [NE, NO]
    categories: [security]
    levels: [1, 3]
"""
# what is planted: (what stands there, what instead, the line that is reported, words of the message)
PLANTED = {
    "no catch-all": ("central: true", "central: false", 2, "no central owner without countries"),
    "catch-all with countries": (
        "    central: true\n",
        "    central: true\n    countries: [NE]\n",
        2,
        "no central owner",
    ),
    "unknown country": ("[NE, NO]", "[NE, XX]", 7, "unknown country XX"),
    "country name": ("[NE, NO]", "[Niger]", 7, "unknown country Niger"),
    "country in small letters": ("[NE, NO]", "[ne]", 7, "unknown country ne"),
    "empty list": ("[NE, NO]", "[]", 7, "is not a list with at least one item"),
    "no list": ("[NE, NO]", "NE", 7, "is not a list"),
    "country twice": ("[NE, NO]", "[NE, NE]", 7, "country NE stands twice"),
    "unknown category": ("[security]", "[safety]", 8, "unknown category safety"),
    "unknown level": ("[1, 3]", "[1, 5]", 9, "unknown level 5"),
    "level in words": ("[1, 3]", "[red]", 9, "unknown level red"),
    "unknown key": ("levels:", "level:", 9, "unknown key level in owner"),
    "no key": ("  - key: niger\n    name", "  - name", 5, "owner has no key"),
    "empty name": ("name: Niger", "name: ''", 6, "name is empty"),
    "key twice": ("key: niger", "key: central-lead", 5, "owner central-lead stands twice"),
    "never reached": (
        "    countries: [NE, NO]\n    categories: [security]\n    levels: [1, 3]\n",
        "    central: true\n",
        5,
        "same countries",
    ),
    "yes for true": ("central: true", "central: yes", 4, "unknown value of central yes"),
    "no owners": ("owners:", "owner:", 1, "unknown key owner"),
    "not YAML": ("[NE, NO]", "[NE, NO", 8, "not YAML"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_at_its_line_with_advice(fault: str) -> None:
    old, new, line, words = PLANTED[fault]
    assert old in GOOD
    with pytest.raises(OwnersError) as caught:
        parse_owners(GOOD.replace(old, new, 1), "mine.yaml")
    hit = [one for one in caught.value.every if words in one.what]
    assert hit, [str(one) for one in caught.value.every]
    assert hit[0].line == line, str(hit[0])
    assert hit[0].advice


def test_a_good_file_is_read_as_written() -> None:
    central, niger = parse_owners(GOOD)
    assert central == Owner("central-lead", "Central lead", central=True)
    assert niger == Owner("niger", "Niger", ("NE", "NO"), SECURITY, (Level.RED, Level.YELLOW))
    assert parse_owners(default_owners_text()) == default_owners()


def test_the_shipped_files_are_in_the_package() -> None:
    folder = Path(__file__).parents[2] / "rules" / "defaults"
    assert sorted(path.name for path in folder.iterdir()) == [
        "guideline.yaml",
        "owners.yaml",
        "plan_modules.yaml",
        "plans.yaml",
        "roster.yaml",
    ]
