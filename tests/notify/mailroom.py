"""A pretend mail server on loopback, seen as one more `Fake`: the contract suite does not tell it from the others."""

import asyncio
import ssl
import threading
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from lxml import html

from service.notify.channel import ChannelInfo
from service.notify.mail import MailSettings
from tests.notify.fakes import Asked, Clock

USER, PASSWORD = "watchfire", "a mail password"
FAULTS = {
    "busy": "451 4.3.0 Try again later",
    "crowded": "450 4.7.1 Too many mails, slow down",
    "denied": "554 5.7.1 Relay access denied",
    "closed": "550 5.1.1 No such user here",
}


class FakeMail:
    """A server that wants a sign-in and takes mail for one mailbox only."""

    kind = "mail"
    secret = None
    wrong_secret = None

    def __init__(self, clock: Clock, tls: ssl.SSLContext | None = None, *, wrapped: bool = False) -> None:
        self.clock = clock
        self.faults: deque[str] = deque()
        self.asked: list[Asked] = []
        self.accepted: list[Asked] = []
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._tls, self._wrapped = tls, wrapped
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        outer = self._tls if self._wrapped else None
        self._server = self._loop.run_until_complete(self._loop.create_server(self._session, "127.0.0.1", 0, ssl=outer))
        self.port = self._server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    def _session(self) -> SMTP:
        inner = None if self._wrapped else self._tls
        return SMTP(
            self,
            loop=self._loop,
            hostname="mail.test",
            tls_context=inner,
            require_starttls=inner is not None,
            auth_require_tls=False,
            authenticator=self._sign_in,
        )

    def _sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        fault = self.faults.popleft() if self.faults else ""
        if fault:
            self.asked.append(Asked(address, {}, {}, b""))
        if fault == "silent":
            await self._stopping.wait()
        if fault == "broken":
            server.transport.close()
        if fault:
            return FAULTS.get(fault, "421 closing")
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address != "desk@example.org":
            return FAULTS["closed"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.accepted.append(Asked(envelope.rcpt_tos[0], {}, {}, envelope.content))
        self.asked.append(self.accepted[-1])
        return "250 2.0.0 Queued"

    async def _close(self) -> None:
        self._stopping.set()
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def settings(self, password: str = PASSWORD, security: str = "none", **more: Any) -> MailSettings:
        return MailSettings(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=password,
            sender="Watchfire desk <desk@watchfire.example>",
            security=security,
            timeout=0.5,
            **more,
        )

    def info(self, language: str = "zh") -> ChannelInfo:
        return ChannelInfo("mail", "the room", "desk@example.org", None, language)

    def nowhere(self) -> ChannelInfo:
        return ChannelInfo("mail", "the room", "nobody@example.org", None, "zh")

    def mail(self, asked: Asked) -> EmailMessage:
        found = message_from_bytes(asked.body, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def number(self, asked: Asked) -> str:
        mail = self.mail(asked)
        number = str(mail["Watchfire-Notice-Id"])
        assert mail["Message-ID"] == f"<{number}@watchfire.example>"
        return number

    def _part(self, asked: Asked, kind: str) -> str:
        part = self.mail(asked).get_body((kind,))
        assert part is not None
        return str(part.get_content())

    def shown(self, asked: Asked) -> str:
        mail = self.mail(asked)
        page = html.fromstring(self._part(asked, "html"))
        return "\n".join([str(mail["Subject"]), self._part(asked, "plain"), page.text_content()])

    def links(self, asked: Asked) -> set[str]:
        return {str(link) for link in html.fromstring(self._part(asked, "html")).xpath("//@href")}

    def alarms(self, asked: Asked) -> list[str]:
        mail, page = self.mail(asked), html.fromstring(self._part(asked, "html"))
        ours = {"html", "head", "meta", "body", "p", "h1", "table", "tr", "th", "td", "ul", "li", "a", "span", "bdi"}
        strange = [str(node.tag) for node in page.iter() if node.tag not in ours]
        schemes = [link for link in self.links(asked) if urlsplit(link).scheme not in ("http", "https")]
        heads = [name for name in ("Bcc", "Cc", "Reply-To") if mail[name]] + [str(defect) for defect in mail.defects]
        return strange + schemes + heads
