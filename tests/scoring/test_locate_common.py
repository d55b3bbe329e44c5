"""Words that are spelt like a place, papers and streets, and which side of a border or a deal counts."""

import pytest

from scoring.locate_common import common_words, homes
from tests.scoring.test_locate import where

ROWS = [
    ("pt", "Para os pescadores, um ano perdido", ""),
    ("pt", "Pará decreta emergência após cheia", "BR"),
    ("fr", "Seul un mineur a survécu à Kolwezi", "CD"),
    ("pt", "Explosão em Seul", "KR"),
    ("ru", "Думаю, зима будет долгой", ""),
    ("ar", "مظاهرة سلمية في وهران", "DZ"),
    ("en", "CAIRO (AP) - Bus drivers walk out over pay", "EG"),
    ("en", "ROME (Reuters) -- Rail unions call a stoppage", "IT"),
    ("ar", "قتيل في هجوم بالخرطوم حسب وكالة الصحافة الفرنسية", "SD"),
    ("zh", "武漢肺炎令香港學校停課", "HK"),
    ("fr", "Rue de Lisbonne, à Bruxelles, un immeuble évacué", "BE"),
    ("es", "Marcha por la avenida Bolivia en Asunción", "PY"),
    ("en", "Two Chadian gendarmes shot dead near the Cameroon border", "TD"),
    ("es", "Policías ecuatorianos mueren en la frontera con Colombia", "EC"),
    ("zh", "肯尼亚警察在索马里边境遇袭身亡", "KE"),
    ("en", "Malawi signs electricity agreement with Zambia", "MW"),
    ("es", "Rebeldes con base en Chad atacan un pueblo de Darfur", "SD"),
    ("en", "Thousands of Belgians march against pension cuts", "BE"),
    ("en", "Texas says it will sue over drilling limits", "US"),
    ("pt", "Obras portuguesas na Guiné-Bissau paradas", "GW"),
    ("en", "Australia lifts travel warning for Sri Lanka", "LK"),
    ("ru", "Грузинское вино запретили в России", "GE"),
    ("zh", "杭州第19届亚运会选手村开村", "CN"),
]


@pytest.mark.parametrize(("language", "title", "codes"), ROWS)
def test_what_is_no_place_and_which_side_counts(language: str, title: str, codes: str) -> None:
    assert where(title, language) == set(codes.split())


def test_words_hide_no_place_in_another_language_or_in_none() -> None:
    assert "para" in common_words("pt")
    assert "pará" not in common_words("pt")
    assert common_words("") == common_words("xx") == frozenset()
    assert where("Seul: explosion", None) == {"KR"}


def test_a_language_has_its_lands() -> None:
    assert "MX" in homes("es-MX")
    assert homes(None) == homes("en") == frozenset()
