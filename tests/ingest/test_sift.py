"""New, changed, repeated: which items of a document become entries."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.entry import Item, digest
from ingest.sift import MOST_KNOWN, sift


def item(key: str, title: str, text: str = "", mark: str = "") -> Item:
    return Item(key=key, raw_hash=digest(title, text, mark), title=title, text=text)


def keys(items: tuple[Item, ...]) -> list[str]:
    return [one.key for one in items]


some_items = st.lists(
    st.builds(
        item, st.sampled_from("abc"), st.sampled_from(["one", "two"]), st.sampled_from(["", "x"]), st.sampled_from("12")
    )
)


@given(some_items)
def test_what_was_sifted_once_is_not_new_again(items: list[Item]) -> None:
    first = sift(items, {})
    again = sift(items, first.known)
    assert again.fresh == ()
    assert again.known == first.known


@given(some_items)
def test_nothing_is_lost_and_no_key_stands_twice(items: list[Item]) -> None:
    fresh = sift(items, {}).fresh
    assert len(set(keys(fresh))) == len(fresh)
    assert {(one.title, one.text) for one in fresh} == {(one.title, one.text) for one in items}


@given(some_items)
def test_order_does_not_make_news(items: list[Item]) -> None:
    assert sift(items[::-1], sift(items, {}).known).fresh == ()


def test_a_changed_item_is_a_revision_under_its_key() -> None:
    known = sift([item("a", "3 dead"), item("b", "calm")], {}).known
    assert sift([item("a", "5 dead"), item("b", "calm")], known).fresh == (item("a", "5 dead"),)


def test_copies_of_one_item_are_one() -> None:
    twice = [item("a", "same", mark="1"), item("a", "same", mark="2")]
    assert sift(twice, {}).fresh == (twice[0],)
    known = {"a": twice[1].raw_hash}
    assert sift(twice, known).fresh == ()


def test_different_items_under_one_lazy_key_are_told_apart_for_good() -> None:
    one, two, three = item("home", "one"), item("home", "two"), item("home", "three")
    alone = sift([one], {})
    assert keys(alone.fresh) == ["home"]
    both = sift([two, one], alone.known)
    assert len(both.fresh) == 1
    assert both.fresh[0].key.startswith("home#")
    assert both.fresh[0] == replace(two, key=both.fresh[0].key)
    assert "told apart" in both.problems[0]
    later = sift([three, two], both.known)
    assert [fresh.title for fresh in later.fresh] == ["three"]
    assert sift([two], later.known).fresh == ()


def test_what_is_remembered_is_bounded_and_said_to_be() -> None:
    items = [item(str(number), str(number)) for number in range(MOST_KNOWN + 3)]
    sifted = sift(items, {})
    assert len(sifted.fresh) == MOST_KNOWN + 3
    assert len(sifted.known) == MOST_KNOWN
    assert "5,003" in sifted.problems[0]
    assert keys(sift(items, sifted.known).fresh) == ["5000", "5001", "5002"]


def test_a_reused_key_with_other_links_stands_for_other_items() -> None:
    items = [
        Item(key="same", raw_hash=digest(link), title="t", text="x", link=link) for link in ("https://a", "https://b")
    ]
    assert len({item.key for item in sift(items, {}).fresh}) == 2
