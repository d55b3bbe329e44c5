"""Rosters and escalation on both databases: checked before they hold, swapped, and pressed to an answer or its end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from rules.guideline import default_guideline
from rules.level import Level
from rules.owners import default_owners
from scoring.category import Category
from service.auth.access import person_scope
from service.desk.alerts import act_on
from service.desk.channels import create_channel
from service.desk.rosters import (
    add_swap,
    calendar,
    cancel_swap,
    check_text,
    import_roster,
    morning,
    roster_in_force,
    standing_at,
    who,
)
from service.errors import Conflict, Invalid, Refused
from service.record.audience import read_audience
from service.record.escalation import Office, escalate
from service.store.scope import Scope
from service.store.tables import Alert, Channel, EscalationRow, LogLine, Notice, Organisation, Person
from tests.api.town import START, Town

ROSTER = """people:
  - {key: li.wei, name: 李伟, zone: Asia/Shanghai, deputy: zhao.min}
  - {key: zhao.min, name: 赵敏, zone: Asia/Shanghai}
  - {key: chen.jing, name: 陈静, zone: Asia/Shanghai}
  - {key: amina, name: Amina Moussa, zone: Africa/Niamey}
rosters:
  - owner: central-lead
    zone: Asia/Shanghai
    starts: 2026-01-05
    lead: chen.jing
    turns:
      - {name: weekly, people: [li.wei, zhao.min], every: week, handover: Mon 09:00}
  - owner: africa-lead
    zone: Africa/Niamey
    starts: 2026-01-05
    lead: chen.jing
    deputies: [zhao.min]
    turns:
      - {name: weekly, people: [amina], every: week, handover: Mon 09:00}
escalation:
  2: {answer: quorum, quorum: 2, step: 10 min, repeat: 30 min, lapse: 1 d, expires: never}
