"""Assessment: what the machine says of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.category import Category


class ReasonKind(StrEnum):
    """What a reason speaks about."""

    CATEGORY = "category"
    SUBTYPE = "subtype"
    COUNTRY = "country"
    SEVERITY = "severity"
    URGENCY = "urgency"
    CERTAINTY = "certainty"
    CONCERN = "concern"
    SOURCE = "source"  # one of our own sources, in an alarm about it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code for translation, its argument, and the words of the entry that carried it.

    `code` is a message key such as `severity.dead` or `certainty.hedged`; `value` fills it (a number, a country
    code, a category key); `words` is the verbatim span, "" when the reason is not in the text.
    """

    kind: ReasonKind
    code: str
    value: str = ""
    words: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """One place where it happens: the country, how sure that is (0–1), the verbatim words ("" when the document
    declared it), and latitude and longitude in degrees of the town, or of the capital where no `town` is named."""

    country: str
    confidence: float
    words: str
    point: tuple[float, float] | None
    town: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was read out of one entry. Scores run 0–1; `severity` is the happening itself, before exposure.

    `labels` are the categories held to apply, `uncertain` those left to a person (never both). `vector` is the
    text's embedding, unit length, float16 bytes, for telling events apart; b"" when there was no encoder.
    """

    probabilities: Mapping[Category, float]
    labels: tuple[Category, ...]
    uncertain: tuple[Category, ...]
    subtypes: tuple[str, ...]
    countries: tuple[str, ...]
    severity: float
    urgency: float
    certainty: float
    concern: bool
    hedged: bool
    denied: bool
    reasons: tuple[Reason, ...]
    model: str
    vector: bytes = b""
    places: tuple[Place, ...] = ()
