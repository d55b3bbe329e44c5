"""Mail: text and HTML over SMTP. One channel is one recipient, so that each has a fate of its own.

`Message-ID` comes from the notice's id and is the same at every repetition; notices of one alert refer to one thread.
Sending blocks: `post` runs in a thread.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape

from service.locale.catalogue import Catalogue
from service.notify.card import Card, Origin
from service.notify.channel import Answer, ChannelInfo, Letter, Outgoing, Result, Unusable, Verdict
from service.notify.digest import Room, face_of
from service.notify.message import Message
from service.notify.text import clean, shorten

SUBJECT = 180
ROOM = Room(200_000)  # bytes: all that a digest names
COLOURS = {"red": "#B42318", "orange": "#B54708", "yellow": "#854A0E", "blue": "#175CD3", "grey": "#475467"}
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
ADVICE = {
    530: "it wants a sign-in, so set WATCHFIRE_SMTP_USER and WATCHFIRE_SMTP_PASSWORD",
    534: "it wants another way to sign in, so ask its operator",
    535: "user name or password are wrong, so check WATCHFIRE_SMTP_USER and WATCHFIRE_SMTP_PASSWORD",
    550: "check the recipient's address",
    551: "check the recipient's address",
    553: "check the recipient's address",
    552: "the mailbox is full or the mail too large",
}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server. `security` is none, starttls or tls; `tls` is trusted instead of the system's authorities."""

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "watchfire@localhost"
    security: str = "starttls"
    timeout: float = 15.0  # seconds for each step
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Mail:
    """One mailbox."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when this is not one mail address."""
        if not ADDRESS.fullmatch(info.address.strip()) or ".." in info.address:
            raise Unusable("The channel's address is not one mail address; give one, such as desk@example.org.")

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """Text and HTML of the same card."""
        self.check(info)
        card = face_of(message, words, info.language, ROOM)
        colon = words.say("notify.colon", info.language)
        urgent = {"Importance": "high", "X-Priority": "1"} if card.level <= 2 and not card.over else {}
        return Letter(
            to=info.address.strip(),
            subject=shorten(f"[Watchfire] {card.head} · {card.title}", SUBJECT),
            text=_text(card, colon),
            html=_html(card, colon, words.language(info.language)),
            number=clean(message.id).replace(" ", ""),
            thread="" if message.alert_id == 0 or message.action == "digest" else f"alert-{message.alert_id}",
            date=_moment(message.changed_at),
            headers={"Watchfire-Notice-Id": clean(message.id), "Auto-Submitted": "auto-generated", **urgent},
        )

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Nothing to add: the server signs."""
        return outgoing

    def judge(self, answer: Answer) -> Result:
        """By the SMTP reply: 2xx taken, 4xx later, 5xx never."""
        said = shorten(clean(answer.body.decode("utf-8", "replace")), 160)
        if 200 <= answer.status < 300:
            return Result(Verdict.OK, "Delivered.", answer.status)
        told = f"The mail server answers {answer.status}: {said}"
        if 400 <= answer.status < 500:
            return Result(Verdict.RETRY, f"{told}; it is tried again later.", answer.status)
        advice = ADVICE.get(answer.status, "check the recipient's address and the mail settings")
        return Result(Verdict.DEAD, f"{told}; {advice}.", answer.status)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _text(card: Card, colon: str) -> str:
    lines = [card.head, "", card.title, *([card.gloss] if card.gloss else []), card.change, ""]
    lines += [f"{fact.label}{colon}{fact.text}" for fact in card.facts]
    if card.steps:
        lines += ["", card.steps_label, *(f"  - {step}" for step in card.steps)]
    if card.reasons:
        lines += ["", card.reasons_label, *(f"  - {reason}" for reason in card.reasons)]
    if card.sources:
        lines += ["", card.sources_label]
    for source in card.sources:
        lines.append(f"  - {source.letter} · {source.name} · {source.title}")
        lines += [f"    {source.link}"] if source.link else []
    if card.link:
        lines += ["", f"{card.link_text}{colon}{card.link}"]
    return "\n".join([*lines, "", "-- ", card.footer, ""])


def _html(card: Card, colon: str, lang: str) -> str:
    """Inline styles only: mail programs drop style sheets. `dir=auto` keeps Arabic titles from turning their line."""
    rows = "".join(
        f'<tr><th align="left" valign="top" style="padding:2px 12px 2px 0;font-weight:600">{escape(fact.label)}</th>'
        f'<td dir="auto">{escape(fact.text)}</td></tr>'
        for fact in card.facts
    )
    parts = [
        f'<p style="margin:0;padding:10px 14px;background:{COLOURS[card.colour]};color:#fff;font-weight:700">'
        f"{escape(card.head)}</p>",
        f'<h1 dir="auto" style="font-size:18px;margin:14px 0 4px">{escape(card.title)}</h1>',
        f'<p style="margin:0 0 4px;color:#475467">{escape(card.gloss)}</p>' if card.gloss else "",
        f'<p style="margin:0 0 10px">{escape(card.change)}</p>',
        f"<table>{rows}</table>",
        _listed(card.steps_label, [f'<span dir="auto">{escape(step)}</span>' for step in card.steps]),
        _listed(card.reasons_label, [f'<span dir="auto">{escape(reason)}</span>' for reason in card.reasons]),
        _listed(card.sources_label, [_source(source) for source in card.sources]),
        f'<p><a href="{escape(card.link)}">{escape(card.link_text)}</a></p>' if card.link else "",
        f'<p style="color:#667085;font-size:12px">{escape(card.footer)}</p>',
    ]
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f'<body style="font-family:sans-serif;font-size:14px;color:#101828">{"".join(parts)}</body></html>'
    )


def _listed(label: str, items: list[str]) -> str:
    if not items:
        return ""
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f'<p style="margin:12px 0 2px;font-weight:600">{escape(label)}</p><ul style="margin:0">{inner}</ul>'


def _source(source: Origin) -> str:
    title = f"<bdi>{escape(source.title or source.name)}</bdi>"
    shown = f'<a href="{escape(source.link)}">{title}</a>' if source.link else title
    return f"{escape(source.letter)} · <bdi>{escape(source.name)}</bdi> · {shown}"


def compose(letter: Letter, settings: MailSettings) -> EmailMessage:
    """The mail as it goes out. Header values hold no line break: the card has none."""
    name, sender = parseaddr(settings.sender)
    local, at, domain = sender.rpartition("@")
    if not at:
        raise ValueError("the sender is no mail address")
    mail = EmailMessage()
    mail["From"] = Address(display_name=clean(name) or "Watchfire", username=local, domain=domain)
    mail["To"] = letter.to
    mail["Subject"] = _unencoded(clean(letter.subject))
    mail["Message-ID"] = f"<{letter.number}@{domain}>"
    if letter.thread:
        mail["References"] = mail["In-Reply-To"] = f"<{letter.thread}@{domain}>"
    if letter.date is not None:
        mail["Date"] = format_datetime(letter.date)
    for key, value in letter.headers.items():
        mail[key] = clean(value)
    mail.set_content(letter.text, cte="base64")  # not every server takes 8-bit text
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    return mail


def _unencoded(text: str) -> str:
    """Without the sign of an encoded word (RFC 2047), in which a title could bring line breaks and header lines."""
    return text.replace("=?", "= ?")


def post(letter: Letter, settings: MailSettings) -> Answer:
    """Hand a mail to the server; answers its reply. Raises OSError (no connection, no TLS) and Unusable."""
    try:
        mail = compose(letter, settings)
    except (ValueError, MessageError) as error:
        raise Unusable("The mail cannot be written; check WATCHFIRE_SMTP_FROM and the recipient's address.") from error
    try:
        with _connect(settings) as server:
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(mail, to_addrs=[letter.to])
    except smtplib.SMTPRecipientsRefused as error:
        return _answer(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        return _answer(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        raise Unusable(
            f"The mail server cannot do what is asked of it ({error}); check WATCHFIRE_SMTP_SECURITY and sign-in."
        ) from error
    return Answer(250)


def _answer(code: int, said: bytes | str) -> Answer:
    return Answer(code, said if isinstance(said, bytes) else said.encode("utf-8", "replace"))


def _connect(settings: MailSettings) -> smtplib.SMTP:
    tls = settings.tls or ssl.create_default_context()
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=tls)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    if settings.security == "starttls":
        try:
            server.starttls(context=tls)
        except BaseException:
            server.close()
            raise
    return server
