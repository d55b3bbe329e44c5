"""Countries: ISO 3166 alpha-2 codes (with XK for Kosovo), what they are called, where they lie."""

from dataclasses import dataclass
from functools import cache

from ingest.place.gazetteer import table

_ALL = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
CODES: tuple[str, ...] = tuple(_ALL.split())


@dataclass(frozen=True, slots=True)
class Country:
    """`continent` is GeoNames' two letters, `point` the capital's latitude and longitude in degrees, if known."""

    code: str
    continent: str
    neighbours: tuple[str, ...]
    point: tuple[float, float] | None


@cache
def country(code: str) -> Country:
    """Where a country lies. KeyError for a code that is none of `CODES`; PlaceTableMissing before set-up."""
    row = table()["countries"][code.upper()]
    point = row["point"]
    return Country(code.upper(), row["continent"], tuple(row["neighbours"]), (point[0], point[1]) if point else None)


def country_name(code: str, language: str = "en") -> str:
    """What a country is called in a language (`zh-TW`, `pt_BR` and the like are cut to what the table knows).

    English where the language is unknown; the code itself where the country is. PlaceTableMissing before set-up.
    """
    names = table()["names"]
    for tongue in _tongues(language):
        name = names.get(tongue, {}).get(code.upper())
        if name:
            return str(name)
    return code


def _tongues(language: str) -> tuple[str, ...]:
    tag = language.replace("-", "_")
    base = tag.split("_")[0].lower()
    traditional = base == "zh" and any(part in tag for part in ("Hant", "TW", "HK", "MO"))
    return ("zh_Hant", "zh", "en") if traditional else (base, "en")
