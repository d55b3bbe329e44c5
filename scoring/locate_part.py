"""The parts that a place name can play in a sentence."""

from enum import StrEnum

from ingest.place.gazetteer import Kind

ADJECTIVES = frozenset((Kind.PEOPLE, Kind.ADJECTIVE))
# Towns that are places only where more than their name says so.
FRAIL = frozenset((Kind.UNSURE, Kind.WEAK, Kind.MINOR, Kind.TINY))
TOWNS = FRAIL | {Kind.CITY}  # all but capitals
Judged = tuple["Part", float]
FAINT = 0.05  # so little that it never counts
ACROSS = 0.35  # weight of what lies across a border: it counts where nothing else is named


class Part(StrEnum):
    """The part a name plays, surest place first."""

    AT = "at"  # something happens there
    DOER = "doer"  # does or undergoes something at home
    FOLK = "folk"  # its miners, its doctors: at home, unless the text says where
    NAMED = "named"  # from, with, of; or said in passing
    SAYER = "sayer"  # says or decides something, perhaps about elsewhere
    AGENT = "agent"  # by whom it is done
    ABROAD = "abroad"  # its people, companies, ships, soldiers
