"""Carrying: the one place of `notify` that touches the network. Whatever goes wrong becomes a Result."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.http import Client, HTTPError, InvalidURL, TimeoutException
from ingest.trouble import AddressRefused
from service.locale.catalogue import Catalogue
from service.notify import mail
from service.notify.channel import Answer, ChannelInfo, Letter, Post, Result, Unusable, Verdict
from service.notify.channels import channel_of
from service.notify.judge import scrubbed
from service.notify.mail import MailSettings
from service.notify.message import Message

_FAILURES = {
    "ConnectError": "it takes no connection; check the address",
    "ReadError": "it hung up",
    "WriteError": "it hung up",
    "RemoteProtocolError": "it hung up or speaks no HTTP",
    "ConnectionRefusedError": "it takes no connection",
    "gaierror": "its name is not known",
}
MOST_READ = 65_536  # bytes of an answer; nobody has more to say


@dataclass(frozen=True)
class Sender:
    """What sending needs, made once by the composition root. `timeout` in seconds bounds one try as a whole."""

    client: Client
    mail: MailSettings | None
    catalogue: Catalogue
    concurrency: int = 16
    owners: Mapping[str, str] = field(default_factory=dict)  # what the owners of the owners file are called, by key
    timeout: float = 15.0


async def carry(sender: Sender, message: Message, info: ChannelInfo, now: datetime) -> Result:
    """Render, sign, send once, judge. Never raises for anything that the other side or the channel's settings do."""
    try:
        channel = channel_of(info)
        channel.check(info)
        outgoing = channel.sign(channel.render(message, info, sender.catalogue), info, now)
        async with asyncio.timeout(sender.timeout):
            answer = await _post(sender, outgoing) if isinstance(outgoing, Post) else await _mail(sender, outgoing)
        result = channel.judge(replace(answer, at=now))
    except Unusable as error:
        result = Result(Verdict.DEAD, str(error))
    except AddressRefused as error:
        result = Result(Verdict.DEAD, str(error))
    except InvalidURL:
        result = Result(Verdict.DEAD, "The channel's address cannot be used; check how it is written.")
    except (TimeoutError, TimeoutException):
        result = Result(Verdict.RETRY, "The receiver did not answer in time; it is tried again later.", down=True)
    except ssl.SSLError:
        detail = "No safe connection to the mail server; check its name, its certificate and WATCHFIRE_SMTP_SECURITY."
        result = Result(Verdict.RETRY, detail, down=True)
    except (HTTPError, OSError) as error:
        detail = f"The receiver cannot be reached ({_kind(error)}); it is tried again later."
        result = Result(Verdict.RETRY, detail, down=True)
    return replace(result, detail=scrubbed(result.detail, info))


def _kind(error: Exception) -> str:
    """What kind of failure, without its text: that may hold addresses."""
    name = type(error).__name__
    return _FAILURES.get(name, name)


async def _post(sender: Sender, outgoing: Post) -> Answer:
    async with sender.client.stream(
        "POST", outgoing.url, content=outgoing.body, headers=dict(outgoing.headers)
    ) as answer:
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) >= MOST_READ:
                break
        return Answer(answer.status_code, body[:MOST_READ], dict(answer.headers))


async def _mail(sender: Sender, letter: Letter) -> Answer:
    if sender.mail is None:
        raise Unusable("No mail server is set; set WATCHFIRE_SMTP_HOST and the settings beside it.")
    return await asyncio.to_thread(mail.post, letter, sender.mail)
