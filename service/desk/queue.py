"""Which entries are worth a person's label: those from which a model of this house would learn most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ingest.entry import Item
from scoring.assess import OPEN
from scoring.declared import claims
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.models import serving
from service.errors import Refused
from service.store.learning import Unjudged, entries_with, unjudged
from service.store.scope import Scope
from service.store.tables import AssessmentRow, EntryRow, SourceRow

RECENT = timedelta(days=14)
REACH = 0.25  # of probability: as far from even odds as this, nothing hangs in the balance
PLENTY = 500  # labelled texts of a language from which on it needs no help
# What each ground is worth; an entry that is left open weighs most, because a person has to look at it anyway.
UNCERTAIN, NEAR, DECLARED, LANGUAGE = 1.0, 0.6, 0.7, 0.5
AGAIN = 0.6  # what the next entry of a source is worth that has one in the queue already
TONGUE = 0.85  # the same for a language


@dataclass(frozen=True, slots=True)
class Why:
    """A ground: uncertain, near, declared (their value is a category) or language (its code, "" if unknown)."""

    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Pick:
    """An entry with what it is worth and why."""

    entry: int
    worth: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A pick with its entry, ready to be shown."""

    pick: Pick
    entry: EntryRow
    source: SourceRow
    assessment: AssessmentRow


def learning_queue(premises: Premises, scope: Scope, limit: int = 30) -> list[Asked]:
    """Up to `limit` entries of the last two weeks, those first that teach most. Refused to all but the desk."""
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("Only the desk teaches the model.", "Ask a member of the desk.")
    known = serving(premises).card.get("data", {}).get("languages", {})
    since = premises.clock() - RECENT
    with premises.store.read() as session:
        picks = choose(unjudged(session, scope, since), known, limit)
        found = entries_with(session, scope, [pick.entry for pick in picks])
    return [Asked(pick, *found[pick.entry]) for pick in picks if pick.entry in found]


def choose(candidates: Sequence[Unjudged], known: Mapping[str, int], limit: int) -> list[Pick]:
    """The most worth, spread over sources and languages, one an event and one a title.

    `known` says how many labelled texts of each language the model has learnt from.
    """
    weighed = [(one, weigh(one, known)) for one in candidates]
    rest = sorted(((one, pick) for one, pick in weighed if pick.worth > 0), key=lambda pair: -pair[1].worth)
    sources: Counter[int] = Counter()
    tongues: Counter[str | None] = Counter()
    told: set[int | str] = set()
    chosen: list[Pick] = []
    while rest and len(chosen) < limit:
        one, pick = max(rest, key=lambda pair: _now(pair, sources, tongues))
        chosen.append(pick)
        sources[one.source] += 1
        tongues[one.language] += 1
        told |= {one.title} | ({one.event} if one.event is not None else set())
        rest = [pair for pair in rest if pair[0].title not in told and pair[0].event not in told]
    return chosen


def _now(pair: tuple[Unjudged, Pick], sources: Counter[int], tongues: Counter[str | None]) -> float:
    one, pick = pair
    return pick.worth * AGAIN ** sources[one.source] * TONGUE ** tongues[one.language]


def weigh(one: Unjudged, known: Mapping[str, int]) -> Pick:
    """What one entry is worth by itself."""
    why = [Why("uncertain", key) for key in one.uncertain]
    worth = UNCERTAIN if why else 0.0
    closest = max(one.probabilities, key=lambda key: _nearness(one.probabilities[key]), default=None)
    if closest is not None and (nearness := _nearness(one.probabilities[closest])) > 0:
        worth += NEAR * nearness
        if closest not in one.uncertain and nearness >= 0.5:
            why.append(Why("near", closest))
    for claim in claims(_item(one)):
        # The document's own word is the floor: at the floor, the text by itself said less.
        if claim.floor >= OPEN and one.probabilities.get(claim.category, 1.0) <= claim.floor:
            worth += DECLARED
            why.append(Why("declared", claim.category.value))
    if worth > 0:
        language = (one.language or "").split("-")[0].lower()
        rarity = 1 - min(1.0, known.get(language, 0) / PLENTY)
        worth += LANGUAGE * rarity
        if rarity >= 0.5:
            why.append(Why("language", language))
    return Pick(one.entry, round(worth, 4), tuple(why))


def _nearness(probability: float) -> float:
    """1 at even odds, 0 from REACH away."""
    return max(0.0, 1 - abs(probability - 0.5) / REACH)


def _item(one: Unjudged) -> Item:
    return Item(key="", raw_hash="", title=one.title, extra=one.extra)
