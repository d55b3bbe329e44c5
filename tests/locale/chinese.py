"""Which words of English are left in a sentence that is said in Chinese about a file of rules."""

import re
from collections.abc import Iterable

import yaml

from ingest.loaders import VALUES
from rules.condition import NAMES as FACTS
from rules.escalate import Answer
from scoring.category import CATEGORIES
from tests.locale.said_in_source import X, keys

WORD = re.compile(r"[A-Za-z][A-Za-z_0-9.-]*[A-Za-z_0-9]")
# What somebody wrote, what is to be typed, and examples of it.
ASIDE = re.compile(r"“[^”]*”|`[^`]*`|https?://[a-z./]+|Asia/Shanghai|[a-z]*@example\.org|20\d\d-\S+Z")
NAMES = {"YAML", "CEL", "IANA", "exists", "map", "filter", "all", "SEC-1", "SRC-1", "asset-freeze-2"}
EXAMPLES = {"min", "day", "days", "week", "weeks", "a-z"}
TYPES = {"int", "float", "False"}
KNOWN = {
    *(*keys(), X, *NAMES, *EXAMPLES, *TYPES, *FACTS),
    *(one.value for one in (*Answer, *CATEGORIES)),
}


def english(told: str, known: Iterable[str] = ()) -> list[str]:
    """Words of English that are left; keys, codes and names such as `command.take` aside."""
    words, allowed = WORD.findall(ASIDE.sub(" ", told)), KNOWN | set(known)
    return [word for word in words if word not in allowed and not word.isupper() and "." not in word]


def scalars(text: str) -> set[str]:
    """What stands in a file as keys or values; of what is no YAML, all its words."""
    try:
        return {str(token.value) for token in yaml.scan(text, Loader=VALUES) if hasattr(token, "value")}
    except yaml.YAMLError:
        return set(text.split())
