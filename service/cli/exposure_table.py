"""The exposure of a guideline as it is printed: how far events reach, and who is warned when named."""

from rich.markup import escape
from rich.table import Table

from rules.reach import KINDS, ExposureRule, Reach
from scoring.category import SUBTYPES
from service.locale.catalogue import Catalogue

WEIGHTS = ("near", "country", "somewhere", "own", "partner")


def exposure_lines(rule: ExposureRule, catalogue: Catalogue, lang: str) -> list[str]:
    """How exposure enters the score, then each rule about names."""
    values = {name: f"{getattr(rule, name):g}" for name in ("most", *WEIGHTS)}
    told = [catalogue.say("rules.exposure", lang, **values)]
    for one in rule.named:
        who = catalogue.say("exposure.partner.own" if one.own else "exposure.partner.partner", lang)
        kinds = catalogue.say("notify.list_joint", lang).join(_kind(key, catalogue, lang) for key in sorted(one.of))
        why = escape(one.why.of(lang))
        told.append(catalogue.say("rules.named", lang, who=who, kinds=kinds, level=one.level.roman, why=why))
    return told


def reach_table(rule: ExposureRule, catalogue: Catalogue, lang: str) -> Table:
    """How far events of each kind reach, and why; kinds without a line go by their category."""
    table = Table(show_lines=False, header_style="bold")
    for column in ("reach_kind", "reach", "reach_why"):
        table.add_column(catalogue.say(f"rules.column.{column}", lang), overflow="fold")
    shared: dict[Reach, list[str]] = {}
    for key in sorted(rule.reach, key=KINDS.index):
        shared.setdefault(rule.reach[key], []).append(_kind(key, catalogue, lang))
    for reach, kinds in shared.items():
        names = catalogue.say("notify.list_joint", lang).join(kinds)
        table.add_row(f"[bold]{escape(names)}[/]", _far(reach, catalogue, lang), escape(reach.why.of(lang)))
    return table


def _kind(key: str, catalogue: Catalogue, lang: str) -> str:
    return catalogue.subtype(key, lang) if key in SUBTYPES else catalogue.category(key, lang)


def _far(reach: Reach, catalogue: Catalogue, lang: str) -> str:
    told = [f"{reach.km:g} km"] if reach.km else []
    told += [f"M{magnitude:g}: {km:g} km" for magnitude, km in reach.by_magnitude]
    told += [catalogue.say("rules.whole_country", lang)] if reach.country else []
    return "\n".join(told)
