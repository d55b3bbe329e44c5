"""The catalogues: both languages complete, and a loader that never shows nothing."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scoring.category import CATEGORIES, SUBTYPES
from service.errors import SetupError
from service.locale.catalogue import SLOT, Catalogue

WORDS = Catalogue()


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        language, _, area = name.partition("_")
        (folder / language).mkdir(exist_ok=True)
        (folder / language / f"{area}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_both_languages_have_the_same_keys() -> None:
    zh, en = (set(WORDS.texts(language)) for language in Catalogue.languages)
    assert zh - en == set()
    assert en - zh == set()


def test_both_languages_have_the_same_slots() -> None:
    for key, text in WORDS.texts("zh").items():
        assert set(SLOT.findall(text)) == set(SLOT.findall(WORDS.texts("en")[key])), key


def test_headings_of_commands_are_called_in_english_as_their_fields() -> None:
    # The catalogue is not read for them: that would cost every command of an English terminal its time.
    of = "command.column."
    named = {key.removeprefix(of): text for key, text in WORDS.texts("en").items() if key.startswith(of)}
    assert {name: text for name, text in named.items() if text != name.replace("_", " ")} == {}


def test_no_message_is_empty_or_has_a_broken_slot() -> None:
    for language in Catalogue.languages:
        for key, text in WORDS.texts(language).items():
            assert text.strip(), key
            assert not re.search(r"[{}]", SLOT.sub("", text)), key
            assert re.fullmatch(r"[A-Za-z0-9_.-]+", key), key


def test_chinese_is_chinese() -> None:
    han = [key for key, text in WORDS.texts("zh").items() if re.search(r"[\u4e00-\u9fff]", text)]
    assert len(han) > 0.8 * len(WORDS.texts("zh"))


@pytest.mark.parametrize("language", Catalogue.languages)
def test_every_category_subtype_and_level_has_a_name(language: str) -> None:
    for category in CATEGORIES:
        assert WORDS.category(category.value, language) != f"category.{category.value}"
    for subtype in SUBTYPES:
        assert WORDS.subtype(subtype, language) != f"subtype.{subtype}"
    names = {WORDS.level_name(level, language) for level in (1, 2, 3, 4)}
    assert len(names) == 4


def test_a_missing_message_is_its_key_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    words = Catalogue()
    assert [words.say("no.such.message", "zh") for _ in range(3)] == ["no.such.message"] * 3
    assert len(caplog.records) == 1


def test_values_are_put_in_as_they_are(tmp_path: Path) -> None:
    words = Catalogue(write(tmp_path, zh_a="x: '{a} 和 {b}'", en_a="x: '{a} and {b}'"))
    assert words.say("x", "en", a="{b} %s {0}", b=2) == "{b} %s {0} and 2"
    assert words.say("x", "zh", a=1) == "1 和 {b}", "a slot without a value stays"


def test_texts_are_texts_whatever_yaml_thinks(tmp_path: Path) -> None:
    words = Catalogue(write(tmp_path, zh_a="no: no\n1: 08:30\n", en_a="no: null\n1: 1e3\n"))
    assert [words.say("no", "zh"), words.say("1", "zh"), words.say("no", "en")] == ["no", "08:30", "null"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"zh_a": "x: a", "zh_b": "x: b"}, "stands in zh/a.yaml and again in zh/b.yaml"),
        ({"zh_a": "x: a\nx: b"}, "stands in zh/a.yaml and again in zh/a.yaml"),
        ({"en_a": "x:\n  y: z"}, "line 1, is no text"),
        ({"en_a": "- x"}, "is not a list of `key: text`"),
        ({"en_a": "x: 'open"}, "cannot be read"),
    ],
)
def test_a_broken_catalogue_says_where(tmp_path: Path, files: dict[str, str], words: str) -> None:
    with pytest.raises(SetupError, match=words):
        Catalogue(write(tmp_path, **files))


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-Hant-TW", "zh"), ("ZH_cn", "zh"), ("en-GB", "en"), ("fr", "en"), ("zhx", "en"), (None, "en")],
)
def test_languages(tag: str | None, language: str) -> None:
    assert WORDS.language(tag) == language


def test_reasons_are_phrases(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    unconfirmed = {"kind": "certainty", "code": "grade.unconfirmed", "value": "1", "words": ""}
    assert WORDS.reason_text(unconfirmed, "en") == "Unconfirmed: independent sources that bear it out: 1. Verify"
    assert "未证实" in WORDS.reason_text(unconfirmed, "zh")
    unheard = {"kind": "severity", "code": "severity.nobody-wrote-this", "value": "coup", "words": ""}
    assert WORDS.reason_text(unheard, "zh") == "severity.nobody-wrote-this 政变"
    strange = {"kind": "country", "code": "country.nobody-wrote-this", "value": "NE", "words": "Niamey"}
    assert WORDS.reason_text(strange, "zh") == "尼日尔（“Niamey”）"
    assert WORDS.reason_text(strange, "en") == "Niger (“Niamey”)"
    assert WORDS.reason_text({}, "en") == ""


def test_countries() -> None:
    assert [WORDS.country("NE", language) for language in ("zh", "en")] == ["尼日尔", "Niger"]
    assert WORDS.country("QQ", "en") == "QQ"
    assert WORDS.country("", "zh") == ""


def test_numbers_and_times() -> None:
    moment = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
    assert WORDS.moment(moment, "en") == "21 Nov 2026, 03:04 UTC"
    assert WORDS.moment("2026-11-21T11:04:05+08:00", "zh") == "2026年11月21日 03:04 UTC"
    assert WORDS.moment("whenever", "en") == "whenever"
    assert WORDS.span(timedelta(minutes=15), "zh") == "15分钟"
    assert WORDS.span(timedelta(hours=4), "en") == "4 hours"
    assert WORDS.number(12_345.67, "en") == "12,345.7"


@pytest.mark.parametrize(
    ("zone", "told"),
    [("UTC", "07:30 UTC"), ("Asia/Shanghai", "15:30 UTC+8"), ("Asia/Kathmandu", "13:15 UTC+5:45"),
     ("America/Lima", "02:30 UTC-5")],
)  # fmt: skip
def test_an_exact_time_names_its_zone(zone: str, told: str) -> None:
    at = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)
    for language in Catalogue.languages:
        assert WORDS.moment(at, language, ZoneInfo(zone)).endswith(told)


def test_a_level_and_a_source_in_the_middle_of_a_sentence() -> None:
    levels = {"before": WORDS.level_within(2, "zh"), "level": WORDS.level_within(1, "zh")}
    told = WORDS.say("web.history.alert_raise_from", "zh", **levels)
    assert told == "由 II 级（重大）升至 I 级（特别重大）"
    name = "Field reports, sender not proven / 现场报告（来源未核实）"
    assert WORDS.source(name, "en") == "Field reports, sender not proven"
    assert WORDS.source(name, "zh") == "现场报告（来源未核实）"
    assert WORDS.source("AFP / Reuters", "zh") == "AFP / Reuters"
