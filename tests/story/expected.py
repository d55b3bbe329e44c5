"""What a duty officer expects of the story, written down by hand and not taken from what the program printed.

Events go by their first entry. An update that changes no level is not listed: it wakes nobody.
"""

from collections.abc import Mapping, Sequence

EVENTS: Mapping[str, Sequence[str]] = {
    "coup-rumour": (
        *("rumour", "shots", "announced", "announced-fr", "announced-zh", "announced-ar", "announced-ru"),
        *("announced-es", "copied-zh", "advice", "curfew", "curfew-fr", "works", "toll", "reaction", "second-day"),
        *("council", "third-day", "advice-leave", "calm-streets", "lifted"),
    ),
    "money-queue": ("queue",),
    "quake-alert": (
        *("alert", "felt", "toll", "toll-en", "toll-zh", "copied-zh", "toll-fr", "toll-ru", "toll-ar", "advice"),
        *("port", "aid", "road"),
    ),
    "wave-warning": ("warning",),
    "gabon-rumour": ("rumour", "denied", "denied-en"),
    "money-decree": (
        *("decree", "decree-es", "decree-zh", "copied-zh", "decree-fr", "decree-ru", "decree-ar", "pay", "permits"),
    ),
}
HARMLESS = (
    *("chess", "market", "flamingos", "chapel", "football", "orchid", "skates", "poems", "hats", "comet"),
    *("lanterns", "rugby"),
)
# when, change, level, clause, unconfirmed. The coup's rumour is grave enough to go out at once; the second source
# confirms it before the announcement. A magnitude is revised, then the dead are counted. What a paper puts right is
# lowered after half a day. The rest is what it is.
LEVELS: Mapping[str, Sequence[tuple[str, str, int, str, bool]]] = {
    "coup-rumour": (("Mon 04:13", "open", 2, "POL-1", True), ("Mon 04:42", "raise", 1, "POL-1", False)),
    "money-queue": (("Mon 15:01", "open", 3, "FIN-2", False), ("Tue 21:01", "lower", 4, "FIN-2", False)),
    "quake-alert": (
        ("Tue 02:32", "open", 3, "SEC-8", False),
        ("Tue 02:59", "raise", 2, "SEC-8", False),
        ("Tue 06:11", "raise", 1, "SEC-8", False),
    ),
    "wave-warning": (("Tue 02:46", "open", 3, "SEC-8", False), ("Tue 04:36", "withdraw", 3, "SEC-8", False)),
    "gabon-rumour": (("Tue 17:06", "open", 2, "POL-1", True), ("Tue 18:11", "withdraw", 2, "POL-1", True)),
    "money-decree": (("Wed 13:11", "open", 2, "FIN-1", False),),
}
# Level → who is accountable and by when they are to answer. I and II are the centre's, III the region's.
OWNERS: Mapping[str, Sequence[tuple[int, str, str]]] = {
    "coup-rumour": ((2, "central-lead", "Mon 04:43"), (1, "central-lead", "Mon 04:57")),
    "money-queue": ((3, "americas-lead", "Mon 19:01"),),
    "quake-alert": (
        (3, "americas-lead", "Tue 06:32"),
        (2, "central-lead", "Tue 03:29"),
        (1, "central-lead", "Tue 06:26"),
    ),
    "wave-warning": ((3, "americas-lead", "Tue 06:46"),),
    "gabon-rumour": ((2, "central-lead", "Tue 17:36"),),
    "money-decree": ((2, "central-lead", "Wed 13:41"),),
}
# Who must be among those that an opened alert is told to, and how many independent voices bore it out in the end:
# the evening paper copies the agency, and counts for nothing.
TOLD: Mapping[str, frozenset[str]] = {
    "coup-rumour": frozenset({"li.wei", "amina", "ma.lin", "Crane Cement (subscriber)"}),
    "money-queue": frozenset({"rosa", "he.tao", "li.wei"}),
    "quake-alert": frozenset({"rosa", "guo.feng", "li.wei"}),
    "wave-warning": frozenset({"rosa", "guo.feng", "li.wei"}),
    "gabon-rumour": frozenset({"li.wei", "amina", "ma.lin", "Crane Cement (subscriber)"}),
    "money-decree": frozenset({"li.wei", "rosa", "he.tao", "Red Copper (subscriber)"}),
}
VOICES = {
    "coup-rumour": 9,
    "money-queue": 1,
    "quake-alert": 10,
    "wave-warning": 1,
    "gabon-rumour": 3,
    "money-decree": 7,
}
# Nobody of the level's deadline → deputy → lead → centre → everybody, until somebody acknowledges.
ESCALATIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "coup-rumour": (("Mon 04:57", "deputy"), ("Mon 05:02", "lead")),
    "quake-alert": (("Tue 03:29", "deputy"), ("Tue 03:39", "lead"), ("Tue 03:49", "central")),
    "money-decree": (
        ("Wed 13:41", "deputy"),
        ("Wed 13:51", "lead"),
        ("Wed 14:01", "central"),
        ("Wed 14:11", "everybody"),
    ),
}
PLANS: Mapping[str, Sequence[tuple[str, str, int]]] = {
    "coup-rumour": (("Mon 04:13", "coup", 2), ("Mon 04:42", "coup", 1)),
    "money-queue": (("Mon 15:01", "capital-control-watch", 3),),
    "quake-alert": (
        ("Tue 02:32", "natural-hazard-watch", 3),
        ("Tue 02:59", "natural-hazard", 2),
        ("Tue 06:11", "natural-hazard", 1),
    ),
    "wave-warning": (("Tue 02:46", "natural-hazard-watch", 3),),
    "gabon-rumour": (("Tue 17:06", "coup", 2),),
    "money-decree": (("Wed 13:11", "capital-control", 2),),
}
# When a late step is told of, and to which owner: who is accountable, then the plan's lead, then the centre.
LATE: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "coup-rumour": (
        ("Mon 05:02", "command.take", "central-lead"),
        ("Mon 05:12", "verify.second-source", "central-lead"),
        ("Mon 05:12", "coup.stay-in", "africa-lead"),
        ("Mon 05:17", "command.take", "government-affairs"),
        ("Mon 05:27", "coup.stay-in", "government-affairs"),
        ("Mon 05:42", "command.meeting", "central-lead"),
        ("Mon 05:57", "command.meeting", "government-affairs"),
        ("Mon 07:42", "movement.ways-out", "security-adviser"),
        ("Mon 07:57", "movement.ways-out", "government-affairs"),
    ),
    "quake-alert": (
        ("Wed 06:11", "quake.help", "communications"),
        ("Wed 06:26", "quake.help", "security-adviser"),
        ("Wed 06:41", "quake.help", "central-lead"),
    ),
    "gabon-rumour": (("Tue 18:06", "command.take", "central-lead"), ("Tue 18:06", "coup.stay-in", "africa-lead")),
    "money-decree": (
        ("Wed 14:11", "command.take", "central-lead"),
        ("Wed 14:11", "verify.second-source", "central-lead"),
    ),
}
# How it stands on Friday at midnight: nobody lets a coup go after five days, and money stays locked up.
ENDS = {
    "coup-rumour": "responding",
    "money-queue": "resolved",
    "quake-alert": "resolved",
    "wave-warning": "dismissed",
    "gabon-rumour": "dismissed",
    "money-decree": "responding",
}
