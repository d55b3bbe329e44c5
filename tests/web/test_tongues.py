"""Pages and messages speak their reader's language, but for what others wrote: and the check for it does find."""

import re

import pytest
from sqlmodel import select

from rules.owners import default_owners
from service.locale.catalogue import SLOT, Catalogue
from service.notify.channel import ChannelInfo, Letter
from service.notify.channels import CHANNELS
from service.notify.message import from_payload
from service.store.tables import Notice
from tests.web.conftest import Desk
from tests.web.tongues import HAN, LATIN, foreign, foreign_words
from tests.web.written import kept_words

WORDS = Catalogue()
PAGE = '<html lang="{}"><meta charset="utf-8"><title>烽燧 Watchfire</title><body>{}</body></html>'


@pytest.mark.parametrize(
    ("lang", "body", "words"),
    [
        ("zh-Hans", "<p>三级 III UTC 12 km TLP:RED</p>", []),
        ("zh-Hans", "<p>已确认 by somebody</p>", ["by", "somebody"]),
        ("zh-Hans", '<p lang="en">Gunfire <b>near</b></p><p><bdi>Gunfire</bdi></p>', []),
        ("zh-Hans", '<button title="Close">关闭</button>', ["Close"]),
        ("zh-Hans", '<button title="关闭：Gunfire near the …"><bdi>Gunfire near the palace</bdi></button>', []),
        ("zh-Hans", '<p lang="en">Gunfire</p> further', ["further"]),
        ("en", "<p>Level 一般</p>", ["烽燧", "一般"]),
        ("en", '<a lang="zh-Hans">中文</a><p>Li Wei 李伟</p>', ["烽燧"]),
    ],
)
def test_what_is_foreign_is_found(lang: str, body: str, words: list[str]) -> None:
    found = foreign(PAGE.format(lang, body).encode(), {"李伟"})
    assert sorted(re.findall(r": (\S+) in ", " ".join(found))) == sorted(words)


def test_the_catalogues_speak_their_languages() -> None:
    """A text in the wrong language, or one that was copied and never translated."""
    zh, en = WORDS.texts("zh"), WORDS.texts("en")
    assert {key: text for key, text in en.items() if HAN.search(text) and key not in BILINGUAL} == {}
    same = {key for key, text in zh.items() if text == en[key] and LATIN.search(text)}
    assert {key for key in same if foreign_words(SLOT.sub("", zh[key]), "zh", ())} - BILINGUAL == set()


# On purpose: whoever is told must see that it is not real, and who we are; and what a link is called on Chinese sites.
BILINGUAL = {"notify.mark.demo", "web.name", "web.new.step.page"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_messages_speak_their_language(still: Desk, lang: str) -> None:
    kept = kept_words(still.store) | {WORDS.say(key, lang) for key in BILINGUAL}
    with still.store.read() as session:
        payloads = [row.payload for row in session.exec(select(Notice)).all()]
    names = {name.strip() for owner in default_owners() for name in (owner.key, *owner.name.split(" / "))}
    seen = {}
    for payload in payloads:
        message = from_payload(payload)
        letter = CHANNELS["mail"].render(message, ChannelInfo("mail", "x", "a@example.org", None, lang), WORDS)
        assert isinstance(letter, Letter)
        theirs = kept | names | {message.title, *(source.title for source in message.sources), message.id}
        found = [word for word in foreign_words(letter.text, lang, theirs) if word not in ("https", message.id)]
        if found:
            seen[message.id] = found
    assert payloads
    assert seen == {}
