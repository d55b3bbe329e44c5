"""The door of scoring: entries in, assessments out, in batches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from ingest.entry import Entry
from scoring.assessment import Assessment, Place, Reason, ReasonKind
from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.declared import Claim, claims
from scoring.explain import explain
from scoring.features import Text
from scoring.impact import weigh
from scoring.locate import Hit, countries, locate
from scoring.model import GRAVEST, Model, Prediction, names

BATCH = 64
HELD = 0.65  # a declared floor from here on holds its category
OPEN = 0.4  # and from here on leaves it to a person
COUNTRIES = 6  # countries that get a reason of their own


def assess(entries: Sequence[Entry], model: Model, now: datetime) -> tuple[Assessment, ...]:
    """One assessment for each entry, in order. Exercises and tests are assessed like anything else: what becomes of
    them is for the rules to say."""
    return tuple(assessment for part in _batches(entries) for assessment in _assess_batch(part, model, now))


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[i : i + BATCH] for i in range(0, len(entries), BATCH))


def _assess_batch(entries: Sequence[Entry], model: Model, now: datetime) -> Iterator[Assessment]:
    texts = [Text(entry.item.title, entry.item.text, entry.item.language) for entry in entries]
    prediction = model.predict(texts)
    for row, (entry, text) in enumerate(zip(entries, texts, strict=True)):
        yield _assess_one(entry, text, _Tags(prediction, row, model, claims(entry.item)), model, now)


class _Tags:
    """What the model says of one row, with what the document itself declared laid under it."""

    def __init__(self, prediction: Prediction, row: int, model: Model, declared: Sequence[Claim]) -> None:
        floors = {claim.category: claim.floor for claim in declared}
        values = (round(float(p), 4) for p in prediction.probabilities[row])
        raised = {c: max(p, floors.get(c, 0.0)) for c, p in zip(CATEGORIES, values, strict=True)}
        held = {*names(prediction.labels[row]), *(c for c, floor in floors.items() if floor >= HELD)}
        left = {*names(prediction.uncertain[row]), *(c for c, floor in floors.items() if HELD > floor >= OPEN)} - held
        self.probabilities: Mapping[Category, float] = raised
        self.labels = tuple(c for c in CATEGORIES if c in held)
        self.uncertain = tuple(c for c in CATEGORIES if c in left)
        self.reasons = tuple(claim.reason for claim in declared if claim.category in held | left)
        said = {key for key, flag in zip(model.subtypes, prediction.subtypes[row], strict=True) if flag}
        said |= {claim.subtype for claim in declared if claim.category in held}
        self.subtypes = tuple(key for key in SUBTYPES if key in said)
        learnt = float(prediction.severity[row]) / GRAVEST
        self.severity = learnt if model.card.get("severity_learnt") else None
        self.vector = prediction.vectors[row].astype(np.float16).tobytes()


def _assess_one(entry: Entry, text: Text, tags: _Tags, model: Model, now: datetime) -> Assessment:
    item = entry.item
    hits = locate(item.title, item.text, item.language, item.countries)
    where = countries(hits)
    impact = weigh(
        item.title,
        item.text,
        language=item.language,
        published=item.published,
        now=now,
        reliability=entry.reliability,
        status=item.status,
        labels=tags.labels,
        subtypes=tags.subtypes,
        probabilities=tags.probabilities,
        countries=where,
        learnt=tags.severity,
    )
    carried = explain(text, model, (*tags.labels, *tags.uncertain))
    return Assessment(
        probabilities=tags.probabilities,
        labels=tags.labels,
        uncertain=tags.uncertain,
        subtypes=tags.subtypes,
        countries=where,
        severity=impact.severity,
        urgency=impact.urgency,
        certainty=impact.certainty,
        concern=impact.concern,
        hedged=impact.hedged,
        denied=impact.denied,
        reasons=(*tags.reasons, *carried, *_countries(hits, where), *impact.reasons),
        model=model.name,
        vector=tags.vector,
        places=_places(hits, where),
    )


def _countries(hits: Sequence[Hit], where: Sequence[str]) -> Iterator[Reason]:
    """For each country the words that named it first, and how sure it is as the weight."""
    named = {hit.country: hit.words for hit in reversed(hits) if hit.words}
    sure = {country: max(hit.confidence for hit in hits if hit.country == country) for country in where}
    for country in where[:COUNTRIES]:
        words = named.get(country, "")
        code = "country.named" if words else "country.declared"
        yield Reason(ReasonKind.COUNTRY, code, country, words, sure[country])


def _places(hits: Sequence[Hit], where: Sequence[str]) -> tuple[Place, ...]:
    """The surest naming of each country, a town before the country alone."""
    best: dict[str, Hit] = {}
    for hit in hits:
        held = best.get(hit.country)
        if hit.country in where and (held is None or (hit.town, hit.confidence) > (held.town, held.confidence)):
            best[hit.country] = hit
    surest = {code: max(hit.confidence for hit in hits if hit.country == code) for code in best}
    return tuple(Place(code, surest[code], best[code].words, best[code].point, best[code].town) for code in where)
