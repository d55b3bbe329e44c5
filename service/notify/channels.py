"""The table of channels: to add a kind, write its file and name it here."""

from types import MappingProxyType

from service.errors import Invalid
from service.notify.channel import Channel, ChannelInfo, Unusable
from service.notify.dingtalk import DingTalk
from service.notify.feishu import Feishu
from service.notify.mail import Mail
from service.notify.slack import Slack
from service.notify.webhook import Webhook
from service.notify.wecom import WeCom
from service.store import tables

CHANNELS: MappingProxyType[str, Channel] = MappingProxyType(
    {
        "webhook": Webhook(),
        "feishu": Feishu(),
        "dingtalk": DingTalk(),
        "wecom": WeCom(),
        "slack": Slack(),
        "mail": Mail(),
    }
)


def info_of(row: tables.Channel) -> ChannelInfo:
    """A stored channel as its renderer wants it."""
    return ChannelInfo(row.kind, row.name, row.address, row.secret, row.language)


def channel_of(info: ChannelInfo) -> Channel:
    """The channel of a kind; Unusable when there is none such."""
    found = CHANNELS.get(info.kind)
    if found is None:
        raise Unusable(f"There is no channel of the kind {info.kind!r}; use one of {', '.join(CHANNELS)}.")
    return found


def check_channel(info: ChannelInfo) -> None:
    """Before a channel is stored: Invalid when its kind, address or secret cannot be right."""
    try:
        channel_of(info).check(info)
    except Unusable as error:
        what, _, advice = str(error).partition("; ")
        raise Invalid(f"{what}.", f"{advice[:1].upper()}{advice[1:]}") from error
