"""HTML to text, folding, languages by script."""

import html
import unicodedata

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import BLOCK, MARKUP, UNSEEN, UNWANTED, cut, fold, headline, label, language, plain, tongue

MARKUP_BITS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "&amp;",
            "&lt;",
            "&#x202e;",
            "<",
            ">",
            "&",
            "a ",
            "é",
            "中",
        ]
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One Two & three"),
        ("a<script>alert('x')</script>b<style>p{}</style>c", "abc"),
        ("1 &lt; 2", "1 < 2"),
        ("line<br>break<li>item", "line break item"),
        ("&lt;p&gt;escaped &lt;b&gt;twice&lt;/b&gt;&lt;/p&gt;", "escaped twice"),
        ("nbsp\u00a0and\u3000wide", "nbsp and wide"),
        ("<iframe src='x'>inside</iframe>out", "out"),
        ("", ""),
        ("no markup at all", "no markup at all"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_plain_title_keeps_its_signs_but_not_its_tags() -> None:
    assert label("3 < 5 > 2") == "3 < 5 > 2"
    assert label("AT&amp;T &amp;#8217;s") == "AT&T &#8217;s"
    assert label("<b>Bold</b> &#8217;s") == "Bold ’s"


def test_controls_and_direction_overrides_go() -> None:
    assert fold("a\u202eb\x00c\u200b\ufeffd\u2066e") == "abcde"
    assert fold("می\u200cخواهم") == "می\u200cخواهم"  # a joiner is spelling


def test_text_is_composed() -> None:
    assert fold("Cafe\u0301") == "Café"


@given(MARKUP_BITS | st.text(max_size=200))
def test_text_is_clean_whatever_the_markup(markup: str) -> None:
    text = plain(markup)

    assert not UNWANTED.search(text)
    assert text == fold(text)
    assert "<script" not in text or "&" in markup


@given(st.text(max_size=300))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)

    assert fold(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp")), max_size=80)
)
def test_escaping_is_undone(text: str) -> None:
    assert plain(html.escape(text)) == fold(text) or "<" in text or "&" in text


@given(st.text(max_size=200), st.integers(1, 50))
def test_cut_keeps_the_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


def test_deep_markup_is_read_all_the_same() -> None:
    assert plain("<div>" * 100_000 + "x") == ""  # beyond the length that is read
    assert plain("<div>" * 5_000 + "x") == "x"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("First one. Second one.", "First one."),
        ("第一句。第二句。", "第一句。"),
        ("word " * 60, "word " * 22 + "word…"),
        ("", ""),
    ],
)
def test_a_made_up_title_is_the_first_sentence(text: str, title: str) -> None:
    assert headline(text.strip()).startswith(title[:60])
    assert len(headline(text)) <= 120


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("外交部发言人表示", "en", "zh"),
        ("外務省は声明を発表した", "en", "ja"),
        ("東京都知事選挙", "ja", "ja"),
        ("정부가 비상사태를 선포했다", None, "ko"),
        ("أعلنت الحكومة حالة الطوارئ", None, "ar"),
        ("دولت وضعیت پیچیده‌ای گزارش کرد چگونه", None, "fa"),
        ("حکومت نے ہنگامی حالت کا اعلان کیا ہے", None, "ur"),
        ("Правительство объявило", "uk", "uk"),
        ("Правительство объявило", "en", "ru"),
        ("Уряд оголосив надзвичайний стан у всій країні", None, "uk"),
        ("รัฐบาลประกาศภาวะฉุกเฉิน", None, "th"),
        ("सरकार ने आपातकाल घोषित किया", None, "hi"),
        ("Government declares emergency", "en-GB", "en"),
        ("Government declares emergency", None, None),
        ("Government declares emergency", "zh-CN", None),
        ("苹果 Apple 发布 iPhone", "en", "zh"),
        ("12:30", "fr", "fr"),
        ("", None, None),
    ],
)
def test_language_by_script_then_by_declaration(text: str, declared: str | None, expected: str | None) -> None:
    assert language(text, declared) == expected


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en-US", "en"),
        ("zh_Hans_CN", "zh"),
        ("FRA", "fr"),
        ("und", None),
        ("a language", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags_are_cut_to_the_language(declared: str | None, code: str | None) -> None:
    assert tongue(declared) == code


TAGS = (
    "<p>",
    "</p>",
    "<br/>",
    "<b>",
    "</b>",
    '<a href="https://x.example/?a=1&amp;b=2">',
    "</a>",
    "<li>",
    "<h2 class='t'>",
)
PIECES = st.lists(st.sampled_from((*TAGS, "Port ", "&amp;", "&nbsp;", "closed", "<script>x</script>", "<", ">", "船")))


@given(PIECES.map("".join))
def test_what_needs_no_html_parser_reads_as_with_it(markup: str) -> None:
    assert plain(markup) == plain_again(untagged(markup))


def plain_again(escaped: str) -> str:
    text = html.unescape(escaped)
    return fold(html.unescape(untagged(text)) if MARKUP.search(text) else text, 4_000)


def untagged(text: str) -> str:
    return nh3.clean(BLOCK.sub(" <", text), tags=set(), clean_content_tags=UNSEEN) if "<" in text else text
