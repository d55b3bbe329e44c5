"""A desk whose machine is unsure of some entries: a queue to judge."""

from sqlmodel import col, select

from service.store.engine import Store
from service.store.tables import AssessmentRow

CLOSE = {"security": 0.52, "political": 0.11, "legal": 0.44, "financial": 0.02, "reputational": 0.08}


def make_unsure(store: Store, many: int = 6) -> list[int]:
    """Let the machine be unsure of the first entries; answers their numbers."""
    with store.write() as session:
        rows = session.exec(select(AssessmentRow).order_by(col(AssessmentRow.id)).limit(many)).all()
        for place, row in enumerate(rows):
            row.probabilities = {**CLOSE, "security": CLOSE["security"] + place / 50}
            row.labels, row.uncertain, row.subtypes = ["security"], ["legal"], []
            session.add(row)
        return [row.entry_id for row in rows]
