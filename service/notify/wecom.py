"""WeCom: a markdown message to a group robot. The key stands in the address; errors come as `errcode` in a 200."""

import json
from datetime import datetime

from service.locale.catalogue import Catalogue
from service.notify.channel import Answer, ChannelInfo, Outgoing, Post, Result
from service.notify.digest import Room, face_of
from service.notify.judge import check_address, judge_code
from service.notify.markdown import card_lines, link, wide
from service.notify.message import Message
from service.notify.text import fitted, octets

ROOM = Room(2_000, lambda line: octets(wide(line)) + 3)  # for the list of a digest
MOST = 4096  # bytes of content, the service's limit
# The service knows three colours only: warning (orange red), info (green) and comment (grey).
COLOURS = {"red": "warning", "orange": "warning", "yellow": "warning", "blue": "info", "grey": "comment"}
AGAIN = frozenset({-1, 45009, 45033, 45047})
ADVICE = {
    40058: "the message is not accepted, so report this as a fault",
    93000: "it does not know this robot, so check the key in the address of the channel",
    93004: "the robot is switched off, so switch it on in the group",
    93008: "the robot is not in the group any more, so give the channel another one",
}


class WeCom:
    """A group robot; it has no secret besides the key in its address."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when the address cannot be right."""
        check_address(info)

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """Markdown within 4096 bytes: sources go first, then reasons; level, place, title and link always stay."""
        card = face_of(message, words, info.language, ROOM)
        colon = words.say("notify.colon", info.language)
        tail = [f'<font color="comment">{wide(card.footer)}</font>']
        tail += [link(card.link_text, card.link)] if card.link else []
        lines = card_lines(card, COLOURS[card.colour], colon, fact="> {}{}{}", item="> ")
        text = fitted(lines, MOST, octets, tail=tail)
        body = json.dumps({"msgtype": "markdown", "markdown": {"content": text}}, ensure_ascii=False)
        return Post(info.address, body.encode("utf-8", "replace"), {"Content-Type": "application/json; charset=utf-8"})

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Nothing to add: the key in the address is the proof."""
        return outgoing

    def judge(self, answer: Answer) -> Result:
        """By `errcode` in the body."""
        return judge_code(answer, "WeCom", ("errcode",), "errmsg", ADVICE, AGAIN)
