"""`watchfire correction` and `model`: a person's word over the machine's, and the models that learn from it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from scoring.sample import SampleError, read_samples
from service.cli.office import Office, Row, open_office, show
from service.desk.corrections import Wanted, correct_entry, undo_correction
from service.desk.drift import drift_of, word_of
from service.desk.models import file_of, overview, shipped_name, use_model
from service.desk.queue import learning_queue
from service.desk.teaching import held_against, teach
from service.desk.training import CORPUS, make_model
from service.errors import Invalid, NotFound
from service.store.corrections import list_corrections
from service.store.models import model_history
from service.store.tables import Correction, EntryRow, ModelRow

correction_app = typer.Typer(no_args_is_help=True, add_completion=False)
model_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Number = Annotated[int, typer.Argument(help="Number of the entry.", min=1)]
TITLE = 60


@correction_app.command("list")
def list_(
    entry: Annotated[int | None, typer.Option(help="Only those of this entry.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """Corrections, the newest first, those that ended too."""
    with open_office() as office, office.store.read() as session:
        page = list_corrections(session, office.scope(), entry=entry, limit=limit)
    show([_correction(row, about) for row, about in page.items], as_json, "Nothing has been corrected.")


@correction_app.command("add")
def add(
    entry: Number,
    label: Annotated[list[str] | None, typer.Option(help="A category; again for another.")] = None,
    none: Annotated[bool, typer.Option("--none", help="It reports no risk.")] = False,
    subtype: Annotated[list[str] | None, typer.Option(help="A sub-type; without any the machine's are kept.")] = None,
    severity: Annotated[int | None, typer.Option(help="1 to 4; without it the machine's is kept.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="ISO 3166 code; without any the machine's stay.")] = None,
    reason: Annotated[str, typer.Option(help="Why, in words.")] = "",
) -> None:
    """Put your word over the machine's; its event is decided on once more."""
    if bool(label) == none:
        raise Invalid("Say what the entry is about.", "Give --label once or more, or --none.")
    wanted = Wanted(label or [], subtype or None, severity, country or None)
    with open_office() as office:
        row = correct_entry(office, office.scope(), entry, wanted, reason)
    print(f"Entry {entry}: {_told(row.before)} → {_told(row.after)}")


@correction_app.command("undo")
def undo(entry: Number) -> None:
    """Take the correction of an entry back; the machine's word holds again."""
    with open_office() as office:
        row = undo_correction(office, office.scope(), entry)
    print(f"Entry {entry}: {_told(row.after)} → {_told(row.before)}")


@correction_app.command("queue")
def queue(
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 30, as_json: Json = False
) -> None:
    """Entries that are worth a label, those first that teach most."""
    with open_office() as office:
        found = learning_queue(office, office.scope(), limit)
    rows = [
        {
            "entry": one.entry.id,
            "worth": round(one.pick.worth, 2),
            "why": " ".join(f"{why.code}:{why.value}" for why in one.pick.why),
            "labels": one.assessment.labels,
            "lang": one.entry.language,
            "title": _cut(one.entry.title),
        }
        for one in found
    ]
    show(rows, as_json, "No entry of the last two weeks asks for a label.")


@model_app.command("list")
def list_models(
    history: Annotated[bool, typer.Option("--history", help="What was done, the newest first.")] = False,
    as_json: Json = False,
) -> None:
    """The model in use, and the house's own, the newest first."""
    with open_office() as office:
        found = overview(office, office.scope())
        if history:
            with office.store.read() as session:
                lines = model_history(session, office.scope())
            rows: list[Row] = [
                {"at": line.at, "who": line.actor, "what": line.action, "model": line.subject_id, **line.detail}
                for line in lines
            ]
            show([_filled(row, rows) for row in rows], as_json, "Nothing has been done about models yet.")
            return
    show([_shipped(found.shipped, found.serving.name), *map(_model, found.models)], as_json, "")
    if not as_json and found.serving.fixed:
        print(f"WATCHFIRE_MODEL names the one in use: {found.serving.name}.")


@model_app.command("use")
def use(
    name: Annotated[str, typer.Argument(help="Name of a model, also of one that served before.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Though it is no better than its parent.")] = False,
) -> None:
    """Put another model to use, forward or back; running processes take it up with their next batch."""
    with open_office() as office:
        found = use_model(office, office.scope(), name, anyway=anyway)
    print(f"In use: {found.name}")


