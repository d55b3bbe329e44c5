"""Pages without a feed: read by a declared rule, refused when the layout changed, a rule proposed from the page."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.page import PageRule, RuleError, guess_rule, parse_page, rule_of
from ingest.parse import ParseError
from tests.ingest.golden import NOW, shown
from tests.ingest.golden_page import BASE, RULES, expectation, page_of, read

PAGES = [page_of(rule) for rule in RULES if page_of(rule).suffix == ".html"]
LIST = rule_of({"item": "ul.news > li", "title": "a", "link": "a@href", "date": "span"})


def page(inner: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{inner}</body></html>".encode()


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(rule: Path) -> None:
    assert shown(read(rule)) == json.loads(expectation(rule).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<div class='news'><p>New layout</p></div>",
        "<ul class='news'></ul>",
        "<ul><li><a href='/1'>One</a></li></ul>",
    ],
)
def test_a_page_whose_layout_changed_is_never_silently_empty(inner: str) -> None:
    with pytest.raises(ParseError, match=r"finds no items \(ul.news > li\): its layout has changed"):
        parse_page(page(inner), rule=LIST, base=BASE, now=NOW)


def test_items_without_any_title_mean_that_the_layout_changed() -> None:
    inner = "<ul class='news'><li><b>One</b></li><li><b>Two</b></li></ul>"

    with pytest.raises(ParseError, match=r"2 items but a title in none \(a\)"):
        parse_page(page(inner), rule=LIST, base=BASE, now=NOW)


def test_items_that_lack_something_are_counted() -> None:
    inner = (
        "<ul class='news'><li><a href='/1'>First notice</a><span>2026-08-01</span></li>"
        "<li><a>Second notice</a><span>soon</span></li><li><span>2026-08-03</span></li></ul>"
    )

    parsed = parse_page(page(inner), rule=LIST, base=BASE, now=NOW)

    assert [item.title for item in parsed.items] == ["First notice", "Second notice"]
    assert [problem.split(", ", 1)[1].split(";")[0] for problem in parsed.problems] == [
        "1 of them without a title",
        "2 of them without a link",
        "1 of them without a readable date",
    ]


def test_the_pages_own_charset_counts_when_the_header_names_none() -> None:
    text = "<ul class='news'><li><a href='/1'>关于加强安全防范的通知</a><span>2026年8月1日</span></li></ul>"
    body = f"<html><head><meta charset='gb2312'></head><body>{text}</body></html>".encode("gbk")

    (item,) = parse_page(body, rule=LIST, content_type="text/html", base=BASE, zone="Asia/Shanghai", now=NOW).items

    assert item.title == "关于加强安全防范的通知"
    assert item.published == datetime(2026, 7, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "form", "moment"),
    [
        ("发布时间：2026-08-01 10:30 来源：领事司", "", "2026-08-01T02:30:00+00:00"),
        ("[2026/8/1]", "", "2026-07-31T16:00:00+00:00"),
        ("Notice of 1 August 2026, updated", "", "2026-07-31T16:00:00+00:00"),
        ("Aug 1, 2026", "", "2026-07-31T16:00:00+00:00"),
        ("01.08.2026", "", "2026-07-31T16:00:00+00:00"),
        ("2026-08-01T10:30:00+02:00", "", "2026-08-01T08:30:00+00:00"),
        ("08-01", "%m-%d", "2026-07-31T16:00:00+00:00"),
        ("12-31", "%m-%d", "2025-12-30T16:00:00+00:00"),  # the last such day, not one to come
        ("15 2026-08", "%d %Y-%m", "2026-08-14T16:00:00+00:00"),
        ("01/08/26", "%d/%m/%y", "2026-07-31T16:00:00+00:00"),
        ("tomorrow", "%d/%m/%y", None),
    ],
)
def test_dates_of_lists_are_read(written: str, form: str, moment: str | None) -> None:
    rule = rule_of({**LIST.as_mapping(), "date_format": form, "zone": "Asia/Shanghai"})
    inner = f"<ul class='news'><li><a href='/1'>A notice</a><span>{written}</span></li></ul>"

    (item,) = parse_page(page(inner), rule=rule, base=BASE, now=NOW).items

    assert (item.published and item.published.isoformat()) == moment


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"title": "a"}, "item: is missing"),
        ({"item": "li", "title": " "}, "title: is missing"),
        ({"item": "li >>", "title": "a"}, "item: is no CSS selector"),
        ({"item": "li", "title": "a", "link": "a@on click"}, "link: is no CSS selector"),
        ({"item": "li", "title": "a", "date": "span::first(x)"}, "date: is no CSS selector"),
        ({"item": "li", "title": "a", "form": "xml"}, "form: must be html or json"),
        ({"item": "rows[*", "title": "a", "form": "json"}, "item: is no JMESPath"),
        ({"item": "li", "title": "a", "date_format": "day"}, "date_format: is no date format"),
        ({"item": "li", "title": "a", "zone": "Peking"}, "zone: Peking is no time zone"),
        ({"item": "li", "title": "a", "zone": "../etc/passwd"}, "zone: ../etc/passwd is no time zone"),
        ({"item": "li", "title": "a", "titel": "a"}, "titel: no field of a page's rule"),
        ({"item": "li", "title": ["a"]}, "title: must be a text"),
        ({"item": "li", "title": "a" * 301}, "title: must be a text of at most 300"),
    ],
)
def test_a_rule_that_cannot_work_names_the_field(declared: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError) as raised:
        rule_of(declared)

    assert str(raised.value).startswith(said)


def test_a_rule_may_be_written_down_and_read_again() -> None:
    rule = rule_of({"item": "li", "title": "a@title || a", "link": "a[href*='@']@href", "zone": "Asia/Shanghai"})

    assert rule_of(rule.as_mapping()) == rule


def test_the_rules_of_the_two_forms_do_not_read_each_others_pages() -> None:
    rule = rule_of({"form": "json", "item": "data[*]", "title": "name"})

    with pytest.raises(ParseError, match="no JSON that can be read"):
        parse_page(page("<ul></ul>"), rule=rule, now=NOW)
    with pytest.raises(ParseError, match="finds no items"):
        parse_page(b'{"data": []}', rule=rule, now=NOW)
    with pytest.raises(ParseError, match="finds no items"):
        parse_page(b'{"data": [{"name": "x"}]}', rule=LIST, now=NOW)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_rule_that_is_proposed_finds_what_the_declared_one_finds(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    rule = guess_rule(html)

    assert rule is not None
    guessed = parse_page(html.encode(), rule=rule, base=BASE, now=NOW)
    declared = read(path.with_name(path.name.replace(".html", ".rule.yaml")))
    assert [item.link for item in guessed.items] == [item.link for item in declared.items]


def test_a_list_with_numbered_rows_and_a_menu_is_proposed_without_the_menu() -> None:
    menu = "".join(f"<li class='m'><a href='/m{i}'>栏目{i}</a></li>" for i in range(12))
    rows = "".join(
        f"<div class='item post-48{i}'><a href='/n/{i}'>关于出口管制事项的第{i}号公告</a>"
        f"<em>2026-08-{i + 1:02}</em></div>"
        for i in range(6)
    )
    html = f"<html><body><ul class='menu'>{menu}</ul><div class='box'>{rows}</div></body></html>"

    rule = guess_rule(html)

    assert rule == PageRule(item="div.box > div.item", title="a", link="a@href", date="em")


BARE = [f"<li><a href='/n/{i}'>关于2026年1月{i}日起施行有关规定的公告</a>（2026-08-0{i}）</li>" for i in range(1, 5)]
NESTED = [
    f"<a class='card' href='/n/{i}'><i>{i}</i><h4>Road closures in district {i}</h4><time>0{i}.08.2026</time></a>"
    for i in range(1, 5)
]
DEFINED = [
    f"<dt><a href='/n/{i}'>Announcement number {i} of the port authority</a></dt><dd>August {i}, 2026</dd>"
    for i in range(1, 5)
]


@pytest.mark.parametrize(
    ("html", "titles", "days"),
    [
        (f"<ul class='l'>{''.join(BARE)}</ul>", "关于2026年1月{i}日起施行有关规定的公告", [1, 2, 3, 4]),
        (f"<div class='cards'>{''.join(NESTED)}</div>", "Road closures in district {i}", [1, 2, 3, 4]),
        (f"<dl class='d'>{''.join(DEFINED)}</dl>", "Announcement number {i} of the port authority", []),
    ],
)
def test_lists_of_many_builds_are_proposed_with_their_titles_and_dates(html: str, titles: str, days: list[int]) -> None:
    rule = guess_rule(page(html).decode())

    assert rule is not None
    items = parse_page(page(html), rule=rule, base=BASE, now=NOW).items
    assert [item.title for item in items] == [titles.format(i=i) for i in range(1, 5)]
    assert [item.published.day for item in items if item.published] == days
    assert {item.published.month for item in items if item.published} <= {8}


@pytest.mark.parametrize(
    "html",
    [
        "",
        "no tags at all",
        "<p>One <a href='/x'>link</a></p>",
        "<ul>" + "<li><a href='/same'>The same link</a></li>" * 9 + "</ul>",
    ],
)
def test_no_rule_is_proposed_where_nothing_is_a_list(html: str) -> None:
    assert guess_rule(html) is None


HOSTILE = [
    "<div>" * 20_000,
    "<ul class=news>" + "<li><a href=/x>" * 5_000,
    "<ul class=news><li>" + "<a title='" * 3_000,
    "<table>" + "<tr><td><a href=x>" * 3_000,
    "\x00<ul class='news'><li>\ufffe<a href='javascript:alert(1)'>A title here</a></li></ul>",
    "<ul class='news'>" + "".join(f"<li><a href='/{i}'>{'x' * 5_000}</a></li>" for i in range(1_500)),
]


@pytest.mark.parametrize("html", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.timeout(20)
def test_hostile_pages_come_back(html: str) -> None:
    guess_rule(html)
    try:
        parsed = parse_page(html.encode("utf-8", "replace"), rule=LIST, base=BASE, now=NOW)
    except ParseError:
        return
    assert len(parsed.items) <= 1_000
    assert all(item.link is None or item.link.startswith("https://") for item in parsed.items)
    assert all(len(item.title) <= 500 for item in parsed.items)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/ulia hrefclass='news\"=#&;日2026-01", max_size=300))
def test_whatever_the_page_reading_and_guessing_end(html: str) -> None:
    guess_rule(html)
    try:
        parse_page(html.encode(), rule=LIST, base=BASE, now=NOW)
    except ParseError as error:
        assert str(error).endswith((".", "browser."))  # noqa: PT017 -- the sentence of the refusal
