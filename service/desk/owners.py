"""Owners that a channel or a person is bound to: a key that nobody bears would be told of nothing, in silence."""

from rules.owners import OwnersError, default_owners, parse_owners
from service.errors import Invalid, SetupError
from service.settings import Settings

SHOWN = 40


def known_owner(settings: Settings, key: str) -> str:
    """The key of an owner of the owners file in force; Invalid names those that there are."""
    keys = _keys(settings)
    if key.strip() in keys:
        return key.strip()
    more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
    raise Invalid(f"The owners file has no owner '{key[:80]}'.", f"Use one of {', '.join(keys[:SHOWN])}{more}.")


def _keys(settings: Settings) -> list[str]:
    try:
        owners = default_owners() if settings.owners is None else parse_owners(settings.owners.read_text("utf-8"))
    except (OwnersError, OSError, UnicodeDecodeError) as error:
        raise SetupError("The owners file cannot be used.", "`watchfire rules check FILE` says why.") from error
    return [owner.key for owner in owners]
