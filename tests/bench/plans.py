"""Plans: how many are chosen a second, and what it costs to start one with an alert, on SQLite on disk."""

import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from time import process_time

from sqlmodel import Session, select

from rules.decision import Action, Decision
from rules.level import Level
from rules.owners import default_owners, find_owners
from rules.plan import plan_for
from rules.plan_file import default_plans, default_texts, parse_plans
from scoring.category import SUBTYPES
from service.record.response import Playbook, respond
from service.record.steps import first_lines
from service.store.engine import open_store
from service.store.migrate import upgrade
from service.store.people import found_home
from service.store.tables import Alert, Event, Organisation

NOW = datetime.now(UTC).replace(microsecond=0)
BOOK = Playbook(default_plans(), default_owners())
ALERTS, AT_ONCE = 200, 50


def bench_plans() -> None:
    """Print both."""
    made = [_decision(level, key) for level, key in product(Level, SUBTYPES)]
    begin = process_time()
    for _ in range(200):
        for one in made:
            plan_for(one, BOOK.plans)
    spent = process_time() - begin
    print(f"\n## Plans\n\nchosen: {200 * len(made) / spent:,.0f} a second, one core")
    begin = process_time()
    parse_plans(default_texts(), BOOK.owners)
    print(f"the shipped files, read and checked: {1000 * (process_time() - begin):.0f} ms\n")
    print("| level | steps | cpu ms to start a plan | µs a step |\n|---|---|---|---|")
    for level in Level:
        steps, spent = _started(level)
        print(f"| {level.roman} | {steps / ALERTS:.1f} | {1000 * spent / ALERTS:.2f} | {1e6 * spent / steps:.0f} |")


def _started(level: Level) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(store)
        keys = [key for key, _ in zip(list(SUBTYPES) * 9, range(ALERTS), strict=False)]
        with store.write() as session:
            found_home(session, NOW)
            alerts = _alerts(session, level)
        spent, steps = 0.0, 0
        for start in range(0, ALERTS, AT_ONCE):
            with store.write() as session:
                rows = [session.get_one(Alert, number) for number in alerts[start : start + AT_ONCE]]
                decisions = [_decision(level, key) for key in keys[start : start + AT_ONCE]]
                begin = process_time()
                for alert, made in zip(rows, decisions, strict=True):
                    first_lines(respond(session, alert, made, BOOK, NOW, fresh=True).lines)
                session.flush()
                spent += process_time() - begin
                steps += sum(len(BOOK.plans.by_key[made.plan].steps_at(level)) for made in decisions)
        store.dispose()
    return steps, spent


def _alerts(session: Session, level: Level) -> list[int]:
    home = session.exec(select(Organisation.id)).one() or 0
    rows = []
    for _ in range(ALERTS):
        lists = {"countries": ["NE"], "categories": [], "subtypes": []}
        event = Event(title="x", sharing="TLP:CLEAR", opened_at=NOW, last_at=NOW, vector=b"", **lists)
        session.add(event)
        session.flush()
        rows.append(
            Alert(
                organisation_id=home, event_id=event.id or 0, level=int(level), title="x", clause="SEC", guideline="1",
                score=50.0, unconfirmed=False, sharing="TLP:CLEAR", reasons=[], opened_at=NOW, changed_at=NOW,
                level_since=NOW, **lists,
            )
        )  # fmt: skip
    session.add_all(rows)
    session.flush()
    return [row.id or 0 for row in rows]


def _decision(level: Level, key: str) -> Decision:
    labels = (SUBTYPES[key],)
    made = Decision(
        Action.OPEN, level, 50.0, "SEC", "1", False, ("NE",), labels, (key,), (),
        find_owners(BOOK.owners, ("NE",), labels, level, NOW),
    )  # fmt: skip
    plan = plan_for(made, BOOK.plans)
    return Decision(
        **{name: getattr(made, name) for name in made.__slots__ if name != "plan"}, plan=plan.key if plan else ""
    )


if __name__ == "__main__":
    bench_plans()
