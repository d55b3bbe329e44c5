"""Words of scripts that put spaces between them."""

import re

# Letters of the scripts that the table holds, with the marks that belong to them; hyphens and apostrophes part words.
WORD = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0300-\u036f\u0400-\u052f\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u0750-\u077f\u08a0-\u08ff"
    r"\u0900-\u097f\u1e00-\u1eff\u200c\u02bb-\u02bf]+"
)
UNSPACED = re.compile(r"[\u1000-\u109f\u3400-\u9fff]+")


def words_of(name: str) -> list[str]:
    """The words of a name, as they are written: `Cote d'Ivoire` → Cote, d, Ivoire."""
    return WORD.findall(name)
