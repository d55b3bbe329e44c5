"""What a form or a program gives of a report, checked field by field."""

from dataclasses import dataclass, replace
from datetime import datetime

from ingest.attachment import MOST_TOGETHER, File
from ingest.report import MOST_TEXT, Report, written
from ingest.report_lines import PLACE_LENGTH, Said, read_countries, read_mark, read_point, read_when
from ingest.text import TITLE_LENGTH, fold
from scoring.category import CATEGORIES
from service.errors import Invalid

MOST_FILES_TAKEN = 60  # beyond the 30 that are kept, so that the others can be noted by name


@dataclass(frozen=True, slots=True)
class Given:
    """A report as it was typed or sent; "" where nothing was said. `when` may lack a zone: then it is local there."""

    subject: str = ""
    text: str = ""
    country: str = ""
    place: str = ""
    when: str = ""
    category: str = ""
    sharing: str = ""
    anonymous: bool = False
    token: str = ""
    point: tuple[float, float] | None = None
    files: tuple[File, ...] = ()


def report_of(given: Given, now: datetime) -> Report:
    """The report that was given; Invalid names the field that cannot be used."""
    if len(given.text) > MOST_TEXT:
        raise Invalid(f"The text has more than {MOST_TEXT:,} characters.", "Send the long part as a file.")
    if len(given.subject) > TITLE_LENGTH:
        raise Invalid(f"The subject has more than {TITLE_LENGTH} characters.", "Say the rest in the text.")
    if sum(len(file.content) for file in given.files) > MOST_TOGETHER:
        raise Invalid(f"The files have more than {MOST_TOGETHER >> 20} MB together.", "Send some in a second report.")
    report = written(given.subject, given.text, now, said=_said(given, now), token=given.token)
    return replace(report, files=given.files)


def _said(given: Given, now: datetime) -> Said:
    countries = read_countries(given.country)
    if given.country.strip() and not countries:
        raise Invalid("This is no country.", "Use the two letters of ISO 3166, such as CM, or its name.")
    place = fold(given.place)
    if len(place) > PLACE_LENGTH:
        raise Invalid(f"The place has more than {PLACE_LENGTH} characters.", "Say the rest in the text.")
    occurred = read_when(given.when, countries, now)
    if given.when.strip() and occurred is None:
        raise Invalid("The time cannot be read, or it lies ahead.", "Write it as 2026-11-28 10:15.")
    mark = read_mark(given.sharing)
    if given.sharing.strip() and mark is None:
        raise Invalid("This is no sharing mark.", "Use TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN or TLP:CLEAR.")
    if given.category and given.category not in CATEGORIES:
        raise Invalid("This is no category.", f"Use one of {', '.join(CATEGORIES)}.")
    point = given.point or read_point(place)
    return Said(mark, countries, place, point, occurred, given.category or None, given.anonymous)
