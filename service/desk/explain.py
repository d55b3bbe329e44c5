"""Explain: why an alert or event is graded as it is, and why not otherwise, as of now and by the guideline in force.

The situation is made where the pipeline makes it: what is explained is the decision that is taken, of the organisation
whose alert it is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from rules.explain import ClauseWhy, Explanation, Verdict, explain
from rules.exposure import hit_values
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.desk.means import means_of
from service.desk.quiet_told import quiet_told
from service.errors import NotFound, Refused
from service.locale.catalogue import Catalogue
from service.record.concerned import cleared
from service.record.decision import live_alert
from service.record.quiet import Calm
from service.record.situated import situation_of
from service.store.events import get_event, told_of
from service.store.people import organisation_by_id
from service.store.quiet import holding, hushes_of, names_of
from service.store.read_alerts import get_alert
from service.store.rows import reason_values
from service.store.scope import Scope
from service.store.tables import Alert, HushRow, SilenceRow


@dataclass(frozen=True, slots=True)
class Explained:
    """An event's explanation, with the level and version that its alert bears."""

    event: int
    alert: int | None
    level: int | None
    guideline: str
    explanation: Explanation
    hushes: tuple[HushRow, ...] = ()  # what kept its changes quiet, or would have, the newest first
    held: HushRow | None = None  # what keeps the newest one quiet now
    silences: Mapping[int, SilenceRow] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The same for JSON."""
        made = self.explanation.decision
        return {
            "event": self.event,
            "alert": self.alert,
            "alert_level": self.level,
            "alert_guideline": self.guideline or None,
            "guideline": made.guideline,
            "level": made.level,
            "action": made.action.value,
            "clause": made.clause or None,
            "score": made.score,
            "unconfirmed": made.unconfirmed,
            "posture": self.explanation.situation.posture,
            "organisation": self.explanation.situation.organisation or None,
            "exposure": {
                "factor": self.explanation.exposure.factor,
                "touched": self.explanation.exposure.count,
                "hits": [dict(hit_values(hit)) for hit in made.exposure],
            },
            "duties": [
                {"owner": one.owner, "role": one.role, "acknowledge_by": one.acknowledge_by} for one in made.duties
            ],
            "routes": list(self.explanation.path),
            "plan": made.plan or None,
            "reasons": [reason_values(one) for one in made.reasons],
            "counterfactuals": [reason_values(one) for one in made.counterfactuals],
            "facts": asdict(self.explanation.facts) if self.explanation.facts is not None else None,
            "left_out": self.explanation.left_out,
            "clauses": [
                {
                    "id": one.clause.id,
                    "verdict": one.verdict.value,
                    "score": one.score,
                    "level": one.level,
                    "missing": one.missing,
                    "instead": one.other or None,
                    "when": one.clause.when.source if one.clause.when is not None else None,
                }
                for one in self.explanation.clauses
            ],
            "quiet": [
                {name: getattr(row, name) for name in ("at", "action", "level", "kind", "cause", "until", "passed")}
                | {"holds_now": self.held is not None and row.id == self.held.id}
                for row in self.hushes
            ],
        }


def explain_alert(premises: Premises, scope: Scope, number: int) -> Explained:
    """The event of an alert of the desk."""
    _desk(scope)
    with premises.store.read() as session:
        alert = get_alert(session, scope, number)
        return _explained(premises, scope, session, alert.event_id, alert)


def explain_event(premises: Premises, scope: Scope, number: int) -> Explained:
    """An event, whether it has an alert or not."""
    _desk(scope)
    with premises.store.read() as session:
        return _explained(premises, scope, session, number, live_alert(session, scope.organisation_id, number))


def _explained(premises: Premises, scope: Scope, session: Session, number: int, alert: Alert | None) -> Explained:
    event = get_event(session, number)
    if event is None or event.source_id is not None:
        raise NotFound(f"There is no event {number} that reports tell of.", "Alarms about sources explain themselves.")
    whose = organisation_by_id(session, alert.organisation_id if alert is not None else scope.organisation_id)
    guideline, now = in_force(premises, scope).guideline, premises.clock()
    quiet = Calm(session, guideline.restraint, now).of(whose.id or 0, number)
    situation = situation_of(session, alert, whose, means_of(premises, session), quiet)
    told = told_of(session, number)
    reports = [one.report for one in (told if whose.home else cleared(told, whose))]
    found = explain(reports, situation, guideline, now)
    hushes = tuple(hushes_of(session, alert)) if alert is not None else ()
    held = holding(session, [alert.id or 0], now) if alert is not None else {}
    silences = names_of(session, {row.silence_id for row in hushes if row.silence_id is not None})
    return Explained(
        number,
        alert.id if alert is not None else None,
        alert.level if alert is not None else None,
        alert.guideline if alert is not None else "",
        found,
        hushes,
        next(iter(held.values()), None),
        silences,
    )


def _desk(scope: Scope) -> None:
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("Explanations are the desk's own.", "Ask a member of the desk.")


def quiet_lines(found: Explained, words: Catalogue, lang: str) -> list[str]:
    """For each change that was kept quiet, or would have been: when it was, what it was and by what, in words."""
    lines = []
    for row in found.hushes:
        told = quiet_told(row, found.silences, words, lang, lambda at: words.moment(at, lang)).text
        over = not row.passed and (found.held is None or found.held.id != row.id)
        values = {
            "at": words.moment(row.at, lang),
            "change": words.say(f"quiet.change.{row.action}", lang),
            "why": told,
        }
        lines.append(words.say("quiet.explained_over" if over else "quiet.explained", lang, **values))
    return lines


def why_told(one: ClauseWhy, words: Catalogue, lang: str) -> str:
    """What became of a clause, in words."""
    values = {
        "score": f"{one.score or 0:g}",
        "missing": f"{one.missing or 0:g}",
        "level": one.level.roman if one.level is not None else "",
        "when": one.clause.when.source if one.clause.when is not None else "",
        "other": one.other,
    }
    if one.verdict in (Verdict.HELD, Verdict.NAMED):
        return words.say(f"trust.why.{one.verdict.value}", lang, **values)
    more = "_more" if one.verdict is Verdict.CITED and one.missing else ""
    return words.say(f"guideline.why.{one.verdict.value}{more}", lang, **values)
