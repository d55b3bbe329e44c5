"""Dates in many languages, honest about what cannot be known."""

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import LOCALES, read
from ingest.dates.persian import gregorian
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
        "12 رمضان 1447",
        "1447/09/12",
        "15 Ramadan 1447 AH",
        "1405/13/01",
        "1404/12/30",
        "2月29日",
        "31 abril",
        "2026-W54-1",
        "2026-366",
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


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("刚刚", timedelta(0)),
        ("3小时前", timedelta(hours=3)),
        ("半小时前", timedelta(minutes=30)),
        ("两天前", timedelta(days=2)),
        ("一周前", timedelta(days=7)),
        ("5 分鐘前", timedelta(minutes=5)),
        ("3 時間前", timedelta(hours=3)),
        ("3시간 전", timedelta(hours=3)),
        ("3 hours ago", timedelta(hours=3)),
        ("an hour ago", timedelta(hours=1)),
        ("45 min ago", timedelta(minutes=45)),
        ("il y a 3 heures", timedelta(hours=3)),
        ("hace 2 días", timedelta(days=2)),
        ("vor 5 Minuten", timedelta(minutes=5)),
        ("5 минут назад", timedelta(minutes=5)),
        ("قبل ساعتين", timedelta(hours=2)),
        ("3 giờ trước", timedelta(hours=3)),
        ("3 saat önce", timedelta(hours=3)),
    ],
)
def test_a_distance_from_now_is_counted(text: str, back: timedelta) -> None:
    assert read(text, now=NOW).moment == NOW - back


NOON = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天 14:05", datetime(2026, 8, 20, 6, 5, tzinfo=UTC)),
        ("昨天 14:05", datetime(2026, 8, 19, 6, 5, tzinfo=UTC)),
        ("前天", datetime(2026, 8, 17, 16, tzinfo=UTC)),
        ("昨天下午2点", datetime(2026, 8, 19, 6, tzinfo=UTC)),
        ("Yesterday, 2:05 pm", datetime(2026, 8, 19, 6, 5, tzinfo=UTC)),
        ("hier à 14h05", datetime(2026, 8, 19, 6, 5, tzinfo=UTC)),
        ("8月20日 14:30", datetime(2026, 8, 20, 6, 30, tzinfo=UTC)),
        ("11月21日", datetime(2025, 11, 20, 16, tzinfo=UTC)),
        ("Nov 21, 14:30", datetime(2025, 11, 21, 6, 30, tzinfo=UTC)),
    ],
)
def test_days_without_a_year_or_a_date_are_the_last_such(text: str, expected: datetime) -> None:
    assert read(text, zone="Asia/Shanghai", now=NOON).moment == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年8月20日下午2时", datetime(2026, 8, 20, 6, tzinfo=UTC)),
        ("2026年8月20日 14时30分15秒", datetime(2026, 8, 20, 6, 30, 15, tzinfo=UTC)),
        ("2026年8月20日晚上8点半", datetime(2026, 8, 20, 12, 30, tzinfo=UTC)),
        ("2026年8月20日凌晨12:10", datetime(2026, 8, 19, 16, 10, tzinfo=UTC)),
        ("民國115年8月20日", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("令和8年8月20日", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("2026년 8월 20일 오후 3시 5분", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("20/08/2026 3:05 م", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("20 آب 2026", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("20 أغسطس 2026 - 15:05", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("20/08/2026 3:05 CH", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("20 tháng 8, 2026 15:05", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("1405/05/29 15:05", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("۲۹ مرداد ۱۴۰۵", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("20 ส.ค. 2569", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("20 Agosti 2026", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("20 באוגוסט 2026", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("20 अगस्त 2026, 3:05 अपराह्न", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("2026-W34-4", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("2026-232", datetime(2026, 8, 19, 16, tzinfo=UTC)),
        ("/Date(1787209500000+0800)/", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("1787209500000000000", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("Thu, 20 Aug 2026 15:05:00 +0800 (CST)", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("2026-08-20T09:05:00+02:00[Europe/Paris]", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("2026-08-20 09:05 Europe/Paris", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("2026-08-20 15:05 北京时间", datetime(2026, 8, 20, 7, 5, tzinfo=UTC)),
        ("Aug 20, 2026 3 p.m.", datetime(2026, 8, 20, 7, tzinfo=UTC)),
    ],
)
def test_forms_of_many_countries(text: str, expected: datetime) -> None:
    assert read(text, zone="Asia/Shanghai", now=NOW).moment == expected


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


@given(moments, st.sampled_from(["Asia/Shanghai", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "Africa/Lagos"]))
def test_local_times_come_back_by_the_zone_of_their_source(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    forms = (
        f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local:%d.%m.%Y %H:%M:%S}",
        f"{local:%Y年%m月%d日 %H时%M分%S秒}",
        f"{local:%B %d, %Y %I:%M:%S %p}",
        f"{local:%G-W%V-%uT%H:%M:%S}",
        f"{local:%Y-%jT%H:%M:%S}",
        f"{local:%d} tháng {local:%m}, {local:%Y} {local:%H:%M:%S}",
    )
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return  # an hour that the clocks show twice
    for text in forms:
        assert read(text, zone=zone, now=NOW + timedelta(days=1)).moment == moment, text


@given(st.dates(date(1990, 1, 1), date(2050, 3, 20)))
def test_solar_hijri_days_follow_each_other(day: date) -> None:
    months = [(year, month) for year in range(1368, 1429) for month in range(1, 13)]
    at = max(index for index, (year, month) in enumerate(months) if gregorian(year, month, 1) <= day)
    number = (day - gregorian(*months[at], 1)).days + 1

    assert gregorian(*months[at], number) == day
    assert number <= 31
