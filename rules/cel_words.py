"""What the expression language says against a condition, in plain words: its own name every token that could stand."""

import re

AT = re.compile(r"ERROR: <input>:\d+:(\d+): (.+)")
EARLY = re.compile(r"'?<EOF>'?")
TOKEN = re.compile(r"(?:mismatched|extraneous) input '(.+?)' expecting|token recognition error at: '(.+)'")
LONGEST = 120
# What it says when an expression is tried, and what that means; both are patterns.
TRIED = (
    (r"No such overload", "it compares or counts what is not of one kind"),
    (r"Unsupported operation: (\w+ \S+ \w+)", r"\1 do not go together"),
    (r"Undefined variable or function: '(\w+)'", r"there is no function \1"),
    (r"(?:division|modulo) by zero", "it divides by zero"),
    (r"index out of bounds: (-?\d+)", r"a list has no item \1"),
    (r"Function '(\w+)' error", r"the function \1 cannot take what it is given"),
)


def cel_words(error: Exception) -> str:
    """Why an expression cannot be read or tried; what is not known here, as the language says it."""
    lines = str(error).strip().splitlines()
    first = lines[0] if lines else type(error).__name__
    found = AT.search(first)
    if found is not None:
        return f"{_unread(found[2])} at character {found[1]}"
    for pattern, words in TRIED:
        match = re.match(pattern, first)
        if match is not None:
            return match.expand(words)
    return first[:LONGEST].rstrip(".")


def _unread(told: str) -> str:
    if EARLY.search(told.partition(" expecting ")[0]):
        return "it ends too early"
    match = TOKEN.search(told)
    if match is None:
        return told[:LONGEST]
    if match[2] is not None:
        return "a quote is not closed" if match[2][:1] in "'\"" else f"'{match[2][:40]}' cannot be read"
    return f"'{match[1][:40]}' does not belong there"
