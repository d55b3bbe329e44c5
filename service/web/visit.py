"""Visit: one request as a page sees it: who reads, in which language, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Request

from rules.hours import zone_of
from service.auth.door import reader, visitor
from service.desk.house import House
from service.store.pages import LARGEST
from service.store.scope import Scope
from service.web.called import Called
from service.web.language import choose
from service.web.shown.row import Telling
from service.web.wishes import Wishes, read_wishes


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything a page is made from besides what the store says. `scope` is None on the pages before the door."""

    request: Request
    house: House
    scope: Scope | None
    lang: str
    wishes: Wishes
    telling: Telling

    @property
    def now(self) -> datetime:
        """When this request is answered."""
        return self.telling.now

    @property
    def reader(self) -> Scope:
        """Who reads; only for pages behind the door."""
        assert self.scope is not None
        return self.scope

    @property
    def fragment(self) -> str:
        """The id of the element that htmx will replace, "" when the whole page is wanted."""
        headers = self.request.headers
        if headers.get("hx-request") != "true" or headers.get("hx-history-restore-request") == "true":
            return ""
        return headers.get("hx-target", "").partition("#")[2] or "page"

    def say(self, key: str, **values: Any) -> str:
        """A message in the reader's language."""
        return self.telling.say(key, **values)

    def count(self, key: str, number: int, **values: Any) -> str:
        """A message with a number: `key.one` or `key.other`."""
        return self.say(f"{key}.{'one' if number == 1 else 'other'}", count=number, **values)

    def here(self) -> str:
        """This page's own address, without the wish for a language."""
        return address(self.request.url.path, [pair for pair in self._query() if pair[0] != "lang"])

    def in_language(self, lang: str, path: str | None = None) -> str:
        """The same place in another language."""
        kept = [] if path else [pair for pair in self._query() if pair[0] != "lang"]
        return address(path or self.request.url.path, [*kept, ("lang", lang)])

    def _query(self) -> list[tuple[str, str]]:
        return list(self.request.query_params.multi_items())


def address(path: str, query: list[tuple[str, str]]) -> str:
    """A local address."""
    return f"{path}?{urlencode(query)}" if query else path


def make_visit(request: Request, scope: Scope | None) -> Visit:
    """The visit of a request by a reader, or by nobody."""
    house: House = request.app.state.house
    wishes = read_wishes(request.cookies)
    lang = choose(request.query_params.get("lang"), wishes.language, request.headers.get("accept-language"))
    owners: dict[str, str] = request.app.state.owner_names
    zone, members = zone_of(wishes.zone or "UTC"), _members(request, house, scope)
    telling = Telling(house.catalogue, lang, house.clock(), owners, zone, members)
    return Visit(request, house, scope, lang, wishes, telling)


def _members(request: Request, house: House, scope: Scope | None) -> Mapping[str, str]:
    """What people of the desk are called, for its own people only."""
    if scope is None or not scope.home:
        return {}
    called: dict[int, Called] = request.app.state.called
    return called.setdefault(scope.organisation_id, Called(house.store, scope.organisation_id))


def behind_the_door(request: Request, scope: Annotated[Scope, Depends(reader)]) -> Visit:
    """A dependency: the visit of somebody who is signed in."""
    return make_visit(request, scope)


def before_the_door(request: Request) -> Visit:
    """A dependency: the visit of anybody."""
    return make_visit(request, visitor(request))


Number = Annotated[int, Path(ge=1, le=LARGEST)]  # of a row, in an address
Inside = Annotated[Visit, Depends(behind_the_door)]
Outside = Annotated[Visit, Depends(before_the_door)]


def local(path: str | None, otherwise: str = "/") -> str:
    """A path of ours, for going back to; anything else becomes `otherwise`."""
    fit = path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if path and fit and "\\" not in path and len(path) < 2000 else otherwise
