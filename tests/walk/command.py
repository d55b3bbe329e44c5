"""Running `watchfire` as an operator does: a process of its own, with its environment. Or the same command here."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from service.cli import run

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "service"]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a process: settings by their names without the prefix, nothing of the caller's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHFIRE_")}
    ours = {f"WATCHFIRE_{name.upper()}": value for name, value in {"data": str(folder), **settings}.items()}
    return {**kept, **ours, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


def watchfire(
    folder: Path, *arguments: str, before: Callable[[], None] | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=before,
        check=False,
    )


def watchfire_here(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same command in this process, for tests of what it does: starting Python is most of what a command takes."""
    out, err, given = io.StringIO(), io.StringIO(), environment(folder, **settings)
    with patch.dict(os.environ, given, clear=True), redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    return subprocess.CompletedProcess([*arguments], code, out.getvalue(), err.getvalue())


def start(folder: Path, *arguments: str, log: Path, **settings: str) -> "subprocess.Popen[bytes]":
    """Start a command that goes on; what it says goes into a file."""
    with log.open("ab") as said:
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=ROOT, env=environment(folder, **settings), stdout=said, stderr=said
        )
