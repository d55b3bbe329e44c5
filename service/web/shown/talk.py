"""Comments and mentions as pages show them: text and nothing else, whoever wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from service.desk.comments import EDITABLE, Said, Talk
from service.desk.mention_text import mentions
from service.notify.text import clean, shorten
from service.store.tables import Alert, Comment, Mention
from service.web.shown.outside import Outside, outside
from service.web.shown.row import Telling, initials
from service.web.shown.times import Moment, length

WRITTEN = 60
QUOTED = 240


@dataclass(frozen=True, slots=True)
class CommentShown:
    """One comment. `html` is escaped text with the names that are called marked; `plain` is for the form."""

    id: int
    alert: int
    who: str
    initials: str
    mine: bool
    at: Moment
    edited: Moment | None
    removed: Moment | None
    html: Markup
    plain: str
    until: Moment | None  # to when the reader may change it
    left: str
    read_by: tuple[tuple[str, Moment], ...]
    calls_me: bool


@dataclass(frozen=True, slots=True)
class TalkShown:
    """What was said about an alert or event. `more` are older and not shown; `names` can be called."""

    comments: tuple[CommentShown, ...]
    count: int
    more: int
    may: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MentionShown:
    """A comment that calls the reader by name, and where."""

    alert: int
    comment: int
    who: str
    at: Moment
    unread: bool
    text: str
    level: int
    title: Outside


def talk_shown(talk: Talk, telling: Telling, me: str) -> TalkShown:
    """The comments in the order in which they were written."""
    shown = tuple(_comment(one, talk.names, telling, me) for one in talk.said)
    gone = sum(one.removed is not None for one in shown)
    return TalkShown(shown, talk.all - gone, talk.all - len(shown), talk.may, talk.names)


def _comment(one: Said, names: Sequence[str], telling: Telling, me: str) -> CommentShown:
    row = one.comment
    return CommentShown(
        id=row.id or 0,
        alert=row.alert_id,
        who=_called(row.actor, telling),
        initials=initials(clean(row.actor)),
        mine=row.actor == me[:120],
        at=telling.surely(row.at),
        edited=telling.moment(row.edited_at),
        removed=telling.moment(row.removed_at),
        html=_marked(row.text, [*(name for name, _ in one.mentioned), *names], me),
        plain=row.text,
        until=telling.moment(row.at + EDITABLE) if one.may_change else None,
        left=length(row.at + EDITABLE - telling.now, telling.words, telling.lang),
        read_by=tuple((telling.actor(name), telling.surely(at)) for name, at in one.mentioned if at is not None),
        calls_me=any(name == me for name, _ in one.mentioned),
    )


def _called(actor: str, telling: Telling) -> str:
    """Who wrote it, and besides what to write after an @ where that is another word."""
    login = clean(actor)
    name = telling.actor(actor)
    return shorten(name if name == login or actor not in telling.members else f"{name} @{login}", WRITTEN)


def _marked(text: str, names: Sequence[str], me: str) -> Markup:
    parts, last = [], 0
    for start, end, name in mentions(text, names):
        kind = "call call-me" if name == me else "call"
        parts += [escape(text[last:start]), Markup('<b class="{}">{}</b>').format(kind, text[start:end])]
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def mention_shown(row: tuple[Mention, Comment, Alert], telling: Telling) -> MentionShown:
    """One line of the page of mentions."""
    mention, comment, alert = row
    title = telling.words.title(alert.title, alert.reasons, telling.lang) or telling.say("notify.untitled")
    return MentionShown(
        alert=mention.alert_id,
        comment=mention.comment_id,
        who=_called(comment.actor, telling),
        at=telling.surely(mention.at),
        unread=mention.read_at is None,
        text=shorten(clean(comment.text), QUOTED),
        level=alert.level,
        title=outside(title, alert.language if alert.source_id is None else telling.lang),
    )
