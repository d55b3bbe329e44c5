"""Tokens: 256 random bits that are shown once; only their SHA-256 is kept."""

import hashlib
import re
import secrets

# Random tokens need no slow hash: 2^256 guesses are out of reach with any.
_FORM = re.compile(r"[A-Za-z0-9_-]{20,100}")
HINT = 8


def new_token(prefix: str = "") -> str:
    """A fresh token."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is kept of a token: 64 hex digits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def hint_of(token: str) -> str:
    """The beginning of a token, by which a person tells one from another."""
    return token[:HINT]


def is_token(text: str) -> bool:
    """Whether a text could be a token at all."""
    return _FORM.fullmatch(text) is not None
