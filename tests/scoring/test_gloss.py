"""Glosses: what is known for certain of titles in many languages, and nothing besides."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.category import SUBTYPES, Category
from scoring.gloss import Gloss, PartKind, foreign, gloss
from scoring.gloss_number import Bound, Money, bound_of, money
from scoring.impact_toll import toll
from scoring.impact_words import read


def parts(known: Gloss | None) -> list[str]:
    """A gloss as short words: `dead=3`, `dead>=3`, `PE/Lima`."""
    assert known is not None
    signs = {Bound.EXACT: "=", Bound.LEAST: ">=", Bound.ABOUT: "~", Bound.MOST: "<="}
    return [part.code + ("" if part.value is None else f"{signs[part.bound]}{part.value:g}") for part in known.parts]


def made(title: str, language: str | None, countries: str, labels: str, subtypes: str = "") -> list[str]:
    return parts(gloss(title, language, labels=labels.split(), subtypes=subtypes.split(), countries=countries.split()))


CASES: list[tuple[tuple[Any, ...], str]] = [
    (
        ("Mueren 3 personas en protestas en Perú", "es", "PE", "security political", "unrest"),
        "es PE unrest political dead=3",
    ),
    (
        ("Al menos tres muertos y 20 heridos en Lima tras declarar toque de queda", "es", "PE", "security", "unrest"),
        "es PE PE/Lima unrest dead>=3 injured=20 severity.curfew",
    ),
    (
        ("Nigeria : une douzaine de personnes enlevées à Kaduna", "fr-FR", "NG", "security", "kidnapping"),
        "fr NG NG/Kaduna kidnapping taken~12",
    ),
    (("Не менее 5 человек погибли в Киеве", "ru", "UA", "security", "accident"), "ru UA UA/Kyiv accident dead>=5"),
    (("مقتل 12 شخصا في هجوم في مالي", "ar", "ML", "security", "terrorism"), "ar ML terrorism dead=12"),
    (
        ("秘鲁利马抗议致3人死亡，宣布宵禁", "zh", "PE", "security", "unrest"),
        "zh PE PE/Lima unrest dead=3 severity.curfew",
    ),
    (
        ("土耳其发生6.1级地震，数十人受伤", "zh", "TR", "security", "natural_hazard"),
        "zh TR natural_hazard injured>=20 magnitude=6.1",
    ),
    (
        ("Gempa magnitudo 6,5 guncang Sulawesi", "id", "ID", "security", "natural_hazard"),
        "id ID natural_hazard magnitude=6.5",
    ),
    (
        ("Banjir di Jakarta", "id", "ID", "security", "natural_hazard"),
        "id ID ID/Jakarta natural_hazard gloss.storm_flood",
    ),
    (
        ("Gobierno niega toque de queda en Caracas", "es", "VE", "political"),
        "es VE VE/Caracas political severity.curfew certainty.denied",
    ),
    (
        ("Levantan el toque de queda en Quito", "es", "EC", "security"),
        "es EC EC/Quito security severity.curfew gloss.relief",
    ),
    (("Asesinado el alcalde de Manta", "es", "EC", "security", "violent_crime"), "es EC EC/Manta violent_crime dead"),
    (("EU fines giant €1.2bn over data", "en", "IE", "legal", "enforcement"), "en IE enforcement EUR=1.2e+09"),
    (("中国企业获赔约20亿美元", "zh", "VE", "legal", "litigation"), "zh VE litigation USD~2e+09"),
]


@pytest.mark.parametrize(("given_", "wanted"), CASES, ids=[case[0][0][:24] for case in CASES])
def test_what_is_known(given_: tuple[Any, ...], wanted: str) -> None:
    assert made(*given_) == wanted.split()


def test_nothing_beyond_the_category_is_no_gloss() -> None:
    assert gloss("Reunión de ministros", "es", labels=["political"]) is None
    assert gloss("Reunión de ministros", "es") is None
    assert gloss("", None, labels=["political"]) is None
    assert gloss("Reunión de ministros", "es", labels=["political"], subtypes=["election"]) is not None


def test_a_town_counts_only_in_a_country_where_it_happens() -> None:
    assert "PE/Lima" not in made("Explosión en Lima", "es", "CL", "security")
    assert "US/Washington" not in made("Washington sanciona a Irán", "es", "IR US", "legal")  # it acts
    assert made("Singapur detiene a dos", "es", "SG", "legal") == ["es", "SG", "legal"]  # once, as a country


def test_what_qualifies_a_number_is_said() -> None:
    assert made("Liberan a dos ingenieros secuestrados", "es", "CO", "security") == [
        "es",
        "CO",
        "security",
        "taken=2",
        "gloss.freed",
    ]
    assert made("Dozens of soldiers feared dead", "en", "BF", "security") == [
        "en",
        "BF",
        "security",
        "dead>=20",
        "certainty.hedged",
    ]


def test_loose_words_count_nobody() -> None:
    assert made("Overnight drones damage silo; no one hurt", "en", "UA", "security") == ["en", "UA", "security"]
    assert made("Man dead in rental house, three suspects held", "en", "PH", "security")[2:] == ["security"]
    assert made("Evacúan tres aldeas", "es", "GT", "security", "natural_hazard")[2:] == ["natural_hazard"]
    assert made("Hundreds killed and wounded", "en", "IR", "security")[2:] == ["security"]
    assert made("Residents fear for their lives in Mali", "en", "ML", "security") == ["en", "ML", "security"]
    assert made("Firm killed off by 300 rivals", "en", "GB", "financial") == ["en", "GB", "financial"]


@pytest.mark.parametrize(
    ("title", "kind", "bound"),
    [
        ("12 killed", "dead", Bound.EXACT),
        ("At least 12 killed", "dead", Bound.LEAST),
        ("Dozens killed", "dead", Bound.LEAST),
        ("3 millones de desplazados", "displaced", Bound.EXACT),
        ("Miles de desplazados", "displaced", Bound.LEAST),
        ("Más de 20 heridos y 3 muertos", "dead", Bound.EXACT),
        ("Más de 20 heridos y 3 muertos", "injured", Bound.LEAST),
        ("احتجاجات: قتيل وعشرات الجرحى", "injured", Bound.LEAST),
        ("Ebola deaths exceed 400", "dead", Bound.LEAST),
        ("Up to 40 people killed", "dead", Bound.MOST),
        ("Około", "dead", Bound.EXACT),
        ("Около 40 погибших", "dead", Bound.ABOUT),
        ("至少3人死亡", "dead", Bound.LEAST),
        ("事故致近40人死亡", "dead", Bound.ABOUT),
        ("附近3人死亡", "dead", Bound.EXACT),
        ("10余人受伤3人死亡", "dead", Bound.EXACT),
        ("10余人受伤3人死亡", "injured", Bound.LEAST),
        ("多人死亡", "dead", Bound.LEAST),
    ],
)
def test_how_a_number_is_meant(title: str, kind: str, bound: Bound) -> None:
    reading = read(title, "")
    counts = toll(reading)
    assert kind not in counts or bound_of(counts[kind], reading) is bound
    assert kind in counts or title == "Około"


@pytest.mark.parametrize(
    ("title", "sum_"),
    [
        ("Fine of $3 billion", Money(3e9, "$")),
        ("A$72m underpaid", Money(7.2e7, "AUD")),
        ("US$ 20 million ransom", Money(2e7, "USD")),
        ("Préstamo de 20.000 millones de dólares", Money(2e10, "$")),
        ("Más de 3 mil millones de dólares", Money(3e9, "$", Bound.LEAST)),
        ("Une amende de 1,5 milliard d'euros", Money(1.5e9, "EUR")),
        ("Штраф 2 млрд рублей", Money(2e9, "RUB")),
        ("罚款3.5亿欧元", Money(3.5e8, "EUR")),
        ("投资超过30亿美元", Money(3e9, "USD", Bound.LEAST)),
        ("1兆", None),
        ("Entrada a $500", None),
        ("20 millones de pesos", None),  # of which of eight countries?
        ("3 million people flee", None),
    ],
)
def test_sums(title: str, sum_: Money | None) -> None:
    assert money(read(title, "")) == sum_


@pytest.mark.parametrize(
    ("title", "language", "zh", "en"),
    [
        ("Mueren tres", "es", True, True),
        ("Three dead", "en-GB", True, False),
        ("三人死亡", "zh-Hant", False, True),
        ("三人死亡", "yue", False, True),
        ("三人死亡", None, False, True),
        ("三人が死亡", None, True, True),
        ("Three dead", None, True, False),
        ("Трое погибших", None, True, True),
        ("مقتل ثلاثة", "und", True, True),
        ("12 345", None, False, False),
    ],
)
def test_whose_language_it_is(title: str, language: str | None, zh: bool, en: bool) -> None:
    assert (foreign(title, language, "zh"), foreign(title, language, "en")) == (zh, en)


@given(
    st.text(max_size=600),
    st.sampled_from([None, "es", "zh", "ar", "en", "und", "x"]),
    st.lists(st.sampled_from([*(label.value for label in Category), "none", "nonsense"]), max_size=3),
    st.lists(st.sampled_from([*SUBTYPES, "nonsense"]), max_size=3),
    st.lists(st.sampled_from(["PE", "XX", "ZZ", ""]), max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_gloss_or_none(
    title: str, language: str | None, labels: list[str], subtypes: list[str], countries: list[str]
) -> None:
    known = gloss(title, language, labels=labels, subtypes=subtypes, countries=countries)
    assert known is None or any(part.kind not in (PartKind.LANGUAGE, PartKind.CATEGORY) for part in known.parts)
    assert known is None or all(part.value is None or part.value >= 0 for part in known.parts)
