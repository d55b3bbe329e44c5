"""Times as a reader meets them: relative in lists, absolute with the zone on hover."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from service.locale.catalogue import Catalogue

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FAR = timedelta(days=60)
APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: `iso` for machines, `ago` in a sentence, `age` where it stands alone in a row, `exact` for hover and
    print."""

    iso: str
    ago: str
    age: str
    exact: str


def moment(at: datetime | None, now: datetime, words: Catalogue, lang: str, zone: tzinfo = UTC) -> Moment | None:
    """A time as seen from `now`, exact in a zone; None stays None."""
    if at is None:
        return None
    utc = at.astimezone(UTC)
    ago, age = (_relative(utc, now, words, lang, past) for past in ("past", "age"))
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), ago, age, words.moment(utc, lang, zone))


def _relative(at: datetime, now: datetime, words: Catalogue, lang: str, past: str) -> str:
    gone = now - at
    if abs(gone) >= FAR:
        return at.strftime("%Y-%m-%d")
    side = past if gone >= timedelta(0) else "future"
    count, unit = amount(abs(gone))
    return words.say("web.time.now", lang) if count == 0 else words.say(f"web.time.{side}.{unit}", lang, count=count)


def length(span: timedelta, words: Catalogue, lang: str) -> str:
    """A length of time in its largest unit, as short as in lists."""
    count, unit = amount(abs(span))
    return words.say(f"web.time.span.{unit}", lang, count=count)


def amount(span: timedelta) -> tuple[int, str]:
    """The largest whole unit: 90 s is one minute, 47 h is 47 hours (two days would hide a day)."""
    if span < HOUR:
        return span // MINUTE, "minute"
    if span < 2 * DAY:
        return span // HOUR, "hour"
    return span // DAY, "day"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time by which somebody must act. `left` is 0–100, what remains of the time that was given."""

    at: Moment
    given_from: str
    left: int
    over: bool
    text: str


def deadline(by: datetime | None, since: datetime, now: datetime, words: Catalogue, lang: str) -> Deadline | None:
    """The ring of a deadline; None when there is none."""
    shown = moment(by, now, words, lang)
    if by is None or shown is None:
        return None
    given = max(by - since, timedelta(seconds=1))
    over = now >= by
    left = 0 if over else max(1, min(100, round(100 * ((by - now) / given))))
    text = time_left("web.deadline", by, now, words, lang)
    return Deadline(shown, since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), left, over, text)


def time_left(about: str, by: datetime, now: datetime, words: Catalogue, lang: str) -> str:
    """What is left until a time by which somebody must act, or how long it is past; `about` has the words."""
    count, _ = amount(abs(by - now))
    if count == 0:  # no minute is left, and none has gone by
        return words.say(f"{about}.now", lang)
    return words.say(f"{about}.{'over' if now >= by else 'left'}", lang, span=length(by - now, words, lang))


def told_apart(one: datetime | None, other: datetime | None) -> bool:
    """Whether two times of the same thing differ enough to be shown both."""
    return one is not None and other is not None and abs(one - other) >= APART
