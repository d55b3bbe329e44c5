"""What pages say, in both languages, to whom, and without any script."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from service.store.read_alerts import LIVE
from service.store.scope import Role
from service.store.tables import Alert, Person
from service.web.triage import ROWS
from tests.web.conftest import Desk, OpenDesk
from tests.web.seed import add_story, alert_called
from tests.web.stories import ARRIVAL, HOSTILE

PAGES = (
    "/",
    "/subscriptions",
    "/channels",
    "/deliveries",
    "/sources",
    "/reports",
    "/report",
    "/roster",
    "/nothing-here",
)
RAW_KEY = re.compile(r">\s*(?:web|notify|level|category|subtype)\.[a-z_.]+\s*<|\{\w+\}(?!&#34;|[^<]*&#34;)")


def text_of(html: str) -> str:
    """What a reader sees of it."""
    body = re.sub(r"<svg.*?</svg>|<script.*?</script>", " ", html.split("<body", 1)[-1], flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def timeless(html: str) -> str:
    """The same without what goes on while two answers are asked for."""
    return re.sub(r"[\d:]+ (?:s|min|h|d)\b", "…", text_of(html))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [*PAGES, "/alerts/8"])
def test_every_page_speaks_its_language(still: Desk, path: str, language: str) -> None:
    answer = still.get(path, accept_language=f"{language};q=0.9")
    assert answer.status_code == (404 if path == "/nothing-here" else 200)
    assert answer.headers["content-language"] == language
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in answer.text
    assert not RAW_KEY.search(answer.text.split("<body", 1)[-1])
    assert ("演示" if language == "zh" else "Everything here is invented") in text_of(answer.text)


def test_an_alert_tells_everything(still: Desk) -> None:
    coup = alert_called(still.store, "尼日尔")
    told = text_of(still.get(f"/alerts/{coup.id}", accept_language="en").text)
    for words in ("Level I critical", "Niger", "POL-1", "2026.1", "12 dead", "Sahel Lantern", "French", "Central lead"):
        assert words in told
    assert "Raised from Level II major to Level I critical" in told
    assert "Not delivered" in told
    assert ">Au moins 12 morts</mark>" in still.get(f"/alerts/{coup.id}").text


def test_the_list_can_be_narrowed(still: Desk) -> None:
    told = still.get("/?level=2&category=security&country=ID", accept_language="en").text
    assert told.count('class="row ') == 1
    assert "Indonesia" in told
    assert "Nothing fits these filters" in still.get("/?level=1&country=FR", accept_language="en").text
    assert still.get("/?level=9&state=x&country=zz&category=y").text.count('class="row ') == 7
    assert still.get("/?state=resolved").text.count('class="row ') == 1
    assert still.get("/?cursor=nonsense").status_code == 422


def test_fragments_are_parts_of_the_page(still: Desk) -> None:
    same = {"HX-Request": "true", "HX-Current-URL": still.url}
    whole = still.get("/alerts/8").text
    for target, address in (("section#list", "/"), ("section#detail", "/alerts/8")):
        part = still.client.get(address, headers={**same, "HX-Target": target}).text
        assert part.lstrip().startswith(f'<section id="{target.partition("#")[2]}"')
        assert "<html" not in part
        assert timeless(part)[:200] in timeless(whole)
    pulse = still.client.get("/", headers={**same, "HX-Target": "nav#levels"}).text
    assert 'id="levels"' in pulse
    assert 'id="places"' in pulse
    assert 'class="row ' not in pulse
    assert still.client.get("/alerts/8/row", headers={**same, "HX-Target": "li#alert-8"}).text.count("<li") == 1
    restored = still.client.get("/", headers={**same, "HX-Target": "body", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


def test_older_pages_follow_on(desk: Desk) -> None:
    for number in range(ROWS):
        told = replace(ARRIVAL.told[0], title=f"Blast {number}", ago=number)
        add_story(desk.store, 1, replace(ARRIVAL, clause=f"SEC-{number}", told=(told,)), desk.house.clock())
    seen: list[str] = []
    address: str | None = "/?state=all"
    while address is not None:
        page = desk.get(address).text
        seen += re.findall(r'id="alert-(\d+)"', page)
        further = re.search(r'id="older"><a class="link" href="([^"]+)"', page)
        address = further[1].replace("&amp;", "&") if further else None
    assert len(seen) == len(set(seen)) == ROWS + 8


def test_hostile_text_stays_text(desk: Desk) -> None:
    number = add_story(desk.store, 1, HOSTILE, desk.house.clock())
    for address in ("/", f"/alerts/{number}", "/deliveries"):
        html = desk.get(address).text
        assert "<script>" not in html
        assert "<img" not in html
        assert "\u202e" not in html
        assert "javascript:" not in html
        assert "<b>bold" not in html
        assert 'lang="en&#34;' not in html
        assert len(html) < 200_000


def test_nothing_is_open_without_signing_in(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    for path in (*PAGES[:-1], "/alerts/8", "/alerts/8/row"):
        answer = shut.client.get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
        asked = shut.client.get(path, headers={"HX-Request": "true", "HX-Current-URL": f"{shut.url}/?level=1"})
        assert asked.headers["hx-redirect"] == "/sign-in?next=/%3Flevel%3D1"
    assert shut.post("/alerts/8/acknowledge").headers["location"] == "/sign-in"
    with shut.store.read() as session:
        assert session.get_one(Alert, 8).state == "open"


def test_a_viewer_is_offered_nothing_to_do(open_desk: OpenDesk) -> None:
    shown = open_desk(role=Role.VIEWER)
    for path in ("/", "/alerts/8", "/subscriptions", "/channels", "/deliveries", "/sources"):
        forms = re.findall(r'<form[^>]*method="post"[^>]*', shown.get(path).text)
        assert all("dismiss-form" in form or "theme-form" in form for form in forms), path
    refused = shown.post("/alerts/8/acknowledge", accept_language="zh")
    assert refused.status_code == 403
    assert "没有权限" in refused.text


def test_the_language_is_kept_and_the_place_too(desk: Desk) -> None:
    page = desk.get("/?level=2", accept_language="en").text
    link = re.search(r'<a class="link tongue" href="([^"]+)"', page)
    assert link is not None
    turned = desk.get(link[1].replace("&amp;", "&"), accept_language="en")
    assert "zh-Hans" in turned.text
    assert 'aria-current="true" title="II级 重大"' in turned.text
    assert "zh-Hans" in desk.get("/sources", accept_language="en").text


def test_a_quiet_list_never_looks_like_a_quiet_world(open_desk: OpenDesk) -> None:
    assert "No source is being watched" in open_desk(empty=True).get("/", accept_language="en").text
    stale = open_desk(later=timedelta(hours=5)).get("/", accept_language="en").text
    assert "No source has answered since" in stale


def test_security_headers(still: Desk) -> None:
    for path in ("/", "/nothing-here", "/health/live"):
        headers = still.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_assets_are_kept_and_small(still: Desk) -> None:
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', still.get("/").text)
    sizes = []
    for address in ("/", *addresses):
        with still.client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            assert ("immutable" in answer.headers["cache-control"]) == (address != "/")
            sizes.append(sum(len(part) for part in answer.iter_raw()))
    assert len(sizes) >= 4
    assert sum(sizes) < 150_000


def test_an_arrival_is_listed_first(desk: Desk) -> None:
    number = add_story(desk.store, 1, ARRIVAL, desk.house.clock())
    assert re.findall(r'id="alert-(\d+)"', desk.get("/?state=all").text)[0] == str(number)
    shown = re.findall(r'class="row row-(\d)[^>]*data-state="(\w+)"', desk.get("/").text)
    assert shown == sorted(shown, key=lambda row: (row[1] != "open", row[0]))
    assert len(shown) == 8
    with desk.store.read() as session:
        assert session.exec(select(Alert.level).where(Alert.id == number)).one() == 2


def rows_of(html: str) -> set[str]:
    return set(re.findall(r'<li class="row [^>]*data-id="(\d+)"', html))


def test_several_levels_and_countries_are_asked_for_at_once(still: Desk) -> None:
    with still.store.read() as session:
        live = [one for one in session.exec(select(Alert)).all() if one.state in LIVE and one.organisation_id == 1]
    page = still.get("/?level=1&level=2&country=NE&country=CM&facets=1", accept_language="en").text
    expected = {str(one.id) for one in live if one.level <= 2 and {*one.countries} & {"NE", "CM"}}
    assert rows_of(page) == expected
    assert len(expected) > 1
    # Levels are pressed or not, one by one; countries are added by the select and taken away by their names.
    assert [f'id="level-{level}"' in page for level in (1, 2, 3, 4)] == [True] * 4
    assert re.findall(r'id="level-(\d)" href="[^"]*" aria-current', page) == ["1", "2"]
    assert 'href="/?level=1&amp;country=CM&amp;country=NE&amp;facets=1"' in page
    assert 'aria-label="Without Niger"' in page
    assert page.count('<input type="hidden" name="country"') == page.count('<input type="hidden" name="level"') == 2
    assert '<option value="NE"' not in page
    # What is counted beside a kind is all that fits the other kinds.
    beside = {str(one.id) for one in live if {*one.countries} & {"NE", "CM"} and one.level == 2}
    told = re.search(r'Level II major</span><span class="facet-count">(\d+)', page)
    assert told is not None
    assert int(told[1]) == len(beside)


def test_what_changed_lately_or_since_somebody_looked(desk: Desk) -> None:
    with desk.store.read() as session:
        every = session.exec(select(Alert).where(Alert.organisation_id == 1)).all()
    for since, hours in (("1h", 1), ("8h", 8), ("24h", 24), ("7d", 168)):
        after = desk.house.clock() - timedelta(hours=hours)
        late = {str(one.id) for one in every if one.changed_at >= after}
        assert rows_of(desk.get(f"/?state=all&since={since}").text) == late
    before = rows_of(desk.get("/?state=all&since=unseen").text)
    assert len(before) == len(every)
    desk.get("/alerts/8")
    page = desk.get("/?state=all&since=unseen", accept_language="zh").text
    assert before - rows_of(page) == {"8"}
    assert '<option value="unseen" selected>上次查看之后</option>' in page
    answer = desk.post(
        "/views", {"name": "Shift", "query": "/?level=2&level=1&since=8h&country=CM&country=NE&facets=1"}
    )
    assert answer.headers["location"] == "/?level=1&level=2&country=CM&country=NE&since=8h"
    assert "level=1&amp;level=2&amp;country=CM&amp;country=NE&amp;since=8h" in desk.get("/").text


def test_whoever_is_an_owner_may_take_an_alert(desk: Desk) -> None:
    assert 'data-own="' not in desk.get("/").text, "who is no owner can be handed nothing"
    with desk.store.write() as session:
        visitor = min(session.exec(select(Person)).all(), key=lambda one: one.id or 0)
        visitor.owner = "legal-counsel"
    assert 'data-own="legal-counsel"' in desk.get("/").text
    page = desk.get("/alerts/8", accept_language="en").text
    assert "Take it myself" in page
    assert desk.post("/alerts/8/hand", {"owner": "legal-counsel"}).status_code == 303
    assert "Take it myself" not in desk.get("/alerts/8", accept_language="en").text
