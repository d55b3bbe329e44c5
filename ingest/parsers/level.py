"""Travel-advice levels of many governments → 1 (normal precautions) to 4 (do not travel).

The mapping, government by government with its sources, is in docs/parsers.md.
"""

import re

EXPLICIT = re.compile(
    r"(?:\blevel|\bstufe|sicherheitsstufe|\bniveau|\bnivel|レベル|危険情報レベル)\s*[:：]?\s*([1-4１-４])(?![\d０-９])",
    re.IGNORECASE,
)
# Korea's stages: 1 (caution) to 4 (ban); special travel advisories stand between 2 and 3.
KOREAN = re.compile(r"(?<!\d)([1-4])\s*단계")
# Colours of France, the Netherlands and Italy, where a record has a field for them.
COLOURS = {
    "green": 1, "groen": 1, "vert": 1, "verte": 1, "verde": 1, "grün": 1, "綠": 1, "绿": 1,
    "yellow": 2, "geel": 2, "jaune": 2, "giallo": 2, "gelb": 2, "黄": 2, "黃": 2,
    "orange": 3, "oranje": 3, "arancione": 3, "橙": 3,
    "red": 4, "rood": 4, "rouge": 4, "rosso": 4, "rot": 4, "紅": 4, "红": 4,
}  # fmt: skip
# The gravest phrase that stands in the text counts.
PHRASES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern, re.IGNORECASE))
    for level, pattern in (
        (4, r"do not travel|avoid all travel|(?:advise\w*|warn\w*) against all travel(?! but)|defer all travel"
            r"|退避|여행금지|formellement déconseillé|(?<!teil)reisewarnung|^do-not$"
            r"|[暂暫切请請]勿前往|(?:尽快|盡快|立即|尽早|儘快)(?:撤离|撤離|离开|離開)"),
        (3, r"reconsider (?:your need to )?travel|avoid (?:all )?non-?essential travel|all but essential travel"
            r"|defer (?:all )?non-?essential travel|渡航は止めて|渡航中止|출국권고|철수권고|특별여행주의보"
            r"|déconseillé sauf raison|teilreisewarnung|^avoid$"
            r"|[谨謹]慎前往|避免前往|避免非必要|不要前往|(?:暂缓|暫緩)前往"),
        (2, r"(?:exercise|take) (?:a )?(?:high degree of|increased|heightened) caution|high degree of caution"
            r"|^high-caution$|不要不急の渡航|여행자제|vigilance renforcée"
            r"|注意安全|(?:加强|加強)(?:安全)?防[范範]|(?:提高|高度)警惕"),
        (1, r"(?:exercise|take|practi[cs]e) (?:normal|usual) (?:[a-z]{2,12} ){0,3}precautions|normal precautions"
            r"|^normal$|十分注意|여행유의|vigilance normale"),
    )
)  # fmt: skip


def written(text: str) -> int | None:
    """The level that a title, category or sentence names, or None."""
    if found := EXPLICIT.search(text) or KOREAN.search(text):
        return int(found[1])
    return next((level for level, pattern in PHRASES if pattern.search(text)), None)


def number(text: str | None) -> int | None:
    """The level of a field that holds nothing but a figure such as 3 or 4/5; None for any other text."""
    found = re.match(r"\s*([1-5])\s*(?:/\s*[45]\s*)?$", text or "")
    return min(int(found[1]), 4) if found else None


def of_colour(text: str) -> int | None:
    """The level that a colour stands for, None for any other word."""
    return COLOURS.get(text.strip().casefold())
