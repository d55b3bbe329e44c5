"""The guided start as its pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.catalogue.read import Listed
from service.desk.start import STEPS, Start
from service.store.first_use import Beginning
from service.web.shown.row import Telling
from service.web.shown.times import Moment
from service.web.shown.trial import ListedShown, listed_shown


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step in the line of them. `mark` is done, skipped or "" for what is still to come."""

    key: str
    number: int
    name: str
    mark: str
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Sources to choose from: of the whole world, or of one country."""

    name: str
    sources: tuple[ListedShown, ...]


@dataclass(frozen=True, slots=True)
class BegunShown:
    """How far watching has come. `word` is the end of a message's key: none, first, failing, reading or calm."""

    word: str
    watched: int
    looked: int
    failed: int
    entries: int
    next_look: Moment | None


def steps_shown(start: Start, here: str, telling: Telling) -> tuple[StepShown, ...]:
    """The line of steps."""
    return tuple(
        StepShown(step, place, telling.say(f"start.{step}"), start.passed.get(step, ""), step == here)
        for place, step in enumerate(STEPS, 1)
    )


def groups_shown(
    world: Sequence[Listed], local: Sequence[Listed], watched: Mapping[str, str], telling: Telling
) -> tuple[Group, ...]:
    """What is proposed, by where it is from."""
    groups = [Group(telling.say("start.sources.world"), tuple(listed_shown(one, watched, telling) for one in world))]
    for country in dict.fromkeys(one.feed.country for one in local if one.feed.country):
        here = tuple(listed_shown(one, watched, telling) for one in local if one.feed.country == country)
        groups.append(Group(telling.country(country), here))
    return tuple(group for group in groups if group.sources)


def begun_shown(found: Beginning, telling: Telling) -> BegunShown:
    """How far it is, in one word and in figures."""
    if found.watched == 0:
        word = "none"
    elif found.looked == 0:
        word = "first"
    elif found.entries == 0 and found.failed:
        word = "failing"
    else:
        word = "reading" if found.walking or found.looked < found.watched else "calm"
    following = telling.moment(found.next_look)
    return BegunShown(word, found.watched, found.looked, found.failed, found.entries, following)
