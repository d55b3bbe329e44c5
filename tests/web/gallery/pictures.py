"""Which pages are pictured. A page of the desk that is not in this list fails `tests/web/test_gallery.py`."""

from dataclasses import dataclass
from enum import StrEnum

from tests.web.gallery.problems import PROBLEMS


class Room(StrEnum):
    """Which desk a picture is of."""

    FULL = "full"  # a demonstration in full swing
    EMPTY = "empty"  # the same on its first day
    START = "start"  # the first day of somebody who may set everything up
    DOOR = "door"  # a real one, that nobody is signed in to


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one picture: of which route, and where it is found. `{coup}` and the like are numbers of the room."""

    name: str
    route: str
    address: str = ""
    room: Room = Room.FULL
    status: int = 200

    @property
    def path(self) -> str:
        """Its address within the desk, the numbers still to be filled in."""
        return self.address or self.route


PICTURES = (
    Picture("list", "/"),
    Picture("list-none-fits", "/", "/?level=1&country=FR"),
    Picture("list-counts", "/", "/?facets=1"),
    Picture("list-found", "/", "/?q=尼日尔"),
    Picture("search", "/search", "/search?q=尼日尔"),
    Picture("list-empty", "/", room=Room.EMPTY),
    Picture("alert", "/alerts/{alert_id}", "/alerts/{coup}"),
    Picture("alert-escalated", "/alerts/{alert_id}", "/alerts/{escalated}"),
    Picture("alert-source", "/alerts/{alert_id}", "/alerts/{alarm}"),
    Picture("event", "/events/{event_id}", "/events/{event}"),
    Picture("alert-talk", "/alerts/{alert_id}/comments", "/alerts/{coup}/comments"),
    Picture("alert-print", "/alerts/{alert_id}/print", "/alerts/{coup}/print"),
    Picture("alert-source-print", "/alerts/{alert_id}/print", "/alerts/{alarm}/print"),
    Picture("event-print", "/events/{event_id}/print", "/events/{event}/print"),
    Picture("mentions", "/mentions"),
    Picture("mentions-empty", "/mentions", room=Room.EMPTY),
    Picture("correct", "/entries/{entry_id}/correct", "/entries/{entry}/correct"),
    Picture("situation", "/situation"),
    Picture("situation-empty", "/situation", room=Room.EMPTY),
    Picture("situation-country", "/situation/{country}", "/situation/NE"),
    Picture("situation-country-quiet", "/situation/{country}", "/situation/UY"),
    Picture("situation-region", "/situation/region/{region}", "/situation/region/africa-west"),
    Picture("situation-wall", "/situation/wall"),
    Picture("subscriptions", "/subscriptions"),
    Picture("channels", "/channels"),
    Picture("deliveries", "/deliveries"),
    Picture("held", "/deliveries", "/deliveries?state=held"),
    Picture("held-digest", "/deliveries", "/deliveries?within={digest}"),
    Picture("alert-held", "/alerts/{alert_id}", "/alerts/{held}"),
    Picture("silences", "/silences"),
    Picture("silences-empty", "/silences", room=Room.EMPTY),
    Picture("silence", "/silences/{silence_id}", "/silences/1"),
    Picture("silence-new", "/silences/new", "/silences/new?alert={coup}"),
    Picture("sources", "/sources"),
    Picture("sources-empty", "/sources", room=Room.EMPTY),
    Picture("source-ok", "/sources/{source_id}", "/sources/1"),
    Picture("source-unknown", "/sources/{source_id}", "/sources/6"),
    Picture("source-quiet", "/sources/{source_id}", "/sources/4"),
    Picture("source-new", "/sources/new"),
    Picture("source-first", "/sources/new/{source_id}", "/sources/new/1"),
    Picture("catalogue", "/catalogue"),
    Picture("balance", "/catalogue/balance"),
    Picture("report-form", "/report"),
    Picture("report-link", "/report/{token}", "/report/{link}", room=Room.DOOR),
    Picture("reports", "/reports"),
    Picture("report", "/reports/{report_id}", "/reports/{report}"),
    Picture("learning", "/learning"),
    Picture("models", "/models"),
    Picture("guideline", "/guideline"),
    Picture("guideline-print", "/guideline/print"),
    Picture("changes", "/guideline/changes"),
    Picture("change", "/guideline/changes/{number}", "/guideline/changes/{change}"),
    Picture("change-new", "/guideline/changes/new"),
    Picture("plans", "/plans"),
    Picture("plan", "/plans/{key}", "/plans/coup"),
    Picture("postures", "/postures"),
    Picture("postures-empty", "/postures", room=Room.EMPTY),
    Picture("posture-room", "/postures/{place}/room", "/postures/NE/room"),
    Picture("roster", "/roster"),
    Picture("roster-empty", "/roster", "/roster?example", room=Room.EMPTY),
    Picture("sites", "/sites"),
    Picture("site", "/sites/{site_id}", "/sites/3"),
    Picture("partner", "/sites/partners/{partner_id}", "/sites/partners/2"),
    Picture("people", "/people"),
    Picture("person", "/people/{person_id}", "/people/2"),
    Picture("person-off", "/people/{person_id}", "/people/5"),
    Picture("keys", "/people/keys"),
    Picture("organisations", "/people/organisations"),
    Picture("me", "/me"),
    Picture("me-nobody", "/me", room=Room.EMPTY),
    Picture("settings", "/settings"),
    Picture("system", "/system"),
    Picture("system-empty", "/system", room=Room.EMPTY),
    Picture("audit", "/audit"),
    Picture("audit-none-such", "/audit", "/audit?actor=nobody&day=2026-01-01"),
    Picture("sign-in", "/sign-in", room=Room.DOOR),
    Picture("welcome", "/welcome/{token}", "/welcome/{invitation}", room=Room.DOOR),
    Picture("subscriptions-empty", "/subscriptions", room=Room.START),
    Picture("channels-empty", "/channels", room=Room.START),
    Picture("deliveries-empty", "/deliveries", room=Room.START),
    Picture("sites-empty", "/sites", room=Room.START),
    Picture("reports-empty", "/reports", room=Room.START),
    Picture("learning-empty", "/learning", room=Room.START),
    Picture("models-empty", "/models", room=Room.START),
    Picture("changes-empty", "/guideline/changes", room=Room.START),
    Picture("list-first-empty", "/", room=Room.START),
    Picture("search-empty", "/search", "/search?q=nothing", room=Room.START),
    Picture("wishes", "/me/desk"),
    Picture("start-language", "/start/language", room=Room.START),
    Picture("start-organisation", "/start/organisation", room=Room.START),
    Picture("start-countries", "/start/countries", room=Room.START),
    Picture("start-sources", "/start/sources", room=Room.START),
    Picture("start-channel", "/start/channel", room=Room.START),
    Picture("start-first", "/start/first", room=Room.START),
    Picture("start-sources-watched", "/start/sources"),
    Picture("start-first-there", "/start/first"),
    Picture("missing", "", "/nothing", status=404),
    *(Picture(f"problem-{status}", "", f"/problem/{status}", status=status) for status in PROBLEMS),
)

CONTRASTED = ("list", "alert", "event", "situation", "roster", "guideline")  # pictured in the contrast theme too

ONCE = tuple({picture.route: picture for picture in reversed(PICTURES)}.values())  # one picture a page

# Pieces of pages, ways back to a page, and files to be kept: nothing to look at.
NO_PICTURES = (
    "/start",
    "/sources/new/watch",
    "/sources/new/form",
    "/postures/{place}",
    "/alerts/{alert_id}/row",
    "/events/{event_id}/comments",
    "/reports/{report_id}/files/{file_id}",
    "/reports/{report_id}/raw",
    "/sites/export.csv",
    "/sites/partners.csv",
)
