"""Handing out what came from outside: for download only, so that no browser ever shows or runs it."""

from urllib.parse import quote

from ingest.attachment import KNOWN, OTHER, clean_name


def download_headers(name: str) -> dict[str, str]:
    """The headers of an answer that is a file of this name (RFC 6266)."""
    plain = clean_name(name)
    simple = "".join(char if char.isascii() and char not in '"\\%' else "_" for char in plain)
    return {
        "Content-Disposition": f"attachment; filename=\"{simple}\"; filename*=UTF-8''{quote(plain, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def download_type(media_type: str) -> str:
    """The type of such an answer: one that nothing runs under, whatever stands in the database."""
    return media_type if media_type in KNOWN.values() else OTHER