@model_app.command("compare")
def compare(
    one: Annotated[str, typer.Argument(help="Name of a model.")],
    other: Annotated[str, typer.Argument(help="Name of the model to hold against it.")],
    corpus: Annotated[Path, typer.Option(help="Folder with labelled text (.jsonl).")] = CORPUS,
    as_json: Json = False,
) -> None:
    """Hold two models against each other on the fixed test set, on which none was trained."""
    with open_office() as office:
        old, fresh = _weights(office, one), _weights(office, other)
    try:
        contest = held_against(old, fresh, [sample for sample in read_samples(corpus) if sample.fixed])
    except SampleError as error:
        raise Invalid(str(error)) from error
    show([_line(line) for line in contest["rows"]], as_json, "")


@model_app.command("drift")
def drift(as_json: Json = False) -> None:
    """How the last seven days differ from the four weeks before them."""
    with open_office() as office:
        found = drift_of(office)
    rows: list[Row] = [
        {
            "of": of,
            "index": round(value.psi, 4) if value else None,
            "verdict": word_of(value),
            "7 days": "",
            "28 days": "",
        }
        for of, value in found.indices.items()
    ]
    pairs = (
        ("open", found.lately.open, found.before.open),
        ("corrected", found.lately.corrected, found.before.corrected),
    )
    rows += [
        {"of": of, "index": None, "verdict": "share", "7 days": f"{now:.1%}", "28 days": f"{then:.1%}"}
        for of, now, then in pairs
    ]
    show(rows, as_json, "")
    if not as_json:
        print(f"Entries counted: {found.lately.entries} of 7 days, {found.before.entries} of the 28 before.")


def train_here(corpus: Path, anyway: bool) -> None:
    """Revise the model in use by the corrections of this house, and use what comes of it if it is better."""
    with open_office() as office:
        scope = office.scope()
        row = make_model(office, scope.actor, teach, corpus)
        print(f"{row.name}, from {row.parent} and {row.corrections} corrections:")
        show([_line(line) for line in row.contest["rows"]], False, "")
        if row.state == "in_use":
            print("It is in use already.")
        elif row.state == "candidate" or anyway:
            use_model(office, scope, row.name, anyway=anyway)
            print("Better: it is in use now." if row.contest["better"] else "No better, and in use now all the same.")
        else:
            print("No better than the model in use, which stays. It is kept: `watchfire model use NAME --anyway`.")


def _weights(office: Office, name: str) -> Path | None:
    if name == shipped_name():
        return None
    path = file_of(office.settings, name)
    if not (name.replace("-", "").replace("_", "").isalnum() and path.is_file()):
        raise NotFound(f"There is no model '{name[:80]}' in the data folder.", "`watchfire model list` shows them.")
    return path


def _line(line: Mapping[str, Any]) -> Row:
    return {
        "text": line["set"],
        "language": line["language"],
        "category": line["category"],
        "n": line["n"],
        "old": _number(line["old"]),
        "new": _number(line["fresh"]),
        "difference": _number(line["difference"], "+.3f"),
        "95%": f"{_number(line['low'], '+.3f')} … {_number(line['high'], '+.3f')}",
    }


def _number(value: float | None, form: str = ".3f") -> str:
    return "–" if value is None or value != value else format(value, form)


def _correction(row: Correction, entry: EntryRow) -> Row:
    return {
        "entry": row.entry_id,
        "at": row.at,
        "by": row.actor,
        "machine": _told(row.before),
        "person": _told(row.after),
        "why": row.reason,
        "ended": row.ended_at,
        "title": _cut(entry.title),
    }


def _told(values: Mapping[str, Any]) -> str:
    kinds = [*values["labels"], *values["subtypes"]] or ["none"]
    return f"{' '.join(kinds)}, severity {values['severity']:g}, {' '.join(values['countries']) or 'no country'}"


def _model(row: ModelRow) -> Row:
    return {
        "model": row.name,
        "state": row.state,
        "parent": row.parent,
        "made": row.made_at,
        "by": row.made_by,
        "corrections": row.corrections,
        "better": row.contest.get("better"),
        "adopted": row.adopted_at,
    }


def _shipped(name: str, used: str) -> Row:
    state = "in_use" if name == used else "shipped"
    return dict.fromkeys(("model", "state", "parent", "made", "by", "corrections", "better", "adopted")) | {
        "model": name,
        "state": state,
    }


def _filled(row: Row, rows: Iterable[Row]) -> Row:
    names = dict.fromkeys(name for one in rows for name in one)
    return {name: row.get(name) for name in names}


def _cut(title: str) -> str:
    return title if len(title) <= TITLE else title[: TITLE - 1] + "…"
