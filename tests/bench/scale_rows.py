"""Rows of a desk after years of work, the same ones each time: entries, events, alerts and what hangs on them.

Titles are twelve words of 4,000 English and 3,000 Chinese ones, by Zipf's law; texts of 80, each borne by several.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SPAN = timedelta(days=400)
COUNTRIES = (
    *("NE", "CM", "ID", "AR", "EG", "FR", "PE", "SD", "MM", "PK", "ET", "CL", "NG", "KE", "TZ", "ZM", "CD", "AO"),
    *("MZ", "ZA", "DZ", "MA", "TN", "LY", "IQ", "IR", "SA", "AE", "TR", "KZ", "UZ", "RU", "UA", "PL", "DE", "IT"),
    *("ES", "GB", "US", "MX", "BR", "CO", "EC", "BO", "VE", "PH", "VN", "TH", "LA", "KH", "MY", "SG", "BD", "LK"),
)
KINDS = ("security", "political", "legal", "financial", "reputational")
SUBTYPES = ("terrorism", "coup", "sanctions", "currency", "boycott")
TONGUES = ("en", "en", "en", "fr", "es", "zh", "ar", "ru", "pt")
HAN = "政变港口矿业罢工制裁爆炸地震边境首都银行货币劳工法院关税选举抗议武装绑架疫情洪水铁路油田总统军队"
PERSON = "person-1"
OWNERS = tuple(f"owner-{number}" for number in range(40))
MARKS = ("TLP:CLEAR", "TLP:GREEN", "TLP:GREEN", "TLP:GREEN", "TLP:AMBER")
VECTOR = 512 * 2  # bytes
SOURCES = 2_000
BODIES = 4_000
LARGE, MIDDLE = 200, 40  # entries of a few events
Row = dict[str, Any]


@dataclass
class Words:
    """Texts out of a vocabulary, by dice that fall the same each time."""

    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(4000)))
        self._english = [f"word{rank}" for rank in range(4000)]
        self._chinese = ["".join(self.dice.choices(HAN, k=3)) for _ in range(3000)]
        self.bodies = [self.of(80) for _ in range(BODIES)]

    def of(self, count: int) -> str:
        """So many English words, and a third as many Chinese ones."""
        english = self.dice.choices(self._english, cum_weights=self._weights, k=count)
        chinese = self.dice.choices(self._chinese, cum_weights=self._weights[:3000], k=count // 3)
        return " ".join([*english, *chinese])


def size_of(event: int) -> int:
    """How many entries an event has: one in 2,000 has 200, one in 50 has 40, the others one to eight."""
    return LARGE if event % 2000 == 0 else MIDDLE if event % 50 == 0 else 1 + event * 7919 % 8


def where(event: int) -> list[str]:
    """The countries of an event: one, of each seventh two."""
    here = COUNTRIES[event * event % len(COUNTRIES)]
    return list(dict.fromkeys([here, COUNTRIES[event % len(COUNTRIES)]])) if event % 7 == 0 else [here]


def placed(events: int, entries: int) -> Iterator[tuple[int, int]]:
    """Entry and event of every entry that belongs to one: an event's reports come with others in between."""
    entry = 0
    stride = max(1, entries // max(1, sum(size_of(one) for one in range(1, events + 1))))
    for event in range(1, events + 1):
        for _ in range(size_of(event)):
            entry += stride
            if entry > entries:
                return
            yield entry, event


def seen_at(entry: int, entries: int) -> datetime:
    """When an entry was first seen: the last one just now."""
    return NOW - SPAN * ((entries - entry) / entries)


def entry_row(number: int, entries: int, words: Words) -> Row:
    """One entry; each fortieth is a revision of the one before."""
    revised, first = number % 40 == 0, number - (number % 40 == 0)
    at = seen_at(number, entries)
    return {
        "id": number, "source_id": first % SOURCES + 1, "key": str(first), "revision": 1 + revised,
        "latest": number % 40 != 39, "raw_hash": f"{number:064x}", "title": words.of(12),
        "text": words.bodies[number % BODIES], "link": f"https://paper-{first % SOURCES}.example/{first}",
        "guid": None, "language": TONGUES[number % len(TONGUES)], "published_at": at, "updated_at": None,
        "occurred_at": None, "first_seen_at": at, "date_quality": "good", "status": "actual", "countries": [],
        "latitude": None, "longitude": None, "extra": {}, "reliability": "ABCDEF"[number % 6],
        "sharing": MARKS[number % 5], "archived": False, "stage": "decided", "tries": 0, "error": None,
        "lease_until": None, "lease_by": None,
    }  # fmt: skip


def assessment_row(number: int, entries: int, event: int, words: Words) -> Row:
    """What was read of an entry; of one without an event, that it tells of no risk."""
    kind = KINDS[event % 5]
    return {
        "id": number, "entry_id": number, "model": "bench-1", "made_at": seen_at(number, entries),
        "probabilities": dict.fromkeys(KINDS, 0.05) | ({kind: 0.93} if event else {}),
        "labels": [kind] if event else [], "uncertain": [], "subtypes": [SUBTYPES[event % 5]] if event else [],
        "countries": where(event) if event else [], "severity": number % 97 / 97, "urgency": 0.4, "certainty": 0.6,
        "concern": False, "hedged": False, "denied": False,
        "reasons": [reason("severity", "severity.dead", str(number % 30))] if event else [],
        "vector": words.dice.randbytes(VECTOR), "places": [],
    }  # fmt: skip


def event_row(number: int, last: datetime, title: str) -> Row:
    """One event."""
    return {
        "id": number, "title": title, "language": TONGUES[number % len(TONGUES)], "countries": where(number),
        "categories": [KINDS[number % 5]], "subtypes": [SUBTYPES[number % 5]], "sharing": MARKS[number % 3],
        "opened_at": last - timedelta(hours=9), "last_at": last, "vector": b"", "source_id": None, "touched": 0,
    }  # fmt: skip


def reason(kind: str, code: str, value: str, words: str = "") -> Row:
    """A reason as it is stored."""
    return {"kind": kind, "code": code, "value": value, "words": words}


def reasons(number: int) -> list[Row]:
    """Why an alert stands where it does, as many as usual."""
    return [
        reason("subtype", f"subtype.{SUBTYPES[number % 5]}", SUBTYPES[number % 5], "word7 word19"),
        reason("category", f"category.{KINDS[number % 5]}", KINDS[number % 5]),
        reason("severity", "severity.dead", str(number % 30), "word3"),
        reason("severity", "severity.curfew", "", "word11"),
        reason("certainty", "certainty.source", "B"),
        reason("level", "grade.score", f"{number % 1000 / 10}"),
        reason("level", "grade.threshold", "60"),
    ]


STATES = ("open", "open", "open", "acknowledged", "acknowledged", "responding")


def state_of(number: int, alerts: int) -> str:
    """The newest three in ten alerts live, half of them not yet acknowledged; the others are closed."""
    if number > alerts * 7 // 10:
        return STATES[number % len(STATES)]
    return "dismissed" if number % 3 == 0 else "resolved"


def alert_row(number: int, alerts: int, event: int, organisation: int, words: Words) -> Row:
    """One alert, the last one opened a minute ago."""
    at = NOW - timedelta(minutes=1 + (alerts - number) * 20)
    state = state_of(number, alerts)
    answered = state != "open"
    closed = state in ("resolved", "dismissed")
    return {
        "id": number, "organisation_id": organisation, "event_id": event, "level": (4, 4, 3, 4, 2, 3, 4, 1)[number % 8],
        "state": state, "version": 1 + number % 3, "title": words.of(12), "language": TONGUES[number % len(TONGUES)],
        "clause": f"{KINDS[number % 5][:3].upper()}-{number % 9}", "guideline": "2026.1",
        "score": number * 7919 % 1000 / 10, "unconfirmed": number % 6 == 0, "withdrawn": False,
        "concern": number % 9 == 0, "demo": False, "sharing": MARKS[number % 3], "sources": 1 + number % 4,
        "countries": where(event), "categories": [KINDS[number % 5]], "subtypes": [SUBTYPES[number % 5]],
        "reasons": reasons(number), "opened_at": at, "changed_at": at + timedelta(seconds=number * 31 % 900),
        "level_since": at, "calmer_since": None, "acknowledge_by": at + timedelta(minutes=30),
        "acknowledged_at": at + timedelta(minutes=9) if answered else None,
        "acknowledged_by": f"person-{number % 12}" if answered else None,
        "closed_at": at + timedelta(hours=30) if closed else None,
        "close_reason": ("false_alarm: word4" if state == "dismissed" else "over") if closed else None,
        "source_id": None, "told_at": at, "exposure": [], "counterfactuals": [],
    }  # fmt: skip


def duty_row(number: int, place: int) -> Row:
    """Who must act on an alert."""
    return {
        "alert_id": number, "owner": OWNERS[(number + 7 * place) % len(OWNERS)],
        "role": "support" if place else "accountable", "acknowledge_by": NOW, "clause": "SEC-1", "created_at": NOW,
    }  # fmt: skip


def line_row(number: int, step: str, home: int) -> Row:
    """One thing that happened to an alert."""
    return {
        "at": NOW - timedelta(days=1), "organisation_id": home, "actor": "rules", "action": step, "subject": "alert",
        "subject_id": str(number), "detail": {"level": 3, "before": 4, "clause": "SEC-1", "guideline": "2026.1"},
    }  # fmt: skip


def notice_row(number: int, place: int, home: int) -> Row:
    """One message about an alert."""
    state = "dead" if number % 997 == 0 else "sent"
    at = NOW - timedelta(minutes=(number * 13) % 500_000)
    return {
        "id": f"n-{number}-{place}", "organisation_id": home, "alert_id": number, "version": 1 + place,
        "action": "open", "channel_id": (number + place) % 8 + 1, "subscription_id": None,
        "owner": OWNERS[number % len(OWNERS)],
        "dedup": f"{number}:{place}", "payload": {"title": "word1 word2 word3", "level": 3}, "state": state,
        "attempts": 1, "not_before": at, "lease_until": None, "lease_by": None, "created_at": at, "sent_at": at,
        "error": None, "counted": True, "held_for": None, "held_by": None, "release_at": None, "told_in": None,
    }  # fmt: skip


def attempt_row(number: int, place: int) -> Row:
    """The one try it took."""
    return {
        "notice_id": f"n-{number}-{place}", "at": NOW, "ok": True, "status": 200, "detail": "", "milliseconds": 90,
    }  # fmt: skip


def snooze_row(number: int) -> Row:
    """An alert put aside for some hours."""
    return {
        "alert_id": number, "level": 4, "since": NOW, "until": NOW + timedelta(hours=number % 40), "actor": PERSON,
        "reason": "word9",
    }  # fmt: skip
