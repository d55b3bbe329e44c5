"""The exposure of a guideline in words: how far events reach, and who is warned when named."""

from rules.reach import KINDS, ExposureRule, Reach
from scoring.category import SUBTYPES
from service.locale.catalogue import Catalogue

WEIGHTS = ("near", "country", "somewhere", "own", "partner")


def exposure_told(rule: ExposureRule, catalogue: Catalogue, lang: str) -> list[str]:
    """How exposure enters the score, then each rule about names."""
    values = {name: f"{getattr(rule, name):g}" for name in ("most", *WEIGHTS)}
    told = [catalogue.say("rules.exposure", lang, **values)]
    for one in rule.named:
        who = catalogue.say("exposure.partner.own" if one.own else "exposure.partner.partner", lang)
        kinds = catalogue.say("notify.list_joint", lang).join(_kind(key, catalogue, lang) for key in sorted(one.of))
        values = {"who": who, "kinds": kinds, "level": one.level.roman, "why": one.why.of(lang)}
        told.append(catalogue.say("rules.named", lang, **values))
    return told


def reach_told(rule: ExposureRule, catalogue: Catalogue, lang: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Kinds that reach equally far, how far, and why; kinds without a line go by their category."""
    shared: dict[Reach, list[str]] = {}
    for key in sorted(rule.reach, key=KINDS.index):
        shared.setdefault(rule.reach[key], []).append(_kind(key, catalogue, lang))
    joint = catalogue.say("notify.list_joint", lang)
    return [(joint.join(kinds), _far(reach, catalogue, lang), reach.why.of(lang)) for reach, kinds in shared.items()]


def _kind(key: str, catalogue: Catalogue, lang: str) -> str:
    return catalogue.subtype(key, lang) if key in SUBTYPES else catalogue.category(key, lang)


def _far(reach: Reach, catalogue: Catalogue, lang: str) -> tuple[str, ...]:
    told = [f"{reach.km:g} km"] if reach.km else []
    told += [f"M{magnitude:g}: {km:g} km" for magnitude, km in reach.by_magnitude]
    told += [catalogue.say("rules.whole_country", lang)] if reach.country else []
    return tuple(told)
