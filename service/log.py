"""What an operator reads of a running service: its log."""

import json
import logging
import sys
from datetime import UTC, datetime


def logger(name: str) -> logging.Logger:
    """A logger of this house; everything it says ends up on standard error."""
    return logging.getLogger(name)


class JsonLines(logging.Formatter):
    """One JSON object a line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(form: str, level: int = logging.INFO) -> None:
    """Log to standard error as text for people or JSON for collectors."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonLines() if form == "json" else plain)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A tick that comes while the one before still works is skipped: that is how it is meant, not a warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
