"""/channels: the ways by which the reader's organisation is told."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from service.api.asked import Number, asks_nothing
from service.api.house import Messenger, Reader, TheHouse
from service.api.shapes.common import Listed
from service.api.shapes.delivery import ChannelMade, ChannelShape, TestShape, channel_shape
from service.desk.channels import channel_to_test, create_channel, remove_channel, test_channel
from service.store.read_rest import list_channels
from service.store.tables import Channel

router = APIRouter(prefix="/channels", tags=["channels"], dependencies=[Depends(asks_nothing)])


class ChannelGiven(BaseModel):
    """A channel. A generic webhook without a secret gets one; `owner` is the owner whose duties it tells."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=20)
    name: str = Field(max_length=200)
    address: str = Field(max_length=2000)
    secret: str | None = Field(None, max_length=500)
    language: str = Field("zh", max_length=5)
    owner: str | None = Field(None, max_length=120)


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader) -> Listed[ChannelShape]:
    """The organisation's channels, without secrets."""
    with house.store.read() as session:
        return Listed(items=[channel_shape(row) for row in list_channels(session, scope)])


@router.post("", status_code=201)
def add(house: TheHouse, scope: Messenger, given: ChannelGiven) -> ChannelMade:
    """Add a channel. A secret that was made up here is answered this once."""
    made = create_channel(house, scope, **given.model_dump())
    return ChannelMade(**channel_shape(made.row).model_dump(), secret=made.secret)


@router.delete("/{channel_id}", status_code=204)
def remove(house: TheHouse, scope: Messenger, channel_id: Number) -> None:
    """Remove a channel that no subscription uses."""
    remove_channel(house, scope, channel_id)


def _to_test(house: TheHouse, scope: Messenger, channel_id: Number) -> Channel:
    return channel_to_test(house, scope, channel_id)


@router.post("/{channel_id}/test")
async def test(house: TheHouse, scope: Messenger, channel: Annotated[Channel, Depends(_to_test)]) -> TestShape:
    """Send a test message now, and say how it went."""
    result = await test_channel(house, scope, channel)
    return TestShape(ok=result.ok, status=result.status, detail=result.detail)
