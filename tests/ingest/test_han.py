"""The two scripts of Chinese."""

import pytest

from ingest.han import SIMPLIFIED_ONLY, TRADITIONAL_ONLY, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("清溪谷连日暴雨，两千多名居民转移，救援队伍连夜清理道路", "Hans"),
        ("清溪谷連日暴雨，兩千多名居民轉移，救援隊伍連夜清理道路", "Hant"),
        ("领事馆提醒中国公民近期谨慎前往", "Hans"),
        ("外交部籲請國人近期謹慎前往", "Hant"),
        ("東京で大きな地震が発生し、鉄道が運転を見合わせた", None),
        ("山水", None),
        ("台風", None),
        ("Flood in 灣仔", None),
        ("", None),
    ],
)
def test_a_script_is_told_where_enough_of_it_stands(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_the_letters_are_those_that_one_standard_alone_holds() -> None:
    simplified = held("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    traditional = held("big5", range(0xA4, 0xFA), range(0x40, 0xFF))
    common = held("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
    assert simplified - traditional == SIMPLIFIED_ONLY
    assert common - simplified == TRADITIONAL_ONLY


def held(codec: str, first: range, second: range) -> frozenset[str]:
    """The ideographs of a two-byte encoding between these bytes."""
    # Each pair on a line of its own, so that a wrong one spoils no other.
    pairs = b"".join(bytes((one, other, 10)) for one in first for other in second)
    return frozenset(char for char in pairs.decode(codec, "ignore") if "\u4e00" <= char <= "\u9fff")
