"""Places in crisis on the seeded desk: by rule, by a person with the return date come, and one that is over."""

from datetime import datetime, timedelta

from sqlmodel import select

from rules.guideline import default_guideline
from rules.posture import Posture
from service.record.posture import enter, leave, prolong
from service.record.situation_report import send_report
from service.store.engine import Store
from service.store.people import home_organisation
from service.store.tables import SourceRow
from tests.web.seed import alert_called

FIRST = "Shots near the palace since dawn. All 212 of our people are accounted for; nobody leaves the compounds."
SECOND = """Palace quiet, borders closed, curfew from 18:00. Embassy in contact.
Decided: families fly out with the first plane that goes; the mine keeps a skeleton shift.
Next: water at site Arlit for six days, fuel for four. Convoy question at noon."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def bring_crises(store: Store, now: datetime) -> None:
    """Niger by rule, West Africa asked about, Mali over."""
    coup = alert_called(store, "尼日尔")
    with store.write() as session:
        home = home_organisation(session).id or 0
        for source in session.exec(select(SourceRow).limit(2)).all():
            source.country, source.interval_s = "NE", 1200
        by_rule = Posture("NE", now - 3 * HOUR, now + 6 * DAY, "rules", by_rule=True)
        niger = enter(session, home, by_rule, 0.25, now - 3 * HOUR, coup)
        for ago, text in ((2.6, FIRST), (1.4, SECOND)):
            send_report(session, niger, default_guideline(), "li.wei", text, now - ago * HOUR)
        begun = now - 7 * DAY
        west = Posture("africa-west", begun, now - HOUR, "li.wei", "Elections in three countries within a fortnight")
        row = enter(session, home, west, 0.25, begun)
        row.asked_at = now - HOUR
        over = Posture("CL", now - 20 * DAY, now - 12 * DAY, "li.wei", "Ports closed by a strike")
        row = enter(session, home, over, 0.25, now - 20 * DAY)
        prolong(session, row, now - 8 * DAY, "li.wei", "No deal yet", now - 12 * DAY)
        leave(session, row, "li.wei", "Ports work again; the embassy watches on", now - 9 * DAY)
