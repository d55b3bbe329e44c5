"""Bytes to text: declared, undeclared and wrongly declared encodings."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoding import CompressedError, decode, unpack

HEADLINES = {
    "gb18030": "外交部发言人就地区局势答记者问，中方将继续推动和平谈判",
    "big5hkscs": "美國宣布對中國商品加徵關稅，市場大幅震盪",
    "cp932": "ロシア軍が首都を攻撃し、多数の死者が出ている",
    "euc_jp": "ロシア軍が首都を攻撃し、多数の死者が出ている",
    "cp949": "북한이 탄도미사일을 발사했다고 합참이 밝혔다",
    "cp1251": "Правительство объявило чрезвычайное положение в столице",
    "koi8-r": "Правительство объявило чрезвычайное положение в столице",
    "cp874": "รัฐบาลประกาศภาวะฉุกเฉินในกรุงเทพมหานคร",
    "cp1256": "أعلنت الحكومة حالة الطوارئ في البلاد",
    "cp1253": "Η κυβέρνηση κήρυξε κατάσταση έκτακτης ανάγκης",
    "cp1255": "הממשלה הכריזה על מצב חירום בכל הארץ",
    "cp1252": "Le gouvernement a décrété l’état d’urgence après les émeutes",
}


def document(text: str, declaration: str = "") -> str:
    return f"{declaration}<rss><channel><item><title>{text}</title></item></channel></rss>"


@pytest.mark.parametrize(("codec", "text"), HEADLINES.items(), ids=list(HEADLINES))
def test_an_undeclared_encoding_is_found(codec: str, text: str) -> None:
    result = decode(document(text).encode(codec))

    assert text in result.text
    assert result.problems


@pytest.mark.parametrize(("codec", "text"), HEADLINES.items(), ids=list(HEADLINES))
def test_a_wrong_declaration_is_seen_through(codec: str, text: str) -> None:
    declaration = '<?xml version="1.0" encoding="utf-8"?>'
    result = decode(document(text, declaration).encode(codec))

    assert text in result.text
    assert any("says it is utf-8" in problem for problem in result.problems)


@pytest.mark.parametrize(
    "declared", ["gbk", "gb2312", "iso-8859-1", "windows-1251", "no-such-encoding", "base64", "utf-16"]
)
def test_bytes_that_are_utf_8_are_read_as_such(declared: str) -> None:
    text = document("外交部：中方坚决反对", f'<?xml version="1.0" encoding="{declared}"?>')

    assert decode(text.encode("utf-8")).text == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_unicode_in_all_widths(codec: str) -> None:
    text = document("Café 中文 🚢")

    assert decode(text.encode(codec)).text == text


def test_the_mark_wins_over_the_declaration() -> None:
    text = document("外交部", '<?xml version="1.0" encoding="gb2312"?>')

    assert decode(text.encode("utf-8-sig")).text == text


def test_gb2312_means_its_superset() -> None:
    text = document("镕喆淼堃囍", '<?xml version="1.0" encoding="gb2312"?>')

    assert decode(text.encode("gb18030")).text == text


def test_ebcdic_is_read_by_its_declaration() -> None:
    text = document("Plain", '<?xml version="1.0" encoding="cp037"?>')

    assert "Plain" in decode(text.encode("cp037")).text


def test_a_stray_byte_does_not_spoil_the_rest() -> None:
    body = document("Ein Ärger für Zürich und Köln – übel").encode() + b"\x93quoted\x94"
    result = decode(body)

    assert "Ärger für Zürich und Köln – übel" in result.text
    assert result.text.endswith("“quoted”")


def test_the_servers_charset_helps_where_the_document_is_silent() -> None:
    assert "Žižek" in decode("<rss>Žižek</rss>".encode("cp1250"), "text/xml; charset=windows-1250").text


@pytest.mark.parametrize(
    ("codec", "declared"),
    [("gb18030", "iso-8859-1"), ("cp1251", "iso-8859-1"), ("koi8-r", "windows-1251"), ("big5hkscs", "gb2312")],
)
def test_a_declaration_is_overruled_when_the_letters_say_so(codec: str, declared: str) -> None:
    text = HEADLINES[codec]

    assert text in decode(document(text, f"<?xml version='1.0' encoding='{declared}'?>").encode(codec)).text


@pytest.mark.parametrize(
    ("codec", "declared", "text"),
    [
        ("iso8859-1", "iso-8859-1", "Þjóðhátíð í Reykjavík, þrír særðir"),
        ("cp1254", "windows-1254", "Şiddetli yağış köyleri vurdu"),
        ("iso8859-2", "iso-8859-2", "Powódź: ludność ewakuowana, są ranni"),
        ("cp1257", "windows-1257", "Plūdi upes ielejā, iedzīvotāji evakuēti"),
        ("mac-cyrillic", "x-mac-cyrillic", "Наводнение в долине реки, трём сёлам нужна помощь"),
        ("gbk", "x-gbk", "强震袭击山区，多条公路中断"),
    ],
)
def test_a_right_declaration_stands(codec: str, declared: str, text: str) -> None:
    assert text in decode(document(text, f"<?xml version='1.0' encoding='{declared}'?>").encode(codec)).text


@pytest.mark.parametrize("codec", ["iso8859-2", "iso8859-5", "cp866", "iso8859-6"])
def test_older_standards_are_told_too(codec: str) -> None:
    text = {
        "iso8859-2": "Powódź w dolinie, są ranni, zamknięto główne drogi i żłobki",
        "iso8859-6": "فيضانات تجتاح الوادي والسكان يغادرون منازلهم إلى المدارس",
    }.get(codec, HEADLINES["cp1251"])

    assert text in decode(document(text).encode(codec)).text


def test_characters_in_two_surrogates_are_put_together() -> None:
    assert decode("Flood é ".encode() + b"\xed\xa0\xbc\xed\xbc\x8a").text == "Flood é 🌊"


def test_the_rest_of_a_cut_character_makes_no_new_letters() -> None:
    text = "強震襲擊山區救援隊連夜趕赴現場" * 3

    assert decode(text.encode().replace("襲".encode(), "襲".encode()[:2], 1)).text == text.replace("襲", "\ufffd", 1)


def test_few_stray_bytes_are_letters_and_no_language() -> None:
    body = document("Caf\xe9", '<?xml version="1.0" encoding="utf-8"?>').encode("latin-1")

    assert "Café" in decode(body).text


@given(st.binary(max_size=400), st.none() | st.text(max_size=20))
def test_decoding_never_fails(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset).text, str)


@given(st.text(max_size=100))
def test_utf_8_comes_back(text: str) -> None:
    body = ("é" + text).encode("utf-8", "replace")

    assert decode(body).text.encode("utf-8") == body


def test_gzip_comes_undone_within_its_limit() -> None:
    assert unpack(gzip.compress(b"hello")) == b"hello"
    assert unpack(b"hello") == b"hello"
    with pytest.raises(CompressedError, match="bomb"):
        unpack(gzip.compress(bytes(40_000_000)))
