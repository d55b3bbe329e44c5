"""The Solar Hijri calendar of Iran and Afghanistan. The lunar one waits for the moon to be seen: not here."""

from datetime import date, timedelta

# Years that only the solar calendar can mean today: 1430 and later are lunar (2008 and later).
FIRST, LAST = 1300, 1429
NEW_YEAR_1300 = date(1921, 3, 21)
MONTHS = {
    name: number
    for row in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for number, name in enumerate(row.split(), 1)
}


def is_solar(year: int) -> bool:
    """True for a year of the Solar Hijri calendar, 1921 to 2050."""
    return FIRST <= year <= LAST


def gregorian(year: int, month: int, day: int) -> date:
    """The day in our calendar. ValueError: no such day. Exact for 1206–1498 (33-year cycle, eight leap years)."""
    longest = 31 if month <= 6 else 30 if month < 12 or _is_leap(year) else 29
    if not (is_solar(year) and 1 <= month <= 12 and 1 <= day <= longest):
        raise ValueError
    years = sum(366 if _is_leap(past) else 365 for past in range(FIRST, year))
    months = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return NEW_YEAR_1300 + timedelta(days=years + months + day - 1)


def _is_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8
