"""Where it happens: own headlines in many languages, a third of them traps, and properties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.place import CODES, country
from scoring.locate import Hit, Role, countries, locate

PLAIN = [
    ("en", "Gunmen kill 12 villagers in central Mali", "ML"),
    ("en", "Kabul blast kills 20", "AF"),
    ("en", "South Sudan floods displace thousands", "SS"),
    ("en", "Earthquake rocks northern Chile", "CL"),
    ("en", "Protesters storm parliament in Dhaka", "BD"),
    ("en", "Central bank of Nigeria limits withdrawals", "NG"),
    ("en", "Haiti gang violence closes airport", "HT"),
    ("zh", "马里首都巴马科发生爆炸", "ML"),
    ("zh", "中国公民在马里遇害", "ML"),
    ("zh", "土耳其強震 逾萬死", "TR"),
    ("zh", "刚果（金）东部武装袭击", "CD"),
    ("zh", "俄乌冲突持续", "RU UA"),
    ("zh", "緬甸軍方宣布進入緊急狀態", "MM"),
    ("fr", "Coup d'État au Gabon", "GA"),
    ("fr", "Inondations au Tchad : des milliers de sinistrés", "TD"),
    ("es", "Terremoto sacude el norte de Chile", "CL"),
    ("es", "Paro nacional en Ecuador", "EC"),
    ("pt", "Explosão no Líbano mata dez", "LB"),
    ("ru", "Взрыв в Москве", "RU"),
    ("ru", "Наводнение на юге Бразилии", "BR"),
    ("ar", "انفجار في بيروت", "LB"),
    ("ar", "هجوم بمالي يقتل عشرات", "ML"),
    ("id", "Gempa guncang Turki", "TR"),
    ("vi", "Động đất ở Nhật Bản", "JP"),
    ("fa", "انفجار در کابل", "AF"),
    ("ur", "پاکستان میں دھماکہ", "PK"),
    ("hi", "यूक्रेन में युद्ध", "UA"),
    ("sw", "Maandamano nchini Kenya", "KE"),
    ("my", "မြန်မာစစ်တပ်", "MM"),
]

TRAPS = [
    # who acts or speaks is not where it happens
    ("en", "US sanctions Iranian banks", "US"),
    ("en", "US tightens sanctions on Iran", "IR"),
    ("en", "Paris says it will withdraw troops from Niger", "NE"),
    ("en", "Iran attacks Israel", "IL"),
    ("en", "Russia's war in Ukraine enters third year", "UA"),
    ("en", "UK PM visits Kyiv", "UA"),
    ("en", "Chinese workers abducted in Pakistan's Balochistan", "PK"),
    ("en", "Two Britons held hostage in Somalia", "SO"),
    ("fr", "La France condamne l'attaque au Mali", "ML"),
    ("es", "Rusia acusa a Ucrania de atacar Crimea", "UA"),
    ("ru", "США ввели санкции против Ирана", "IR"),
    ("ar", "الولايات المتحدة تفرض عقوبات على إيران", "IR"),
    ("zh", "美国宣布制裁伊朗石油公司", "US"),
    ("zh", "中国驻马里大使馆提醒公民撤离", "ML"),
    ("zh", "以军空袭加沙", "PS"),
    # names inside names
    ("zh", "索马里海域发生劫持", "SO"),
    ("zh", "美国马里兰州大桥垮塌", "US"),
    ("zh", "赤道几内亚发生爆炸", "GQ"),
    ("zh", "巴布亚新几内亚山体滑坡", "PG"),
    ("zh", "突尼斯爆发抗议", "TN"),
    ("zh", "圣马力诺大选", "SM"),
    ("zh", "以巴黎为例", "FR"),
    ("zh", "5日本轮谈判结束", ""),
    ("zh", "中非合作论坛在北京举行", "CN"),
    ("zh", "中非一金矿遇袭", "CF"),
    ("en", "New Mexico wildfire forces evacuation", "US"),
    ("en", "Papua New Guinea landslide buries village", "PG"),
    ("en", "Guinea pig shortage hits pet shops", ""),
    ("en", "Niger Delta pipeline blast kills five", "NG"),
    # a person, a bird, another country
    ("en", "Michael Jordan returns to the court", ""),
    ("en", "Jordan closes border crossing with Syria after clashes", "JO"),
    ("en", "Chad Smith joins band", ""),
    ("en", "Chad junta postpones election", "TD"),
    ("en", "Turkey prices soar before Thanksgiving dinner", ""),
    ("en", "Turkey raises interest rate", "TR"),
    ("en", "Georgia governor Kemp signs gun bill", "US"),
    ("en", "Georgia protests against foreign agents law", "GE"),
    ("en", "They told us to leave", ""),
    ("en", "Have a nice day reading mobile news", ""),
    ("en", "Truck attack in Nice kills 80", "FR"),
    ("en", "A Latin American trade bloc meets", ""),
    ("ar", "الوضع المالي للشركة", ""),
]


def where(title: str, language: str | None, text: str = "") -> set[str]:
    return set(countries(locate(title, text, language)))


@pytest.mark.parametrize(("language", "title", "codes"), PLAIN)
def test_where_it_happens(language: str, title: str, codes: str) -> None:
    assert where(title, language) == set(codes.split())


@pytest.mark.parametrize(("language", "title", "codes"), TRAPS)
def test_traps(language: str, title: str, codes: str) -> None:
    assert where(title, language) == set(codes.split())


@pytest.mark.parametrize(("language", "title", "codes"), [row for row in PLAIN if row[0] in ("en", "fr", "ru", "zh")])
def test_an_unknown_language_changes_little(language: str, title: str, codes: str) -> None:
    assert where(title, None) == set(codes.split())


def test_the_best_comes_first() -> None:
    hits = locate("Explosion in Beirut heard in Cyprus", "Rescuers dig in Beirut. Lebanon mourns in Beirut.", "en")
    assert countries(hits)[0] == "LB"


def test_the_lede_speaks_where_the_title_only_names_an_actor() -> None:
    assert where("Chinese miners abducted", "en", "Armed men took them in the north of Mali, police said.") == {"ML"}


def test_declared_countries_come_first_and_have_no_words() -> None:
    hits = locate("Travel advice updated", "", "en", ("NE",))
    assert hits[0] == Hit("NE", "", -1, Role.WHERE, 1.0, country("NE").point)
    assert countries(hits) == ("NE",)


def test_towns_of_one_name_follow_the_country_that_is_named() -> None:
    assert where("Flood in Hyderabad, Pakistan", "en") == {"PK"}
    assert where("Flood in Hyderabad", "en") == {"IN"}
    assert where("Shelling in Tripoli as Lebanese army deploys", "en") == {"LB"}


def test_what_happens_at_sea_happens_in_no_country() -> None:
    assert where("Tanker hit in the Strait of Hormuz", "en") == set()
    assert where("Iranian speedboats shadow tanker in the Red Sea", "en") == set()
    assert where("红海商船遇袭", "zh") == set()
    assert where("Ship runs aground in the Suez Canal", "en") == {"EG"}


def test_actors_count_where_nothing_else_is_named() -> None:
    assert where("Kremlin dismisses finance minister", "en") == {"RU"}
    assert where("美媒：预算谈判破裂", "zh") == {"US"}


def test_roles_are_told() -> None:
    roles = {hit.country: hit.role for hit in locate("US attacks depots in Iran", "", "en")}
    assert roles == {"US": Role.ACTOR, "IR": Role.WHERE}


def test_a_hit_knows_how_sure_it_is_and_where_the_place_lies() -> None:
    actor, place = locate("US attacks depots in Tehran", "", "en")
    assert (actor.country, place.country) == ("US", "IR")
    assert actor.confidence < 0.5 < place.confidence
    assert place.town
    assert place.point == pytest.approx((35.69, 51.42), abs=0.1)
    assert not actor.town
    assert actor.point == country("US").point


def test_a_region_that_is_called_after_its_town_lies_there() -> None:
    (place,) = locate("Strike of teachers in Zinder", "", "en")
    assert (place.country, place.town) == ("NE", True)
    assert place.point == pytest.approx((13.81, 8.99), abs=0.1)
    (state,) = locate("Sécheresse dans le Sahel central, au Tigré", "", "fr")
    assert (state.country, state.town, state.point) == ("ET", False, country("ET").point)


PEOPLE = [
    ("en", "Jordan Whitlock robbed in Manchester", "GB"),
    ("es", "Israel Quispe, el alcalde prófugo, se escondía en Puno", "PE"),
    ("en", "President Fernando Villavicencio speaks in Quito", "EC"),
]

TITLE_FIRST = [
    ("Canarias, desbordada: llegan nueve cayucos", "Salieron de Mauritania, según Salvamento.", "es", "ES"),
    ("Two German climbers die in avalanche", "They were on a peak in northern Pakistan.", "en", "PK"),
    ("Petroquímica arde em Kutina", "As autoridades croatas pedem janelas fechadas.", "pt", "HR"),
    ("Двое россиян задержаны", "Их взяли под стражу в аэропорту Варшавы.", "ru", "PL"),
]

DEEDS = [
    ("en", "Burundi closes all border posts with Rwanda", "BI"),
    ("ru", "Великобритания ввела санкции против трёх киргизских банков", "GB"),
    ("zh", "普里什蒂纳宣布对塞尔维亚商品加征一倍关税", "RS"),
    ("fr", "Paris dénonce les ingérences de Moscou et convoque l'ambassadeur", "FR"),
    ("ar", "محادثات بين أذربيجان وأرمينيا في تبليسي", "GE"),
    ("id", "AS jatuhkan sanksi atas perusahaan Myanmar", "US"),
    ("pt", "Seca mata rebanhos na Somália e no Quénia", "KE SO"),
    ("en", "NAIROBI, May 3 — Flood waters swept away a bridge in Somalia", "SO"),
    ("zh", "彩民乍得五百万大奖", ""),
    ("zh", "企业参加纳税信用评级", ""),
    ("zh", "立法會三讀通過條例草案", "HK"),
]


@pytest.mark.parametrize(("language", "title", "codes"), PEOPLE)
def test_people_who_bear_the_name_of_a_place(language: str, title: str, codes: str) -> None:
    assert where(title, language) == set(codes.split())


@pytest.mark.parametrize(("title", "text", "language", "codes"), TITLE_FIRST)
def test_the_title_goes_first_and_the_text_says_where_people_abroad_are(
    title: str, text: str, language: str, codes: str
) -> None:
    assert where(title, language, text) == set(codes.split())


@pytest.mark.parametrize(("language", "title", "codes"), DEEDS)
def test_what_is_done_decides_whose_country_it_is(language: str, title: str, codes: str) -> None:
    assert where(title, language) == set(codes.split())


_PIECES = st.sampled_from(
    [
        "Mali",
        " in ",
        "马里",
        "索马里",
        "في ",
        "بمالي",
        "Россия",
        "U.S.",
        "Jordan",
        "，",
        "\n",
        "美",
        "以",
        "日",
        "’s ",
        "မြန်မာ",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=20).map("".join)), st.text(max_size=200))
def test_any_text_is_read_and_spans_are_verbatim(title: str, text: str) -> None:
    whole = f"{title}\n{text}"
    for language in (None, "en", "zh", "ar", "xx"):
        hits = locate(title, text, language)
        for hit in hits:
            assert hit.country in CODES
            assert hit.words
            assert whole[hit.start : hit.start + len(hit.words)] == hit.words
            assert 0 < hit.confidence <= 1
            assert hit.role in tuple(Role)
        found = countries(hits)
        assert set(found) <= {hit.country for hit in hits}
        assert len(found) == len(set(found))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(CODES), max_size=4, unique=True))
def test_declared_countries_are_always_among_them(codes: list[str]) -> None:
    assert set(countries(locate("", "", None, tuple(codes)))) == set(codes)
