"""The documents say what is there."""

import re
from pathlib import Path

import pytest

from service.cli import DOORS
from service.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_drawing_names_every_room() -> None:
    drawing = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    inside = drawing.split("## Inside service")[1].split("## Rules")[0]
    rooms = {
        path.stem
        for path in (ROOT / "service").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }
    assert {room for room in rooms if not re.search(rf"\b{room}\b", inside)} == set()
    for room in ("ingest", "scoring", "rules", "service", "alembic", "tests"):
        assert f"`{room}/`" in drawing
        assert (ROOT / room).is_dir()
    for named in re.findall(r"`((?:ingest|scoring|rules|service)/[a-z_/]+(?:\.py)?)`", drawing):
        assert (ROOT / named).exists(), named


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`WATCHFIRE_{name.upper()}`" not in page]
    assert missing == []


def test_every_command_is_in_the_manual() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in DOORS if f"`watchfire {name}" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


def test_both_readmes_have_the_same_sections() -> None:
    one, other = (ROOT / name for name in ("README.md", "README.zh.md"))
    shape = [re.findall(r"^(#+) |^```|^!\[", page.read_text(encoding="utf-8"), flags=re.M) for page in (one, other)]
    assert shape[0] == shape[1]
    for page in (one, other):
        assert "make run" in page.read_text(encoding="utf-8")
        assert "make test" in page.read_text(encoding="utf-8")


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted(folder.glob("0*.md")) if path.name not in index] == []
