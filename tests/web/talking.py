"""People of the seeded desk talking about an alert."""

from dataclasses import replace
from datetime import datetime, timedelta

from service.desk.comments import comment
from service.desk.house import House
from service.store.people import person_by_name
from service.store.tables import Person
from tests.web.desk import operator

COLLEAGUES = ("fatou", "李娜", "omar haddad")
TALK = (
    (34, "fatou", "The project office in Niamey has counted heads: 41 of 43. Two are still at the checkpoint."),
    (21, "李娜", "已与使馆领事处通话，对方正在核实两名员工的情况。@wang 请确认医疗撤离方案是否可用。"),
    (9, "omar haddad", "Airport road closed as of 05:30.\nThe northern route to the border is open, two posts.\n\n"
        "@wang @fatou please decide on the convoy by 09:00. \u202eevil\u202c <b>not bold</b> https://example.org/x"),
    (2, "wang", "@李娜 方案可用，飞机在阿加德兹待命。The convoy waits. 👩🏽‍🚒"),
)  # fmt: skip


def add_people(house: House, names: tuple[str, ...] = COLLEAGUES) -> None:
    """Analysts of the desk."""
    with house.store.write() as session:
        for name in names:
            if person_by_name(session, name) is None:
                session.add(
                    Person(
                        organisation_id=operator(house.store).organisation_id,
                        name=name,
                        password_hash="-",
                        role="analyst",
                        created_at=house.clock(),
                    )
                )


def add_talk(house: House, alert: int, now: datetime) -> None:
    """What they said in the last half hour."""
    add_people(house)
    for ago, who, text in TALK:
        then = replace(house, clock=lambda ago=ago: now - timedelta(minutes=ago))
        comment(then, replace(operator(house.store), actor=who), alert, text)
