"""Every table, so that migrations and tests see the whole schema.

Whoever asks this package for one table gets all of them made, since they refer to each other. A command that needs two
of them, and starts often, imports these from their own modules: making all costs 90 ms of processor time more.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.store.tables.alert import Alert, AlertCategory, AlertCountry, AlertShare, Duty
    from service.store.tables.archive import ArchiveRun
    from service.store.tables.base import metadata
    from service.store.tables.comment import Comment, Mention
    from service.store.tables.entry import AssessmentRow, EntryRow
    from service.store.tables.event import Event, EventCountry, EventEntry
    from service.store.tables.exposure import PartnerRow, SiteRow
    from service.store.tables.guideline import ClauseMatch, GuidelineVersion
    from service.store.tables.learning import Correction, ModelRow, Training
    from service.store.tables.log import LogLine, Meta
    from service.store.tables.notice import Attempt, Channel, Notice, Subscription
    from service.store.tables.office import Pulse, WorkerRow, WorkFailure
    from service.store.tables.people import ApiKey, Invitation, Organisation, Person, SignIn
    from service.store.tables.posture import PostureRow, SituationReport
    from service.store.tables.report import Attachment, FieldReport
    from service.store.tables.response import Response, ResponseStep
    from service.store.tables.roster import Acknowledgement, EscalationRow, RosterFile, RosterSwap
    from service.store.tables.ruling import Ruling
    from service.store.tables.silence import HushRow, SilenceRow
    from service.store.tables.source import SourceRow
    from service.store.tables.translation import TranslatedEntry, Translation
    from service.store.tables.triage import AlertFact, Handing, Presence, SavedView, Seen, Snooze

__all__ = [
    "Acknowledgement",
    "Alert",
    "AlertCategory",
    "AlertCountry",
    "AlertFact",
    "AlertShare",
    "ApiKey",
    "ArchiveRun",
    "AssessmentRow",
    "Attachment",
    "Attempt",
    "Channel",
    "ClauseMatch",
    "Comment",
    "Correction",
    "Duty",
    "EntryRow",
    "EscalationRow",
    "Event",
    "EventCountry",
    "EventEntry",
    "FieldReport",
    "GuidelineVersion",
    "Handing",
    "HushRow",
    "Invitation",
    "LogLine",
    "Mention",
    "Meta",
    "ModelRow",
    "Notice",
    "Organisation",
    "PartnerRow",
    "Person",
    "PostureRow",
    "Presence",
    "Pulse",
    "Response",
    "ResponseStep",
    "RosterFile",
    "RosterSwap",
    "Ruling",
    "SavedView",
    "Seen",
    "SignIn",
    "SilenceRow",
    "SiteRow",
    "SituationReport",
    "Snooze",
    "SourceRow",
    "Subscription",
    "Training",
    "TranslatedEntry",
    "Translation",
    "WorkFailure",
    "WorkerRow",
    "metadata",
]

_MODULES = (
    "alert",
    "archive",
    "base",
    "comment",
    "entry",
    "event",
    "guideline",
    "exposure",
    "learning",
    "log",
    "notice",
    "office",
    "people",
    "posture",
    "report",
    "roster",
    "response",
    "ruling",
    "silence",
    "source",
    "translation",
    "triage",
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module in _MODULES:
        found = importlib.import_module(f"{__name__}.{module}")
        globals().update({known: value for known, value in vars(found).items() if known in __all__})
    return globals()[name]
