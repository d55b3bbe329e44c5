"""Hostile documents as publishers, governments and senders of mail would bring them in."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from tests.web.hostile.texts import EVIL, HIT, LETTERFORMS, LETTERS, LINKS, MARKUP, TEXTS

TIME = datetime.now(UTC).replace(microsecond=0)
STAMP = TIME.isoformat()
# Grave enough to be alerts, each of a place of its own so that each becomes an event of its own.
HAPPENINGS = (
    "Bomb attack kills 12 people at the market of {}",
    "Gunmen kidnap two foreign engineers near {}",
    "Army officers announce coup, troops hold the palace in {}",
    "Riots and looting in {}, 9 killed, curfew imposed",
    "Suicide bomber kills 20 soldiers outside {}",
)
PLACES = (
    *("Kano", "Goma", "Bamako", "Mogadishu", "Maputo", "Kabul", "Karachi", "Dhaka", "Lima", "Bogota", "Caracas"),
    *("Port-au-Prince", "Nairobi", "Khartoum", "Tripoli", "Baghdad", "Sanaa", "Manila", "Jakarta", "Yangon", "Lusaka"),
    *("Ouagadougou", "Niamey", "Bangui", "Luanda", "Harare", "Kampala", "Kinshasa", "Abidjan", "Dakar", "Quito"),
)


def headline(number: int) -> str:
    """A grave headline; the same number gives the same one."""
    return HAPPENINGS[number % len(HAPPENINGS)].format(PLACES[number % len(PLACES)])


def _fit(text: str) -> str:
    """What XML can hold at all."""
    return "".join(one for one in text if one in "\t\n\r" or " " <= one < "\ud800" or "\ue000" <= one <= "\ufffd")


def _item(number: int, four: Sequence[str]) -> str:
    one, two, three, said = (escape(_fit(text)) for text in four)
    link = escape(_fit(list(LINKS.values())[number % len(LINKS)]))
    return (
        f"<item><title>{headline(number)} {one[:120]} {two[:120]}</title><description>{three} {said}</description>"
        f"<guid isPermaLink='false'>{number} {said[:60]}</guid><link>{link}</link><author>{said[:200]}</author>"
        f"<category>{said[:200]}</category></item>"
    )


def rss(texts: Sequence[str]) -> bytes:
    """RSS: every text in a title, description, guid, author or category, every link as its link."""
    items = "".join(_item(number, texts[number * 4 :][:4]) for number in range(len(texts) // 4))
    named = escape(_fit(MARKUP["out of an attribute"]))
    return (
        '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="https://evil.example/x.xsl"?>'
        f"<rss version='2.0'><channel><title>{named}</title><link>javascript:{HIT}</link>{items}</channel></rss>"
    ).encode()


def atom(texts: Iterable[str]) -> bytes:
    """Atom with titles as HTML, and with XHTML in which scripts are elements."""
    entries = "".join(
        f"<entry><id>urn:x:{number}</id><title type='html'>{escape(_fit(f'{headline(number + 7)} {text}'))}</title>"
        f"<updated>{STAMP}</updated><link href='{escape(LINKS['data'])}'/>"
        f"<link rel='enclosure' href='javascript:{HIT}'/>"
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><script>{HIT}</script>"
        f"<svg xmlns='http://www.w3.org/2000/svg' onload='{HIT}'/><p onclick='{HIT}'>{escape(_fit(text))}</p></div>"
        "</content></entry>"
        for number, text in enumerate(texts)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en\"&gt;x'><title>A</title>{entries}</feed>".encode()


def json_feed(texts: Iterable[str]) -> bytes:
    """JSON Feed, which can hold what XML cannot: NUL, terminal sequences, halves of characters."""
    items = [
        {
            "id": f"{number}",
            "url": LINKS["homograph"] if number % 2 else LINKS["quote"],
            "title": f"{text} {headline(number + 13)}",
            "content_html": f"{text}<script>{HIT}</script>",
            "summary": text,
            "authors": [{"name": text[:100], "url": f"javascript:{HIT}"}],
            "image": f"javascript:{HIT}",
            "language": 'en"><script>',
        }
        for number, text in enumerate(texts)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}).encode()


def cap(text: str) -> bytes:
    """A CAP advisory whose every field is hostile."""
    said = escape(_fit(text))
    return (
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>x-1</identifier><sender>a@x.example</sender>"
        f"<sent>{STAMP}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><note>{said}</note><info>"
        "<language>en-US</language><category>Geo</category><event>Tsunami</event><urgency>Immediate</urgency>"
        "<severity>Extreme</severity><certainty>Observed</certainty>"
        f"<senderName>{said}</senderName><headline>Tsunami hits the coast of Indonesia, 40 killed {said}</headline>"
        f"<description>{said}</description><instruction>{said}</instruction><web>javascript:{HIT}</web>"
        f"<contact>{said}</contact><parameter><valueName>{said}</valueName><value>{said}</value></parameter>"
        f"<resource><resourceDesc>{said}</resourceDesc><mimeType>text/html</mimeType><uri>data:text/html,x</uri></resource>"
        f"<area><areaDesc>{said}</areaDesc></area></info></alert>"
    ).encode()


BOMB = '<!DOCTYPE r [<!ENTITY l0 "ha">{}]><rss><channel><title>&l9;</title></channel></rss>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BROKEN = {
    "bomb of entities": BOMB.format(LAUGHS).encode(),
    "file of ours": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>T</title>'
    b"<item><title>Bomb attack kills 12 in Kano &x;</title></item></channel></rss>",
    "page for a feed": f"<html><script data-evil>{HIT}</script><body onload={HIT}>x</body></html>".encode(),
    "svg for a feed": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{HIT}"><script>{HIT}</script></svg>'.encode(),
    "deep": b"<rss><channel>" + b"<item><title>" * 50_000,
}


def feeds() -> dict[str, bytes]:
    """Every document that a source would bring, by the name of its source."""
    odd = [*LETTERFORMS.values(), *LETTERS.values()]
    return {
        "rss": rss(list(TEXTS.values())),
        "atom": atom(list(MARKUP.values())[::5]),
        "json": json_feed(odd),
        "cap": cap(MARKUP["out of an attribute"]),
        "cap-turned": cap(LETTERFORMS["turned"]),
        **{f"broken-{number}": body for number, body in enumerate(BROKEN.values())},
    }


def mails() -> list[bytes]:
    """Reports by mail: forged headers, HTML, odd types, nested and broken parts, names of files that climb."""
    plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    name = "=?utf-8?q?=22=3E=3Cimg_src=3Dx_onerror=3Dwindow.__hit=3D1=3E?="
    head = f"From: {name} <a@evil.example>\r\nTo: desk@x.example\r\n"
    parts = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    bodies = (
        f"Subject: {headline(1)} <script data-evil>{HIT}</script>\r\n{plain}{MARKUP['picture']}",
        f"Subject: =?utf-8?b?4oCuZ25wLmV4ZQ==?=\r\n{plain}{LETTERFORMS['terminal']}",
        f"Subject: =?utf-8?q?x=0D=0ABcc:_victim@evil.example?=\r\n{plain}{LETTERS['header']}",
        f"Subject: HTML\r\nContent-Type: text/html\r\n\r\n<p>Six men fired.</p><script>{HIT}</script>"
        f"<img src={EVIL}/p.png><a href='javascript:{HIT}'>press</a>",
        f"Subject: Files\r\n{parts}{plain}Six men fired at the gate.\r\n--b\r\nContent-Type: image/svg+xml\r\n"
        'Content-Disposition: attachment; filename="../../x\u202egpj.svg"\r\n\r\n'
        f"<svg xmlns='http://www.w3.org/2000/svg' onload='{HIT}'/>\r\n--b\r\nContent-Type: text/html\r\n"
        f'Content-Disposition: attachment; filename="<img src=x onerror={HIT}>.html"\r\n\r\n'
        f"<script>{HIT}</script>\r\n--b--",
        f"Subject: Half\r\n{parts}{plain}cut off",
        f'Subject: Odd\r\nContent-Type: text/plain; charset=x-evil"; name="\r\n\r\n{MARKUP["svg"]}',
    )
    return [
        f"{head}Message-ID: <{number}@x.example>\r\n{body}".encode("utf-8", "surrogatepass")
        for number, body in enumerate(bodies)
    ]
