"""Where the news begins in a lede."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lede import opening

CAPTIONED = [
    ("A crane lifts a container in Durban, South Africa, May 4, 2024. REUTERS/Ann Example/File Photo ", "Dockers"),
    ("Traders stand on the floor in Milan. REUTERS/Ann Example ", "The bank said on Monday that it would close."),
    ("The premier leaves court, Friday, May 3. (AP Photo/Ann Example) LIMA, Peru (AP) — ", "Judges ruled."),
    ("LAGOS, May 3 (Reuters) - ", "Fuel queues grew."),
    ("PORT VILA — ", "A quake shook the capital."),
    ("图为港口堆放的集装箱，当天有两艘货轮靠岸卸货。（法新社）（新加坡综合讯）", "码头工人罢工。"),
    ("新华社金沙萨5月3日电（记者某某）", "当地警方说，三人受伤。"),
    ("", "Nothing stands before this."),
    ("", "（括号里的话）不是电头。"),
    ("", "UN says aid is short"),
]


@pytest.mark.parametrize(("before", "news"), CAPTIONED)
def test_the_news_begins_after_caption_and_dateline(before: str, news: str) -> None:
    assert opening(before + news) == len(before)


@pytest.mark.parametrize("lede", ["", "LAGOS (AP) — ", "A ship at sea, May 4, 2024. REUTERS/Ann Example"])
def test_something_is_always_left(lede: str) -> None:
    assert opening(lede) == 0


@given(st.text(max_size=400))
def test_any_text_has_a_beginning(lede: str) -> None:
    assert 0 <= opening(lede) <= max(len(lede) - 1, 0)
