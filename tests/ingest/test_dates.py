"""Dates in many languages, honest about what cannot be known."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import LOCALES, read
from ingest.entry import DateQuality

NOW = datetime(2026, 8, 21, tzinfo=UTC)
MARCH = datetime(2024, 3, 5, tzinfo=UTC)
moments = st.integers(int(datetime(1990, 1, 2, tzinfo=UTC).timestamp()), int(NOW.timestamp())).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 05 Mar 2024 10:00:00 +0800", MARCH + timedelta(hours=2)),
        ("Tue, 5 Mar 24 10:00:00 EST", MARCH + timedelta(hours=15)),
        ("Tue Mar  5 10:00:00 UTC 2024", MARCH + timedelta(hours=10)),
        ("2024-03-05T10:00:00Z", MARCH + timedelta(hours=10)),
        ("2024-03-05T10:00:00.123456+08:00", MARCH + timedelta(hours=2)),
        ("2024-03-05T24:00:00Z", MARCH + timedelta(days=1)),
        ("20240305T100000Z", MARCH + timedelta(hours=10)),
        ("2024-03-05", MARCH),
        ("2024-03-05Z", MARCH),
        ("20240305", MARCH),
        ("1709596800", MARCH),
        ("1709596800000", MARCH),
        (1709596800, MARCH),
        ("2024/03/05 08:05:29", MARCH + timedelta(hours=8, minutes=5, seconds=29)),
        ("03/25/2024", MARCH + timedelta(days=20)),
        ("25/03/2024", MARCH + timedelta(days=20)),
        ("05.03.2024 10:00", MARCH + timedelta(hours=10)),
        ("March 5, 2024 3:07 PM", MARCH + timedelta(hours=15, minutes=7)),
        ("Mar 5, 2024 12:07 a.m.", MARCH + timedelta(minutes=7)),
        ("5 Mar 2024 10:00 AEST", MARCH),
        ("Mar 5, 2024, 7:00 p.m. ET", MARCH + timedelta(days=1)),
        ("2024年3月5日 10:00", MARCH + timedelta(hours=10)),
        ("2024年3月5日 下午3点20分", MARCH + timedelta(hours=15, minutes=20)),
        ("二〇二四年三月五日", MARCH),
        ("2024年十二月二十一日", datetime(2024, 12, 21, tzinfo=UTC)),
        ("星期二, 05 三月 2024 10:00:00 +0800", MARCH + timedelta(hours=2)),
        ("令和6年3月5日 午後3時5分", MARCH + timedelta(hours=15, minutes=5)),
        ("2024년 3월 5일 오후 3:05", MARCH + timedelta(hours=15, minutes=5)),
        ("٥ مارس ٢٠٢٤ ١٠:٠٠", MARCH + timedelta(hours=10)),
        ("الثلاثاء، 5 آذار 2024", MARCH),
        ("5 كانون الثاني 2024", datetime(2024, 1, 5, tzinfo=UTC)),
        ("5 جانفي 2024", datetime(2024, 1, 5, tzinfo=UTC)),
        ("mar. 5 nov. 2024 à 10h30", datetime(2024, 11, 5, 10, 30, tzinfo=UTC)),
        ("martes, 5 de marzo de 2024", MARCH),
        ("5. März 2024, 10:00 Uhr", MARCH + timedelta(hours=10)),
        ("5 de março de 2024", MARCH),
        ("5 марта 2024 г., 10:00", MARCH + timedelta(hours=10)),
        ("5 tháng 3, 2024", MARCH),
        ("5 มีนาคม 2567", MARCH),
    ],
)
def test_a_written_date_is_read(text: object, expected: datetime) -> None:
    assert read(text, now=NOW).moment == expected


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2024",
        "2024-02-30T10:00:00Z",
        "0000-00-00 00:00:00",
        "Tue, 05 Mar 2024 25:61:00 +0800",
        "2024-13-01",
        "yesterday",
        "3月5日",
        "99999999999999999999",
        "2024-03-05T10:00:00+99:00",
        "9999-12-31T23:59:59-12:00",
        {"a": "mapping"},
    ],
)
def test_impossible_and_ambiguous_dates_are_unreadable(text: object) -> None:
    assert read(text, now=NOW).moment is None
    assert read(text, now=NOW).quality is DateQuality.UNREADABLE


@pytest.mark.parametrize("value", [None, "", "  ", True])
def test_nothing_is_missing(value: object) -> None:
    assert read(value, now=NOW).quality is DateQuality.MISSING


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2024-03-05 08:00", "Asia/Shanghai", MARCH),
        ("Tue, 05 Mar 2024 08:00:00 CST", "Asia/Shanghai", MARCH),
        ("Tue, 05 Mar 2024 08:00:00 CST", "America/Chicago", MARCH + timedelta(hours=14)),
        ("Tue, 05 Mar 2024 08:00:00 CST", None, MARCH + timedelta(hours=14)),
        ("Tue, 05 Mar 2024 08:00:00 GMT", "Asia/Shanghai", MARCH + timedelta(hours=8)),
        ("2024-03-05 08:00", "No/Such_Zone", MARCH + timedelta(hours=8)),
        ("2024-03-05 08:00", "../../etc/passwd", MARCH + timedelta(hours=8)),
    ],
)
def test_the_zone_of_a_feed_fills_in(text: str, zone: str | None, expected: datetime) -> None:
    assert read(text, zone=zone, now=NOW).moment == expected


def test_quality_follows_the_distance_from_now() -> None:
    assert read((NOW + timedelta(hours=23)).isoformat(), now=NOW).quality is DateQuality.GOOD
    assert read((NOW + timedelta(hours=25)).isoformat(), now=NOW).quality is DateQuality.FUTURE
    assert read("1989-12-31", now=NOW).quality is DateQuality.ANCIENT


@given(moments)
def test_standard_forms_come_back(moment: datetime) -> None:
    for text in (
        moment.isoformat(),
        format_datetime(moment),
        f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        f"{moment:%Y年%m月%d日 %H:%M:%S}",
    ):
        assert read(text, now=NOW).moment == moment


@given(moments, st.sampled_from(LOCALES), st.sampled_from(["full", "long", "medium"]))
def test_dates_of_many_languages_are_read_rightly_or_not_at_all(moment: datetime, locale: str, width: str) -> None:
    result = read(format_date(moment, width, locale=locale), now=NOW)

    # Figures may leave day and month in doubt, and listopad is October here and November there.
    assert result.moment is None or result.moment.date() == moment.date()


@pytest.mark.parametrize(
    "locale", ["en", "es", "fr", "de", "pt", "it", "ru", "uk", "nl", "tr", "id", "ar", "fa", "hi", "th"]
)
def test_all_months_of_the_great_languages_are_known(locale: str) -> None:
    for month in range(1, 13):
        day = datetime(2021, month, 17, tzinfo=UTC)
        assert read(format_date(day, "long", locale=locale), now=NOW).moment == day


@given(st.text(max_size=60) | st.from_regex(r"[\d\w年月日:/.+\- ]{0,40}", fullmatch=True))
def test_anything_ends_in_utc_or_in_nothing(text: str) -> None:
    result = read(text, zone="Europe/Paris", now=NOW)

    assert result.moment is None or result.moment.utcoffset() == timedelta(0)
    assert (result.moment is None) == (result.quality in (DateQuality.MISSING, DateQuality.UNREADABLE))
