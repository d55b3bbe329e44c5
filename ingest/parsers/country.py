"""Country names and codes, as documents declare them → ISO 3166 alpha-2."""

import gzip
import re
import unicodedata
from functools import cache
from hashlib import blake2b
from pathlib import Path

import babel
import orjson
import pycountry
from babel import Locale

TABLE = Path(__file__).parents[1] / "place" / "country_names.json.gz"  # made at set-up
LOCALES = ("en", "zh", "zh_Hant", "ja", "de", "fr", "es", "pt")
# Names that governments use and that Unicode CLDR does not.
OTHERS = {
    "usa": "US", "united states of america": "US", "united kingdom of great britain and northern ireland": "GB",
    "uk": "GB", "great britain": "GB", "russian federation": "RU", "burma": "MM", "myanmar": "MM",
    "ivory coast": "CI", "democratic republic of the congo": "CD", "democratic republic of congo": "CD",
    "congo democratic republic of the": "CD", "dr congo": "CD", "drc": "CD", "congo": "CG",
    "republic of the congo": "CG", "congo republic of the": "CG", "the gambia": "GM", "the bahamas": "BS",
    "turkey": "TR", "swaziland": "SZ", "macedonia": "MK", "czech republic": "CZ", "cabo verde": "CV",
    "east timor": "TL", "timor leste": "TL", "vatican": "VA", "holy see": "VA", "palestine": "PS",
    "west bank": "PS", "gaza": "PS", "gaza strip": "PS", "occupied palestinian territories": "PS",
    "palestinian territory": "PS", "state of palestine": "PS", "the occupied palestinian territories": "PS",
    "israel the west bank and gaza": "IL", "republic of korea": "KR", "korea republic of": "KR", "korea south": "KR",
    "democratic people's republic of korea": "KP", "korea north": "KP", "dprk": "KP", "dpr korea": "KP",
    "people's republic of china": "CN", "mainland china": "CN", "hong kong": "HK", "macao": "MO", "macau": "MO",
    "syrian arab republic": "SY", "lao people's democratic republic": "LA", "lao pdr": "LA", "viet nam": "VN",
    "islamic republic of iran": "IR", "iran islamic republic of": "IR", "tanzania united republic of": "TZ",
    "bolivia plurinational state of": "BO", "venezuela bolivarian republic of": "VE", "moldova republic of": "MD",
    "brunei darussalam": "BN", "micronesia": "FM", "federated states of micronesia": "FM", "curacao": "CW",
    "st kitts and nevis": "KN", "st lucia": "LC", "st vincent and the grenadines": "VC", "kosovo": "XK",
    "bosnia": "BA", "reunion": "RE", "sao tome": "ST", "libyan arab jamahiriya": "LY", "trinidad": "TT",
    "congo democratic republic of": "CD", "congo the democratic republic of the": "CD", "republic of congo": "CG",
    "korea democratic people's republic of": "KP", "korea democratic republic of": "KP", "kyrgyz republic": "KG",
    "slovak republic": "SK", "solomon island": "SB", "pitcairn island": "PN", "northern marianas": "MP",
    "saint tome and principe": "ST", "bonaire": "BQ", "saba": "BQ", "sint eustatius": "BQ", "st eustatius": "BQ",
    "bonaire st eustatius saba": "BQ", "st maarten": "SX", "virgin islands uk": "VG", "virgin islands us": "VI",
    "米国": "US", "アメリカ": "US", "美國": "US", "刚果民主共和国": "CD", "香港": "HK", "澳门": "MO",
}  # fmt: skip
BRACKETS = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]\s*$")
FIRST_WORD = re.compile(r"[\w']+")
LONGEST_NAME, LONGEST_CODE = 60, 3
LONGEST_EAST = 24  # of a name in Chinese or Japanese, the longest of the table having 22 characters
MEANT_OTHERWISE = frozenset(("EU", "UN", "EZ", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "UK"))


def code(text: str | None) -> str | None:
    """Alpha-2 code of an alpha-2 or alpha-3 code or a country's name in one of LOCALES; None when it is neither."""
    if not text or len(text) > 80:
        return None
    text = text.strip()
    if len(text) in (2, 3) and text.isascii() and text.isupper():
        return _three().get(text) if len(text) == 3 else _two(text)
    return _names().get(_key(text)) or _around_brackets(text)


