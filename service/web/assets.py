"""Assets: which built file stands behind a name, and serving them so that browsers keep them."""

import json
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.errors import SetupError

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "build"


def manifest(folder: Path = BUILT) -> dict[str, str]:
    """Name → built file. SetupError when the assets were never built. Building anew takes effect at once."""
    path = folder / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise SetupError("The page assets are not built.", "Run `make setup`.") from error


@lru_cache(maxsize=4)
def _read(path: Path, _written: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str:
    """The address of an asset such as `app.css`."""
    return f"/static/{manifest()[name]}"


class BuiltFiles(StaticFiles):
    """The built files. Their names change with their content, so they may be kept for ever."""

    def __init__(self) -> None:
        manifest()
        super().__init__(directory=BUILT)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with how long it may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
