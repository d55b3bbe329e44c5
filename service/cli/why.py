"""`watchfire explain`: why the model says what it says of a text, or of an entry that came in."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from threadpoolctl import threadpool_limits

from ingest.place import PlaceTableMissing
from scoring.assess import assess
from scoring.assessment import Assessment
from scoring.nearest import Example, nearest
from scoring.spans import Span, spans
from service.cli.model import entry_of, loaded_model, shown
from service.errors import Invalid, SetupError


def explain(
    title: Annotated[str, typer.Argument(help="The title of the text.")] = "",
    text: Annotated[str, typer.Option(help="Its text.")] = "",
    lang: Annotated[str | None, typer.Option(help="Its language, such as zh.")] = None,
    entry: Annotated[int | None, typer.Option(min=1, help="Number of an entry, instead of a text.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
) -> None:
    """Categories with their probabilities and the words that carried them, places, severity, and two examples."""
    if bool(title or text) == (entry is not None):
        raise Invalid("Say what to explain.", "Give a title, or --entry with the number of an entry.")
    told = _of_text(title, text, lang) if entry is None else _of_entry(entry)
    print(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _shown(told))


def _of_text(title: str, text: str, language: str | None) -> dict[str, Any]:
    model = loaded_model()
    entry = entry_of({"title": title, "text": text, "lang": language})
    try:
        with threadpool_limits(limits=1):
            (made,) = assess([entry], model, datetime.now(UTC))
    except PlaceTableMissing as error:
        raise SetupError(str(error)) from error
    where = spans(entry.item.title, entry.item.text, made.reasons)
    return _told(entry.item.title, entry.item.text, made, where, nearest(made.vector, model.encoder.name))


def _of_entry(number: int) -> dict[str, Any]:
    # The database: 0.9 s of imports that a text does not need.
    from service.cli.office import open_office  # noqa: PLC0415
    from service.desk.why import why  # noqa: PLC0415
    from service.store.rows import assessment_of  # noqa: PLC0415

    with open_office() as office:
        found = why(office, office.scope(), number)
    return _told(found.entry.title, found.entry.text, assessment_of(found.machine), found.spans, found.examples)


def _told(
    title: str, text: str, made: Assessment, where: tuple[Span, ...], examples: tuple[Example, ...]
) -> dict[str, Any]:
    return {
        "title": title,
        "text": text,
        **shown(made),
        "spans": [span._asdict() for span in where],
        "examples": [
            {"title": one.title, "language": one.language, "labels": list(one.labels), "likeness": one.cosine}
            for one in examples
        ],
    }


def _shown(told: dict[str, Any]) -> str:
    """For people: a line each, what carried it behind it."""
    lines = [told["title"] or told["text"][:80], ""]
    for key, p in sorted(told["probabilities"].items(), key=lambda pair: -pair[1]):
        held = "held" if key in told["labels"] else "open" if key in told["uncertain"] else ""
        carried = ", ".join(_words(one) for one in told["reasons"] if one["kind"] == "category" and one["value"] == key)
        lines.append(f"  {key:<13} {p:>5.0%}  {held:<5} {carried}".rstrip())
    if told["subtypes"]:
        lines.append(f"  sub-types     {', '.join(told['subtypes'])}")
    for key in ("severity", "urgency", "certainty"):
        carried = ", ".join(f"{one['code']} {_words(one)}".strip() for one in told["reasons"] if one["kind"] == key)
        lines.append(f"  {key:<13} {told[key]:>5.2f}  {carried}".rstrip())
    named = {one["value"]: one["words"] for one in told["reasons"] if one["kind"] == "country"}
    places = ", ".join(f"{code} (“{named[code]}”)" if named.get(code) else code for code in told["countries"])
    lines += [f"  where         {places or 'unknown'}", f"  model         {told['model']}"]
    if told["examples"]:
        lines += ["", "Reads most like:"]
    lines += [
        f"  {one['likeness']:.2f}  {', '.join(one['labels']) or 'no risk'}: {one['title']}" for one in told["examples"]
    ]
    return "\n".join(lines)


def _words(one: dict[str, Any]) -> str:
    return f"“{one['words']}”" if one["words"] else str(one["value"])
