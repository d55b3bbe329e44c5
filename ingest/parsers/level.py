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
        (4, r"do not travel|do-not-travel|avoid all travel|(?:advise\w*|warn\w*) against all travel(?! but)"
            r"|défer all travel|defer all travel|leave immediately"
            r"|退避|渡航は止めて|여행금지|여행 금지"
            r"|(?<!sauf raison impérative )formellement déconseillé|évite[rz] tout voyage"
            r"|von (?:allen )?reisen (?:\w+ ){0,6}wird gewarnt|(?<!teil)reisewarnung|partielle reisewarnung entfällt nie"
            r"|niet reizen|reis niet|暂勿前往|切勿前往|请勿前往|勿前往|暫勿前往|尽快撤离|盡快撤離|立即撤离|尽快离开|尽早撤离"),
        (3, r"reconsider (?:your need to )?travel|avoid (?:all )?non-?essential travel|all but essential travel"
            r"|defer (?:all )?non-?essential travel|only essential travel"
            r"|渡航中止勧告|渡航は止めるよう|출국권고|철수권고|특별여행주의보"
            r"|déconseillé sauf raison|sauf raison impérative|éviter tout voyage non essentiel"
            r"|teilreisewarnung|wird (?:dringend )?abgeraten|alleen noodzakelijke reizen"
            r"|谨慎前往|謹慎前往|避免前往|避免非必要|不要前往|暂缓前往|暫緩前往"),
        (2, r"(?:exercise|take) (?:a )?(?:high degree of|increased|heightened|a high level of) caution"
            r"|high degree of caution|increased caution|high-caution"
            r"|不要不急の渡航|여행자제|vigilance renforcée|sicherheitshinweis"
            r"|let op,? veiligheidsrisico|加强安全防范|加強安全防範|加强防范|注意安全|高度警惕|提高警惕"),
        (1, r"(?:exercise|take|practi[cs]e) (?:normal|usual) (?:safety |security )?precautions|normal precautions"
            r"|十分注意|여행유의|vigilance normale|geen bijzondere veiligheidsrisico"),
    )
)  # fmt: skip


def written(text: str) -> int | None:
    """The level that a title, category or sentence names, or None."""
    if found := EXPLICIT.search(text) or KOREAN.search(text):
        return int(found[1])
    return next((level for level, pattern in PHRASES if pattern.search(text)), None)


def of_colour(text: str) -> int | None:
    """The level that a colour stands for, None for any other word."""
    return COLOURS.get(text.strip().casefold())
