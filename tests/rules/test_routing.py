"""The routing tree: children refine parents, everybody finds somebody, and what can never fit is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.level import Level
from rules.owners import OwnersError, default_owners, default_owners_text, find_owners, parse_house
from rules.routing import Asked, Found, Route, When, find, named
from scoring.category import Category

NIGHT = datetime(2026, 6, 2, 22, 0, tzinfo=UTC)
NOON = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)
TEXT = """owners:
  - {key: central, name: Central}
  - {key: other-central, name: Central of the other house}
  - {key: africa, name: Africa}
  - {key: niger, name: Niger}
  - {key: night, name: Night desk}
  - {key: agadem, name: Agadem site}
  - {key: law, name: Counsel}
  - {key: security, name: Security adviser}
regions:
  sahel: [ML, BF, NE, TD]
routes:
  central: central
  routes:
    - name: other house
      when: {organisations: [other]}
      central: other-central
    - name: Sahel
      when: {regions: [sahel]}
      local: africa
      routes:
        - name: Agadem
          when: {sites: [agadem]}
          local: agadem
        - name: Sahel at night
          when: {hours: [daily 20:00-06:00], zone: Africa/Niamey}
          local: night
        - name: Niger
          when: {countries: [NE]}
          local: niger
    - name: law
      when: {categories: [legal]}
      support: [law]
    - name: security, grave
      when: {categories: [security], levels: [1, 2]}
      support: [security]
"""
OWNERS, TREE = parse_house(TEXT)


def asked(level: Level, country: str = "NE", *categories: Category, **more: object) -> Found:
    assert TREE is not None
    return find(TREE, Asked(level, country, categories, **more), more.pop("now", NOON))  # type: ignore[arg-type]


def test_the_narrowest_route_answers() -> None:
    assert TREE is not None
    assert asked(Level.YELLOW).local == "niger"
    assert asked(Level.YELLOW, "ML").local == "africa"
    assert asked(Level.YELLOW, "FR").local == ""
    assert asked(Level.YELLOW, "FR").accountable(Level.YELLOW) == "central"
    assert asked(Level.YELLOW, "NE", sites=("agadem",)).local == "agadem"
    assert find(TREE, Asked(Level.YELLOW, "NE"), NIGHT).local == "night"
    assert asked(Level.RED, "NE", organisation="other").accountable(Level.RED) == "other-central"


def test_grave_levels_go_to_the_central_lead_calm_ones_to_the_local() -> None:
    duties = find_owners(OWNERS, ["NE", "ML"], [Category.SECURITY, Category.LEGAL], Level.RED, NOON, routes=TREE)
    assert [(duty.owner, duty.role) for duty in duties] == [
        ("central", "accountable"),
        ("niger", "support"),
        ("africa", "support"),
        ("law", "support"),
        ("security", "support"),
    ]
    calm = find_owners(OWNERS, ["NE"], [Category.SECURITY], Level.BLUE, NOON, routes=TREE)
    assert [duty.owner for duty in calm] == ["niger"]
    watched = find_owners(OWNERS, ["NE"], [], Level.YELLOW, NOON, routes=TREE)
    assert [(duty.owner, duty.role) for duty in watched] == [("niger", "accountable"), ("central", "support")]


def test_the_flat_file_still_works() -> None:
    owners, tree = parse_house(default_owners_text())
    assert owners == default_owners()
    assert tree is None


names = st.sampled_from(("x", "y", "z"))
whens = st.builds(
    When,
    organisations=st.lists(names, max_size=1).map(tuple),
    countries=st.lists(st.sampled_from(("NE", "ML", "FR")), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(Category), max_size=2).map(tuple),
    levels=st.lists(st.sampled_from(Level), max_size=2).map(tuple),
)
leaves = st.builds(
    Route, name=names, when=whens, central=st.just("") | names, local=st.just("") | names, support=st.tuples(names)
)
trees = st.recursive(
    leaves,
    lambda below: st.builds(
        Route,
        name=names,
        when=whens,
        central=st.just("") | names,
        local=st.just("") | names,
        children=st.lists(below, max_size=3).map(tuple),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(trees, max_size=4),
    st.lists(st.sampled_from(("NE", "ML", "FR", "CN")), unique=True, max_size=3),
    st.lists(st.sampled_from(Category), unique=True, max_size=3),
    st.sampled_from(Level),
    st.sampled_from(("", "x", "y")),
)
def test_every_alert_has_one_accountable_owner(
    children: list[Route], countries: list[str], categories: list[Category], level: Level, organisation: str
) -> None:
    tree = Route("root", central="root", children=tuple(children))
    duties = find_owners((), countries, categories, level, NOON, routes=tree, organisation=organisation, clause="SEC-1")
    assert [duty.role for duty in duties].count("accountable") == 1
    assert duties[0].role == "accountable"
    assert all(duty.owner in named(tree) for duty in duties)
    assert len({duty.owner for duty in duties}) == len(duties)
    assert {duty.clause for duty in duties} == {"SEC-1"}
    assert all(duty.acknowledge_by - NOON >= timedelta(minutes=15) for duty in duties)


FAULTS = {
    "unknown owner": ("local: niger", "local: nigeria", "Did you mean niger"),
    "unknown region": ("regions: [sahel]}", "regions: [sahell]}", "Did you mean sahel"),
    "no central": ("routes:\n  central: central\n", "routes:\n  local: central\n", "names no central owner"),
    "an unreachable owner": ("local: agadem\n", "local: africa\n", "no route leads to owner agadem"),
    "a dead route": (
        "    - name: Sahel\n",
        "    - {name: all, when: {regions: [sahel]}, local: africa}\n    - name: Sahel\n",
        "is never followed",
    ),
    "a contradiction": ("when: {countries: [NE]}", "when: {countries: [FR]}", "can never fit"),
    "hours of nowhere": (", zone: Africa/Niamey", "", "hours without a zone"),
    "bad hours": ("daily 20:00-06:00", "at night", "no window of the week"),
    "nobody": ("      local: africa\n      routes:", "      routes:", ""),
    "unknown key": ("support: [law]", "suport: [law]", "Did you mean support"),
    "twice": ("key: africa, name: Africa", "key: niger, name: Africa", "stands twice"),
    "conditions at the root": (
        "  central: central\n  routes",
        "  central: central\n  when: {levels: [1]}\n  routes",
        "root",
    ),
}


@pytest.mark.parametrize("name", [name for name in FAULTS if FAULTS[name][2]])
def test_planted_faults_are_found_with_line_and_advice(name: str) -> None:
    before, after, words = FAULTS[name]
    assert before in TEXT
    with pytest.raises(OwnersError) as caught:
        parse_house(TEXT.replace(before, after, 1), "mine.yaml")
    told = [fault for fault in caught.value.every if words in str(fault)]
    assert told, [str(fault) for fault in caught.value.every]
    assert told[0].advice
    assert told[0].line > 1
