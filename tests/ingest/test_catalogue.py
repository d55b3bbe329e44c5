"""The shipped catalogue, all of it: sound, honest, and spread over the world."""

from dataclasses import replace

import pytest

from ingest.catalogue.balance import LOCAL_KINDS, own_languages, weigh
from ingest.catalogue.packs import countries, pack_called, packs, region_of
from ingest.catalogue.read import CatalogueError, Listed, catalogue, choose, find_listed, listed_at, read_catalogue
from ingest.feed import Feed
from ingest.http import URL

FILE = """groups:
  - packs: [{packs}]
    kind: news
    format: rss
    interval: 900
    terms: free
    checked: false
    sources:
      - {{key: a, name: A, address: "https://a.example/rss", country: NO, language: no, reliability: B}}
"""
ALL = ", ".join(packs())


def test_it_is_large_and_every_entry_is_sound() -> None:
    found = catalogue()
    assert len(found) >= 300
    assert len({one.feed.key for one in found}) == len({one.feed.address for one in found}) == len(found)
    for one in found:
        feed = one.feed
        assert URL(feed.address).scheme in ("http", "https"), feed.key
        assert feed.name, feed.key
        assert feed.language, feed.key
        assert feed.terms, feed.key
        assert feed.reliability in "ABCDE", feed.key
        assert 300 <= feed.interval <= 86_400, feed.key
        assert feed.region in packs() or feed.region == "world", feed.key
        assert one.packs, feed.key
        assert feed.zone or not feed.country, feed.key
        assert feed.rule is None or one.format == "page", feed.key
        if feed.country in countries():
            assert feed.region == region_of(feed.country), feed.key


def test_nothing_claims_to_have_been_tried() -> None:
    assert [one.feed.key for one in catalogue() if one.checked] == []


def test_every_pack_holds_what_its_name_says() -> None:
    for key, pack in packs().items():
        held = choose(catalogue(), pack=key)
        assert held, key
        if pack.is_region:
            strange = [one.feed.key for one in held if one.feed.country and one.feed.country not in pack.countries]
            assert strange == [], key
        if pack.kind and key not in ("wire", "local-press"):
            assert {one.feed.kind for one in held} == {pack.kind}, key
    assert all(one.feed.country for one in choose(catalogue(), pack="local-press"))


def test_regions_hold_every_country_once() -> None:
    held = [country for pack in packs().values() for country in pack.countries]
    assert len(held) == len(set(held)) == len(countries())
    assert 193 <= len(held) <= 200
    assert (region_of("ng"), region_of("GL")) == ("africa-west", None)


def test_it_hears_most_of_the_world_in_its_own_languages() -> None:
    found = weigh(one.feed for one in catalogue())
    assert found.sources == len(catalogue())
    assert len(found.silent) <= 15
    assert len(found.foreign) <= 20
    assert len(found.languages) >= 60
    english = dict(found.languages)["en"]
    assert english < 0.55 * found.sources


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("West Africa", "africa-west"),
        ("africa_west", None),
        ("SANCTIONS", "sanctions"),
        ("西非", "africa-west"),
        ("", None),
    ],
)
def test_packs_by_their_names(words: str, key: str | None) -> None:
    found = pack_called(words)
    assert (found.key if found else None) == key


def test_choosing_and_finding() -> None:
    assert {one.feed.country for one in choose(catalogue(), country="ng")} == {"NG"}
    assert all("zh" in (one.feed.language or "") for one in choose(catalogue(), language="zh"))
    assert "zh-Hant" in {one.feed.language for one in choose(catalogue(), language="zh")}
    one = catalogue()[0]
    assert find_listed(one.feed.key) is one
    assert find_listed("none") is None
    assert listed_at(one.feed.address)[0] is one
    bare = one.feed.address.replace("://www.", "://")
    assert one in listed_at(bare.partition("/feed")[0])
    assert listed_at("not an address") == ()


def test_a_sound_file_is_read() -> None:
    (one,) = read_catalogue([("f.yaml", FILE.format(packs=ALL))])
    assert (one.feed.country, one.feed.language, one.feed.region, one.checked) == ("NO", "no", "europe", False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FILE.format(packs="europe"), "These packs hold no source: africa-central, "),
        (FILE.format(packs="atlantis"), "atlantis"),
        (FILE.format(packs=ALL).replace("format: rss", "format: telex"), "format"),
        (FILE.format(packs=ALL).replace("checked: false", "checked: maybe"), "checked"),
        (FILE.format(packs=ALL).replace("country: NO", "country: UK"), "f.yaml, a: country 'UK'"),
        (FILE.format(packs=ALL).replace("terms: free", "terms: ''"), "terms"),
        (FILE.format(packs=ALL).replace("kind: news", "colour: red"), "colour"),
        (FILE.format(packs=ALL) + FILE.format(packs=ALL).partition("sources:\n")[2], "given twice"),
        ("groups: 5", "not written as a catalogue file"),
        ("[", "not written as a catalogue file"),
    ],
)
def test_a_fault_names_its_file(text: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        read_catalogue([("f.yaml", text)])


def some(country: str | None, language: str, kind: str = "news", region: str | None = None) -> Feed:
    return Feed("k", "K", "https://k.example/", country=country, language=language, kind=kind, region=region)


def test_the_balance_tells_silent_single_and_foreign_countries_apart() -> None:
    found = weigh([
        some("SN", "fr"), some("SN", "fr", "economy"), some("TD", "en"), some("ML", "fr", "advisory"),
        some(None, "fr", region="maghreb"), some("NO", "no"), some("HK", "zh-Hant"), some("TW", "zh-Hant"),
    ])  # fmt: skip
    assert {"ML", "NG"} <= set(found.silent)
    assert "SN" not in found.silent + found.single
    assert {"TD", "NO"} <= set(found.single)
    assert found.foreign == ("TD",)
    assert found.languages[0] == ("fr", 4)
    assert dict(found.languages)["zh"] == 2
    regions = {one.region: one for one in found.regions}
    assert regions["africa-west"].missing == ("hazard", "sanctions", "health")
    assert (regions["maghreb"].sources, regions["oceania"].sources) == (1, 0)


def test_one_more_source_never_makes_it_worse() -> None:
    feeds = [one.feed for one in catalogue()[:50]]
    before = weigh(feeds)
    for country in ("TV", "NR", "SN"):
        after = weigh([*feeds, replace(feeds[0], country=country, kind="news")])
        assert set(after.silent) <= set(before.silent)


def test_own_languages() -> None:
    assert {"en", "sw"} <= own_languages("KE")
    assert "nb" in own_languages("NO")
    assert "news" in LOCAL_KINDS


def test_names_in_both_languages() -> None:
    one = next(one for one in catalogue() if one.name_zh)
    assert one.called("zh") == one.name_zh
    assert one.called("en") == one.feed.name
    assert isinstance(one, Listed)
