"""Japan's open data on safety abroad (MOFA): a country's levels by flags, and the consular mails. Times are Tokyo's."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.entry import Item
from ingest.parsers import level
from ingest.parsers.collection import tagged
from ingest.parsers.country import codes
from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, finish
from ingest.parsers.markup import name, words
from ingest.parsers.record import Fields, Record, draft, scalar

STAGES = (4, 3, 2, 1)
DANGER, INFECTION = "risklevel", "infectionlevel"  # flags 1 to 4: set when some part of the country has that level


def accepts(root: Any) -> bool:
    """True for a list of mails, or a country's document with flags."""
    return name(root) == "opendata" and any(name(one) in ("mail", f"{DANGER}1") for one in root)


def read(document: Document) -> Reading:
    """The country's own record first, where there is one, then one item for each mail."""
    mails, problems = most(list(tagged(document.content, "mail")))
    items = [*_country(document), *(finish(_mail(record), document) for record in mails)]
    return Reading("advisory", tuple(items), None, "ja", problems)


def _country(document: Document) -> Iterator[Item]:
    """A country's state of advice, of which a change is a revision: the gravest flag in each of two scales."""
    root = document.content
    flags = {name(one): (one.text or "").strip() for one in root if not len(one)}
    if f"{DANGER}1" not in flags:
        return
    place = words(root, "country", "name") or words(root, "countryname") or words(root, "name")
    danger, infection = _flagged(flags, DANGER), _flagged(flags, INFECTION)
    countries = codes(place)
    text = "\n".join(filter(None, (words(root, field) for field in ("risktitle", "risklead", "infectiontitle"))))
    yield finish(
        Draft(
            title=f"{place}の危険情報【レベル{danger}】" if danger else f"{place}の危険情報",
            title_is_plain=True,
            body=text,
            link=words(root, "riskurl") or words(root, "infourl") or None,
            key=f"advice:{countries[0] if countries else place or words(root, 'country', 'cd')}",
            language="ja",
            published=words(root, "riskleavedate") or words(root, "leavedate") or None,
            updated=words(root, "lastmodified") or None,
            zone="Asia/Tokyo",
            countries=countries,
            extra={"advisory_level": str(danger or 1), "infection_level": str(infection or "")},
        ),
        document,
    )


def _mail(record: Record) -> Draft:
    fields = Fields(record)
    text = fields.first(("title", "lead", "maintext"))
    is_danger = "危険" in fields.first(("infoname", "infonamelong")) and "感染症" not in fields.first(("infoname",))
    flags = {key: scalar(value) for key, value in fields.by_path.items()}
    grade = (_flagged(flags, DANGER) or level.written(text)) if is_danger else _flagged(flags, DANGER)
    return replace(
        draft(fields),
        title=fields.first(("title",)),
        body=" ".join(fields.values(("lead", "subtext", "maintext"))),
        body_is_plain=False,
        guid=fields.first(("keycd",)) or None,
        link=fields.first(("infourl", "infourlfull")) or None,
        published=fields.first(("leavedate",)) or None,
        zone="Asia/Tokyo",
        language="ja",
        countries=tuple(dict.fromkeys(one for text in fields.values(("name",)) for one in codes(text))),
        extra={"advisory_level": str(grade or ""), "infection_level": str(_flagged(flags, INFECTION) or "")},
        hashed=(scalar(record.get("lead")),),
    )


def _flagged(flags: dict[str, str], scale: str) -> int | None:
    return next((stage for stage in STAGES if flags.get(f"{scale}{stage}") == "1"), None)
