"""Links: absolute, without tracking, the same for the same page; countries by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.country import LONGEST_EAST, LONGEST_NAME, build_names, code, codes, titled
from ingest.parsers.level import written
from ingest.parsers.link import canonical

BASE = "https://example.org/feeds/all.xml"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/news/1", "https://example.org/news/1"),
        ("news/2", "https://example.org/feeds/news/2"),
        ("../3", "https://example.org/3"),
        ("//cdn.example.org/4", "https://cdn.example.org/4"),
        ("?id=5", "https://example.org/feeds/all.xml?id=5"),
        ("HTTPS://EXAMPLE.ORG:443/Ten", "https://example.org/Ten"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a?utm_source=x&id=3&fbclid=y&from=rss#xtor=RSS-1", "https://example.org/a?id=3"),
        ("https://example.org/live#post-7", "https://example.org/live#post-7"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" https://example.org/a\n  b ", "https://example.org/ab"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@example.org", None),
        ("http://[::1", None),
        ("http://127.0.0.1/x", None),
        ("http://169.254.169.254/latest", None),
        ("http://localhost/x", None),
        ("http://a.b:99999/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_has_one_form(link: str | None, expected: str | None) -> None:
    assert canonical(link, BASE) == expected


def test_a_local_feed_may_point_at_its_own_host() -> None:
    assert canonical("/x", "http://127.0.0.1:8080/feed") == "http://127.0.0.1:8080/x"
    assert canonical("http://127.0.0.1:9000/x", "http://127.0.0.1:8080/feed") == "http://127.0.0.1:9000/x"
    assert canonical("http://10.0.0.1/x", "http://127.0.0.1:8080/feed") is None


def test_without_a_base_a_relative_link_is_none() -> None:
    assert canonical("/x") is None
    assert canonical("/x", None, "nonsense") is None


@given(st.text(max_size=80), st.sampled_from([None, BASE, "http://127.0.0.1/"]))
def test_any_link_is_absolute_stable_or_none(link: str, base: str | None) -> None:
    once = canonical(link, base)

    assert once is None or once.startswith(("http://", "https://"))
    assert once is None or canonical(once, base) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Afghanistan", ("AF",)),
        ("AFG", ("AF",)),
        ("UK", ("GB",)),
        ("カナダ", ("CA",)),
        ("Côte d'Ivoire", ("CI",)),
        ("Turkey", ("TR",)),
        ("Congo, Democratic Republic of the", ("CD",)),
        ("Korea, Republic of", ("KR",)),
        ("Belarus / Bélarus", ("BY",)),
        ("Angola, Botswana, Nowhere, Angola", ("AO", "BW")),
        ("EU", ()),
        ("Paris", ()),
        ("", ()),
    ],
)
def test_countries_are_known_by_code_and_name(text: str, expected: tuple[str, ...]) -> None:
    assert codes(text) == expected


@given(st.text(max_size=100))
def test_any_text_is_a_country_or_none(text: str) -> None:
    assert code(text) is None or len(code(text) or "") == 2


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Level 4: Do Not Travel", 4),
        ("Reconsider your need to travel", 3),
        ("Exercise a high degree of caution", 2),
        ("Take normal security precautions", 1),
        ("FCDO advises against all but essential travel", 3),
        ("FCDO advises against all travel", 4),
        ("危険情報【レベル3】", 3),
        ("Latest update: new visa rules", None),
        ("Level 42", None),
    ],
)
def test_levels_are_read_from_words(text: str, level: int | None) -> None:
    assert written(text) == level


def test_a_title_is_a_country_exactly_where_its_words_are() -> None:
    names = (*list(build_names())[::7], "Türkiye", "The Gambia", "’Mali", "Burma (Myanmar)", "AF", "MLI", "Réunion")
    for name in names:
        for title in (
            name,
            name.title(),
            f"The {name}",
            f" {name} ",
            f"{name}!",
            f"{name} floods",
            f"¡{name}",
            f"&{name}",
        ):
            is_short = len(title) <= (LONGEST_NAME if title.isascii() or " " in title else LONGEST_EAST)
            assert titled(title) == (code(title) if is_short else None), title
