"""How a command that works begins: with its settings, and a log in the form they ask for."""

import logging
import os

from service.log import configure_logging, logger
from service.settings import Settings, load, slips

log = logger(__name__)


def begin(level: int = logging.INFO) -> Settings:
    """Settings of this process, its log in order; names that were to be settings and are none are told in it."""
    settings = load()
    configure_logging(settings.log_format, level)
    for slip in slips(os.environ):
        log.warning(slip)
    return settings
