"""Every table, so that migrations and tests see the whole schema."""

from service.store.tables.alert import Alert, AlertCategory, AlertCountry, AlertShare, Duty
from service.store.tables.archive import ArchiveRun
from service.store.tables.base import metadata
from service.store.tables.entry import AssessmentRow, EntryRow
from service.store.tables.event import Event, EventCountry, EventEntry
from service.store.tables.log import LogLine, Meta
from service.store.tables.notice import Attempt, Channel, Notice, Subscription
from service.store.tables.people import ApiKey, Invitation, Organisation, Person, SignIn
from service.store.tables.report import Attachment, FieldReport
from service.store.tables.source import SourceRow

__all__ = [
    "Alert",
    "AlertCategory",
    "AlertCountry",
    "AlertShare",
    "ApiKey",
    "ArchiveRun",
    "AssessmentRow",
    "Attachment",
    "Attempt",
    "Channel",
    "Duty",
    "EntryRow",
    "Event",
    "EventCountry",
    "EventEntry",
    "FieldReport",
    "Invitation",
    "LogLine",
    "Meta",
    "Notice",
    "Organisation",
    "Person",
    "SignIn",
    "SourceRow",
    "Subscription",
    "metadata",
]
