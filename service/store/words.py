"""The words by which texts are found, the same on both databases.

Scripts that put no space between words are cut into overlapping pairs, 苏丹港 into 苏丹 and 丹港, and the last sign
of a run stands alone as well, so that one sign finds every run that holds it. Other words are folded: case, width,
accents.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 40  # letters of a word: more is no word, and PostgreSQL bounds them
MOST_READ = 20_000  # letters of one text
MOST_ASKED = 12  # words of one question
LEAST_BEGUN = 3  # letters of a word that may go on
# Han, kana, Thai, Lao, Myanmar, Khmer: written without spaces.
_DENSE = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_DENSE}]+|[^\\W_{_DENSE}]+")
_IS_DENSE = re.compile(f"[{_DENSE}]")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: words that must all be there, and at most one that may go on."""

    whole: tuple[str, ...]
    begun: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.whole and self.begun is None


def fold(text: str) -> str:
    """A text as it is compared: without case, width and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))


def words_of(texts: Iterable[str]) -> list[str]:
    """Every word of some texts once, in the order of their coming."""
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(fold(text[:MOST_READ])):
            found.update(dict.fromkeys(_cut(run)))
    return list(found)


def _cut(run: str) -> list[str]:
    if not _IS_DENSE.match(run):
        return [run[:LONGEST]]
    return [*(run[place : place + 2] for place in range(len(run) - 1)), run[-1]]


def question_of(asked: str) -> Question:
    """What is asked for; the last word may go on, for somebody who still types, and so may a single sign."""
    runs = _RUN.findall(fold(asked[:400]))
    whole: list[str] = []
    begun: str | None = None
    for place, run in enumerate(runs):
        last = place == len(runs) - 1
        if not _IS_DENSE.match(run):
            if last and len(run) >= LEAST_BEGUN and not asked[-1:].isspace():
                begun = run[:LONGEST]
            else:
                whole.append(run[:LONGEST])
        elif len(run) > 1:
            whole += (run[at : at + 2] for at in range(len(run) - 1))
        elif begun is None:
            begun = run
        else:
            whole.append(run)
    return Question(tuple(dict.fromkeys(whole))[:MOST_ASKED], begun)
