"""A mail server that speaks as much IMAP4rev1 (RFC 3501) as a reader needs, over a real socket, with TLS if wanted."""

import re
import shlex
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USER, PASSWORD = "reports", 'a "mail" password'
CERTIFICATE = Path(__file__).parents[1] / "ingest" / "fixtures" / "feeds.test.pem"


@dataclass
class Mail:
    """A message in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class PostOffice:
    """Folders with their mails. `before` is called with each command ahead of its effect, and may end the client."""

    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    validity: int = 7
    can_move: bool = False
    before: Callable[[str], None] = lambda _command: None
    commands: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    wrapped: bool = False
    port: int = 0
    next_uid: int = 1

    def deliver(self, raw: bytes, *flags: str) -> Mail:
        """A new mail in the inbox."""
        mail = Mail(self.next_uid, raw, set(flags))
        self.next_uid += 1
        self.folders["INBOX"].append(mail)
        return mail

    @property
    def inbox(self) -> list[Mail]:
        """What lies in the inbox."""
        return self.folders["INBOX"]

    @property
    def unread(self) -> list[int]:
        """UIDs in the inbox that nobody has marked."""
        return [mail.uid for mail in self.inbox if "\\Seen" not in mail.flags]


class _Session(socketserver.StreamRequestHandler):
    office: PostOffice

    def handle(self) -> None:
        """One connection, to its end."""
        self.folder: list[Mail] | None = None
        self.known = False
        try:
            if self.office.wrapped and self.office.tls:
                self._secure(self.office.tls)
            self._say("* OK ready")
            while line := self.rfile.readline():
                if not self._command(line.decode("utf-8").rstrip("\r\n")):
                    return
        except (OSError, ValueError):
            return

    def finish(self) -> None:
        """The client may be gone already."""
        try:
            super().finish()
        except OSError:
            return
        finally:
            self.connection.close()

    def _secure(self, tls: ssl.SSLContext) -> None:
        self.request = self.connection = tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _command(self, line: str) -> bool:
        tag, name, *rest = line.split(" ", 2)
        said = " ".join([name.upper(), *rest])
        if name.upper() == "UID":
            name, rest = rest[0].split(" ", 1)[0], [rest[0].split(" ", 1)[1]]
        self.office.commands.append("LOGIN" if name.upper() == "LOGIN" else said)
        self.office.before(said)
        done = getattr(self, f"_{name.lower()}", None)
        answer = done(rest[0] if rest else "") if done else "BAD no such command"
        self._say(f"{tag} {answer}")
        if name.upper() == "STARTTLS" and self.office.tls:
            self._secure(self.office.tls)
        return name.upper() != "LOGOUT"

    def _capability(self, _rest: str) -> str:
        more = [" MOVE"] if self.office.can_move else []
        more += [" STARTTLS"] if self.office.tls and not self.office.wrapped else []
        self._say(f"* CAPABILITY IMAP4rev1 UIDPLUS{''.join(more)}")
        return "OK done"

    def _starttls(self, _rest: str) -> str:
        return "OK begin" if self.office.tls else "BAD no"

    def _login(self, rest: str) -> str:
        self.known = shlex.split(rest) == [USER, PASSWORD]
        return "OK welcome" if self.known else "NO wrong name or password"

    def _select(self, rest: str) -> str:
        self.folder = self.office.folders.get(shlex.split(rest)[0]) if self.known else None
        if self.folder is None:
            return "NO no such folder"
        self._say(f"* {len(self.folder)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.office.validity}] valid")
        return "OK [READ-WRITE] selected"

    def _search(self, rest: str) -> str:
        assert self.folder is not None
        found = list(self.folder)
        if "UNSEEN" in rest:
            found = [mail for mail in found if "\\Seen" not in mail.flags]
        if window := re.search(r"UID (\d+|\*)(?::(\d+|\*))?", rest):
            last = self.folder[-1].uid if self.folder else 0
            ends = sorted(last if end in ("*", None) else int(end) for end in (window[1], window[2] or window[1]))
            found = [mail for mail in found if ends[0] <= mail.uid <= ends[1]]
        found = [mail for mail in found if "\\Deleted" not in mail.flags]
        self._say("* SEARCH" + "".join(f" {mail.uid}" for mail in found))
        return "OK searched"

    def _fetch(self, rest: str) -> str:
        uid, what = rest.split(" ", 1)
        for number, mail in enumerate(self.folder or [], 1):
            if mail.uid != int(uid):
                continue
            if "SIZE" in what:
                self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(mail.raw)})")
                continue
            window = re.search(r"<0\.(\d+)>", what)
            raw = mail.raw[: int(window[1])] if window else mail.raw
            label = "BODY[]<0>" if window else "BODY[]"
            self.wfile.write(f"* {number} FETCH (UID {uid} {label} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return "OK fetched"

    def _store(self, rest: str) -> str:
        uid, _, flags = rest.split(" ", 2)
        for mail in self.folder or []:
            if mail.uid == int(uid):
                mail.flags |= set(flags.strip("()").split())
        return "OK stored"

    def _copy(self, rest: str) -> str:
        uid, name = rest.split(" ", 1)
        to = self.office.folders.get(name.strip('"'))
        if to is None:
            return "NO [TRYCREATE] no such folder"
        to += [Mail(len(to) + 1, mail.raw, set(mail.flags)) for mail in self.folder or [] if mail.uid == int(uid)]
        return "OK copied"

    def _move(self, rest: str) -> str:
        answer = self._copy(rest)
        if answer.startswith("OK"):
            self._expunged(int(rest.split(" ", 1)[0]))
        return answer

    def _expunge(self, rest: str) -> str:
        self._expunged(int(rest))
        return "OK gone"

    def _expunged(self, uid: int) -> None:
        assert self.folder is not None
        self.folder[:] = [mail for mail in self.folder if mail.uid != uid]

    def _noop(self, _rest: str) -> str:
        return "OK"

    def _logout(self, _rest: str) -> str:
        self._say("* BYE")
        return "OK bye"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error here."""


@contextmanager
def post_office(*, secure: str = "none") -> Iterator[PostOffice]:
    """A server on loopback; `secure` is none, tls or starttls."""
    office = PostOffice()
    if secure != "none":
        office.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        office.tls.load_cert_chain(CERTIFICATE)
        office.wrapped = secure == "tls"
    with _Server(("127.0.0.1", 0), type("Session", (_Session,), {"office": office})) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join(10)


def mail(text: str = "Shots were heard near the camp.", **heads: str) -> bytes:
    """A simple mail; heads by their names with `_` for `-`."""
    named = {"From": "Site One <site@branch.example>", "Subject": "Shots near the camp"}
    named |= {name.replace("_", "-"): value for name, value in heads.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in named.items()) + f"\r\n{text}\r\n").encode()
