"""Forms of a word that stand in running text: Russian cases, feminine and plural adjectives, Arabic articles."""

from itertools import product

_RU_NOUN = (
    ("ия", ("ии", "ию", "ией")),
    ("ея", ("еи", "ее", "ею", "еей")),
    ("ово", ("ова", "ову", "овом", "ове")),
    ("а", ("ы", "и", "е", "у", "ой", "ей")),
    ("я", ("и", "е", "ю", "ей")),
    ("ь", ("и", "ю", "ем", "ью", "е", "я")),
    ("й", ("я", "ю", "ем", "е", "и")),
    ("ы", ("", "ов", "ам", "ами", "ах")),
    ("ики", ("иках", "ик", "икам", "иками")),
)
_RU_ADJECTIVE = (
    ("ая", ("ой", "ую")),
    ("ый", ("ого", "ому", "ым", "ом")),
    ("ий", ("ого", "ому", "им", "ом")),
    ("ое", ("ого", "ому", "ым", "ом")),
    ("ие", ("их", "им", "ими")),
    ("ые", ("ых", "ым", "ыми")),
)
_RU_STEM = ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")
_RU_PEOPLE = ("ы", "и", "е", "ев", "ов", "ам", "ами", "ах", "а", "у", "ем", "ом", "ин", "ина", "ину", "ином", "")


def russian(name: str) -> set[str]:
    """A Russian name in all cases that its ending suggests; names of three words and more stay as they are."""
    words = name.split()
    if len(words) > 2:
        return {name}
    *first, last = words
    shortest = 3 if first and len(first[0]) > 3 else 4  # Нови-Саде
    return {" ".join(choice) for choice in product(*[_cases(word, 4) for word in first], _cases(last, shortest))}


def _cases(word: str, shortest: int) -> list[str]:
    if len(word) < shortest:
        return [word]
    for ending, others in (*_RU_ADJECTIVE, *_RU_NOUN):
        if word.endswith(ending):
            return [word, *(word.removesuffix(ending) + other for other in others)]
    if word[-1] in "оиуюеэё":
        return [word]
    return [word, *(word + other for other in ("а", "у", "ом", "е", "ем"))]


_RU_ENDINGS = ("ями", "ами", "ой", "ей", "ью", "ою", "ем", "ём", "ом", "ам", "ах", "ов", "ев", "ям", "ях", "ый", "ий",
               "ая", "ое", "ую", "а", "я", "о", "е", "ё", "у", "ю", "ы", "и", "ь", "й")  # fmt: skip


def russian_stem(word: str) -> str:
    """A Russian name without the ending that cases change: Будве, Будвы and Будва have one stem."""
    for ending in _RU_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def adjective(word: str, language: str) -> set[str]:
    """Masculine (es, pt, fr) or stem (ru, ar) in the genders, numbers and cases of that language."""
    return {"es": _iberian, "pt": _iberian, "fr": _french, "ru": _russian_stem, "ar": _arabic}[language](word)


def russian_people(stem: str) -> set[str]:
    """`украинц` → украинцы, украинцев …"""
    return {stem + ending for ending in _RU_PEOPLE}


def _iberian(word: str) -> set[str]:
    for ending, others in (
        ("és", ("esa", "eses", "esas")),
        ("ês", ("esa", "eses", "esas")),
        ("án", ("ana", "anes", "anas")),
        ("ão", ("ã", "ães", "ãos", "ãs")),
        ("ñol", ("ñola", "ñoles", "ñolas")),
        ("nhol", ("nhola", "nhóis", "nholas")),
        ("o", ("a", "os", "as")),
        ("í", ("íes", "ís")),
    ):
        if word.endswith(ending):
            return {word, *(word.removesuffix(ending) + other for other in others)}
    return {word, word + "s"}


def _french(word: str) -> set[str]:
    if word.endswith("e"):
        return {word, word + "s"}
    feminine = {"grec": "grecque", "turc": "turque"}.get(word, word + "ne" if word.endswith("en") else word + "e")
    plural = word if word.endswith("s") else word + "s"
    return {word, plural, feminine, feminine + "s"}


def _russian_stem(stem: str) -> set[str]:
    return {stem + ending for ending in _RU_STEM}


def _arabic(stem: str) -> set[str]:
    bare = {stem + ending for ending in ("ي", "ية", "يين", "يون", "يات")}
    return bare | {"ال" + word for word in bare}
