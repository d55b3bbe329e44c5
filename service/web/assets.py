"""Assets: which built file stands behind a name, and serving them so that browsers keep them."""

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from service.errors import SetupError
from service.squeezing import takes_gzip

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "build"
AT = "/static"
SQUEEZED = ".gz"
FOREVER = "public, max-age=31536000, immutable"


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
    return f"{AT}/{manifest()[name]}"


class BuiltFiles(StaticFiles):
    """The built files. Names that a hash is part of change with the content, so they may be kept for ever.

    Whoever takes it is sent the compressed one that was made with the assets.
    """

    def __init__(self, folder: Path = BUILT) -> None:
        self._kept = frozenset(manifest(folder).values())
        super().__init__(directory=folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with how long it may be kept, and which of its two forms this is."""
        if path.endswith(SQUEEZED):
            raise HTTPException(404)  # no address of its own, but a form of another's
        takes = takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        response = await self._squeezed(path, scope) if takes else None
        if response is None:
            response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER if path in self._kept else "no-cache"
        response.headers.add_vary_header("Accept-Encoding")
        return response

    async def _squeezed(self, path: str, scope: Scope) -> Response | None:
        """The compressed form, None where there is none."""
        try:
            response = await super().get_response(path + SQUEEZED, scope)
        except HTTPException as error:
            if error.status_code == 404:
                return None
            raise
        if response.status_code != 304:
            response.headers["Content-Encoding"] = "gzip"
        return response

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """As the library does it, but with a tag that follows from the content: it is the same on every machine."""
        response = FileResponse(full_path, status_code=status_code, stat_result=stat_result)
        response.headers["ETag"] = _tag(str(full_path), stat_result.st_mtime_ns, stat_result.st_size)
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


@lru_cache(maxsize=64)
def _tag(path: str, _written: int, _size: int) -> str:
    return f'"{hashlib.sha256(Path(path).read_bytes()).hexdigest()[:32]}"'


class Squeezing(GZipMiddleware):
    """Compresses what is made for each reader; built files are compressed already."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith(f"{AT}/"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
