"""Building the page assets takes nothing from anybody."""

from pathlib import Path

import pytest

from service.errors import SetupError
from service.web.build import demand_own_folder


def test_packages_behind_a_link_are_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    link = tmp_path / "node_modules"
    link.symlink_to(theirs)
    with pytest.raises(SetupError) as refused:
        demand_own_folder(link)
    assert str(refused.value) == (
        "node_modules is a symbolic link, and `npm ci` would empty the folder behind it:"
        " remove the link and build again."
    )
    demand_own_folder(theirs)
    demand_own_folder(tmp_path / "nothing yet")
