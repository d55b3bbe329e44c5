"""Bodies as they arrive, unpacked within a bound: a small parcel that swells to gigabytes is never opened that far."""

import zlib

from ingest.trouble import BadAnswer, TooLarge

_GZIP = b"\x1f\x8b"
_EITHER = zlib.MAX_WBITS | 32  # gzip or zlib, told by the header
_BARE = -zlib.MAX_WBITS  # what some servers send for "deflate"


class Unpacker:
    """Collects the chunks of one body; at most `limit` bytes are held, packed or unpacked.

    What the bytes say wins over what the header says: servers label plain text gzip, and gzip plain.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._body = bytearray()
        self._arrived = 0
        self._head = b""  # held back while fewer than the two bytes that tell the packing
        self._packing: zlib._Decompress | None = None
        self._begun = False
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BadAnswer(f"The document is packed as '{encoding[:40]}', which was not asked for.")

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk; TooLarge past the limit, BadAnswer if it is packed wrongly."""
        self._arrived += len(chunk)
        if self._arrived > self._limit:
            raise self._too_large()
        if not self._begun:
            self._head += chunk
            if len(self._head) < len(_GZIP):
                return
            chunk, self._head = self._head, b""
            self._begin(chunk)
        self._add(chunk)

    def finish(self) -> bytes:
        """The whole body; BadAnswer if the packing was cut short."""
        if not self._begun:
            return self._head
        if self._packing is not None and not self._packing.eof:
            raise BadAnswer("The document was cut short on the way.")
        return bytes(self._body)

    def _begin(self, head: bytes) -> None:
        self._begun = True
        if head.startswith(_GZIP):
            self._packing = zlib.decompressobj(_EITHER)
        elif self._encoding == "deflate":
            is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
            self._packing = zlib.decompressobj(_EITHER if is_zlib else _BARE)

    def _add(self, chunk: bytes) -> None:
        if self._packing is None:
            self._body += chunk
            return
        try:
            while chunk:
                chunk = self._inflate(self._packing, chunk)
        except zlib.error:
            raise BadAnswer("The document is packed wrongly and cannot be opened.") from None

    def _inflate(self, packing: "zlib._Decompress", chunk: bytes) -> bytes:
        """Unpack up to one byte past the limit; return what is left: of this member, or the start of the next."""
        if packing.eof:
            return self._next_member(chunk)
        self._body += packing.decompress(chunk, self._limit + 1 - len(self._body))
        if len(self._body) > self._limit:
            raise self._too_large()
        return packing.unused_data or packing.unconsumed_tail

    def _next_member(self, chunk: bytes) -> bytes:
        chunk, self._head = self._head + chunk, b""
        if len(chunk) < len(_GZIP):
            self._head = chunk
            return b""
        if not chunk.startswith(_GZIP):
            return b""  # padding after the last member
        self._packing = zlib.decompressobj(_EITHER)
        return self._inflate(self._packing, chunk)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The document is larger than {self._limit:,} bytes, the most that is read.")
