"""Numbers as the news writes them: 1,200 · 1.200 · 12 000 · 3.9万 · twenty-five · dozens · 数十 · عشرات.

Vague numbers stand for the least they can mean: dozens and tens are 20, hundreds 200, 上百 is 100.
"""

import re
from collections.abc import Sequence

from ingest.place.fold import fold

MOST = 1e10  # no number of people or of money's billions is larger; longer runs of digits are not numbers
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_PART = re.compile(r"\d+(?:[.,]\d+)*|.")
_WORDS = {
    1: "one un una une uno um uma один одна одного واحد واحدة satu एक mmoja",
    2: "two deux dos dois duas два две двое двух اثنان اثنين dua दो wawili couple",
    3: "three trois tres três три трое трех ثلاثة tiga तीन watatu several",
    4: "four quatre cuatro quatro четыре четверо четырех اربعة empat चार wanne",
    5: "five cinq cinco пять пятеро пятерых خمسة पांच watano",
    6: "six seis шесть шестеро шестерых ستة enam छह",
    7: "seven sept siete sete семь семеро семерых سبعة tujuh सात",
    8: "eight huit ocho oito восемь восьмерых ثمانية delapan आठ",
    9: "nine neuf nueve nove девять девятерых تسعة sembilan नौ",
    10: "ten dix diez dez десять عشرة sepuluh दस kumi",
    11: "eleven onze одиннадцать",
    12: "twelve douze doce doze двенадцать",
    13: "thirteen treize trece treze тринадцать",
    14: "fourteen quatorze catorce четырнадцать",
    15: "fifteen quinze quince пятнадцать quinzaine",
    16: "sixteen seize dieciséis dezesseis шестнадцать",
    17: "seventeen diecisiete dezessete семнадцать",
    18: "eighteen dieciocho dezoito восемнадцать",
    19: "nineteen diecinueve dezenove девятнадцать",
    20: "twenty vingt veinte vinte двадцать عشرون عشرين dozens tens decenas dizaines dezenas vingtaine десятки десятков"
    " عشرات العشرات puluhan belasan دهها ده درجنوں दर्जनों makumi",
    30: "thirty trente treinta trinta тридцать ثلاثون ثلاثين trentaine",
    40: "forty quarante cuarenta quarenta сорок اربعون اربعين scores quarantaine",
    50: "fifty cinquante cincuenta cinquenta пятьдесят خمسون خمسين cinquantaine",
    60: "sixty soixante sesenta sessenta шестьдесят ستون ستين soixantaine",
    70: "seventy setenta семьдесят سبعون سبعين",
    80: "eighty ochenta oitenta восемьдесят ثمانون ثمانين",
    90: "ninety noventa девяносто تسعون تسعين",
    200: "hundreds centaines cientos centenares centenas сотни сотен مئات المئات ratusan صدها سینکڑوں सैकड़ों mamia",
    2000: "thousands milliers miles milhares тысячи тысяч الاف الآلاف ribuan هزاران ہزاروں हजारों maelfu",
    2_000_000: "millions millones milhões миллионы миллионов ملايين jutaan",
}
_TIMES = {
    12: "dozen docena docenas duzia douzaine",
    100: "hundred centenar centaine centena cien ciento сто مئة مائة ratus",
    1000: "k thousand mille mil тысяча тыс الف ألف ribu हजार ہزار هزار elfu",
    100_000: "lakh लाख لاکھ",
    1_000_000: "million millón milhão миллион млн مليون juta",
}
_UNITS = {fold(word): float(value) for value, words in _WORDS.items() for word in words.split()}
_FACTORS = {fold(word): float(value) for value, words in _TIMES.items() for word in words.split()}
_OF = frozenset(("of", "de", "di", "من"))
_VAGUE = frozenset((20.0, 200.0))
_MILLIONS = 2_000_000.0
_HAN = {**{char: float(value) for value, char in enumerate("零一二三四五六七八九")}, "〇": 0.0, "两": 2.0}
_HAN_TIMES = {"十": 10.0, "百": 100.0, "千": 1000.0, "万": 10_000.0, "亿": 100_000_000.0}
_HAN_VAGUE = {"数": 2.0, "几": 2.0}


def digits(text: str) -> float:
    """A number written in digits, with separators of any habit: a group of exactly three digits is thousands."""
    if _GROUPED.fullmatch(text):
        return min(MOST, float(re.sub(r"\D", "", text)))
    whole, *rest = re.split(r"[.,]", text)
    return min(MOST, float(f"{whole}.{rest[0]}" if len(rest) == 1 else "".join((whole, *rest))))


def spelled(words: Sequence[str], start: int) -> tuple[float, int] | None:
    """The number that begins at `words[start]` (folded words or digits) and how many words it takes; None if none."""
    value, taken = _one(words[start]), 1
    if value is None:
        return None
    while start + taken < len(words):
        word = words[start + taken]
        factor, unit = _FACTORS.get(word), _UNITS.get(word)
        if factor is not None:
            value *= factor
        elif unit is not None and unit < 10 <= 20 <= value < 100 and taken == 1:
            value += unit
        elif unit == _MILLIONS and value < 1000:  # `3 millones`; alone they are at least two
            value *= unit / 2
        elif word in _OF and value in _VAGUE and _is_thousands(words, start + taken + 1):
            return value * 1000, taken + 2
        else:
            break
        taken += 1
    return value, taken


def _is_thousands(words: Sequence[str], place: int) -> bool:
    return place < len(words) and _UNITS.get(words[place]) == 2000


def chinese(text: str) -> float:
    """A Chinese number: 三百, 数十, 上百, 3.9万, 1078, 十二. 0 when there is none in it."""
    total, section, current = 0.0, 0.0, -1.0
    for part in _PART.findall(text):
        if part in _HAN_TIMES:
            factor, amount = _HAN_TIMES[part], 1.0 if current < 0 else current
            if factor < 10_000:
                section += amount * factor
            else:
                total, section = total + (section + (amount if current >= 0 or not section else 0.0)) * factor, 0.0
            current = -1.0
        else:
            current = _digit(part, current)
    return total + section + max(current, 0.0)


def _digit(part: str, current: float) -> float:
    if part[0] in "0123456789":
        return digits(part)
    if part in _HAN:
        return max(current, 0.0) * 10 + _HAN[part]
    return _HAN_VAGUE.get(part, current) if current < 0 else current


def _one(word: str) -> float | None:
    if word[0] in "0123456789":
        return digits(word)
    value = _UNITS.get(word, _FACTORS.get(word))
    if value is None and word[0] == "و":  # Arabic writes "and" together with the next word
        return _UNITS.get(word[1:], _FACTORS.get(word[1:]))
    return value
