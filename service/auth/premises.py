"""What identity and the use cases need of the running service: the `House` has it, and so has a command."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from service.settings import Settings
from service.store.engine import Store


class Premises(Protocol):
    """Where a use case happens."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def store(self) -> Store:
        """The database."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock."""

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration."""

    @property
    def public_url(self) -> str:
        """The address that links begin with."""
