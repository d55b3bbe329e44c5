"""What a reader wants of this browser: theme, time zone, sound and notifications. Kept in cookies, nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from service.web.language import ZONE

THEMES = ("system", "light", "dark", "contrast")
LEVELS = (1, 2, 3, 4)
THEME, SOUND, BELL = "watchfire-theme", "watchfire-sound", "watchfire-bell"


@dataclass(frozen=True, slots=True)
class Wishes:
    """`zone` is a name of the IANA list, "" for the browser's own; `sound` and `bell` (notifications of the browser)
    are the mildest level that they speak up for, 0 for never."""

    theme: str = "system"
    zone: str = ""
    sound: int = 0
    bell: int = 0


def read_wishes(cookies: Mapping[str, str]) -> Wishes:
    """The wishes in a browser's cookies. Nonsense counts as no wish."""
    theme, zone = cookies.get(THEME, ""), cookies.get(ZONE, "")
    return Wishes(
        theme=theme if theme in THEMES else "system",
        zone=zone if zone in zones() else "",
        sound=_level(cookies.get(SOUND, "")),
        bell=_level(cookies.get(BELL, "")),
    )


def cookies_of(wishes: Wishes) -> dict[str, str]:
    """The cookies that say this; "" for one that is to go."""
    return {
        THEME: "" if wishes.theme == "system" else wishes.theme,
        ZONE: wishes.zone,
        SOUND: str(wishes.sound or ""),
        BELL: str(wishes.bell or ""),
    }


@cache
def zones() -> tuple[str, ...]:
    """The zones to choose from: places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name, UTC for none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _level(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4") else 0
