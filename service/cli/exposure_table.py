"""The exposure of a guideline as it is printed in a terminal."""

from rich.markup import escape
from rich.table import Table

from rules.reach import ExposureRule
from service.desk.exposure_told import exposure_told, reach_told
from service.locale.catalogue import Catalogue


def exposure_lines(rule: ExposureRule, catalogue: Catalogue, lang: str) -> list[str]:
    """How exposure enters the score, then each rule about names."""
    return [escape(line) for line in exposure_told(rule, catalogue, lang)]


def reach_table(rule: ExposureRule, catalogue: Catalogue, lang: str) -> Table:
    """How far events of each kind reach, and why; kinds without a line go by their category."""
    table = Table(show_lines=False, header_style="bold")
    for column in ("reach_kind", "reach", "reach_why"):
        table.add_column(catalogue.say(f"rules.column.{column}", lang), overflow="fold")
    for names, far, why in reach_told(rule, catalogue, lang):
        table.add_row(f"[bold]{escape(names)}[/]", "\n".join(far), escape(why))
    return table
