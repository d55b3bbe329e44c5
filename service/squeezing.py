"""Answers in fewer bytes: who takes them, and what they are."""

import gzip

FROM, EFFORT = 1000, 6  # bytes below which it does not pay; how hard to try


def takes_gzip(header: str) -> bool:
    """Whether an `Accept-Encoding` takes gzip: named, or by `*`, and not with a weight of nothing (RFC 9110)."""
    weights = {}
    for part in header.lower().split(","):
        name, _, rest = part.partition(";")
        weights[name.strip()] = rest.partition("=")[2].strip() or "1"
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "0")))
    return weight.strip("0.") != ""


def squeezed(body: bytes) -> bytes:
    """The body as gzip; the same for the same."""
    return gzip.compress(body, EFFORT, mtime=0)
