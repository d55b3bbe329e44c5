"""The page of an event, without scripts: what is shown in both languages, and merging, splitting and moving by form."""

import re

import pytest

from service.store.rulings import entries_in
from service.store.scope import Role
from tests.web.conftest import Desk, OpenDesk
from tests.web.seed import alert_called

COUP = "尼日尔"


def told(desk: Desk) -> tuple[int, list[int]]:
    """An event with several reports, and these."""
    event = alert_called(desk.store, COUP).event_id
    with desk.store.read() as session:
        return event, entries_in(session, event)


@pytest.mark.parametrize(("lang", "words"), [("en", "How it was told"), ("zh", "报道经过")])
def test_the_page_tells_how_it_was_told(desk: Desk, lang: str, words: str) -> None:
    event, entries = told(desk)
    text = desk.get(f"/events/{event}?lang={lang}").text
    assert words in text
    assert text.count('name="entries"') == len(entries) > 1
    assert f'href="/events/{event}"' in desk.get(f"/alerts/{alert_called(desk.store, COUP).id}").text


def test_a_split_and_a_merge_by_form(desk: Desk) -> None:
    event, entries = told(desk)
    answer = desk.post(f"/events/{event}/split", {"entries": str(entries[-1]), "reason": "another town"})
    assert answer.status_code == 303
    found = re.fullmatch(r"/events/(\d+)\?done=split", answer.headers["location"])
    assert found is not None
    fresh = int(found[1])
    page = desk.get(answer.headers["location"] + "&lang=en").text
    assert "Split. This is the new event" in page
    assert "another town" in page
    assert desk.post(f"/events/{fresh}/merge", {"into": f"#{event}"}).status_code == 303
    with desk.store.read() as session:
        assert sorted(entries_in(session, event)) == sorted(entries)
    assert desk.client.get(f"/events/{fresh}").url.path == f"/events/{event}"


def test_what_cannot_be_meant_is_told_and_kept(desk: Desk) -> None:
    event, entries = told(desk)
    answer = desk.post(f"/events/{event}/move", {"entries": str(entries[0]), "into": "", "reason": "kept words"})
    assert answer.status_code == 422
    assert "kept words" in answer.text
    assert "checked" in answer.text


def test_a_viewer_sees_no_form(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    event, entries = told(desk)
    assert 'name="entries"' not in desk.get(f"/events/{event}").text
    assert desk.post(f"/events/{event}/split", {"entries": str(entries[0])}).status_code == 403


def test_what_is_likely_the_same_is_offered_by_title(desk: Desk) -> None:
    coup, gunmen = alert_called(desk.store, "尼日尔"), alert_called(desk.store, "gunmen")
    offered = desk.get(f"/events/{coup.event_id}", accept_language="en").text.split('<datalist id="likely">')[1]
    assert f'<option value="{gunmen.event_id}">Unverified: gunmen' in offered.split("</datalist>")[0]
    assert f'<option value="{coup.event_id}">' not in offered.split("</datalist>")[0]
