"""Numbers and tolls as they are written in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.impact_people import weight_of
from scoring.impact_toll import KINDS, toll
from scoring.impact_words import read
from scoring.numbers import chinese, digits, spelled


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200", 1200), ("1.200", 1200), ("12 000", 12000), ("7.2", 7.2), ("1,5", 1.5), ("10.000.000", 10_000_000)],
)
def test_digits(text: str, value: float) -> None:
    assert digits(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百", 300),
        ("数十", 20),
        ("上百", 100),
        ("二十三", 23),
        ("3.9万", 39000),
        ("两万三千", 23000),
        ("十二", 12),
        ("一百零五", 105),
        ("1078", 1078),
        ("", 0),
        ("年", 0),
    ],
)
def test_chinese_numbers(text: str, value: float) -> None:
    assert chinese(text) == value


@pytest.mark.parametrize(
    ("text", "value", "taken"),
    [
        ("twenty five", 25, 2),
        ("two hundred", 200, 2),
        ("dozens of", 20, 1),
        ("two dozen", 24, 2),
        ("tens of thousands", 20000, 3),
        ("diez mil", 10000, 2),
        ("1.2 million", 1_200_000, 2),
    ],
)
def test_spelled_numbers(text: str, value: float, taken: int) -> None:
    assert spelled(text.split(), 0) == (value, taken)
    assert spelled(["nothing"], 0) is None


TOLLS = [
    ("12 killed and 30 injured in blast", "dead 12 injured 30"),
    ("Gunmen kill at least 12 villagers, wound five", "dead 12 injured 5"),
    ("Death toll rises to 1,200 after quake", "dead 1200"),
    ("Two dead, dozens missing after ferry sinks", "dead 2 missing 20"),
    ("Scores of people killed in market blast", "dead 40"),
    ("Tens of thousands displaced by floods", "displaced 20000"),
    ("41 people abducted from school", "taken 41"),
    ("Mueren al menos 15 personas y 20 heridos", "dead 15 injured 20"),
    ("Un séisme fait au moins trois morts et des dizaines de blessés", "dead 3 injured 20"),
    ("Ataque deixa 7 mortos e 12 feridos", "dead 7 injured 12"),
    ("Не менее 20 человек погибли, 15 ранены", "dead 20 injured 15"),
    ("Погибли 12 человек", "dead 12"),
    ("مقتل 12 شخصا وإصابة 30 آخرين", "dead 12 injured 30"),
    ("عشرات القتلى في غارة", "dead 20"),
    ("Gempa, 162 orang tewas", "dead 162"),
    ("Watu 12 wauawa", "dead 12"),
    ("۱۲ کشته و ۳۰ زخمی", "dead 12 injured 30"),
    ("دھماکے میں 20 افراد جاں بحق", "dead 20"),
    ("३ की मौत", "dead 3"),
    ("袭击造成29人死亡、155人受伤", "dead 29 injured 155"),
    ("死亡人数升至67人", "dead 67"),
    ("车祸致9死3伤", "dead 9 injured 3"),
    ("逾七十人死亡，超過五百人受傷", "dead 70 injured 500"),
    ("上百人失踪", "missing 100"),
    ("冲突已致约两万巴勒斯坦人死亡", "dead 20000"),
    ("3名工人遭绑架", "taken 3"),
    ("山火致10人死亡18万人撤离", "dead 10 displaced 180000"),
    # traps
    ("12-year-old sings at fair", ""),
    ("Attack on 3 villages kills 20", "dead 20"),
    ("Bus carrying 40 passengers crashes, killing 12", "dead 12"),
    ("Hundreds protest in city after police killing of man", ""),
    ("$12 million paid to bury the deal", ""),
    ("2021 flood deaths top those of last summer", ""),
    ("2021 people killed in floods", "dead 2021"),
    ("Actor dies at 74", ""),
    ("Skater (57) confirmed dead after fall", ""),
    ("Man kills almost 300 penguin chicks", ""),
    ("Singer of '24' dies", ""),
    ("Hundreds of dead penguins wash up", ""),
    ("An invasion would kill 50,000 civilians", ""),
    ("Military deaths pass 36k", "dead 36000"),
    ("No casualties reported in factory fire", ""),
    ("没有造成人员伤亡", ""),
    ("一人被判死刑", ""),
    ("Sin víctimas tras sismo de 5 grados", ""),
    ("Пожар потушен, жертв нет", ""),
]


@pytest.mark.parametrize(("text", "expected"), TOLLS)
def test_tolls(text: str, expected: str) -> None:
    words = expected.split()
    told = {kind: count.value for kind, count in toll(read(text, "")).items() if count.told}
    assert told == {kind: float(value) for kind, value in zip(words[::2], words[1::2], strict=True)}


def test_a_verb_without_a_number_is_known_as_such() -> None:
    count = toll(read("Factory manager killed by mob", ""))["dead"]
    assert (count.told, count.words) == (False, "killed")
    assert toll(read("中国公民遇害", ""))["dead"].words == "遇害"


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("台风登陆 十余万人转移", {"displaced": 100_000}),
        ("3万多人疏散", {"displaced": 30_000}),
        ("10余万人撤离", {"displaced": 100_000}),
        ("海盗劫持三个月的油轮", {}),
        ("医院遭炮击，七十余名伤病员丧生", {"dead": 70}),
        ("遇难者升至二百一十余人 外国顾客被扣为人质", {"dead": 210}),
        ("Un muerto y un centenar de heridos", {"dead": 1, "injured": 100}),
        ("3 millones de desplazados", {"displaced": 3_000_000}),
        ("Millones de desplazados", {"displaced": 2_000_000}),
    ],
)
def test_numbers_go_with_their_own_verb(title: str, told: dict[str, float]) -> None:
    assert {kind: count.value for kind, count in toll(read(title, "")).items() if count.told} == told


@pytest.mark.parametrize("kind", KINDS)
@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=0, max_value=1e9))
def test_more_people_are_never_less_severe(kind: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= weight_of(kind, low) <= weight_of(kind, high) <= 1


@given(st.text(max_size=20))
def test_any_text_is_read_as_a_number_or_not(text: str) -> None:
    assert chinese(text) >= 0
