"""The owners in force. A channel or person bound to a key that nobody bears would be told of nothing, in silence."""

from pathlib import Path

from rules.owners import OwnersError, default_owners, parse_house
from rules.routing import Route
from rules.situation import Owner
from service.errors import Invalid, SetupError
from service.settings import Settings

SHOWN = 40


def known_owner(settings: Settings, key: str) -> str:
    """The key of an owner of the owners file in force; Invalid names those that there are."""
    keys = [owner.key for owner in read_owners(settings)]
    if key.strip() in keys:
        return key.strip()
    more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
    raise Invalid(f"The owners file has no owner '{key[:80]}'.", f"Use one of {', '.join(keys[:SHOWN])}{more}.")


def read_owners(settings: Settings) -> tuple[Owner, ...]:
    """The owners in force; SetupError says what is wrong with the operator's file."""
    return default_owners() if settings.owners is None else _read_house(settings.owners)[0]


def owner_names(settings: Settings) -> dict[str, str]:
    """What owners are called, by key. A broken file has stopped the start already; here it only costs the names."""
    try:
        return {owner.key: owner.name for owner in read_owners(settings)}
    except SetupError:
        return {}


def read_routes(settings: Settings) -> Route | None:
    """The routing tree in force, None when the owners file has none; SetupError as for the owners."""
    return None if settings.owners is None else _read_house(settings.owners)[1]


def _read_house(path: Path) -> tuple[tuple[Owner, ...], Route | None]:
    try:
        return parse_house(read_file(path, "WATCHFIRE_OWNERS"), path.name)
    except OwnersError as error:
        raise SetupError(f"The owners file cannot be used: {error}") from error


def read_file(path: Path, variable: str) -> str:
    """The text of a file that a setting names; SetupError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}.", f"Check {variable}.") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path} is not written in UTF-8.", "Save it as UTF-8.") from error
