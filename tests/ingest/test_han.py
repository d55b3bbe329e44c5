"""The two scripts of Chinese."""

import pytest

from ingest.han import script_of


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