"""
OFFICE_WAITS = {level: rule.acknowledge for level, rule in default_guideline().levels.items()}


def office(here: Town) -> Office:
    return Office(default_owners(), None, OFFICE_WAITS, here.numbers["organisation:home"], "https://desk.example")


def tick(here: Town, **later: float) -> list[str]:
    now = here.pass_time(**later)
    with here.store.write() as session:
        return [action for _, action in escalate(session, office(here), now)]


def reach(here: Town, *keys: str) -> None:
    for key in keys:
        address = f"https://rooms.example/{key}"
        create_channel(here.house, here.operator(), kind="webhook", name=key, address=address, owner=key)


def staffed(here: Town) -> None:
    import_roster(here.house, here.operator(), ROSTER)
    reach(here, "central-lead", "li.wei", "zhao.min", "chen.jing", "amina")


def scope_of(here: Town, name: str, role: str = "owner", owner: str | None = None) -> Scope:
    number = here.person(name, role, owner=owner)
    with here.store.read() as session:
        person, home = session.get(Person, number), session.get(Organisation, here.numbers["organisation:home"])
    assert person is not None
    assert home is not None
    return person_scope(person, home)


def told(here: Town, action: str = "escalate") -> list[tuple[str | None, str]]:
    """Who was asked for which duty, in order: the owner that the notice names, and the last part of the address."""
    with here.store.read() as session:
        rows = session.exec(
            select(Notice).where(Notice.action == action).order_by(col(Notice.created_at), col(Notice.id))
        ).all()
        names = {one.id: one.name for one in session.exec(select(Channel)).all()}
    return sorted((row.owner, names.get(row.channel_id, "-")) for row in rows)


def state(here: Town, number: int) -> Alert:
    with here.store.read() as session:
        found = session.get(Alert, number)
    assert found is not None
    return found


def lines(here: Town, number: int) -> list[tuple[str, str]]:
    with here.store.read() as session:
        rows = session.exec(
            select(LogLine)
            .where(LogLine.subject == "alert", LogLine.subject_id == str(number))
            .order_by(col(LogLine.id))
        ).all()
    return [(row.action, str(row.detail.get("rung", ""))) for row in rows]


def test_a_faulty_file_never_replaces_a_good_one(here: Town) -> None:
    row, findings = import_roster(here.house, here.operator(), ROSTER)
    assert {finding.fault.value for finding in findings} >= {"no_channel", "unreachable"}
    for faulty in (
        ROSTER.replace("people: [amina]", "people: [amna]"),
        ROSTER.replace("owner: africa-lead", "owner: x"),
    ):
        with pytest.raises(Invalid):
            import_roster(here.house, here.operator(), faulty)
    with pytest.raises(Conflict):
        import_roster(here.house, here.operator(), ROSTER)
    kept = roster_in_force(here.house, here.operator())
    assert kept is not None
    assert kept.id == row.id
    with pytest.raises(Refused):
        import_roster(here.house, scope_of(here, "vera", "analyst"), ROSTER + "\n")


def test_the_check_asks_who_can_be_reached(here: Town) -> None:
    staffed(here)
    faults = {
        (one.fault.value, one.values.get("person", "")) for one in check_text(here.house, here.operator(), None, "")[1]
    }
    assert ("no_channel", "amina") not in faults
    with here.store.write() as session:
        for channel in session.exec(select(Channel).where(Channel.owner == "amina")).all():
            session.add(
                Notice(
                    id="msg_dead",
                    organisation_id=channel.organisation_id,
                    action="open",
                    channel_id=channel.id,
                    dedup="dead",
                    payload={"level": 1},
                    state="dead",
                    not_before=here.at,
                    created_at=here.at,
                )
            )
    faults = {
        (one.fault.value, one.values.get("person", "")) for one in check_text(here.house, here.operator(), None, "")[1]
    }
    assert ("no_channel", "amina") in faults, "her last message did not arrive"


def test_who_would_answer(here: Town) -> None:
    staffed(here)
    grave = who(here.house, here.operator(), "NE", [Category.SECURITY], Level.RED)
    assert grave.central
    assert (grave.duties[0].owner, [one.person for one in grave.duties[0].people]) == (
        "central-lead",
        ["zhao.min", "chen.jing"],
    )
    calm = who(here.house, here.operator(), "NE", [Category.SECURITY], Level.BLUE)
    assert [(one.owner, [stand.person for stand in one.people]) for one in calm.duties] == [
        ("africa-lead", ["amina", "zhao.min", "chen.jing"])
    ]
    assert dict(standing_at(here.house, here.operator(), START))["finance-officer"] == ()


def test_swaps(here: Town) -> None:
    staffed(here)
    amina, stranger = scope_of(here, "amina"), scope_of(here, "nora")
    given = {"owner": "africa-lead", "person": "zhao.min", "start": START, "end": START + timedelta(days=1)}
    with pytest.raises(Refused):
        add_swap(here.house, stranger, **given)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        add_swap(here.house, here.operator(), **{**given, "person": "nobody"})  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        add_swap(here.house, here.operator(), **{**given, "end": START})  # type: ignore[arg-type]
    row = add_swap(here.house, amina, **given, reason="dentist")  # type: ignore[arg-type]
    shown = calendar(here.house, here.operator(), START, START + timedelta(days=3))
    assert [span.person for span in dict(shown.owners)["africa-lead"]] == ["zhao.min", "amina"]
    with pytest.raises(Refused):
        cancel_swap(here.house, stranger, row.id or 0)
    cancel_swap(here.house, amina, row.id or 0)
    shown = calendar(here.house, here.operator(), START, START + timedelta(days=3))
    assert [span.person for span in dict(shown.owners)["africa-lead"]] == ["amina"]


def test_up_the_chain_until_somebody_answers(here: Town) -> None:
    staffed(here)
    number = here.alert(owner="africa-lead")
    assert tick(here, minutes=14) == []
    assert tick(here, minutes=1) == ["alert.escalate"]
    assert told(here) == [("africa-lead", "zhao.min")]
    assert tick(here, minutes=1) == [], "not again before its time"
    tick(here, minutes=4)
    tick(here, minutes=5)
    assert lines(here, number)[1:] == [("alert.escalate", rung) for rung in ("deputy", "lead", "central")]
    assert ("central-lead", "central-lead") in told(here)
    act_on(here.house, scope_of(here, "zhao.min", owner="finance-officer"), number, "acknowledge")
    assert state(here, number).state == "acknowledged"
    assert [tick(here, minutes=20) for _ in range(2)] == [[], []], "it is answered"


def test_an_acknowledgement_without_a_deed_is_asked_for_again(here: Town) -> None:
    staffed(here)
    number = here.alert(owner="africa-lead")
    here.pass_time(minutes=5)
    act_on(here.house, here.operator(), number, "acknowledge")
    assert [tick(here, minutes=30), tick(here, minutes=29)] == [[], []]
    assert tick(here, minutes=1) == ["alert.ask_again"]
    alert = state(here, number)
    assert (alert.state, alert.acknowledged_by) == ("open", None)
    assert alert.acknowledge_by == here.at + timedelta(minutes=15)
    assert told(here, "ask_again") == [("africa-lead", "amina")]
    assert tick(here, minutes=15) == ["alert.escalate"]
    act_on(here.house, here.operator(), number, "respond")
    assert tick(here, hours=20) == [], "somebody is at it"


def test_a_quorum(here: Town) -> None:
    staffed(here)
    number = here.alert(level=2, owner="africa-lead")
    first, second = scope_of(here, "li.wei", "analyst"), scope_of(here, "chen.jing", "analyst")
    for scope, after in ((first, "open"), (first, "open"), (second, "acknowledged")):
        act_on(here.house, scope, number, "acknowledge")
        assert state(here, number).state == after
    assert [action for action, _ in lines(here, number)] == ["alert.open", "alert.answer", "alert.acknowledge"]


def test_nobody_answers_and_nobody_is_paged_for_history(here: Town) -> None:
    staffed(here)
    number = here.alert(owner="africa-lead")
    ended = [tick(here, minutes=15) for _ in range(4 * 49)]
    assert ended[-1] == []
    assert lines(here, number)[-1] == ("alert.lapse", "")
    assert [alert.id for alert, _ in morning(here.house, here.operator())] == [number]
    before = len(told(here))
    assert tick(here, days=90) == []
    assert len(told(here)) == before
    late = here.alert("Old news by the time we wake", owner="africa-lead")
    assert tick(here, days=90) == ["alert.lapse"]
    assert [action for action, _ in lines(here, late)] == ["alert.open", "alert.lapse"]


def test_without_roster_and_channels_it_ends_as_a_dead_letter_that_the_desk_sees(here: Town) -> None:
    number = here.alert(owner="africa-lead")
    assert tick(here, minutes=15) == ["alert.escalate"]
    assert lines(here, number)[-1] == ("alert.escalate", "everybody"), "rungs with nobody are passed over at once"
    with here.store.read() as session:
        (notice,) = session.exec(select(Notice).where(Notice.action == "escalate")).all()
        row = session.get(EscalationRow, number)
    assert (notice.state, notice.owner) == ("dead", "africa-lead")
    assert row is not None
    assert row.steps == 4


def test_a_new_alert_tells_whoever_is_on_duty(here: Town) -> None:
    staffed(here)
    with here.store.read() as session:
        audience = read_audience(session, here.numbers["organisation:home"], here.at)
    assert [one.name for one in audience.owners["africa-lead"]] == ["amina"]
    assert [one.name for one in audience.owners["central-lead"]] == ["central-lead", "zhao.min"]


def test_the_roster_lets_people_act_for_the_owner_they_stand_for(here: Town) -> None:
    staffed(here)
    number = here.alert(owner="africa-lead")
    with pytest.raises(Refused):
        act_on(here.house, scope_of(here, "nora"), number, "acknowledge")
    act_on(here.house, scope_of(here, "amina"), number, "acknowledge")
    assert state(here, number).acknowledged_by == "amina"


def test_two_workers_page_once(here: Town) -> None:
    staffed(here)
    numbers = [here.alert(f"Alert {number}", owner="africa-lead") for number in range(5)]
    now = here.pass_time(minutes=16)

    def work(_worker: int) -> int:
        with here.store.write() as session:
            return len(escalate(session, office(here), now))

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == len(numbers)
    assert told(here) == [("africa-lead", "zhao.min")] * len(numbers)
