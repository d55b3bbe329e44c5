"""What a report says beside its words: the sharing mark, and lines such as `Country: CM` or `时间：…`. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.dates import read
from ingest.entry import DateQuality, Sharing
from ingest.place.countries import CODES
from ingest.place.fold import fold as fold_word
from ingest.place.gazetteer import Kind, PlaceTableMissing, places
from ingest.place.text import words_of
from ingest.place.zone import zone_of

LOOKED_AT = 15  # lines from the beginning in which something may be stated
PLACE_LENGTH = 120
MARK = re.compile(
    r"[\[【(（<]?\s*TLP\s*[:：\-]?\s*(?:(RED|AMBER\s*\+\s*STRICT|AMBER|GREEN|CLEAR|WHITE)\b|[:：]\s*(\w+))\s*[\]】)）>]?",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^\s*[\[【(（]?\s*(?:correction|corrected|supersedes|rectificatif|corrección|更正|勘误|撤回)\s*[\]】)）:：]\s*",
    re.IGNORECASE,
)
LINE = re.compile(r"^[*\-•\s]*([^\W\d_][^:：]{0,24}?)\s*[:：]\s*(\S.*)$")
POINT = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{2,})\s*[,，;\s]\s*(-?\d{1,3}\.\d{2,})(?![\d.])")
NAMES = {
    name: what
    for what, names in {
        "country": "country|countries|pays|país|pais|land|国家|国别|国家/地区|所在国|страна|البلد",
        "place": "place|location|where|lieu|endroit|lugar|ort|地点|位置|地址|место|المكان",
        "when": "when|date|time|date and time|quand|date et heure|cuándo|fecha|时间|发生时间|日期|когда|время|الوقت",
        "category": "category|catégorie|categorie|categoría|kind|类别|类型|分类",
        "sharing": "tlp|sharing|sharing mark|mark|共享|共享标记|共享范围|知悉范围",
        "anonymous": "anonymous|anonyme|匿名",
    }.items()
    for name in names.split("|")
}
CATEGORIES = {
    name: key
    for key, names in {
        "security": "security|sécurité|seguridad|安全|治安",
        "political": "political|politics|politique|política|政治",
        "legal": "legal|law|juridique|法律|合规",
        "financial": "financial|finance|economic|économique|经济|金融|经济金融",
        "reputational": "reputational|reputation|réputation|声誉|舆情",
    }.items()
    for name in names.split("|")
}
YES = frozenset(("yes", "y", "true", "1", "oui", "sí", "是", "匿名", "请匿名"))


@dataclass(frozen=True, slots=True)
class Said:
    """What is stated. `countries` are ISO 3166 codes, `point` latitude and longitude in degrees, `occurred` aware UTC,
    `category` one of the five keys; `anonymous` asks that nobody be named."""

    sharing: Sharing | None = None
    countries: tuple[str, ...] = ()
    place: str = ""
    point: tuple[float, float] | None = None
    occurred: datetime | None = None
    category: str | None = None
    anonymous: bool = False

    def under(self, first: "Said") -> "Said":
        """Both together: what `first` leaves open is taken from here; of two marks the stricter, one wish is enough."""
        return Said(
            _stricter(first.sharing, self.sharing),
            first.countries or self.countries,
            first.place or self.place,
            first.point or self.point,
            first.occurred or self.occurred,
            first.category or self.category,
            first.anonymous or self.anonymous,
        )

    def with_mark(self, mark: Sharing | None) -> "Said":
        """The same under one mark more."""
        return replace(self, sharing=_stricter(self.sharing, mark))


SAID_NOTHING = Said()


def _stricter(one: Sharing | None, other: Sharing | None) -> Sharing | None:
    if one is None or other is None:
        return one or other
    return one if one.strictness >= other.strictness else other


def marked(text: str) -> tuple[str, Sharing | None]:
    """A line without the marks in it, and the strictest of them. A mark that nobody knows counts as the strictest."""
    found: Sharing | None = None
    for one in MARK.finditer(text):
        found = _stricter(found, read_mark(one[1] or "RED"))
    return (" ".join(MARK.sub(" ", text).split()), found) if found is not None else (text, None)


def read_mark(word: str) -> Sharing | None:
    """`amber + strict`, `TLP:Green`, `WHITE` → the mark; None for anything else."""
    name = re.sub(r"\s", "", word.upper()).removeprefix("TLP").lstrip(":：-")
    try:
        return Sharing(f"TLP:{'CLEAR' if name == 'WHITE' else name}")
    except ValueError:
        return None


def corrected(subject: str) -> tuple[str, bool]:
    """A subject without the word that it corrects an earlier report, and whether it bore one."""
    rest = CORRECTION.sub("", subject)
    return rest, rest != subject


def read_lines(text: str, now: datetime, *, country: tuple[str, ...] = ()) -> tuple[str, Said]:
    """The text without what it states, and that. Only lines near the beginning whose value makes sense are taken out.

    `country` is known already, if any: a time without a zone is that of its capital.
    """
    rest, lines, looked = [], text.splitlines(), 0
    stated: dict[str, str] = {}
    mark: Sharing | None = None
    for line in lines:
        looked += bool(line.strip())
        if looked == 1 and line.strip():
            line, mark = marked(line)
        name, value = _named(line) if looked <= LOOKED_AT else ("", "")
        if name and name not in stated and _makes_sense(name, value, now):
            stated[name] = value
        else:
            rest.append(line)
    return "\n".join(rest).strip(), _said(stated, mark, now, country)


def _named(line: str) -> tuple[str, str]:
    found = LINE.match(line)
    return (NAMES.get(found[1].strip().lower(), ""), found[2].strip()) if found else ("", "")


def _makes_sense(name: str, value: str, now: datetime) -> bool:
    checks: dict[str, Callable[[], bool]] = {
        "country": lambda: bool(read_countries(value)),
        "place": lambda: len(value) <= PLACE_LENGTH,
        "when": lambda: read_when(value, (), now) is not None,
        "category": lambda: value.lower() in CATEGORIES,
        "sharing": lambda: read_mark(value) is not None,
        "anonymous": lambda: value.lower() in YES,
    }
    return checks[name]()


def _said(stated: dict[str, str], mark: Sharing | None, now: datetime, country: tuple[str, ...]) -> Said:
    countries = read_countries(stated.get("country", ""))
    place = stated.get("place", "")
    return Said(
        sharing=_stricter(mark, read_mark(stated.get("sharing", ""))),
        countries=countries,
        place=place,
        point=read_point(place),
        occurred=read_when(stated.get("when", ""), country or countries, now),
        category=CATEGORIES.get(stated.get("category", "").lower()),
        anonymous="anonymous" in stated,
    )


def read_when(text: str, countries: tuple[str, ...], now: datetime) -> datetime | None:
    """When it happened; a time without a zone is that of the first country's capital. None when it lies ahead."""
    dated = read(text, zone=zone_of(countries[0]) if countries else None, now=now)
    return dated.moment if dated.quality is DateQuality.GOOD else None


def read_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, as a map shows them: `10.4214, 15.2350`."""
    found = POINT.search(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_countries(text: str) -> tuple[str, ...]:
    """Codes of countries named by code or name: `CM`, `喀麦隆`, `Cameroun et Tchad`; () when one is unknown."""
    parts = [part.strip() for part in re.split(r"[,，;；、/]|\s(?:and|et|y|und)\s", text) if part.strip()]
    codes = [_code(part) for part in parts[:10]]
    return tuple(dict.fromkeys(code for code in codes if code)) if all(codes) else ()


def _code(name: str) -> str | None:
    if len(name) == 2 and name.isascii():
        return name.upper() if name.upper() in CODES else None
    try:
        table = places()
    except PlaceTableMissing:
        return None
    index = table.han.get(name)
    if index is None:
        index = table.words.get(" ".join(fold_word(word) for word in words_of(name)))
    found = table.name(index) if index is not None else None
    is_country = found is not None and found.kind in (Kind.COUNTRY, Kind.DOUBTFUL) and len(found.countries) == 1
    return found.countries[0] if found is not None and is_country else None
