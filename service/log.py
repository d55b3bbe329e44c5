"""What an operator reads of a running service: its log."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any


def logger(name: str) -> logging.Logger:
    """A logger of this house; everything it says ends up on standard error."""
    return logging.getLogger(name)


_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """A text as one line: what would break it, forge another or steer a terminal is written out (`\\n`, `\\x1b`)."""
    return text if text.isprintable() else _BREAKS.sub(lambda found: repr(found[0])[1:-1], text)


class PlainLines(logging.Formatter):
    """A line for people. Only the traceback of a fault of ours takes more lines, and those are set in."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line itself."""
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback, no line of which could be taken for a line of the log."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(f"    {one_line(line)}" for line in lines)


class JsonLines(logging.Formatter):
    """One JSON object a line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(form: str, level: int = logging.INFO) -> None:
    """Log to standard error as text for people or JSON for collectors."""
    handler = logging.StreamHandler(sys.stderr)
    plain = PlainLines("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonLines() if form == "json" else plain)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A tick that comes while the one before still works is skipped: that is how it is meant, not a warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
