"""Where one can go: every room has its word, its key and its page, and a telephone shows a handful."""

import re

import pytest

from service.web.nav import HANDFUL, ROOMS, nav_of
from tests.web.conftest import Desk


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_room_is_there_and_knows_itself(still: Desk, lang: str) -> None:
    for room in ROOMS:
        answer = still.get(room.path, accept_language=lang)
        assert answer.status_code == 200, room.path
        assert f'data-go="{room.key}" aria-current="page"' in answer.text
        here = re.findall(r'class="nav-item" href="([^"]*)"[^>]* aria-current="page"', answer.text)
        assert here == [room.path, room.path], "once in the rail and once in the bar"
        assert f"web.nav.{room.name}" not in answer.text
        assert f"web.nav.group.{room.group}" not in answer.text


def test_keys_and_groups_are_plain() -> None:
    assert len({room.key for room in ROOMS}) == len(ROOMS)
    groups = [group for group, _ in nav_of("/", home=True).groups]
    assert len(set(groups)) == len(groups), "a group stands together"


@pytest.mark.parametrize("home", [True, False])
def test_a_telephone_shows_a_handful_and_the_rest_behind_more(home: bool) -> None:
    nav = nav_of("/channels", home=home)
    behind = [room for _, rooms in nav.further for room in rooms]
    assert len(nav.at_hand) == HANDFUL
    assert {*nav.at_hand, *behind} == set(nav.rooms)
    assert not {*nav.at_hand} & {*behind}
    assert nav.current == "channels"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/?country=NE", "alerts"),
        ("/alerts/3", "alerts"),
        ("/events/3", "alerts"),
        ("/report", "reports"),
        ("/models", "learning"),
        ("/catalogue/balance", "sources"),
        ("/me/desk", "me"),
        ("/mentions", ""),
        ("/nothing", ""),
    ],
)
def test_deeper_pages_belong_to_a_room(address: str, name: str) -> None:
    assert nav_of(address, home=True).current == name


def test_a_subscriber_sees_only_what_is_for_them() -> None:
    guest = {room.name for room in nav_of("/", home=False).rooms}
    assert guest == {room.name for room in ROOMS if not room.home}
