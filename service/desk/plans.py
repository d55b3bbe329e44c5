"""The response plans in force: read once by a process, so that its pages and its work go by the same ones."""

from functools import lru_cache
from pathlib import Path

from rules.plan import Plans
from rules.plan_file import PlansError, default_plans, parse_plans
from rules.situation import Owner
from service.desk.owners import read_file, read_owners
from service.errors import SetupError
from service.settings import Settings


def read_plans(settings: Settings) -> Plans:
    """The plans in force; SetupError says what is wrong with the operator's files."""
    return default_plans() if settings.plans is None else _read(settings.plans, read_owners(settings))


@lru_cache(maxsize=4)
def _read(path: Path, owners: tuple[Owner, ...]) -> Plans:
    try:
        return parse_plans(plan_texts(path), owners)
    except PlansError as error:
        raise SetupError(f"The plans cannot be used: {error}") from error


def plan_texts(path: Path) -> dict[str, str]:
    """The plans file, or the YAML files of the plans folder, by name; SetupError when there is none to read."""
    paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not paths:
        raise SetupError(f"There is no .yaml file in {path}.", "Check WATCHFIRE_PLANS.")
    return {one.name: read_file(one, "WATCHFIRE_PLANS") for one in paths}
