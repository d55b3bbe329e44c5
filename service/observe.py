"""What an operator measures of a running service: its metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest


class Metrics:
    """Counters of one process, in a registry of its own so that two services in one test do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        label = self.registry
        self._visits = Counter("watchfire_source_visits", "Looks at sources by outcome.", ["outcome"], registry=label)
        self._entries = Counter("watchfire_entries", "Entries stored.", ["kind"], registry=label)
        self._assessed = Counter("watchfire_assessments", "Entries assessed.", registry=label)
        self._decisions = Counter("watchfire_decisions", "Changes of alerts.", ["action", "level"], registry=label)
        self._attempts = Counter(
            "watchfire_delivery_attempts", "Tries to deliver.", ["kind", "outcome"], registry=label
        )
        self._delay = Histogram(
            "watchfire_delivery_seconds",
            "Seconds from decision to delivery.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
            registry=label,
        )
        self._backlog = Gauge("watchfire_backlog", "Rows that wait, by kind.", ["kind"], registry=label)

    def visited(self, outcome: str, new: int, revised: int) -> None:
        """One look at a source."""
        self._visits.labels(outcome).inc()
        self._entries.labels("new").inc(new)
        self._entries.labels("revised").inc(revised)

    def assessed(self, count: int) -> None:
        """Entries assessed."""
        self._assessed.inc(count)

    def decided(self, action: str, level: int) -> None:
        """One change of an alert."""
        self._decisions.labels(action, str(level)).inc()

    def attempted(self, kind: str, outcome: str, delay: float | None = None) -> None:
        """One try to deliver; `delay` in seconds since the decision when it arrived."""
        self._attempts.labels(kind, outcome).inc()
        if delay is not None:
            self._delay.observe(delay)

    def backlog(self, kind: str, count: int) -> None:
        """How many rows wait."""
        self._backlog.labels(kind).set(count)

    def expose(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
