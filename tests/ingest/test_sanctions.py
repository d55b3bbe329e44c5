"""Sanctions lists on two days: a new listing is an entry, an amended one a revision, order and a cut list nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.advice import CUT_OFF, is_truncated
from ingest.entry import Item
from ingest.parse import Parsed, parse_document
from ingest.sift import sift
from tests.ingest.golden import BASE, FOLDER, NOW, read

# Who is listed: number, family's and own name (none: a company), aliases, remark.
Listed = tuple[int, str, str, tuple[str, ...], str]
Writer = Callable[[list[Listed]], str]

FIRST: list[Listed] = [
    (11, "INVENTED", "Ivan", ("Vanya", "Johnny"), "Born in 1970."),
    (12, "INVENTED BANK", "", ("The Bank",), "Moves money."),
    (13, "PRETEND", "Maria", ("Masha", "M. P."), "Sits on the board."),
]
NEW: Listed = (14, "NEWCOMER", "Karl", (), "Ships parts.")


def sdn(people: list[Listed]) -> str:
    entries = "".join(
        f"<sdnEntry><uid>{number}</uid>{f'<firstName>{own}</firstName>' if own else ''}<lastName>{family}</lastName>"
        f"<sdnType>{'Individual' if own else 'Entity'}</sdnType><remarks>{remark}</remarks>"
        f"<programList><program>SDGT</program><program>IRAN</program></programList><akaList>"
        + "".join(f"<aka><type>a.k.a.</type><lastName>{alias}</lastName></aka>" for alias in aliases)
        + "</akaList></sdnEntry>"
        for number, family, own, aliases, remark in people
    )
    head = f"<publshInformation><Publish_Date>07/30/2026</Publish_Date><Record_Count>{len(people)}</Record_Count>"
    return f"<sdnList>{head}</publshInformation>{entries}</sdnList>"


def sdn_table(people: list[Listed]) -> str:
    blank = ",".join(["-0- "] * 7)
    rows = (
        f'{number},"{f"{family}, {own}" if own else family}",{"individual" if own else "-0- "},"SDGT",{blank},'
        f'"{remark}"'
        for number, family, own, _, remark in people
    )
    return "\r\n".join(rows) + "\r\n\x1a"


def un(people: list[Listed]) -> str:
    def one(number: int, family: str, own: str, aliases: tuple[str, ...], remark: str) -> str:
        names = f"<FIRST_NAME>{own or family}</FIRST_NAME>" + (f"<SECOND_NAME>{family}</SECOND_NAME>" if own else "")
        known_as = "".join(
            f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{alias}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
            for alias in aliases
        )
        tag = "INDIVIDUAL" if own else "ENTITY"
        return (
            f"<{tag}><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM>{names}<UN_LIST_TYPE>Taliban</UN_LIST_TYPE>"
            f"<REFERENCE_NUMBER>TAi.{number}</REFERENCE_NUMBER><LISTED_ON>2026-01-02</LISTED_ON>"
            f"<COMMENTS1>{remark}</COMMENTS1>{known_as}<SORT_KEY>x</SORT_KEY></{tag}>"
        )

    persons, others = ("".join(one(*who) for who in people if bool(who[2]) is kind) for kind in (True, False))
    return (
        f'<CONSOLIDATED_LIST dateGenerated="2026-08-0{len(people)}T00:00:00Z"><INDIVIDUALS>{persons}</INDIVIDUALS>'
        f"<ENTITIES>{others}</ENTITIES></CONSOLIDATED_LIST>"
    )


def eu(people: list[Listed]) -> str:
    entries = "".join(
        f'<sanctionEntity logicalId="{number}" euReferenceNumber="EU.{number}"><remark>{remark}</remark>'
        f'<regulation programme="BLR" publicationDate="2026-01-02"/>'
        f'<nameAlias wholeName="{" ".join(filter(None, (own, family)))}" strong="true"/>'
        + "".join(f'<nameAlias wholeName="{alias}" strong="false"/>' for alias in aliases)
        + "</sanctionEntity>"
        for number, family, own, aliases, remark in people
    )
    return f'<export generationDate="2026-08-0{len(people)}">{entries}</export>'


def eu_table(people: list[Listed]) -> str:
    head = (
        "fileGenerationDate;Entity_LogicalId;Entity_SubjectType;Entity_Regulation_Programme;Entity_Remark;"
        "NameAlias_WholeName"
    )
    rows = [
        f"0{len(people)}/08/2026;{number};person;BLR;{remark};{name}"
        for number, family, own, aliases, remark in people
        for name in (" ".join(filter(None, (own, family))), *aliases)
    ]
    return "\n".join([head, *rows])


def uk(people: list[Listed]) -> str:
    entries = "".join(
        f"<Designation><LastUpdated>0{len(people)}/08/2026</LastUpdated><DateDesignated>03/04/2025</DateDesignated>"
        f"<UniqueID>INV{number}</UniqueID><Names>"
        + "".join(f"<Name><Name6>{alias}</Name6><NameType>Alias</NameType></Name>" for alias in aliases)
        + f"<Name><Name1>{own}</Name1><Name6>{family}</Name6><NameType>Primary Name</NameType></Name></Names>"
        f"<RegimeName>Invented</RegimeName><OtherInformation>{remark}</OtherInformation></Designation>"
        for number, family, own, aliases, remark in people
    )
    return f"<Designations><DateGenerated>0{len(people)}/08/2026</DateGenerated>{entries}</Designations>"


def uk_table(people: list[Listed]) -> str:
    rows = [
        f'"{family if i == 0 else ""}","{own if i == 0 else alias}",Russia,{"Individual" if own else "Entity"},'
        f'"{remark}",13/05/2026,{number}'
        for number, family, own, aliases, remark in people
        for i, alias in enumerate(("", *aliases))
    ]
    head = "Name 6,Name 1,Regime,Group Type,Other Information,Listed On,Group ID"
    return "\n".join([f"Last Updated,0{len(people)}/08/2026,,,,,", head, *rows])


def canada(people: list[Listed]) -> str:
    entries = "".join(
        "<record><Country>Belarus / Bélarus</Country>"
        + (
            f"<LastName>{family}</LastName><GivenName>{own}</GivenName>"
            if own
            else f"<EntityOrShip>{family}</EntityOrShip>"
        )
        + f"<Aliases>{remark}</Aliases><Schedule>1, Part 1</Schedule><DateOfListing>2026-06-17</DateOfListing></record>"
        for _, family, own, _, remark in people
    )
    return f"<data-set>{entries}</data-set>"


def screening(people: list[Listed]) -> str:
    return json.dumps({
        "total": len(people),
        "results": [
            {
                "id": f"id-{number}", "source": "Specially Designated Nationals (SDN)", "programs": ["SDGT", "IRAN"],
                "type": "Individual" if own else "Entity", "name": f"{family}, {own}" if own else family,
                "alt_names": list(aliases), "remarks": remark, "start_date": "2026-01-02",
                "federal_register_notice": "",
            }
            for number, family, own, aliases, remark in people
        ],
    })  # fmt: skip


LISTS: list[Writer] = [sdn, sdn_table, un, eu, eu_table, uk, uk_table, canada, screening]


def parsed(text: str) -> Parsed:
    return parse_document(text.encode(), base=BASE, now=NOW)


def known(items: tuple[Item, ...]) -> dict[str, str]:
    return {item.key: item.raw_hash for item in items}


def fresh(after: str, before: str) -> list[Item]:
    return list(sift(parsed(after).items, known(parsed(before).items)).fresh)


@pytest.mark.parametrize("written", LISTS)
def test_a_new_listing_is_the_only_entry(written: Writer) -> None:
    (entry,) = fresh(written([*FIRST, NEW]), written(FIRST))

    assert entry.title == "Karl NEWCOMER"


@pytest.mark.parametrize("written", LISTS)
def test_an_amended_listing_is_a_revision_under_its_key(written: Writer) -> None:
    amended = [(*FIRST[0][:4], "Born in 1971."), *FIRST[1:]]

    revisions = fresh(written(amended), written(FIRST))

    assert revisions  # each row of an alias, in tables
    before = known(parsed(written(FIRST)).items)
    assert all(before[item.key] != item.raw_hash for item in revisions)
    assert revisions[0].title == "Ivan INVENTED"


@pytest.mark.parametrize("written", LISTS)
def test_the_order_of_people_and_of_their_aliases_is_nothing(written: Writer) -> None:
    shuffled = [(number, family, own, aliases[::-1], remark) for number, family, own, aliases, remark in FIRST[::-1]]

    assert fresh(written(shuffled), written(FIRST)) == []


@pytest.mark.parametrize("written", LISTS)
def test_names_are_in_reading_order(written: Writer) -> None:
    titles = [item.title for item in parsed(written(FIRST)).items]

    assert [title for title in titles if title in ("Ivan INVENTED", "INVENTED BANK", "Maria PRETEND")] != []
    assert {"Ivan INVENTED", "INVENTED BANK", "Maria PRETEND"} <= set(titles)


@pytest.mark.parametrize("written", LISTS)
def test_a_list_cut_in_half_never_looks_like_de_listing(written: Writer) -> None:
    people = [(1_000 + i, f"FAMILY{i:03}", f"Own{i:03}", (), f"Remark {i}.") for i in range(200)]
    before = known(parsed(written(people)).items)
    after = parsed(written(people[:100]))

    said = is_truncated(before, known(after.items), problems=after.problems)

    assert said is not None
    assert said.startswith(CUT_OFF)
    assert is_truncated(before, before) is None


def test_a_list_that_breaks_off_says_so_whatever_is_remembered() -> None:
    problems = read(FOLDER / "list-cut.xml").problems

    assert [problem for problem in problems if problem.startswith(CUT_OFF)]
    assert is_truncated([], ["36"], problems=problems) is not None


def test_a_list_that_declares_more_than_it_holds_is_cut_off() -> None:
    whole = sdn(FIRST)

    assert parsed(whole).problems == ()
    assert parsed(whole.replace("<Record_Count>3<", "<Record_Count>400<")).problems == (
        "The list is cut off: it declares 400 records and holds 3; what is missing is not de-listed.",
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("list-*.*")), ids=lambda path: path.name)
def test_whole_lists_are_not_called_cut_off(path: Path) -> None:
    if path.name.endswith(".expect.json") or path.name == "list-cut.xml":
        return
    assert not [problem for problem in read(path).problems if problem.startswith(CUT_OFF)]
