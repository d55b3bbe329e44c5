"""`watchfire assess`, `train` and `evaluate`: the model by itself, without database or desk."""

import contextlib
import json
import queue
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any, NamedTuple

import typer
from threadpoolctl import threadpool_limits

from ingest.entry import Entry, Item, Sharing, digest
from ingest.place import PlaceTableMissing
from scoring.assess import assess as assess_entries
from scoring.assessment import Assessment
from scoring.encoder import universal
from scoring.evaluate import evaluate as evaluate_model
from scoring.keywords import is_fallback, model_at
from scoring.model import Model, ModelError, save
from scoring.sample import SampleError, TrainingError, read_samples
from scoring.train import train as train_model
from service.errors import Invalid, SetupError
from service.settings import load

BATCH = 64
CORPUS = Path(sys.modules["scoring"].__path__[0]) / "corpus"


class Line(NamedTuple):
    """One line of input: an entry, or what is wrong with it."""

    key: Any
    entry: Entry | None
    error: str = ""


def assess(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON lines in and out (the only form so far).")] = True,
) -> None:
    """Read {"id", "title", "text", "lang"?} lines from standard input; write one JSON line for each, in order.

    Optional in a line: "reliability" (A-F), "countries" (ISO codes that the document declares). What is waiting is
    answered together, at most 64 lines at a time. A line that cannot be used gives {"id", "error"}.
    """
    model = loaded_model()
    with threadpool_limits(limits=1):
        for batch in waiting_batches(sys.stdin.buffer):
            for answer in _answers([_line(raw) for raw in batch], model):
                sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()


def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled text: JSON lines with id, title, text, lang, labels.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Measure the model in use on labelled text."""
    model = loaded_model()
    try:
        samples = read_samples(file, strict=False)
    except SampleError as error:
        raise Invalid(str(error)) from error
    with threadpool_limits(limits=1):
        report = evaluate_model(samples, model)
    print(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _summary(report))


def train(
    corpus: Annotated[Path, typer.Option(help="Folder with labelled text (.jsonl).")] = CORPUS,
    out: Annotated[Path | None, typer.Option(help="Model file to write (.npz; its card goes beside it).")] = None,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Revise the model in use by the corrections of this house.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Use the revised model even if it is no better.")] = False,
) -> None:
    """Learn a model from labelled text and write it with its card.

    With --corrections: from what people corrected here; the new model is held against the one in use, and takes its
    place only if it is better, or with --anyway.
    """
    if corrections:
        from service.cli.learning import train_here  # noqa: PLC0415 -- the database: 0.9 s, for this option alone

        train_here(corpus, anyway)
        return
    target = out or load().data / "models" / "watchfire.npz"
    today = datetime.now(UTC).date().isoformat()
    try:
        samples = read_samples(corpus)
        with threadpool_limits(limits=1):
            model = train_model(samples, universal(), made=today)
        save(model, target)
    except (SampleError, TrainingError) as error:
        raise Invalid(str(error)) from error
    except OSError as error:
        raise SetupError(f"{target} cannot be written: {error.strerror}.", "Name another file with --out.") from error
    print(_summary({"model": model.name, **model.card["metrics"]["held_out"]}))
    print(f"Written: {target}. To use it: WATCHFIRE_MODEL={target}")


def loaded_model() -> Model:
    """The model of the settings; the fallback says on the error stream that it is one."""
    path = load().model
    if is_fallback(path):
        print("No model is in use: read by words alone (WATCHFIRE_MODEL=keywords).", file=sys.stderr)
    try:
        return model_at(path)
    except ModelError as error:
        raise SetupError(str(error)) from error


def waiting_batches(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Lines as they come: whatever waits goes together, so that nobody who sends one line waits for 63 more."""
    waiting: queue.Queue[bytes | None] = queue.Queue(maxsize=4 * BATCH)
    threading.Thread(target=_read, args=(stream, waiting), daemon=True).start()
    batch: list[bytes | None] = [b""]
    while batch[-1] is not None:
        batch = [waiting.get()]
        with contextlib.suppress(queue.Empty):
            while len(batch) < BATCH and batch[-1] is not None:
                batch.append(waiting.get_nowait())
        yield [line for line in batch if line is not None]


