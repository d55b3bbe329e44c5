"""Powers in a formula, written as they are in print."""

import re

_RAISED = str.maketrans("0123456789.", "⁰¹²³⁴⁵⁶⁷⁸⁹·")


def raised(text: str) -> str:
    """`urgency^0.35` with its exponent on high; an exponent of one says nothing and goes."""
    return re.sub(r"\^([0-9]+(?:\.[0-9]+)?)", lambda found: _power(found[1]), text)


def _power(exponent: str) -> str:
    return "" if exponent == "1" else exponent.translate(_RAISED)
