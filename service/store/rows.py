"""Rows to values and back: the stages never see a table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.advice import NO_MEMORY, Memory
from ingest.entry import DateQuality, Entry, Item, Sharing, Status
from ingest.feed import Credentials, Feed, FeedState
from ingest.health import health_of, health_values
from scoring.assessment import Assessment, Place, Reason, ReasonKind
from scoring.category import Category
from service.store.tables.entry import AssessmentRow, EntryRow
from service.store.tables.source import SourceRow


def feed_of(row: SourceRow) -> Feed:
    """The feed that a source row describes."""
    return Feed(
        key=row.key,
        name=row.name,
        address=row.moved_to or row.address,
        kind=row.kind,
        country=row.country,
        language=row.language,
        reliability=row.reliability,
        sharing=Sharing(row.sharing),
        interval=row.interval_s,
        zone=row.zone,
        critical=row.critical,
        region=row.region,
        terms=row.terms,
        rule=row.rule,
        proxy=row.proxy,
        credentials=Credentials(**row.credentials) if row.credentials else None,
    )


def state_of(row: SourceRow) -> FeedState:
    """What is remembered of a source."""
    return FeedState(
        etag=row.etag,
        modified=row.modified,
        body_hash=row.body_hash,
        address=row.moved_to,
        next_check=row.next_check_at,
        hold_until=row.hold_until,
        failures=row.failures,
        error=row.error,
        last_success=row.last_success_at,
        last_entry=row.last_entry_at,
        known=row.known,
        marks=row.marks,
        memory=_memory_of(row.levels),
        health=health_of(row.health),
    )


def look_values(state: FeedState) -> dict[str, Any]:
    """The columns that change at every look at a source."""
    return {
        "etag": state.etag,
        "modified": state.modified,
        "body_hash": state.body_hash,
        "moved_to": state.address,
        "next_check_at": state.next_check,
        "hold_until": state.hold_until,
        "failures": state.failures,
        "error": state.error,
        "last_success_at": state.last_success,
        "last_entry_at": state.last_entry,
        "health": health_values(state.health),
    }


def memory_values(state: FeedState) -> dict[str, Any]:
    """The columns that remember the items of a source's document."""
    return {"known": dict(state.known), "marks": dict(state.marks), "levels": _memory_values(state.memory)}


def _memory_of(values: Mapping[str, Any]) -> Memory:
    if not values:
        return NO_MEMORY
    since = values.get("since")
    return Memory(values["levels"], values.get("held"), datetime.fromisoformat(since) if since else None)


def _memory_values(memory: Memory) -> dict[str, Any]:
    if memory is NO_MEMORY or not (memory.levels or memory.held):
        return {}
    held = {"held": dict(memory.held), "since": memory.since and memory.since.isoformat()} if memory.held else {}
    return {"levels": dict(memory.levels), **held}


def entry_values(entry: Entry, source_id: int, revision: int) -> dict[str, Any]:
    """The columns of one entry."""
    item = entry.item
    return {
        "source_id": source_id,
        "key": item.key,
        "revision": revision,
        "latest": True,
        "raw_hash": item.raw_hash,
        "title": item.title,
        "text": item.text,
        "link": item.link,
        "guid": item.guid,
        "language": item.language,
        "published_at": item.published,
        "updated_at": item.updated,
        "occurred_at": item.occurred,
        "first_seen_at": entry.first_seen,
        "date_quality": item.date_quality.value,
        "status": item.status.value,
        "countries": list(item.countries),
        "latitude": item.point[0] if item.point else None,
        "longitude": item.point[1] if item.point else None,
        "extra": dict(item.extra),
        "reliability": entry.reliability,
        "sharing": entry.sharing.value,
        "archived": entry.archived,
        "stage": "new",
        "tries": 0,
    }


def entry_of(row: EntryRow, source: str) -> Entry:
    """The entry that a row keeps; `source` is its source's key."""
    point = (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
    item = Item(
        key=row.key,
        raw_hash=row.raw_hash,
        title=row.title,
        text=row.text,
        link=row.link,
        guid=row.guid,
        language=row.language,
        published=row.published_at,
        updated=row.updated_at,
        occurred=row.occurred_at,
        date_quality=DateQuality(row.date_quality),
        status=Status(row.status),
        countries=tuple(row.countries),
        point=point,
        extra=row.extra,
    )
    return Entry(
        source=source,
        reliability=row.reliability,
        sharing=Sharing(row.sharing),
        first_seen=row.first_seen_at,
        item=item,
        archived=row.archived,
    )


def reason_values(reason: Reason) -> dict[str, Any]:
    """A reason as it is kept and shown."""
    return {
        "kind": reason.kind.value,
        "code": reason.code,
        "value": reason.value,
        "words": reason.words,
        "weight": round(reason.weight, 4),
    }


def reason_of(values: Mapping[str, Any]) -> Reason:
    """The reason that was kept."""
    return Reason(ReasonKind(values["kind"]), values["code"], values["value"], values["words"], values["weight"])


def assessment_values(assessment: Assessment) -> dict[str, Any]:
    """The columns of one assessment, without its entry and time."""
    return {
        "model": assessment.model,
        "probabilities": {key.value: round(p, 4) for key, p in assessment.probabilities.items()},
        "labels": [key.value for key in assessment.labels],
        "uncertain": [key.value for key in assessment.uncertain],
        "subtypes": list(assessment.subtypes),
        "countries": list(assessment.countries),
        "severity": assessment.severity,
        "urgency": assessment.urgency,
        "certainty": assessment.certainty,
        "concern": assessment.concern,
        "hedged": assessment.hedged,
        "denied": assessment.denied,
        "reasons": [reason_values(reason) for reason in assessment.reasons],
        "vector": assessment.vector,
        "places": [place_values(place) for place in assessment.places],
    }


def place_values(place: Place) -> dict[str, Any]:
    """A place as it is kept."""
    return {
        "country": place.country,
        "confidence": round(place.confidence, 4),
        "words": place.words,
        "point": [round(degrees, 5) for degrees in place.point] if place.point is not None else None,
        "town": place.town,
    }


def place_of(values: Mapping[str, Any]) -> Place:
    """The place that was kept."""
    point = values.get("point")
    return Place(
        country=values["country"],
        confidence=values["confidence"],
        words=values["words"],
        point=(point[0], point[1]) if point else None,
        town=values.get("town", False),
    )


def assessment_of(row: AssessmentRow) -> Assessment:
    """The assessment that a row keeps."""
    return Assessment(
        probabilities={Category(key): p for key, p in row.probabilities.items()},
        labels=tuple(Category(key) for key in row.labels),
        uncertain=tuple(Category(key) for key in row.uncertain),
        subtypes=tuple(row.subtypes),
        countries=tuple(row.countries),
        severity=row.severity,
        urgency=row.urgency,
        certainty=row.certainty,
        concern=row.concern,
        hedged=row.hedged,
        denied=row.denied,
        reasons=tuple(reason_of(values) for values in row.reasons),
        model=row.model,
        vector=row.vector,
        places=tuple(place_of(values) for values in row.places),
    )
