"""Everything that machine and people did about an alert, in one order, each with who, why and by which clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.notify.text import clean
from service.store.tables import LogLine
from service.web.shown.audit import MACHINE, href_of
from service.web.shown.detail import HistoryShown, history_line
from service.web.shown.level_history import clause_link
from service.web.shown.row import Telling


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act. `link` leads to what it was about, `label` is that thing's short name; `machine` says nobody did it."""

    line: HistoryShown
    machine: bool
    label: str = ""
    link: str = ""


def audit_shown(
    lines: Iterable[LogLine], done: Sequence[HistoryShown], telling: Telling, *, home: bool
) -> tuple[AuditLine, ...]:
    """What the log says of the alert and of what hangs on it, and what was done in its response; newest first."""
    found = [_line(line, telling, home=home) for line in lines]
    found += [AuditLine(one, machine=False, link="#response") for one in done]
    # Of what happened in the same second, what was written later stands higher.
    return tuple(reversed(sorted(found, key=lambda one: one.line.at.iso)))  # noqa: C413


def _line(line: LogLine, telling: Telling, *, home: bool) -> AuditLine:
    label, link = _about(line, telling, home=home)
    return AuditLine(history_line(line, telling), line.actor in MACHINE, label, link)


def _about(line: LogLine, telling: Telling, *, home: bool) -> tuple[str, str]:
    if line.subject == "alert":
        clause = clean(line.detail.get("clause"))
        return clause, clause_link(clause) if home else ""
    if line.subject == "comment":
        return "", f"#comment-{line.detail.get('comment')}"
    if line.subject == "entry":
        return telling.say("acts.report", number=line.subject_id), href_of("entry", line.subject_id)
    other = line.detail.get("other")
    return (telling.say("joining.number", number=other), href_of("event", str(other))) if other else ("", "")
