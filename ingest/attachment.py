"""Files that come with a report: which of them are kept as bytes, and what is noted of the others. Pure.

A kept file is only ever handed out for download. What would run when it is opened is noted by name, size and hash:
nobody should have to find out by a double click. Archives are kept and never unpacked.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_EACH = 10 * 2**20  # bytes of one file
MOST_TOGETHER = 25 * 2**20  # bytes of all files of a report
MOST_FILES = 30
NAME_LENGTH = 120
OTHER = "application/octet-stream"

# Handed out under its own type only if that type runs nothing in a browser; all else is plain bytes.
KNOWN: dict[str, str] = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "tif": "image/tiff", "tiff": "image/tiff", "bmp": "image/bmp",
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "ics": "text/calendar",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav", "amr": "audio/amr",
    "mp4": "video/mp4", "mov": "video/quicktime", "3gp": "video/3gpp", "webm": "video/webm",
    "zip": "application/zip", "gz": "application/gzip", "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "eml": "message/rfc822", "kml": "application/vnd.google-earth.kml+xml", "gpx": "application/gpx+xml",
}  # fmt: skip
_PROGRAMS = """
    exe com scr pif cpl dll sys drv ocx msi msix msp appx apk aab ipa jar deb rpm run bin app dmg pkg iso img vhd vhdx
    elf so dylib xpi crx gadget lnk url desktop reg inf
"""
_SCRIPTS = """
    js jse mjs vbs vbe wsf wsh wsc hta ps1 psm1 psd1 bat cmd sh bash zsh csh py pyw pyc rb pl php asp aspx jsp lua
    html htm xhtml xht shtml mht mhtml svg svgz chm hlp application sct jnlp scf ahk applescript command workflow
    docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm xll
"""
PROGRAMS, SCRIPTS = frozenset(_PROGRAMS.split()), frozenset(_SCRIPTS.split())
# How a program begins, whatever it is called.
BEGINNINGS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"!<arch>\ndebian", b"\xed\xab\xee\xdb", b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip
ACTIVE = re.compile(rb"^[\s\xef\xbb\xbf]*(?:#!|<!doctype\s+html|<html|<script|<svg|<\?php|<%)", re.IGNORECASE)
UNSAFE = re.compile(r'[/\\:*?"<>|]')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class Why(StrEnum):
    """Why the bytes of a file were not kept."""

    PROGRAM = "program"
    SCRIPT = "script"
    TOO_LARGE = "too_large"
    REPORT_FULL = "report_full"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came: name and type as the sender says."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it is kept: clean name, a type that may be handed out, size in bytes, SHA-256 in hex.

    `content` is None exactly when `refused` says why.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes | None
    refused: Why | None = None


def judge(files: Iterable[File]) -> tuple[Judged, ...]:
    """What becomes of the files of one report, in their order."""
    kept, judged = 0, []
    for number, file in enumerate(files):
        why = _why_not(file, number, kept)
        kept += 0 if why else len(file.content)
        name = clean_name(file.name)
        judged.append(
            Judged(
                name,
                OTHER if why else media_type(name),
                len(file.content),
                hashlib.sha256(file.content).hexdigest(),
                None if why else file.content,
                why,
            )
        )
    return tuple(judged)


def _why_not(file: File, number: int, kept: int) -> Why | None:
    ending = clean_name(file.name).lower().rpartition(".")[2]  # the last one decides what opens the file
    if ending in PROGRAMS or file.content.startswith(BEGINNINGS):
        return Why.PROGRAM
    if ending in SCRIPTS or ACTIVE.match(file.content[:200]):
        return Why.SCRIPT
    if len(file.content) > MOST_EACH:
        return Why.TOO_LARGE
    if kept + len(file.content) > MOST_TOGETHER:
        return Why.REPORT_FULL
    return Why.TOO_MANY if number >= MOST_FILES else None


def media_type(name: str) -> str:
    """The type under which a file of this name is handed out."""
    _, dot, ending = name.lower().rpartition(".")
    return KNOWN.get(ending, OTHER) if dot else OTHER


def clean_name(name: str) -> str:
    """A file name that is one, on any system: no folders, nothing unseen, nothing that turns the line around."""
    name = unicodedata.normalize("NFC", name[:2000]).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in name)
    plain = " ".join(UNSAFE.sub("_", seen).split()).strip(" .")
    if RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) > NAME_LENGTH:
        head, dot, ending = plain.rpartition(".")
        plain = f"{head[: NAME_LENGTH - 11]}.{ending[:10]}" if dot else plain[:NAME_LENGTH]
    return plain or "file"
