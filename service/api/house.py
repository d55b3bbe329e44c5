"""The running service, as routes get at it."""

from typing import Annotated

from fastapi import Depends, Request

from service.auth.access import Permission
from service.auth.door import reader, require
from service.desk.house import House
from service.store.scope import Scope


def house_of(request: Request) -> House:
    """Everything that was made at the root."""
    found: House = request.app.state.house
    return found


async def the_house(request: Request) -> House:
    """The same as a dependency. It waits for nothing: async spares each request a way through a thread."""
    return house_of(request)


TheHouse = Annotated[House, Depends(the_house)]
Reader = Annotated[Scope, Depends(reader)]
Subscriber = Annotated[Scope, Depends(require(Permission.SUBSCRIBE))]
Messenger = Annotated[Scope, Depends(require(Permission.CHANNELS))]
Dispatcher = Annotated[Scope, Depends(require(Permission.DELIVERIES))]
Filer = Annotated[Scope, Depends(require(Permission.REPORT))]
Holder = Annotated[Scope, Depends(require(Permission.SITES))]
Quieter = Annotated[Scope, Depends(require(Permission.SILENCE))]
Keeper = Annotated[Scope, Depends(require(Permission.SOURCES))]
RuleMaker = Annotated[Scope, Depends(require(Permission.RULES))]
Modeller = Annotated[Scope, Depends(require(Permission.MODELS))]
PeopleKeeper = Annotated[Scope, Depends(require(Permission.PEOPLE))]
KeyKeeper = Annotated[Scope, Depends(require(Permission.KEYS))]
Auditor = Annotated[Scope, Depends(require(Permission.AUDIT))]
