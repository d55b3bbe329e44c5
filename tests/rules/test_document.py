"""What a fault tells of what stands there: short, in one line, and never nothing; and what a condition's faults say."""

import pytest

from rules.condition import ConditionError, Facts, parse_condition
from rules.document import Document, told


def faults(text: str, known: tuple[str, ...] = ("a", "b")) -> list[tuple[str, str]]:
    """What is wrong with the word, the number and the span of a file."""
    document = Document("mine.yaml")
    found = document.table(document.root(text), "the file", (), ("word", "number", "span"))
    document.choice(found.get("word"), "word", known)
    document.number(found.get("number"), "number", 0, 1)
    document.duration(found.get("span"), "span")
    return [(what, advice) for _, what, advice in document.faults]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("word: c", "unknown word c"),
        ("word:", "unknown word (nothing)"),
        ("word: [c]", "unknown word (a structure)"),
        ("number: {}", "number (a structure) is not a number"),
        ("number: ''", "number (nothing) is not a number"),
        ('number: "1\\n2"', "number 1 2 is not a number"),
        ("span:", "span (nothing) is not a time span"),
        ("span: [4 h]", "span (a structure) is not a time span"),
        (f"span: {'long ' * 300}", f"span {('long ' * 300)[:80]}… is not a time span"),
        (f"{'k' * 500}: 1", f"unknown key {'k' * 80}… in the file"),
    ],
)
def test_a_fault_tells_in_short_what_stands_there(text: str, what: str) -> None:
    assert [one[0] for one in faults(text)] == [what]


def test_what_is_long_is_read_whole() -> None:
    assert faults(f"number: 0.{'3' * 200}") == []
    assert faults(f"word: {'c' * 200}", ("c" * 200,)) == []
    assert told(Document("a").root("c") or pytest.fail("nothing was read")) == "c"


def test_of_many_words_the_first_are_named() -> None:
    known = tuple(f"w{number:03}" for number in range(249))
    ((_, advice),) = faults("word: Niger", known)
    assert advice == f"Use one of {', '.join(known[:40])} and 209 more."


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("severity >", "is not CEL (it ends too early at character 11)"),
        ("severity ==== 2", "is not CEL ('==' does not belong there at character 12)"),
        ("'abc", "is not CEL (a quote is not closed at character 1)"),
        ("severity § 2", "is not CEL ('§' cannot be read at character 10)"),
        ("severity > 'x'", "fails: it compares or counts what is not of one kind"),
        ("severity + 1 > 2", "fails: float + int do not go together"),
        ("missing(severity)", "fails: there is no function missing"),
        ("sources / 0 > 1", "fails: it divides by zero"),
        ("countries[9] == 'NE'", "fails: a list has no item 9"),
        ("'a'.matches('(')", "fails: the function matches cannot take what it is given"),
    ],
)
def test_why_a_condition_cannot_be_used_is_said_in_plain_words(when: str, words: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(when).tried(Facts(countries=("NE",)))
    assert caught.value.what == f"condition `{when}` {words}"
