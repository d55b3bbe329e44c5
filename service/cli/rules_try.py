"""`watchfire rules`: schema, test, explain, backtest: looked at before it is trusted."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from rules.cases import Outcome, parse_cases, run_case
from rules.decision import Hush
from rules.document import DocumentError
from rules.explain import Explanation
from rules.exposure import hit_values
from rules.guideline import Guideline, parse_guideline
from rules.schema import guideline_schema
from service.cli.fault import faults_told
from service.cli.office import Office, open_office, read_file, show
from service.cli.tongue import SPOKEN, Language
from service.desk.backtest import (
    Backtest,
    backtest_values,
    clause_rows,
    load_rows,
    others_row,
    run_backtest,
    told_level,
)
from service.desk.explain import explain_alert, explain_event, quiet_lines, why_told
from service.desk.guideline import in_force
from service.desk.means import people_of
from service.desk.owners import read_owners
from service.desk.times import utc_time
from service.errors import Invalid
from service.locale.catalogue import Catalogue
from service.settings import load
from service.store.exposure import hit_reason
from service.store.rows import reason_values

File = Annotated[Path, typer.Argument(help="A guideline (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
SHOWN = 20


def schema() -> None:
    """Print the JSON Schema of the guideline file, for editors that check while one writes."""
    print(json.dumps(guideline_schema(), ensure_ascii=False, indent=1))


def try_cases(
    cases: Annotated[Path, typer.Argument(help="Cases: what is reported when, and what must come of it (YAML).")],
    guideline: Annotated[Path | None, typer.Option("--guideline", "-g", help="Empty: the one in force.")] = None,
    lang: Language = SPOKEN,
    as_json: Json = False,
) -> None:
    """Try cases on a guideline, with their own clock; exit code 1 when an expectation is missed."""
    owners = read_owners(load())
    try:
        told = parse_cases(read_file(cases), cases.name)
        rules = _guideline(guideline)
    except DocumentError as error:
        raise faults_told(error.every, lang) from error
    outcomes = [run_case(one, rules, owners) for one in told]
    if as_json:
        print(json.dumps([_outcome(one) for one in outcomes], ensure_ascii=False, indent=2, default=str))
    else:
        for one in outcomes:
            _print_outcome(one, cases.name, Catalogue(), lang)
    if any(one.misses for one in outcomes):
        raise typer.Exit(1)


def _guideline(path: Path | None) -> Guideline:
    if path is not None:
        return parse_guideline(read_file(path), path.name)
    with open_office() as office:
        return in_force(office, office.scope()).guideline


def _outcome(one: Outcome) -> dict[str, object]:
    return {
        "case": one.case.name,
        "ok": not one.misses,
        "steps": [
            {
                "at": told.at.isoformat(),
                "action": told.decision.action.value,
                "level": told.decision.level,
                "clause": told.decision.clause,
                "score": told.decision.score,
                "owners": [duty.owner for duty in told.decision.duties],
                "hush": asdict(told.decision.hush) if told.decision.hush is not None else None,
            }
            for told in one.told
        ],
        "missed": [
            {"line": miss.line, "what": miss.what, "wanted": miss.wanted, "got": miss.got} for miss in one.misses
        ],
    }


def _print_outcome(one: Outcome, file: str, words: Catalogue, lang: str) -> None:
    print(f"{words.say('guideline.case.missed' if one.misses else 'guideline.case.ok', lang)}  {one.case.name}")
    for told in one.told:
        made = told.decision
        level = made.level.roman if made.level is not None else "–"
        owners = ", ".join(duty.owner for duty in made.duties)
        print(
            f"    {told.at:%Y-%m-%d %H:%M}Z  {made.action.value:<8} {level:<3} "
            f"{made.clause:<7} {made.score:6.2f}  {owners}{_hush(made.hush)}"
        )
    for miss in one.misses:
        values = {"what": miss.what, "wanted": miss.wanted, "got": miss.got or "–"}
        print(f"  {file}:{miss.line}: {words.say('guideline.case.miss', lang, **values)}")


def _hush(hush: Hush | None) -> str:
    """What kept it quiet, as cases name it."""
    if hush is None:
        return ""
    until = f" until {hush.until:%Y-%m-%d %H:%M}Z" if hush.until is not None and not hush.passed else ""
    return f"  [{'passed ' if hush.passed else ''}{hush.kind} {hush.cause}{until}]"


def explain(
    what: Annotated[str, typer.Argument(help="An alert's number, or `event:NUMBER`.")],
    lang: Language = SPOKEN,
    as_json: Json = False,
    every: Annotated[bool, typer.Option("--all", help="Clauses of other kinds, too.")] = False,
) -> None:
    """Why an alert or event is graded so, and for each other clause why it is not the one."""
    kind, _, number = what.rpartition(":")
    if kind not in ("", "alert", "event") or not number.isdigit():
        raise Invalid(f"'{what[:40]}' is no alert or event.", "Give an alert's number, or event:NUMBER.")
    with open_office() as office:
        asked = explain_event if kind == "event" else explain_alert
        found = asked(office, office.scope(), int(number))
    if as_json:
        print(json.dumps(found.values(), ensure_ascii=False, indent=2, default=str))
        return
    _print_explanation(found.explanation, Catalogue(), lang, every)
    for line in quiet_lines(found, Catalogue(), lang):
        print(f"  ~ {line}")


def _print_means(found: Explanation, words: Catalogue, lang: str) -> None:
    """Who answers and by which routes, by which plan, and what of one's own is touched."""
    made = found.decision
    if made.duties:
        by = " › ".join(found.path)
        owners = ", ".join(one.owner for one in made.duties)
        print(f"  {words.say('trust.owners', lang, owners=owners)}" + (f"  ({by})" if by else ""))
    if made.plan:
        print(f"  {words.say('trust.plan', lang, plan=made.plan)}")
    if found.exposure.count:
        touched = [words.reason_text(hit_reason(hit_values(hit)), lang) for hit in made.exposure]
        values = {
            "count": found.exposure.count,
            "factor": f"{found.exposure.factor:.2f}",
            "touched": "; ".join(touched),
        }
        print(f"  {words.say('trust.exposure', lang, **values)}")


