"""People for a seeded desk: a roster with a gap, their channels, and what escalation made of the alerts since."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules.guideline import default_guideline
from rules.owners import default_owners
from service.desk.channels import create_channel
from service.desk.house import House
from service.desk.rosters import add_swap, import_roster
from service.record.escalation import Office, escalate
from tests.web.desk import operator

ROSTER = """people:
  - {key: li.wei, name: 李伟 Li Wei, zone: Asia/Shanghai, deputy: zhao.min}
  - {key: zhao.min, name: 赵敏 Zhao Min, zone: Asia/Shanghai}
  - {key: chen.jing, name: 陈静 Chen Jing, zone: Asia/Shanghai}
  - {key: amina, name: Amina Moussa, zone: Africa/Niamey, deputy: li.wei}
  - {key: ousmane, name: Ousmane Traoré, zone: Africa/Bamako}
holidays:
  cn:
    - {first: 2026-10-01, last: 2026-10-07, name: National Day / 国庆节}
    - {first: 2026-12-05, last: 2026-12-06, name: Founding Days / 司庆}
rosters:
  - owner: central-lead
    zone: Asia/Shanghai
    starts: 2026-01-05
    lead: chen.jing
    holidays: [cn]
    turns:
      - {name: holidays, people: [chen.jing], every: day, handover: 09:00, on_holidays: only}
      - {name: weekly, people: [li.wei, zhao.min], every: week, handover: Mon 09:00}
  - owner: africa-lead
    zone: Africa/Niamey
    starts: 2026-01-05
    lead: chen.jing
    deputies: [zhao.min]
    turns:
      - {name: day, people: [amina, ousmane], every: week, handover: Mon 08:00, hours: [daily 08:00-20:00]}
      - {name: night, people: [li.wei, zhao.min], every: day, handover: 20:00, hours: [Mon-Sat 20:00-08:00]}
"""


def staff(house: House, now: datetime) -> None:
    """Put the roster in force, give people channels, swap a day, and let escalation run over the last hours."""
    early = replace(house, clock=lambda: now - timedelta(days=2))
    desk = operator(house.store)
    import_roster(early, desk, ROSTER, note="autumn")
    for key in ("li.wei", "zhao.min", "chen.jing", "amina"):
        address = f"https://rooms.example/{key}"
        create_channel(early, desk, kind="webhook", name=key, address=address, owner=key)
    start = (now + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
    swap = {"owner": "africa-lead", "person": "zhao.min", "start": start, "end": start + timedelta(hours=30)}
    add_swap(early, desk, **swap, reason="medical / 体检")  # type: ignore[arg-type]
    waits = {level: rule.acknowledge for level, rule in default_guideline().levels.items()}
    office = Office(default_owners(), None, waits, desk.organisation_id, house.public_url)
    for minutes in range(300, -1, -5):
        with house.store.write() as session:
            escalate(session, office, now - timedelta(minutes=minutes))
