"""House: what every request handler needs, made once by the composition root and handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.desk.live import Live
from service.locale.catalogue import Catalogue
from service.notify.deliver import Sender
from service.observe import Metrics
from service.settings import Settings
from service.store.engine import Store


def address_of(settings: Settings, port: int | None) -> str:
    """The address that links begin with: the one that is set, else this machine's own."""
    return settings.public_url or f"http://127.0.0.1:{port or 8000}"


@dataclass(frozen=True)
class House:
    """The running service as the desk sees it. `demo` marks a demonstration; `port` is where it is served."""

    settings: Settings
    store: Store
    catalogue: Catalogue
    metrics: Metrics
    sender: Sender
    live: Live
    clock: Callable[[], datetime]
    demo: bool = False
    port: int | None = None

    @property
    def public_url(self) -> str:
        """The address that links in notices begin with."""
        return address_of(self.settings, self.port)