def _print_explanation(found: Explanation, words: Catalogue, lang: str, every: bool) -> None:
    made = found.decision
    level = words.level_name(made.level, lang) if made.level is not None else words.say("guideline.no_level", lang)
    print(f"{level}  {made.clause}  {made.score:g}  ({made.guideline})")
    _print_means(found, words, lang)
    for reason in made.counterfactuals:
        print(f"  ? {words.reason_text(reason_values(reason), lang)}")
    for reason in made.reasons:
        print(f"  · {words.reason_text(reason_values(reason), lang)}")
    if found.facts is not None:
        for name in found.facts.__dataclass_fields__:
            value = getattr(found.facts, name)
            print(f"    {name} = {', '.join(value) if isinstance(value, tuple) else value}")
    for name, count in found.left_out.items():
        print(f"  – {words.say(f'guideline.left_out.{name}', lang, count=count)}")
    for one in found.clauses:
        if one.verdict.value != "kind" or every:
            print(f"  {one.clause.id:<8} {one.clause.title.of(lang)}: {why_told(one, words, lang)}")


def backtest(
    file: File,
    since: Annotated[str, typer.Option(help="From this day on (2026-05-01).")] = "",
    days: Annotated[int, typer.Option(help="Or so many days back.", min=1, max=3660)] = 90,
    cores: Annotated[int | None, typer.Option(help="Processes; all cores if not given.", min=1, max=256)] = None,
    lang: Language = SPOKEN,
    as_json: Json = False,
) -> None:
    """Hold a guideline against the one in force, over stored history: what would be added, gone and moved."""
    text = read_file(file)
    try:
        parse_guideline(text, file.name)
    except DocumentError as error:
        raise faults_told(error.every, lang) from error
    with open_office() as office:
        found = run_backtest(
            office.store,
            (in_force(office, office.scope()).text, text),
            people_of(office),
            since_when(office, since, days),
            office.clock(),
            cores,
        )
    if as_json:
        print(json.dumps(backtest_values(found), ensure_ascii=False, indent=2))
    else:
        print_backtest(found, Catalogue(), lang)


def since_when(office: Office, given: str, days: int) -> datetime:
    """From when on history is told again; a day without a zone is in UTC."""
    if not given:
        return office.clock() - timedelta(days=days)
    return utc_time(given, f"'{given[:40]}' is no day.", "Write it like 2026-05-01.")


def print_backtest(found: Backtest, words: Catalogue, lang: str) -> None:
    """A backtest as tables."""
    whole = found.tally
    values = {"old": found.old, "new": found.new, "events": whole.events, "count": whole.reports}
    print(words.say("guideline.backtest.head", lang, **values, seconds=f"{found.seconds:g}", cores=found.cores))
    for kind in ("added", "gone", "raised", "lowered", "earlier", "later", "course", "clause"):
        if whole.kinds.get(kind):
            print(f"  {words.say(f'guideline.kind.{kind}', lang)}: {whole.kinds[kind]}")
    if not whole.kinds:
        print(f"  {words.say('guideline.backtest.same', lang)}")
    if whole.lead:
        hours = f"{whole.median_lead():+.1f}"
        print(f"  {words.say('guideline.backtest.lead', lang, count=len(whole.lead), hours=hours)}")
    rows = [
        {words.say(f"guideline.column.{name}", lang): value for name, value in row.items() if "worst" not in name}
        for row in load_rows(whole)
    ]
    show(rows, False, "")
    show(clause_rows(whole), False, "")
    others = others_row(found)
    if others is not None:
        print(f"  {words.say('trust.others', lang, **others)}")
    for one in whole.differences[:SHOWN]:
        kind = words.say(f"guideline.kind.{one.kind}", lang)
        levels = f"{told_level(one.old_level)} → {told_level(one.new_level)}"
        print(
            f"  event:{one.event}  {kind}  {levels}  "
            f"{one.old_clause or '–'} → {one.new_clause or '–'}  {one.title[:80]}"
        )
