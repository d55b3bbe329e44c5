"""DingTalk: a markdown message with a button to a custom robot. Signed in the address; errors come as `errcode`."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote_plus

from service.locale.catalogue import Catalogue
from service.notify.channel import Answer, ChannelInfo, Outgoing, Post, Result
from service.notify.digest import Room, face_of
from service.notify.judge import check_address, judge_code
from service.notify.markdown import card_lines, wide
from service.notify.message import Message
from service.notify.text import fitted, octets

ROOM = Room(14_000, lambda line: octets(wide(line)) + 4)  # for the list of a digest
MOST = 18_000  # bytes of text; the service refuses messages over 20,000 bytes
COLOURS = {"red": "#D92D20", "orange": "#DC6803", "yellow": "#B54708", "blue": "#1570EF", "grey": "#667085"}
AGAIN = frozenset({-1, 130101, 302033, 302034, 410100, 90018})
ADVICE = {
    300001: "it does not know this robot, so check the address of the channel",
    300005: "it does not know this robot, so check the address of the channel",
    310000: "check the secret, this machine's clock, and the robot's keywords and list of addresses",
    400013: "the group is gone, so give the channel another robot",
    400101: "it does not know this robot, so check the address of the channel",
    400102: "the robot is switched off, so switch it on in the group's settings",
    400106: "it does not know this robot, so check the address of the channel",
}


class DingTalk:
    """A custom robot in a group; the secret is its signing key (`SEC…`), if it has one."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when the address cannot be right."""
        check_address(info)

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """An action card, or plain markdown where there is no address to open."""
        card = face_of(message, words, info.language, ROOM)
        colon = words.say("notify.colon", info.language)
        lines = card_lines(card, COLOURS[card.colour], colon, fact="**{}**{}{}", item="- ")
        text = fitted(lines, MOST, octets, "\n\n", tail=[f"> {wide(card.footer)}"])
        if card.link is None:
            body = {"msgtype": "markdown", "markdown": {"title": card.head, "text": text}, "at": {"isAtAll": False}}
        else:
            action = {"title": card.head, "text": text, "singleTitle": card.link_text, "singleURL": card.link}
            body = {"msgtype": "actionCard", "actionCard": {**action, "btnOrientation": "0"}}
        encoded = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Post(info.address, encoded, {"Content-Type": "application/json; charset=utf-8"})

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Add timestamp (milliseconds) and sign to the query: HMAC-SHA256 of both, keyed with the secret."""
        if not isinstance(outgoing, Post) or not info.secret:
            return outgoing
        stamp = str(int(now.timestamp() * 1000))
        mac = hmac.new(info.secret.encode(), f"{stamp}\n{info.secret}".encode(), hashlib.sha256).digest()
        joint = "&" if "?" in outgoing.url else "?"
        signed = f"{outgoing.url}{joint}timestamp={stamp}&sign={quote_plus(base64.b64encode(mac).decode())}"
        return replace(outgoing, url=signed)

    def judge(self, answer: Answer) -> Result:
        """By `errcode` in the body."""
        return judge_code(answer, "DingTalk", ("errcode",), "errmsg", ADVICE, AGAIN)
