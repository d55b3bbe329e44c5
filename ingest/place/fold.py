"""How a word is spelt for looking up: lower case, no accents, one form of each Arabic letter."""

import unicodedata
from functools import lru_cache

_ARABIC = {
    ord(one): other
    for one, other in (
        ("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ٱ", "ا"), ("ى", "ي"), ("ی", "ي"), ("ې", "ي"), ("ک", "ك"), ("ة", "ه"),
        ("ۃ", "ه"), ("ہ", "ه"), ("ھ", "ه"), ("ۀ", "ه"), ("ۂ", "ه"), ("ؤ", "و"), ("ئ", "ي"), ("گ", "غ"), ("ۇ", "و"),
        ("ـ", None), ("\u200c", None), ("\u200d", None),
    )
}  # fmt: skip
_LATIN = {
    ord(one): other
    for one, other in (
        ("ı", "i"), ("ø", "o"), ("đ", "d"), ("ł", "l"), ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ð", "d"), ("þ", "th"),
        ("ħ", "h"), ("ə", "a"), ("ʻ", None), ("ʼ", None), ("ʿ", None), ("ʾ", None), ("ё", "е"), ("і", "и"),
    )
}  # fmt: skip


def fold(word: str) -> str:
    """One word as a key: `Türkiye` → `turkiye`, `Россия` → `россия`, `إيران` → `ايران`. May change the length."""
    word = word.lower()
    return word if word.isascii() else _folded(word)


@lru_cache(maxsize=1 << 14)  # one text has each of its words folded by several readers
def _folded(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        return unicodedata.normalize("NFKC", _strip(word)).translate(_ARABIC)
    if "\u0400" <= word[0] <= "\u04ff":  # й is a letter of its own, not an и with a mark
        return word.replace("ё", "е").replace("\u0301", "")
    if word[0] >= "\u0900":
        return word
    return _strip(unicodedata.normalize("NFKD", word)).translate(_LATIN)


def _strip(word: str) -> str:
    return "".join([char for char in word if not unicodedata.combining(char)])
