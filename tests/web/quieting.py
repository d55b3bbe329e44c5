"""Silences on the seeded desk, and what they hold, for pictures."""

from datetime import datetime, timedelta

from sqlmodel import select

from service.auth.access import operator_scope
from service.desk.house import House
from service.desk.silences import SilenceGiven, add_silence, end_silence
from service.store.tables import Alert, HushRow

HOUR = timedelta(hours=1)


def add_silences(house: House, now: datetime) -> int:
    """One in force that held something, one planned, one that is over; answers the first one's number."""
    with house.store.read() as session:
        scope = operator_scope(session)
        alerts = [one for one in session.exec(select(Alert)).all() if one.closed_at is None and one.source_id is None]
    given = SilenceGiven(now + 8 * HOUR, "津德尔营地道路施工，周五前完成", countries=("NE", "ML"), levels=(3, 4))
    first = add_silence(house, scope, given)
    window = {"kind": "window", "starts_at": now + 20 * HOUR, "weekly_minutes": 120, "zone": "Africa/Nairobi"}
    add_silence(
        house,
        scope,
        SilenceGiven(now + timedelta(days=90), "Weekly test of the sirens", countries=("KE",), **window),  # type: ignore[arg-type]
    )
    alarms = SilenceGiven(now + 72 * HOUR, "The provider moves its servers until Tuesday", alarms=("failing", "quiet"))
    add_silence(house, scope, alarms)
    over = add_silence(house, scope, SilenceGiven(now + 4 * HOUR, "Noise of an election", subtypes=("election",)))
    end_silence(house, scope, over.id or 0)
    with house.store.write() as session:
        for alert in alerts:
            values = {"organisation_id": alert.organisation_id, "alert_id": alert.id, "version": alert.version}
            values |= {"action": "open", "level": alert.level, "kind": "silence", "cause": f"silence:{first.id}"}
            values |= {"silence_id": first.id, "until": first.ends_at, "passed": alert.level < 3, "at": now}
            if alert.level in (1, 4):
                session.add(HushRow(**values))
    return first.id or 0
