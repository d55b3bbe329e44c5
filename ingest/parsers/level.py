"""Travel-advice levels of many governments → 1 (normal precautions) to 4 (do not travel)."""

import re

EXPLICIT = re.compile(
    r"(?:\blevel|\bstufe|\bniveau|\bnivel|レベル|危険情報レベル)\s*[:：]?\s*([1-4１-４])(?!\d)", re.IGNORECASE
)
# The gravest phrase that stands in the text counts.
PHRASES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern, re.IGNORECASE))
    for level, pattern in (
        (4, r"do not travel|avoid all travel|(?:advise\w*|warn\w*) against all travel(?! but)|退避|渡航は止めて"
            r"|formellement déconseillé|暂勿前往|切勿前往"),
        (3, r"reconsider (?:your need to )?travel|avoid non-?essential travel|all but essential travel"
            r"|渡航中止勧告|déconseillé sauf raison|谨慎前往|避免前往"),
        (2, r"(?:exercise|take) (?:a )?(?:high degree of|increased|heightened) caution|不要不急の渡航"
            r"|vigilance renforcée|注意安全"),
        (1, r"(?:exercise|take|practi[cs]e) (?:normal|usual) (?:safety |security )?precautions|十分注意"
            r"|vigilance normale"),
    )
)  # fmt: skip


def written(text: str) -> int | None:
    """The level that a title, category or sentence names, or None."""
    if found := EXPLICIT.search(text):
        return int(found[1])
    return next((level for level, pattern in PHRASES if pattern.search(text)), None)
