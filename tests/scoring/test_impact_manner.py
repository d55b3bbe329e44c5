"""How sure it is, whether it is taken back, and whether it touches one's own: own sentences in many languages."""

import pytest

from ingest.entry import Status
from scoring.assessment import ReasonKind
from tests.scoring.judging import FINANCIAL, POLITICAL, codes, judge


@pytest.mark.parametrize(
    ("letter", "value"), [*zip("ABCDEF", (0.95, 0.85, 0.7, 0.5, 0.35, 0.5), strict=True), ("?", 0.5)]
)
def test_certainty_is_the_sources_reliability(letter: str, value: float) -> None:
    assert judge("Blast at market", reliability=letter).certainty == value


@pytest.mark.parametrize(
    "title",
    [
        "Unconfirmed reports of shooting near palace",
        "Rebels reportedly take town",
        "网传首都发生枪声 未经证实",
        "疑似武装人员袭击矿区",
        "Presunto ataque contra embajada",
        "Attaque présumée contre un convoi",
        "Suposto ataque a posto militar",
        "Якобы захвачен аэропорт",
        "يزعم وقوع هجوم على المطار",
        "Diduga bom meledak di pasar",
    ],
)
def test_hedged(title: str) -> None:
    impact = judge(title)
    assert impact.hedged
    assert not impact.denied
    assert impact.certainty < 0.85 * 0.8


@pytest.mark.parametrize(
    "title",
    [
        "Army denies coup",
        "Airport bomb threat was a false alarm",
        "警方辟谣：没有发生爆炸",
        "政府否认将实施外汇管制",
        "Gobierno desmiente golpe",
        "Le gouvernement dément tout coup d'État",
        "Governo nega controle de capitais",
        "Министерство опровергло дефолт",
        "الحكومة تنفي وقوع انقلاب",
    ],
)
def test_denied(title: str) -> None:
    impact = judge(title, labels=(POLITICAL, FINANCIAL))
    assert impact.denied
    assert impact.certainty < 0.5
    assert codes(impact, ReasonKind.CERTAINTY) & {"certainty.denied", "certainty.retracted"}


@pytest.mark.parametrize(
    "title",
    [
        "Government denies rumours of a coup",
        "La présidence dément les rumeurs de coup d'État",
        "El Gobierno desmiente los rumores de golpe",
        "Власти опровергли слухи о перевороте",
        "الحكومة تنفي شائعات عن وقوع انقلاب",
        "政府否认政变传闻",
    ],
)
def test_who_denies_a_rumour_is_not_unsure(title: str) -> None:
    impact = judge(title)
    assert impact.denied
    assert not impact.hedged
    assert judge(f"Unconfirmed: {title}").hedged


@pytest.mark.parametrize(
    "title",
    [
        "Army denies role in attack that killed 30",
        "Minister denies bribery allegations",
        "白俄罗斯指控波兰侵犯领空 波兰否认",
        "Factory fired workers and denied them pay",
    ],
)
def test_denying_a_part_does_not_take_the_thing_back(title: str) -> None:
    assert not judge(title).denied


def test_a_denial_after_the_title_is_not_the_news() -> None:
    assert not judge("Explosion at barracks", "The army denies that a coup is under way.").denied


def test_a_cancelled_warning_is_denied() -> None:
    assert judge("Tsunami warning", status=Status.CANCEL).denied


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Two Chinese nationals abducted near mine", "concern.nationals"),
        ("三名中国公民在矿区遇袭身亡", "concern.nationals"),
        ("中國工人遭綁架", "concern.nationals"),
        ("Deux ressortissants chinois enlevés", "concern.nationals"),
        ("Secuestran a ciudadanos chinos", "concern.nationals"),
        ("Cidadãos chineses mortos em ataque", "concern.nationals"),
        ("Похищены граждане КНР", "concern.nationals"),
        ("اختطاف مواطنين صينيين", "concern.nationals"),
        ("Warga Tiongkok diculik", "concern.nationals"),
        ("Chinese-owned factory torched by mob", "concern.companies"),
        ("中企项目工地遭袭", "concern.companies"),
        ("Ataque contra la embajada de China", "concern.mission"),
        ("我使馆提醒暂勿前往", "concern.mission"),
    ],
)
def test_concern(title: str, code: str) -> None:
    impact = judge(title, countries=("ML",))
    assert impact.concern
    assert code in codes(impact, ReasonKind.CONCERN)


@pytest.mark.parametrize(
    ("title", "countries"),
    [
        ("Chinese citizens protest in Beijing", ("CN",)),
        ("Chinese New Year fair opens", ("FR",)),
        ("韩国公民遇袭", ("ML",)),
    ],
)
def test_no_concern(title: str, countries: tuple[str, ...]) -> None:
    assert not judge(title, countries=countries).concern


def test_own_citizens_struck_are_major() -> None:
    assert judge("Chinese engineer killed near mine", countries=("PK",)).severity >= 0.75
    assert judge("Engineer killed near mine", countries=("PK",)).severity < 0.65


def test_another_home_has_its_own_people() -> None:
    assert not judge("Two Chinese nationals abducted", home="ZZ").concern
