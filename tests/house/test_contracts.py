"""The house holds: imports point left, files stay short, nothing of the outside is named in it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ingest", "scoring", "rules", "service")
LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Judge the imports of the packages in a folder."""
    return subprocess.run(
        [str(LINT), "--config", "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages without their data, to plant faults in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__", "corpus", "*.npz", "*.gz", "node_modules", "build")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=ignore)
    return folder


def test_imports_point_left(copy: Path) -> None:
    judged = lint(copy)
    assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize(
    ("room", "wrong"),
    [
        ("ingest/feed.py", "import scoring.category"),
        ("rules/level.py", "import service.settings"),
        ("scoring/category.py", "import sqlmodel"),
        ("rules/level.py", "import httpx"),
        ("service/store/scope.py", "import service.record"),
        ("service/notify/message.py", "import service.web"),
    ],
)
def test_a_planted_wrong_import_is_found(copy: Path, room: str, wrong: str) -> None:
    planted = copy / room
    before = planted.read_text(encoding="utf-8")
    planted.write_text(f"{before}\n{wrong}\n", encoding="utf-8")
    try:
        judged = lint(copy)
    finally:
        planted.write_text(before, encoding="utf-8")
    assert judged.returncode != 0
    assert "BROKEN" in judged.stdout


def test_files_stay_short_or_say_why() -> None:
    long = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > 300
        and "long because" not in path.read_text(encoding="utf-8")[:1500].lower()
    ]
    assert long == []


def test_alembic_folder_is_no_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists(), "it would shadow the library"


def test_no_word_of_registries_or_machines() -> None:
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    names = told.splitlines()
    if not names:
        pytest.skip("SKIPPED FOR WANT OF GIT: this is no checkout")
    forbidden = re.compile(r"pypi\.or[g]|python[h]osted|registry\.npm[j]s|deb\.debia[n]|/wor[k]/|/roo[t]/")
    found = [
        name
        for name in names
        if (ROOT / name).is_file()
        and (ROOT / name).suffix
        in (".py", ".md", ".lock", ".json", ".toml", ".yaml", ".yml", ".html", ".css", ".js", "")
        and forbidden.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
