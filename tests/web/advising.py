"""What three governments advise about Niger, on the seeded desk: two by their lists alone, one in an entry."""

from datetime import datetime, timedelta

from sqlmodel import select

from service.store.engine import Store
from service.store.tables import EntryRow, SourceRow

LISTS = (("uk", "Foreign Office", "4"), ("jp", "Gaimusho", "3"), ("au", "Smartraveller", ""))


def add_advice(store: Store, now: datetime) -> None:
    """Three lists, well and just looked at."""
    with store.write() as session:
        for key, name, level in LISTS:
            row = SourceRow(key=key, name=name, address=f"https://{key}.example", kind="advisory", created_at=now)
            row.levels = {"advice:NE": level} if level else {}
            row.state, row.reliability, row.last_success_at = "ok", "A", now - timedelta(minutes=20)
            session.add(row)
        session.flush()
        third = session.exec(select(SourceRow).where(SourceRow.key == "au")).one()
        entry = EntryRow(
            source_id=third.id or 0,
            key="advice:NE",
            raw_hash="0" * 64,
            title="Niger: leave while you can",
            text="",
            language="en",
            link="https://au.example/niger",
            countries=["NE"],
            extra={"advisory_level": "2"},
            first_seen_at=now - timedelta(days=3),
            date_quality="good",
            reliability="A",
            sharing="TLP:CLEAR",
            stage="decided",
        )
        session.add(entry)
