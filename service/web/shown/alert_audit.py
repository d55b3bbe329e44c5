"""Everything that machine and people did about an alert, in one order, each with who, why and by which clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.notify.text import clean, shorten
from service.store.tables import LogLine
from service.web.shown.detail import HistoryShown
from service.web.shown.level_history import clause_link
from service.web.shown.response import DoneShown
from service.web.shown.row import Telling

MACHINES = ("rules", "escalation", "pipeline", "scheduler", "deliver")
WORDY = 300


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act. `link` leads to what it was about, `label` is that thing's short name; `machine` says nobody did it."""

    line: HistoryShown
    machine: bool
    label: str = ""
    link: str = ""


def audit_shown(
    history: Sequence[tuple[LogLine, HistoryShown]],
    others: Sequence[LogLine],
    done: Iterable[DoneShown],
    telling: Telling,
    *,
    home: bool,
) -> tuple[AuditLine, ...]:
    """The alert's own lines as they are shown already, what was done beside it and in its response; newest first."""
    found = [_own(line, shown, telling, home=home) for line, shown in history]
    found += [_other(line, telling) for line in others]
    found += [
        AuditLine(HistoryShown(one.at, one.who, one.what, one.why), machine=False, link="#response") for one in done
    ]
    # Of what happened in the same second, what was written later stands higher.
    return tuple(reversed(sorted(found, key=lambda one: one.line.at.iso)))  # noqa: C413


def _own(line: LogLine, shown: HistoryShown, telling: Telling, *, home: bool) -> AuditLine:
    clause = clean(line.detail.get("clause"))
    link = clause_link(clause) if home else ""
    return AuditLine(shown, line.actor in MACHINES, clause, link)


def _other(line: LogLine, telling: Telling) -> AuditLine:
    key = f"web.history.{line.action.replace('.', '_')}"
    what = telling.say(key, **_values(line)) if telling.words.has(key) else clean(line.action)
    actor = f"web.actor.{line.actor}"
    who = telling.say(actor) if telling.words.has(actor) else shorten(clean(line.actor), 80)
    shown = HistoryShown(telling.surely(line.at), who, what, _why(line))
    label, link = _about(line, telling)
    return AuditLine(shown, line.actor in MACHINES, label, link)


def _values(line: LogLine) -> dict[str, Any]:
    entries = line.detail.get("entries")
    return {
        "other": line.detail.get("other", ""),
        "count": len(entries) if isinstance(entries, list) else 0,
        "whom": ", ".join(clean(str(name)) for name in line.detail.get("mentioned", ())),
    }


def _why(line: LogLine) -> str:
    return shorten(clean(str(line.detail.get("reason") or "")), WORDY)


def _about(line: LogLine, telling: Telling) -> tuple[str, str]:
    number = clean(line.subject_id)
    if line.subject == "comment":
        return "", f"#comment-{line.detail.get('comment')}"
    if line.subject == "entry" and number.isdigit():
        return telling.say("acts.report", number=number), f"/entries/{number}/correct"
    other = line.detail.get("other")
    return (telling.say("joining.number", number=other), f"/events/{other}") if isinstance(other, int) else ("", "")


def without_links(lines: Iterable[AuditLine]) -> tuple[AuditLine, ...]:
    """For paper."""
    return tuple(replace(one, link="") for one in lines)
