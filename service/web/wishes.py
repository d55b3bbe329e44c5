"""What a reader wants of this browser: language, time zone, theme, rows, sound and notifications. Kept in cookies.

Language and zone may be kept with an account as well; signing in brings them into the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from service.desk.times import zones
from service.locale.accepted import LANGUAGES

THEMES = ("system", "light", "dark", "contrast")
LANGUAGE, ZONE, THEME = "watchfire-lang", "watchfire-zone", "watchfire-theme"
DENSITY, SOUND, BELL = "watchfire-density", "watchfire-sound", "watchfire-bell"
YEAR = 31_536_000  # seconds


@dataclass(frozen=True, slots=True)
class Wishes:
    """`language` is "" for what the browser asks for; `zone` a name of the IANA list, "" for the browser's own;
    `compact` narrow rows; `sound` and `bell` (notifications of the browser) are the mildest level that they speak up
    for, 0 for never."""

    language: str = ""
    zone: str = ""
    theme: str = "system"
    compact: bool = False
    sound: int = 0
    bell: int = 0


def read_wishes(cookies: Mapping[str, str]) -> Wishes:
    """The wishes in a browser's cookies. Nonsense counts as no wish."""
    language, zone, theme = cookies.get(LANGUAGE, ""), cookies.get(ZONE, ""), cookies.get(THEME, "")
    return Wishes(
        language=language if language in LANGUAGES else "",
        zone=zone if zone in zones() else "",
        theme=theme if theme in THEMES else "system",
        compact=cookies.get(DENSITY) == "compact",
        sound=_level(cookies.get(SOUND, "")),
        bell=_level(cookies.get(BELL, "")),
    )


def keep_wishes(response: Response, request: Request, wishes: Wishes) -> None:
    """Put wishes into the browser's cookies, for a year; what is no wish any more goes."""
    secure = request.url.scheme == "https"
    for name, value in _cookies(wishes).items():
        if value:
            response.set_cookie(name, value, max_age=YEAR, path="/", samesite="lax", secure=secure)
        elif name in request.cookies:
            response.delete_cookie(name, path="/", samesite="lax", secure=secure)


def _cookies(wishes: Wishes) -> dict[str, str]:
    return {
        LANGUAGE: wishes.language,
        ZONE: wishes.zone,
        THEME: "" if wishes.theme == "system" else wishes.theme,
        DENSITY: "compact" if wishes.compact else "",
        SOUND: str(wishes.sound or ""),
        BELL: str(wishes.bell or ""),
    }


def _level(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4") else 0
