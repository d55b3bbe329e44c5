"""`watchfire rules`: the guideline and the owners, checked and shown."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rules.clause import Clause, Weights
from rules.document import DocumentError
from rules.guideline import Guideline, default_guideline, default_text, parse_guideline
from rules.level import Level
from rules.owners import default_owners, default_owners_text, parse_house, parse_owners
from rules.roster_file import parse_rosters
from rules.situation import Owner
from service.cli import rules_try, rules_versions
from service.cli.exposure_table import exposure_lines, reach_table
from service.cli.fault import faults_told
from service.cli.tongue import SPOKEN, Language
from service.desk.guideline_in_force import adopted_text
from service.desk.posture_told import posture_told
from service.desk.restraint import restraint_told
from service.errors import Invalid
from service.locale.catalogue import Catalogue
from service.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False)
for _name, _door in (
    *(("schema", rules_try.schema), ("test", rules_try.try_cases)),
    *(("explain", rules_try.explain), ("backtest", rules_try.backtest)),
    *(("versions", rules_versions.versions), ("matches", rules_versions.matches)),
    *(("propose", rules_versions.propose_), ("approve", rules_versions.approve)),
    *(("reject", rules_versions.reject), ("rollback", rules_versions.rollback)),
):
    app.command(_name)(_door)
OWNERS = re.compile(r"^owners\s*:", re.MULTILINE)
ROSTERS = re.compile(r"^rosters\s*:", re.MULTILINE)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Guideline or owners file (YAML).")], lang: Language = SPOKEN
) -> None:
    """Check a guideline or an owners file: OK with its version, or every fault with its line (exit code 2)."""
    text = _read(file)
    say = Catalogue().say
    try:
        if ROSTERS.search(text):
            found = parse_rosters(text, file.name)
            print(say("roster.cli.sound", lang, people=len(found.members), rosters=len(found.rosters)))
        elif OWNERS.search(text):
            owners, tree = parse_house(text, file.name)
            central = tree.central if tree is not None else next(owner.key for owner in owners if owner.central)
            print(say("rules.ok.owners", lang, count=len(owners), central=central))
        else:
            guideline = parse_guideline(text, file.name)
            print(say("rules.ok.guideline", lang, version=guideline.version, count=len(guideline.clauses)))
    except DocumentError as error:
        raise faults_told(error.every, lang) from error


@app.command()
def show(
    file: Annotated[Path | None, typer.Argument(help="Empty: what is in force.")] = None,
    lang: Language = SPOKEN,
    owners: Annotated[bool, typer.Option("--owners", help="The owners instead of the guideline.")] = False,
    source: Annotated[bool, typer.Option("--source", help="The file as it is written, to start your own.")] = False,
) -> None:
    """Show the guideline (or the owners) as a table, in English or Chinese."""
    settings = load()
    path = file or (settings.owners if owners else settings.guideline)
    adopted = None if file or owners else adopted_text(settings)
    if adopted is not None:
        _show_text(adopted, source, lang)
        return
    text = _read(path) if path is not None else (default_owners_text() if owners else default_text())
    if source:
        print(text, end="")
        return
    catalogue, console = Catalogue(), Console()
    try:
        if owners:
            shown = parse_owners(text, path.name) if path is not None else default_owners()
            console.print(owners_table(shown, catalogue, lang))
        else:
            print_guideline(parse_guideline(text, path.name) if path else default_guideline(), catalogue, lang, console)
    except DocumentError as error:
        raise faults_told(error.every, lang) from error


def _show_text(text: str, source: bool, lang: str) -> None:
    if source:
        print(text, end="")
    else:
        print_guideline(parse_guideline(text), Catalogue(), lang, Console())


def print_guideline(guideline: Guideline, catalogue: Catalogue, lang: str, console: Console) -> None:
    """The whole guideline: formula, levels, floors, time, clauses."""
    usual = guideline.weights
    version = catalogue.say("rules.title.version", lang, version=escape(guideline.version))
    console.print(f"[bold]{escape(guideline.title.of(lang))}[/]  {version}")
    console.print(catalogue.say("rules.formula", lang, **{name: f"{getattr(usual, name):g}" for name in FACTORS}))
    for floor in guideline.floors:
        values = {"severity": f"{floor.severity:g}", "level": floor.level.roman, "why": escape(floor.why.of(lang))}
        console.print(catalogue.say("rules.floor", lang, **values))
    spans = {"old": guideline.time.old_after, "picture": guideline.time.picture}
    console.print(
        catalogue.say("rules.time", lang, **{key: catalogue.exact_span(span, lang) for key, span in spans.items()})
    )
    console.print(_levels_table(guideline, catalogue, lang))
    console.print(_clauses_table(guideline, usual, catalogue, lang))
    for line in exposure_lines(guideline.exposure, catalogue, lang):
        console.print(line)
    console.print(reach_table(guideline.exposure, catalogue, lang))
    console.print(f"\n[bold]{catalogue.say('quiet.rules', lang)}[/] {catalogue.say('quiet.rules_about', lang)}")
    for what, why in restraint_told(guideline.restraint, catalogue, lang):
        console.print(escape(f"- {what}" + (f"\n  {why}" if why else "")))
    console.print(
        f"\n[bold]{catalogue.say('posture.guide', lang)}[/] {escape(posture_told(guideline, catalogue, lang))}\n"
    )
    for one in guideline.sources:
        told = {
            "id": escape(one.id),
            "title": escape(one.title.of(lang)),
            "level": one.level.roman,
            "of": ", ".join(one.of),
        }
        console.print(catalogue.say("rules.source", lang, **told))


def owners_table(owners: tuple[Owner, ...], catalogue: Catalogue, lang: str) -> Table:
    """Owners with what they answer for."""
    table = _table(catalogue, lang, "owner", "countries", "categories", "levels")
    for owner in owners:
        name = f"{escape(owner.name)}\n[dim]{escape(owner.key)}[/]"
        if owner.central:
            name += f" ({catalogue.say('rules.central', lang)})"
        everything = catalogue.say("rules.all", lang)
        countries = " ".join(owner.countries) or everything
        categories = ", ".join(catalogue.category(key.value, lang) for key in owner.categories) or everything
        table.add_row(name, countries, categories, " ".join(level.roman for level in owner.levels) or everything)
    return table


FACTORS = ("severity", "urgency", "certainty", "concern")


def _levels_table(guideline: Guideline, catalogue: Catalogue, lang: str) -> Table:
    table = _table(catalogue, lang, "level", "acknowledge", "hold")
    for level, rule in guideline.levels.items():
        hold = catalogue.say("rules.never", lang) if level is Level.BLUE else catalogue.exact_span(rule.hold, lang)
        table.add_row(catalogue.level_name(level, lang), catalogue.exact_span(rule.acknowledge, lang), hold)
    return table


def _clauses_table(guideline: Guideline, usual: Weights, catalogue: Catalogue, lang: str) -> Table:
    table = _table(catalogue, lang, "clause", "thresholds", "special", "kind")
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    table.columns[1].max_width = 20
    category = None
    for clause in guideline.clauses:
        if category not in (None, clause.category):
            table.add_section()
        category = clause.category
        thresholds = " / ".join(f"{threshold:g}" for threshold in clause.thresholds)
        special = _special(clause, usual, catalogue, lang)
        kind = f"[bold]{escape(clause.title.of(lang))}[/]\n{escape(clause.why.of(lang))}"
        if clause.when is not None:
            kind += f"\n[dim]{catalogue.say('guideline.when', lang)} {escape(clause.when.source)}[/]"
        table.add_row(clause.id, thresholds, special, kind)
    return table


def _special(clause: Clause, usual: Weights, catalogue: Catalogue, lang: str) -> str:
    """What a clause weighs or holds differently from the rest."""
    values = {name: getattr(clause.weights, name) for name in FACTORS}
    told = [
        catalogue.say(f"rules.weight.{name}", lang, value=f"{value:g}")
        for name, value in values.items()
        if value != getattr(usual, name)
    ]
    if clause.hold is not None:
        told.append(catalogue.say("rules.hold", lang, value=catalogue.exact_span(clause.hold, lang)))
    return "\n".join(told)


def _table(catalogue: Catalogue, lang: str, *columns: str) -> Table:
    table = Table(show_lines=False, header_style="bold")
    for column in columns:
        # Folded: Chinese has no spaces to break at and would be cut off.
        table.add_column(catalogue.say(f"rules.column.{column}", lang), overflow="fold")
    return table


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
