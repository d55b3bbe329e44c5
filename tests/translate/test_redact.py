"""What never leaves the house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.translate.redact import redacted


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Write to ann.lee+x@mail.example.org now", "Write to [mail] now"),
        ("联系人：张三，电话13800138000。", "联系人：张三，电话[number]。"),
        ("密钥sk_live_51HxYzAbCdEfGhIjKl已泄露", "密钥[key]已泄露"),
        ("邮箱ann@x.example与Li Xiaoming联系", "邮箱[mail]与[name]联系"),
        ("见x.example/p?key=1。", "见[link]。"),
        ("Call +51 1 234 5678 or (021) 555-0123-44", "Call [number] or [number]"),
        ("Tel 0051 987654321", "Tel [number]"),
        ("Пишите: +7 (495) 123-45-67", "Пишите: [number]"),
        ("See https://x.example/a?token=abc，完", "See [link]，完"),
        ("www.x.example/a and x.example/p?key=1", "[link] and [link]"),
        ("ftp://u:p@h.example/f", "[link]"),
        ("key sk_live_51HxYzAbCdEfGhIjKl end", "key [key] end"),
        ("passport 123456789 of", "passport [number] of"),
        ("Li Xiaoming and 欧阳小明 left", "[name] and [name] left"),
    ],
)
def test_what_reaches_people_stays(text: str, sent: str) -> None:
    assert redacted(text, ["Li Xiaoming", "欧阳小明", "wang"]) == sent


@pytest.mark.parametrize(
    "text",
    [
        "Mueren 1.200.000 personas en 2026",
        "12 000 000 people",
        "1,250,000,000 dollars",
        "On 2026-11-21, 12 dead",
        "21.11.2026: 3 muertos",
        "1939-1945",
        "Magnitude 7.2 quake",
        "Wang Yi visits Lima",
        "Coronavirus disease of the year",
        "Counter-revolutionary non-governmental",
    ],
)
def test_news_stays_news(text: str) -> None:
    assert redacted(text, ["wang", "王"]) == text


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_can_be_sent_twice(text: str, names: list[str]) -> None:
    once = redacted(text, names)
    assert "@" not in once or redacted(once) == redacted(redacted(once))