def of_number(text: str) -> str | None:
    """Alpha-2 code of an ISO 3166-1 number such as 276 or 036."""
    found = pycountry.countries.get(numeric=text.zfill(3))
    return str(found.alpha_2) if found else None


def codes(text: str | None) -> tuple[str, ...]:
    """Alpha-2 codes of a list such as "Angola, Botswana", "Belarus / Bélarus" or "AF;PK", in order, each once."""
    if not text:
        return ()
    if whole := code(text):
        return (whole,)
    found = [code(part) for part in re.split(r"[,;/|]|、| and | et ", text[:2000])]
    return tuple(dict.fromkeys(one for one in found if one))


def _around_brackets(text: str) -> str | None:
    """The code of a name with another in brackets: "Burma (Myanmar)", "Korea, Republic of (South Korea)"."""
    found = BRACKETS.match(text)
    if not found:
        return None
    names = _names()
    return names.get(_key(found[2])) or names.get(_key(found[1]))


def titled(title: str) -> str | None:
    """The code of a title that is a country's name and nothing else, told from headlines in half a microsecond."""
    if len(title) > LONGEST_NAME or (not title.isascii() and title.count(" ") < 1 and len(title) > LONGEST_EAST):
        return None
    return code(title) if _may_be_name(title.strip()) else None


def _may_be_name(title: str) -> bool:
    """Whether a name begins as the title does; true where that is not told at sight."""
    if len(title) <= LONGEST_CODE or not title[0].isalpha() or title[-1] in ")）":
        return True
    words, letters = _beginnings()
    if not title.isascii():
        return unicodedata.normalize("NFKD", title[0])[0].casefold()[0] in letters
    first = FIRST_WORD.match(title)
    return first is None or first[0].casefold() in words


@cache
def _beginnings() -> tuple[frozenset[str], frozenset[str]]:
    """First words and first letters of all names, as `_key` writes them."""
    words = frozenset(name.partition(" ")[0] for name in _names()) | {"the"}
    return words, frozenset(word[0] for word in words)


def _two(text: str) -> str | None:
    if text == "UK":
        return "GB"
    return text if text in _known() else None


def _key(name: str) -> str:
    name = name.replace("’", "'").replace("&", " and ")
    if not name.isascii():
        name = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    name = name.casefold()
    return " ".join(re.sub(r"[^\w']+", " ", name).split()).removeprefix("the ")


@cache
def _known() -> frozenset[str]:
    territories = Locale("en").territories
    return frozenset(str(key) for key in territories if len(str(key)) == 2 and str(key).isalpha()) - MEANT_OTHERWISE


@cache
def _names() -> dict[str, str]:
    """The names made at set-up, or made now: that takes 75 ms, which a command that starts often should not spend."""
    try:
        made = orjson.loads(gzip.decompress(TABLE.read_bytes()))
    except (OSError, EOFError, ValueError):
        return build_names()
    return dict(made["names"]) if made["made_of"] == _made_of() else build_names()


def write_names(path: Path = TABLE) -> int:
    """Make the table of names; answers its size in bytes."""
    table = {"made_of": _made_of(), "names": build_names()}
    return path.write_bytes(gzip.compress(orjson.dumps(table), compresslevel=9, mtime=0))


def _made_of() -> str:
    """What the table is made of; another text of this file or another CLDR makes another table."""
    return blake2b(Path(__file__).read_bytes() + babel.__version__.encode(), digest_size=16).hexdigest()


def build_names() -> dict[str, str]:
    """Every name of every country in LOCALES, folded, → its code."""
    names = dict(OTHERS)
    for locale in LOCALES:
        for key, name in Locale.parse(locale).territories.items():
            if key in _known():
                names.setdefault(_key(name), key)
                names.setdefault(_key(name.split(" (")[0].split("(")[0]), key)
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "official_name", ""), getattr(country, "common_name", "")):
            names.setdefault(_key(name), country.alpha_2)
    names.pop("", None)
    return names


@cache
def _three() -> dict[str, str]:
    return {country.alpha_3: country.alpha_2 for country in pycountry.countries} | {"XKX": "XK", "RKS": "XK"}
