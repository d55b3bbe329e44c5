"""What people call the owners and persons that a message names by their keys: put in when it is sent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.notify.message import Message

PEOPLE = ("who", "mention")  # kinds of reasons whose value is somebody's sign-in name


def named(message: Message, names: Mapping[str, str]) -> Message:
    """The message with names beside the keys; who has none in `names` is called by the key."""
    return replace(
        message,
        owner_name=names.get(message.owner) if message.owner else None,
        reasons=tuple(_reason(one, names) for one in message.reasons),
    )


def _reason(reason: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    known = names.get(str(reason.get("value"))) if reason.get("kind") in PEOPLE else None
    return reason if known is None else {**reason, "value": known}
