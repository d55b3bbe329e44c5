"""A real name server on loopback UDP that answers as it was told, and a resolver that really asks it (RFC 1035).

Nothing of it is meant for use outside tests: one question a packet, A, AAAA and CNAME only, no compression but to the
question's name.
"""

import asyncio
import secrets
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address
from typing import Any

A, CNAME, AAAA = 1, 5, 28
NO_SUCH_NAME = 3
PATIENCE = 5.0


class NameServer:
    """`names[name]` is a list of records (addresses, or `=name` for a CNAME), or a list of such lists of which each
    round of questions takes the next and the last stays. `asked` is every question: (name, type)."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.asked: list[tuple[str, int]] = []
        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.nameserver = self  # type: ignore[attr-defined]
        self.port: int = self._server.server_address[1]

    def records(self, name: str, kind: int) -> list[str] | None:
        """The records of a name for a question; None when there is no such name."""
        script = self.names.get(name)
        if script is None or not script or isinstance(script[0], str):
            return script if script is None else list(script)
        rounds = sum(one == (name, kind) for one in self.asked) - 1
        return list(script[min(rounds, len(script) - 1)])

    def start(self) -> None:
        """Answer until `stop`."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """No more answers."""
        self._server.shutdown()
        self._server.server_close()

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """What `make_client(resolve=…)` wants: both kinds of address, asked over the wire; OSError for no such name."""
        found = await asyncio.gather(*(asyncio.to_thread(self._ask, host, kind) for kind in (A, AAAA)))
        if all(answer is None for answer in found):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [address for answer in found for address in answer or ()]

    def _ask(self, host: str, kind: int) -> list[str] | None:
        number = secrets.randbelow(2**16)
        question = _name(host.rstrip(".")) + struct.pack("!HH", kind, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(PATIENCE)
            asking.connect(("127.0.0.1", self.port))
            asking.send(struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + question)
            answer = asking.recv(4096)
        same, flags, _, count = struct.unpack("!4H", answer[:8])
        assert same == number
        return None if flags & 0xF == NO_SUCH_NAME else _addresses(answer, 12 + len(question), count)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        packet, asking = self.request
        server: NameServer = self.server.nameserver  # type: ignore[attr-defined]
        name, end = _read_name(packet, 12)
        kind = struct.unpack("!H", packet[end : end + 2])[0]
        server.asked.append((name, kind))
        question = packet[12 : end + 4]
        answers, known = _chain(server, name, kind)
        flags = 0x8180 if known else 0x8180 | NO_SUCH_NAME
        head = packet[:2] + struct.pack("!5H", flags, 1, len(answers), 0, 0)
        asking.sendto(head + question + b"".join(answers), self.client_address)


def _chain(server: NameServer, name: str, kind: int) -> tuple[list[bytes], bool]:
    """Records that answer a question, CNAMEs followed as a recursive server does, and whether the name is there."""
    answers: list[bytes] = []
    records = server.records(name, kind)
    if records is None:
        return [], False
    for record in records:
        if record.startswith("="):
            answers.append(_record(name, CNAME, _name(record[1:])))
            answers += _chain(server, record[1:], kind)[0]
        elif (ip_address(record).version == 4) == (kind == A):
            answers.append(_record(name, kind, ip_address(record).packed))
    return answers, True


def _record(name: str, kind: int, data: bytes) -> bytes:
    return _name(name) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data  # to live: 0 s, as rebinding names have


def _name(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode("ascii") for part in name.split(".") if part) + b"\0"


def _read_name(packet: bytes, at: int) -> tuple[str, int]:
    parts = []
    while packet[at]:
        parts.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii").lower())
        at += 1 + packet[at]
    return ".".join(parts), at + 1


def _addresses(packet: bytes, at: int, count: int) -> list[str]:
    found = []
    for _ in range(count):
        _, at = _read_name(packet, at)
        kind, _, _, length = struct.unpack("!HHIH", packet[at : at + 10])
        data = packet[at + 10 : at + 10 + length]
        at += 10 + length
        if kind == A:
            found.append(str(IPv4Address(data)))
        elif kind == AAAA:
            found.append(str(ip_address(data)))
    return found


@contextmanager
def nameserver(**names: Any) -> Iterator[NameServer]:
    """A running name server, closed at the end; `_` in the given names stands for a dot."""
    server = NameServer()
    server.names.update({name.replace("_", "."): records for name, records in names.items()})
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Inside:
    """Something in the operator's own network: it counts every connection, on loopback of both families."""

    def __init__(self) -> None:
        self.connections = 0
        self._sockets = [_listening(socket.AF_INET, "127.0.0.1", 0)]
        self.port: int = self._sockets[0].getsockname()[1]
        self._sockets += [_listening(socket.AF_INET, host, self.port) for host in ("127.0.0.2", "127.8.9.10")]
        if socket.has_ipv6:
            try:
                self._sockets.append(_listening(socket.AF_INET6, "::1", self.port))
            except OSError:  # a machine without IPv6
                self.has_6 = False
            else:
                self.has_6 = True
        self._threads = [threading.Thread(target=self._count, args=(one,), daemon=True) for one in self._sockets]
        for thread in self._threads:
            thread.start()

    def _count(self, listening: socket.socket) -> None:
        while True:
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            taken.close()

    def close(self) -> None:
        """Listen no more."""
        for one in self._sockets:
            one.shutdown(socket.SHUT_RDWR)
            one.close()


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    if family is socket.AF_INET6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    one.bind((host, port))
    one.listen(16)
    return one
