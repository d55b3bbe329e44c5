"""The one way an alert changes: each change with its log line and its notices in the caller's transaction."""

from service.record.act import act
from service.record.alarm import ring_alarms
from service.record.decision import Grounds, record_decision, standing_of
from service.record.joining import Book, Happening, open_book
from service.record.share import share_standing

__all__ = [
    "Book",
    "Grounds",
    "Happening",
    "act",
    "open_book",
    "record_decision",
    "ring_alarms",
    "share_standing",
    "standing_of",
]
