"""A mailbox over IMAP4rev1 (RFC 3501): what is new in a folder, message by message, and marking what was stored.

Messages are read without touching them; who has stored one durably says so with `done`. The connection goes through the
address guard like every other one, and TLS proves the host's name.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from ingest.guard import Guard, literal
from ingest.mail import MOST_BYTES
from ingest.trouble import AddressRefused

PATIENCE = 20.0  # seconds for each of connect, read, write
MOST_AT_ONCE = 100  # messages a look
HEAD_BYTES = 2**18  # of a message that is too large
_ADDRESSES_TRIED = 4
Security = Literal["tls", "starttls", "none"]


class MailboxError(Exception):
    """The mailbox cannot be read; one sentence for a person, never with the password."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is. `done` is the folder that stored messages are moved to; "" leaves them, marked as read."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    security: Security = "tls"
    done: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder has been read: its UIDVALIDITY, and the last UID that was stored."""

    validity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: `raw` is cut after its head when `size` is more than is read."""

    uid: int
    raw: bytes
    size: int

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return len(self.raw) >= self.size or self.size <= MOST_BYTES


class Mailbox:
    """An open folder. Made by `open_mailbox`."""

    def __init__(self, imap: imaplib.IMAP4, account: Account) -> None:
        self._imap = imap
        self._account = account
        self._select()

    def _select(self) -> None:
        with _told(self._account, f"has no folder '{self._account.folder}' that may be changed"):
            _ok(self._imap.select(_quoted(self._account.folder)))
            answer: list[Any] = self._imap.untagged_responses.get("UIDVALIDITY", [b"0"])
        self.validity = int(answer[-1])

    def new(self, place: Place) -> list[int]:
        """UIDs of what is to be read, oldest first: everything behind the place, and whatever is not marked as read.

        Where the folder was never read, or counts anew, only what is not marked as read: the rest is an archive.
        """
        with _told(self._account, "does not answer a search"):
            found = set(self._search("UNSEEN", "UNDELETED"))
            if place.validity == self.validity:
                behind = self._search("UID", f"{place.uid + 1}:*", "UNDELETED")
                found |= {uid for uid in behind if uid > place.uid}  # `*` is the last one even if it is not behind
        return sorted(found)[:MOST_AT_ONCE]

    def last_uid(self) -> int:
        """The UID of the folder's last message, 0 when it is empty."""
        with _told(self._account, "does not answer a search"):
            return max(self._search("UID", "*"), default=0)

    def _search(self, *criteria: str) -> list[int]:
        data = _ok(self._imap.uid("SEARCH", *criteria))
        return [int(uid) for part in data if part for uid in part.split()]

    def fetch(self, uid: int) -> Letter | None:
        """A message, left as it is; None when it has gone meanwhile."""
        with _told(self._account, "does not hand a message out"):
            size = self._size(uid)
            if size is None:
                return None
            what = "(BODY.PEEK[])" if size <= MOST_BYTES else f"(BODY.PEEK[]<0.{HEAD_BYTES}>)"
            data = _ok(self._imap.uid("FETCH", str(uid), what))
        raw = next((part[1] for part in data if isinstance(part, tuple)), None)
        return Letter(uid, raw, size) if raw is not None else None

    def _size(self, uid: int) -> int | None:
        data = _ok(self._imap.uid("FETCH", str(uid), "(RFC822.SIZE)"))
        text = b" ".join(part if isinstance(part, bytes) else part[0] for part in data if part)
        found = re.search(rb"RFC822\.SIZE (\d+)", text)
        return int(found[1]) if found else None

    def done(self, uid: int) -> None:
        """Mark a message that was stored, and move it if a folder for that is named."""
        with _told(self._account, "does not let a message be marked"):
            _ok(self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))
            if self._account.done:
                self._move(str(uid), _quoted(self._account.done))

    def _move(self, uid: str, folder: str) -> None:
        if "MOVE" in self._imap.capabilities:
            _ok(self._imap.uid("MOVE", uid, folder))
            return
        _ok(self._imap.uid("COPY", uid, folder))
        _ok(self._imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._imap.capabilities:  # a plain EXPUNGE would remove what others have marked
            _ok(self._imap.uid("EXPUNGE", uid))


@contextmanager
def open_mailbox(account: Account, guard: Guard, *, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """The folder of an account, open while the block lasts. MailboxError says what is wrong."""
    imap = _connected(account, guard, tls or ssl.create_default_context())
    try:
        with _told(account, "does not let us in: the name or the password is wrong"):
            imap.login(account.user, account.password)
        yield Mailbox(imap, account)
    finally:
        try:
            imap.logout()
        except (OSError, imaplib.IMAP4.error):
            _hang_up(imap)


def _hang_up(imap: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the socket may be gone already
        imap.shutdown()


def _connected(account: Account, guard: Guard, tls: ssl.SSLContext) -> imaplib.IMAP4:
    with _told(account, "speaks no IMAP"):
        imap = _Guarded(account, guard, tls)
        if account.security == "starttls":
            try:
                if "STARTTLS" not in imap.capabilities:
                    raise MailboxError(
                        f"{account.host}:{account.port} offers no STARTTLS; set WATCHFIRE_IMAP_SECURITY=tls."
                    )
                imap.starttls(tls)
            except BaseException:
                _hang_up(imap)
                raise
        return imap


class _Guarded(imaplib.IMAP4):
    """imaplib's client over a connection that was opened to a judged address."""

    def __init__(self, account: Account, guard: Guard, tls: ssl.SSLContext) -> None:
        self._account, self._guard, self._tls = account, guard, tls
        super().__init__(account.host, account.port, timeout=PATIENCE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        opened = _first_of(_addresses(self._account, self._guard), self._account.port)
        if self._account.security != "tls":
            return opened
        return self._tls.wrap_socket(opened, server_hostname=self._account.host)


def _addresses(account: Account, guard: Guard) -> tuple[str, ...]:
    address = literal(account.host)
    found = [address] if address else _resolved(account)
    return guard.choose(account.host, account.port, found)


def _resolved(account: Account) -> list[str]:
    entries = socket.getaddrinfo(account.host, account.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _first_of(addresses: tuple[str, ...], port: int) -> socket.socket:
    last: OSError = OSError("no address")
    for address in addresses[:_ADDRESSES_TRIED]:
        try:
            return socket.create_connection((address, port), PATIENCE / _ADDRESSES_TRIED)
        except OSError as error:
            last = error
    raise last


@contextmanager
def _told(account: Account, what: str) -> Iterator[None]:
    """Failures as one sentence that names the host."""
    where = f"{account.host}:{account.port}"
    try:
        yield
    except AddressRefused as error:
        raise MailboxError(str(error)) from error
    except ssl.SSLError as error:
        raise MailboxError(f"{where} has no trusted certificate; check WATCHFIRE_IMAP_HOST and _SECURITY.") from error
    except TimeoutError as error:
        raise MailboxError(f"{where} does not answer in time; it is tried again.") from error
    except imaplib.IMAP4.abort as error:
        raise MailboxError(f"{where} broke the connection; it is tried again.") from error
    except imaplib.IMAP4.error as error:
        raise MailboxError(f"{where} {what}; check the WATCHFIRE_IMAP settings.") from error
    except (OSError, UnicodeError) as error:
        raise MailboxError(f"{where} cannot be reached; check the WATCHFIRE_IMAP settings.") from error


def _ok(answer: tuple[str, Any]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(status))
    return list(data)


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3) in quotation marks."""
    plain = "".join(_shifted(part) for part in re.split(r"([^\x20-\x7e]+)", folder))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(part: str) -> str:
    if not part or part.isascii():
        return part.replace("&", "&-")
    return part.encode("utf-7").decode("ascii").replace("+", "&", 1).replace("/", ",")
