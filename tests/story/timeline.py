"""The story as a duty officer would read it afterwards: when, which event, what changed, why, who was told."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from string import ascii_uppercase

from rules.guideline import default_guideline
from rules.level import Level
from rules.plan_file import default_plans
from service.locale.catalogue import Catalogue
from tests.story.telling import Story, when
from tests.story.watching import Done, Heard, Notes, Stand

WORDS = Catalogue()
WIDTH = 118
INDENT = " " * 14
CHANGES = {
    "alert.open": "ALERT",
    "alert.raise": "RAISED",
    "alert.lower": "LOWERED",
    "alert.confirm": "CONFIRMED",
    "alert.withdraw": "WITHDRAWN",
    "alert.update": "updated",
}
# Numbers that move with every training of the model say nothing that a reader of the story needs.
UNSAID = {
    *("grade.score", "grade.factors", "grade.threshold", "severity.learnt", "severity.subtype", "severity.category"),
    *("country.named", "category.words", "certainty.source"),
}
DEEDS = {
    "alert.acknowledge": "acknowledges",
    "alert.respond": "is at work on it",
    "alert.resolve": "closes it as resolved",
    "alert.dismiss": "dismisses it",
    "alert.answer": "answers; more are needed",
}
STEPS = {"step.done": "finishes", "step.skip": "skips", "step.start": "starts", "step.hand": "hands over"}


def timeline(story: Story, notes: Notes) -> str:
    """The whole of it, as text."""
    letters = {first: ascii_uppercase[place] for place, first in enumerate(notes.members())}
    told = [*notes.heard, *notes.done]
    blocks: list[str] = []
    for at, these in groupby(sorted(told, key=lambda one: one.at), key=lambda one: one.at):
        both = list(these)
        for first, letter in letters.items():
            lines = list(_block([one for one in both if one.event == first]))
            if lines:
                blocks.append("\n".join(_set(f"{when(at)}  {letter} ", lines)))
    days = [list(found) for _, found in groupby(blocks, key=lambda block: block[:3])]
    parts = [_head(story, notes, letters), *("\n".join(day) for day in days), _foot(notes)]
    return "\n\n".join(parts) + "\n"


def _head(story: Story, notes: Notes, letters: dict[str, str]) -> str:
    tongues = len({piece.language for piece in story.world.pieces})
    pieces = story.world.pieces
    corrections = sum(len(piece.versions) - 1 for piece in pieces)
    lines = [
        f"{len(pieces)} entries and {corrections} corrections in {tongues} languages, Monday to Friday. Times are UTC.",
        "",
    ]
    for first, members in notes.members().items():
        title = next(one.title for one in notes.heard if one.piece == first)
        entries = "1 entry" if len(members) == 1 else f"{len(members)} entries"
        lines.append(f"{letters[first]}  {entries:<11} {title}")
    return "\n".join(lines)


def _foot(notes: Notes) -> str:
    calm = [one for one in notes.heard if not one.event]
    lines = ["Nobody was told of:"]
    lines += [f"  {when(one.at)}  {one.source} ({one.language}): {one.title}" for one in calm]
    return "\n".join(lines)


def _set(head: str, lines: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        wrapped = textwrap.wrap(line, WIDTH - len(INDENT), subsequent_indent="          ", break_long_words=False)
        for row, text in enumerate(wrapped):
            yield (head if not place and not row else " " * len(head)).ljust(len(INDENT)) + text


def _block(both: Sequence[Heard | Done]) -> Iterator[str]:
    for one in both:
        if isinstance(one, Heard):
            yield _heard(one)
    done = [one for one in both if isinstance(one, Done)]
    for change in (one for one in done if one.action in CHANGES):
        yield from _change(change)
    yield from _plans(one for one in done if one.action.startswith("plan."))
    yield from _pressing(one for one in done if one.actor == "escalation")
    yield from _late(one for one in done if one.action in ("step.overdue", "step.unanswered"))
    yield from _deeds([one for one in done if one.action in DEEDS or one.action in STEPS])


def _heard(one: Heard) -> str:
    corrected = "corrected by" if one.revision > 1 else "heard from"
    return f"{corrected} {one.source} ({one.reliability}, {one.language}): {one.title}"


def _change(one: Done) -> Iterator[str]:
    stand = one.stand
    assert stand is not None
    level, before = Level(stand.level).roman, one.detail.get("before")
    step = f"{Level(before).roman} → {level}" if before and before != stand.level else level
    doubt = ", unconfirmed" if stand.unconfirmed else ""
    clause = default_guideline().by_id[stand.clause]
    where = ", ".join(WORDS.country(code, "en") for code in stand.countries)
    yield f"{CHANGES[one.action]}  {step}{doubt}  {clause.id} {clause.title.en}, {where}"
    yield f"  why     {'; '.join(_why(stand)) or '-'}"
    if one.action in ("alert.open", "alert.raise", "alert.lower"):
        first, *others = stand.owners
        due = f"; answer by {when(stand.due)}" if stand.due is not None else ""
        yield f"  owner   {first}{', with ' + ', '.join(others) if others else ''}{due}"
    if one.told:
        yield f"  told    {', '.join(one.told)}"


def _why(stand: Stand) -> Iterator[str]:
    for reason in stand.reasons:
        if reason.get("code") not in UNSAID:
            yield WORDS.reason_text(reason, "en")


def _plans(done: Iterable[Done]) -> Iterator[str]:
    for one in done:
        plan = default_plans().by_key[one.detail["plan"]]
        begun = "starts" if one.action == "plan.start" else "goes on"
        counts = f"{one.detail['steps']} new steps" if one.action != "plan.start" else f"{one.detail['steps']} steps"
        aside = f", {one.detail['replaced']} set aside" if one.detail["replaced"] else ""
        yield f"  plan    '{plan.title.en}' {begun} at level {Level(one.detail['level']).roman}: {counts}{aside}"


def _pressing(done: Iterable[Done]) -> Iterator[str]:
    for one in done:
        if one.action == "alert.lapse":
            yield "unanswered: on the morning list, nobody is called any more"
        elif one.action == "alert.ask_again":
            yield f"the acknowledgement has expired: asked again are {one.detail['asked']}"
        else:
            yield f"no answer yet: {one.detail['rung']} asked ({one.detail['asked'] or 'nobody can be reached'})"


def _late(done: Iterable[Done]) -> Iterator[str]:
    for (action, owner), several in _grouped(done, lambda one: (one.action, one.detail["owner"])):
        steps = ", ".join(one.detail["step"] for one in several)
        if action == "step.unanswered":
            yield f"late, and nobody is left to be told: {steps}"
        else:
            yield f"late: {steps} - {owner} is told ({', '.join(several[0].told)})"


def _deeds(done: Sequence[Done]) -> Iterator[str]:
    for (actor, action, words), several in _grouped(
        done, lambda one: (one.actor, one.action, one.detail.get("text") or one.detail.get("reason") or "")
    ):
        said = f' "{words}"' if words else ""
        if action in STEPS:
            steps = ", ".join(one.detail["step"] for one in several)
            yield f"{actor} {STEPS[action]} {steps}:{said}"
        else:
            yield f"{actor} {DEEDS[action]}{said}"
            if several[0].told:
                yield f"  told    {', '.join(several[0].told)}"


def _grouped(done: Iterable[Done], key):  # type: ignore[no-untyped-def]
    found: dict[tuple[str, ...], list[Done]] = {}
    for one in done:
        found.setdefault(key(one), []).append(one)
    return found.items()
