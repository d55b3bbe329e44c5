"""The level of one government's record, whatever it is written in: a state, flags, a status, a colour, a phrase."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.parsers import level
from ingest.parsers.record import Fields
from ingest.text import plain

# Fields that only travel advice has; the sealed number, word or colour in them is the level.
STATES = (
    "advisorystate", "advisorylevel", "adviselevel", "alertstatus", "threatlevel", "risklevel", "advicelevel",
    "dangerlevel", "alarmlvl", "overalladvicelevel", "advisorylevelid", "securitystatus", "securitylevel",
    "travelwarninglevel", "sicherheitsstufe",
)  # fmt: skip
ZERO_BASED = ("advisorystate",)  # Canada counts 0 to 3
WORDS = ("title", "advisorytext", "statustext", "message", "summarylevel", *STATES[1:])
# Germany, each of four flags: the country's level, that of its parts where only they are meant; gravest first.
FLAGS = (
    ("warning", 4, None, "Reisewarnung"),
    ("partialwarning", 3, 4, "Teilreisewarnung"),
    ("situationwarning", 3, None, "Sicherheitshinweis"),
    ("situationpartwarning", 2, 3, "Sicherheitshinweis für Landesteile"),
)
# United Kingdom, content API: the same of each status.
STATUSES: dict[str, tuple[int, int | None]] = {
    "avoid_all_travel_to_whole_country": (4, None),
    "avoid_all_travel_to_parts": (3, 4),
    "avoid_all_but_essential_travel_to_whole_country": (3, None),
    "avoid_all_but_essential_travel_to_parts": (2, 3),
}
YES = frozenset(("yes", "true", "1"))
# The Netherlands state a colour for each part of a country, in sentences.
SENTENCE = re.compile(r"(?<=[.;!])\s+|[\r\n]+")
COLOUR = re.compile(r"\b(groen|geel|oranje|rood)\b", re.IGNORECASE)
SUBJECT = re.compile(
    r"\bvoor (?!het reisadvies|het grootste deel is)([^.]{1,200}?)(?:,| is | geldt |[.;]?$)", re.IGNORECASE
)
WHOLE = re.compile(
    r"\brest van (?!het (?:noord|zuid|oost|west|grens|gebied))|\b(?:ge)?hele land|overige delen", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Grade:
    """`level` 1–4 for the country, None when the record says none; `regional` where parts of it are graver."""

    level: int | None = None
    regional: int | None = None
    words: str = ""


def grade(fields: Fields) -> Grade:
    """The level that a record states, and what it says of parts of the country."""
    if FLAGS[0][0] in fields.by_name and FLAGS[1][0] in fields.by_name:
        return _flagged(fields)
    if "alertstatus" in fields.by_name:
        return _status(fields)
    if (coloured := _coloured(fields)) is not None:
        return coloured
    stage = _scored(fields) or _numbered(fields) or level.written(" ".join(fields.values(WORDS)))
    return Grade(stage or next(filter(None, map(level.written, fields.values(STATES))), None))


def _flagged(fields: Fields) -> Grade:
    """Germany: the gravest flag that is set."""
    for field, stage, regional, words in FLAGS:
        if fields.first((field,)).lower() in YES:
            return Grade(stage, regional, words)
    return Grade(1)


def _status(fields: Fields) -> Grade:
    """The gravest of the statuses; a list without any says that nothing is warned against."""
    statuses = [
        STATUSES[status.strip()] for status in fields.first(("alertstatus",)).split(";") if status.strip() in STATUSES
    ]
    if not statuses:
        said = fields.first(("alertstatus",))
        return Grade(level.number(said) or level.of_colour(said) or level.written(said) if said else 1)
    stage = max(status[0] for status in statuses)
    regional = max((parts for _, parts in statuses if parts), default=0)
    return Grade(stage, regional if regional > stage else None)


def _scored(fields: Fields) -> int | None:
    """An index of 0 to 5, as aggregators keep it."""
    score = fields.by_path.get("advisory/score")
    return min(max(round(float(score)) - 1, 1), 4) if isinstance(score, int | float) and score == score else None


def _numbered(fields: Fields) -> int | None:
    for field in STATES:
        state = fields.first((field,))
        if state[:1].isdecimal() and state[:1].isascii() and not state[1:2].isdecimal():
            stage = int(state[0]) + (field in ZERO_BASED)
            if 0 <= stage <= 5:
                return min(max(stage, 1), 4)
        if found := level.of_colour(state):
            return found
    return None


def _coloured(fields: Fields) -> Grade | None:
    """The Netherlands: the colour of the whole country or of the rest of it, the gravest of the parts beside it."""
    text = fields.first(("introduction",))
    if "kleurcode" not in text.lower():
        return None
    place = fields.first(("location", "countryname")).partition(" (")[0].casefold()
    whole: list[int] = []
    parts: list[int] = []
    for sentence, colour in _sentences(text):
        (whole if _is_whole(sentence, place) else parts).append(level.of_colour(colour) or 1)
    national = max(whole, default=None)
    graver = max((stage for stage in parts if stage > (national or 0)), default=None)
    return Grade(national, graver)


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    for sentence in SENTENCE.split(plain(re.sub(r"</li>", ". ", text))):
        if found := COLOUR.search(sentence):
            yield sentence, found[1]


def _is_whole(sentence: str, place: str) -> bool:
    if WHOLE.search(sentence):
        return True
    subjects = [found.strip().casefold() for found in SUBJECT.findall(sentence)]
    return all(subject in (place, f"de {place}", f"het {place}") for subject in subjects)