def _read(stream: IO[bytes], waiting: "queue.Queue[bytes | None]") -> None:
    for line in stream:
        waiting.put(line)
    waiting.put(None)


def _line(raw: bytes) -> Line:
    try:
        row = json.loads(raw)
    except ValueError as error:
        return Line(None, None, f"The line is not JSON ({error}).")
    if not isinstance(row, dict):
        return Line(None, None, "The line is not a JSON object.")
    try:
        return Line(row.get("id"), entry_of(row))
    except (TypeError, ValueError) as error:
        return Line(row.get("id"), None, str(error))


def entry_of(row: dict[str, Any]) -> Entry:
    """A line as an entry of nobody in particular, seen now."""
    title, text = _words(row, "title"), _words(row, "text")
    if not (title or text):
        raise ValueError('The line has neither "title" nor "text".')
    language = row.get("lang") or row.get("language")
    if language is not None and not isinstance(language, str):
        raise TypeError('"lang" is not a string.')
    reliability = str(row.get("reliability") or "F").upper()
    if reliability not in "ABCDEF":
        raise ValueError('"reliability" is not a letter A-F.')
    key = digest(title, text)
    countries = tuple(str(code).upper() for code in row.get("countries") or ())
    item = Item(key=key, raw_hash=key, title=title, text=text, language=language, countries=countries)
    return Entry("stdin", reliability, Sharing.CLEAR, datetime.now(UTC), item)


def _words(row: dict[str, Any], name: str) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(f'"{name}" is not a string.')
    return value.encode("utf-8", "replace").decode()


def _answers(lines: list[Line], model: Model) -> Iterator[dict[str, Any]]:
    entries = [line.entry for line in lines if line.entry is not None]
    try:
        assessed = iter(assess_entries(entries, model, datetime.now(UTC)))
    except PlaceTableMissing as error:
        raise SetupError(str(error)) from error
    for line in lines:
        if line.entry is None:
            yield {"id": line.key, "error": line.error}
        else:
            yield {"id": line.key, **shown(next(assessed))}


def shown(assessment: Assessment) -> dict[str, Any]:
    """An assessment as programs get it."""
    return {
        "labels": [category.value for category in assessment.labels],
        "uncertain": [category.value for category in assessment.uncertain],
        "probabilities": {category.value: p for category, p in assessment.probabilities.items()},
        "subtypes": list(assessment.subtypes),
        "countries": list(assessment.countries),
        "places": [
            {"country": one.country, "confidence": one.confidence, "words": one.words, "point": one.point}
            for one in assessment.places
        ],
        "severity": round(assessment.severity, 3),
        "urgency": round(assessment.urgency, 3),
        "certainty": round(assessment.certainty, 3),
        "concern": assessment.concern,
        "hedged": assessment.hedged,
        "denied": assessment.denied,
        "reasons": [
            {"kind": one.kind.value, "code": one.code, "value": one.value, "words": one.words, "weight": one.weight}
            for one in assessment.reasons
        ],
        "model": assessment.model,
    }


def _summary(report: dict[str, Any]) -> str:
    """A few lines for people: one for all samples, one for each language."""
    parts = {"all": report, **report.get("languages", {})}
    lines = [f"Model {report['model']}: {report['samples']} samples"]
    for name, part in parts.items():
        if part.get("categories"):
            f1 = "  ".join(f"{key} {numbers['f1']:.2f}" for key, numbers in part["categories"].items())
            lines.append(f"{name:>4}  {part['samples']:>5}  macro-F1 {part['macro_f1']}  ECE {part['ece']}  {f1}")
    return "\n".join(lines)
