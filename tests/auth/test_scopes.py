"""Scopes are made in one place, and the table of permissions grows with the role."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.entry import Sharing
from service.auth.access import DESK_ONLY, GRANTS, Permission, allows, demand, may_act
from service.errors import Refused
from service.store.scope import Role, Scope

ROOT = Path(__file__).parents[2]


def scope(role: Role, *, home: bool = True, owner: str | None = None) -> Scope:
    """Somebody's eyes."""
    return Scope(organisation_id=1, role=role, home=home, clearance=Sharing.RED, actor="ann", owner=owner)


def test_only_access_makes_scopes() -> None:
    makers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "service").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Scope"
    ]
    assert makers == ["service/auth/access.py"]


def test_everybody_reads_and_each_step_up_may_more() -> None:
    assert set(GRANTS) == set(Role)
    ladder = [Role.VIEWER, Role.ANALYST, Role.MANAGER, Role.ADMIN]
    for lower, higher in pairwise(ladder):
        assert GRANTS[lower] < GRANTS[higher]
    assert GRANTS[Role.ADMIN] | {Permission.ACT_OWN} == set(Permission)


def test_a_subscribers_administrator_runs_his_own_house_only() -> None:
    admin = scope(Role.ADMIN, home=False)
    for permission in Permission:
        assert allows(admin, permission) == (permission in GRANTS[Role.ADMIN] - DESK_ONLY)
    with pytest.raises(Refused, match="member of the desk"):
        demand(admin, Permission.SOURCES)


@pytest.mark.parametrize(
    ("who", "owners", "may"),
    [
        (scope(Role.OWNER, owner="legal"), {"legal"}, True),
        (scope(Role.OWNER, owner="legal"), {"security"}, False),
        (scope(Role.OWNER), {"legal"}, False),
        (scope(Role.VIEWER, owner="legal"), {"legal"}, False),
        (scope(Role.ANALYST), set(), True),
        (scope(Role.ADMIN, home=False), set(), False),
        (scope(Role.OWNER, owner="legal", home=False), {"legal"}, False),
    ],
)
def test_who_may_act_on_an_alert(who: Scope, owners: set[str], may: bool) -> None:
    assert may_act(who, owners) == may
