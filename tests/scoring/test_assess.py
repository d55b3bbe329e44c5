"""The door of scoring: one assessment for each entry, in order, with declared data respected and reasons verbatim."""

from datetime import UTC, datetime

import pytest

from ingest.entry import Entry, Item, Sharing, Status
from scoring.assess import assess
from scoring.assessment import Assessment, ReasonKind
from scoring.category import SUBTYPES, Category
from scoring.declared import claims
from scoring.model import Model, load

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TITLES = [
    "Soldiers seize power in Niger and close the borders",
    "尼日尔军人宣布夺取政权 关闭边境",
    "Central bank of Egypt limits dollar withdrawals",
    "Veteran striker scores twice as hosts reach cup final",
    "",
    "🙂" * 50,
    "x" * 500,
]


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


def entry(title: str, text: str = "", **more: object) -> Entry:
    extra = {"extra": more.pop("extra")} if "extra" in more else {}
    item = Item(key=title, raw_hash="", title=title, text=text, **extra, **more)  # type: ignore[arg-type]
    return Entry("source", "B", Sharing.CLEAR, NOW, item)


def one(model: Model, title: str, text: str = "", **more: object) -> Assessment:
    return assess([entry(title, text, **more)], model, NOW)[0]


def test_nothing_in_nothing_out(model: Model) -> None:
    assert assess([], model, NOW) == ()


def test_one_for_each_in_order_whatever_the_batch(model: Model) -> None:
    many = [entry(TITLES[i % len(TITLES)]) for i in range(70)]
    together = assess(many, model, NOW)
    assert len(together) == len(many)
    for i, title in enumerate(TITLES):
        alone = one(model, title)
        for at in (i, i + 63):
            assert together[at].labels == alone.labels
            assert together[at].countries == alone.countries
            assert together[at].probabilities == pytest.approx(alone.probabilities, abs=1e-3)


def test_every_assessment_keeps_its_promises(model: Model) -> None:
    for entry_, found in zip(map(entry, TITLES), assess(list(map(entry, TITLES)), model, NOW), strict=True):
        assert set(found.probabilities) == set(Category)
        assert not set(found.labels) & set(found.uncertain)
        assert {SUBTYPES[key] for key in found.subtypes} <= {*found.labels, *found.uncertain}
        assert all(0 <= score <= 1 for score in (found.severity, found.urgency, found.certainty))
        assert len(found.vector) == 512 * 2
        assert all(reason.words in entry_.item.title for reason in found.reasons)
        told = {reason.value for reason in found.reasons if reason.code.startswith("category.")}
        assert told == {category.value for category in (*found.labels, *found.uncertain)}


def test_a_coup_is_read_in_two_languages(model: Model) -> None:
    for title in TITLES[:2]:
        found = one(model, title)
        assert Category.POLITICAL in found.labels
        assert "coup" in found.subtypes
        assert found.countries == ("NE",)
        assert any(reason.kind is ReasonKind.COUNTRY and reason.words for reason in found.reasons)


def test_sport_is_nothing(model: Model) -> None:
    found = one(model, TITLES[3])
    assert found.labels == found.subtypes == ()
    assert found.severity == 0


def test_a_declared_country_counts_without_being_named(model: Model) -> None:
    found = one(model, "Magnitude 6.1 earthquake", countries=("CL",))
    assert found.countries == ("CL",)
    assert ("country.declared", "CL", "") in [(r.code, r.value, r.words) for r in found.reasons]


@pytest.mark.parametrize(
    ("extra", "category", "held"),
    [
        ({"cap_severity": "Extreme", "cap_category": "Met"}, Category.SECURITY, True),
        ({"cap_severity": "Minor"}, Category.SECURITY, False),
        ({"magnitude": "6.4"}, Category.SECURITY, True),
        ({"magnitude": "2.1"}, Category.SECURITY, False),
        ({"advisory_level": "4"}, Category.POLITICAL, True),
        ({"advisory_level": "1"}, Category.POLITICAL, False),
    ],
)
def test_what_a_document_declares_lies_under_the_model(
    model: Model, extra: dict[str, str], category: Category, held: bool
) -> None:
    found = one(model, "Bulletin 17", extra=extra)
    assert (category in found.labels) is held
    (claim,) = claims(entry("Bulletin 17", extra=extra).item)
    assert found.probabilities[category] >= claim.floor


def test_a_declared_kind_gives_the_subtype(model: Model) -> None:
    assert "epidemic" in one(model, "Bulletin", extra={"cap_severity": "Severe", "cap_category": "Health"}).subtypes


@pytest.mark.parametrize("extra", [{}, {"magnitude": "strong"}, {"advisory_level": "x"}, {"cap_severity": "Unknown"}])
def test_unreadable_declarations_count_as_absent(extra: dict[str, str]) -> None:
    assert claims(entry("Bulletin", extra=extra).item) == ()


@pytest.mark.parametrize("status", [Status.TEST, Status.EXERCISE])
def test_exercises_are_assessed_too(model: Model, status: Status) -> None:
    found = one(model, "Tsunami warning for the coast of Chile after strong earthquake", status=status)
    assert Category.SECURITY in {*found.labels, *found.uncertain}
