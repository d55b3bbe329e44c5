"""What the API says to people speaks the language that is asked for: problems, and feeds in every form."""

import json
import re

import pytest
from lxml import etree

from rules.guideline import default_text
from service.api.edge import LARGEST
from service.desk.subscriptions import feed_addresses, new_feed_token
from tests.api.test_feeds import get
from tests.api.test_problems import send
from tests.api.town import Town
from tests.desk.test_rosters import ROSTER
from tests.locale.chinese import english, scalars
from tests.web.tongues import HAN, foreign_words
from tests.web.written import kept_words

TYPED = re.compile(r"“[^”]*”|`[^`]*`|\b(?:GET|POST) /\S*[a-z]|/api/v1\S*[a-z]")
# What is to be typed, and what is called so in every language.
NAMES = {
    *("ISO", "NE", "Authorization", "Bearer", "OpenAPI", "Content-Type", "application/json", "Allow", "MiB", "next"),
    *("security, political, legal, financial, reputational", "site, project, route, people"),
}
WRONG = (
    *(("GET", "/api/v1/nothing", b""), ("GET", "/api/v1/alerts/99", b""), ("GET", "/api/v1/alerts/nine", b"")),
    *(
        ("DELETE", "/api/v1/alerts", b""),
        ("POST", "/api/v1/alerts/1/snooze", b""),
        ("GET", "/feeds/short/atom.xml", b""),
    ),
    *(("GET", "/api/v1/sites/near?latitude=95", b""), ("GET", "/api/v1/alerts?cursor=nonsense", b"")),
    *(("POST", "/api/v1/subscriptions", body) for body in (b'{"name": ', b"[]", b'{"name": "n", "colour": "red"}')),
    *(("POST", "/api/v1/subscriptions", body) for body in (b'{"name": 5}', b'{"name": "n", "least_level": 9}')),
    *(("POST", "/api/v1/subscriptions", body) for body in (b'{"name": "n", "countries": ["ZZ"]}', b'{"name": "   "}')),
    *(("POST", "/api/v1/subscriptions", body) for body in (b'{"name": "n", "categories": ["weather"]}', b"{}")),
    ("POST", "/api/v1/sites/import", json.dumps({"csv": "name,kind\nA,castle\nB,site\n"}).encode()),
)


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_problems_speak_the_language_that_is_asked_for(here: Town, method: str, path: str, body: bytes) -> None:
    for lang, wish in (("zh", "zh-CN,zh;q=0.9,en;q=0.5"), ("en", "en-GB"), ("en", "")):
        headers = {"content-type": "application/json", **({"accept-language": wish} if wish else {})}
        found = send(here, method, path, content=body, headers=headers).json()
        assert found["key"].startswith("error.")
        told = [found["detail"], found["advice"], *(fault["detail"] for fault in found.get("errors", ()))]
        assert found["advice"]
        assert foreign_words(TYPED.sub(" ", "\n".join(told)), lang, NAMES) == []


@pytest.mark.parametrize(
    ("method", "path", "text", "told"),
    [
        ("POST", "guideline/versions", default_text().replace("hold: 72 h", "hold: 72"), "hold“72”不是时长。"),
        ("PUT", "roster/file", ROSTER.replace("[amina]", "[amna]"), "“amna”不是可用的人员。是否指“amina”？"),
        ("POST", "roster/check", ROSTER.replace("[amina]", "[amna]"), "“amna”不是可用的人员。是否指“amina”？"),
        ("PUT", "roster/file", ROSTER.replace("owner: africa-lead", "owner: nobody"), "没有名为 nobody 的责任方"),
    ],
)
def test_so_do_faults_of_files(here: Town, method: str, path: str, text: str, told: str) -> None:
    wish = {"accept-language": "zh-CN"}
    found = send(here, method, f"/api/v1/{path}", json={"text": text}, headers=wish).json()
    assert (found["status"], found["errors"][0]["where"]) == (422, "text")
    assert re.fullmatch(r"line \d+", found["errors"][0]["name"])
    assert told in found["errors"][0]["detail"]
    assert english(found["detail"], scalars(text) | {"guideline", "roster", "yaml"}) == []
    plain = send(here, method, f"/api/v1/{path}", json={"text": text}).json()
    assert [one["name"] for one in plain["errors"]] == [one["name"] for one in found["errors"]]
    assert not HAN.search(re.sub(r"'[^']*'", "", plain["detail"] + plain["errors"][0]["detail"]))


def test_a_text_is_checked_in_the_language_that_is_asked_for(here: Town) -> None:
    text = default_text().replace("subtype: coup", "subtype: cuop")
    both = [
        send(here, "POST", "/api/v1/guideline/check", json={"text": text}, headers={"accept-language": lang}).json()
        for lang in ("zh", "en")
    ]
    assert [(one["faults"][0]["what"], one["faults"][0]["advice"]) for one in both] == [
        ("“cuop”不是可用的子类。", "是否指“coup”？"),
        ("unknown sub-type cuop", "Did you mean coup?"),
    ]


def test_what_the_edge_refuses_speaks_it_too(here: Town) -> None:
    wish = {"accept-language": "zh-CN"}
    large = send(here, "POST", "/api/v1/subscriptions", content=b"x" * (LARGEST + 1), headers=wish).json()
    unread = send(here, "POST", "/api/v1/subscriptions", headers={**wish, "content-length": "many"}).json()
    assert (large["key"], unread["key"]) == ("error.too_large", "error.invalid")
    told = "\n".join([large["detail"], large["advice"], unread["detail"], unread["advice"]])
    assert foreign_words(TYPED.sub(" ", told), "zh", NAMES) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_feeds_speak_their_language(here: Town, lang: str) -> None:
    title = {"zh": "Shelling near the bridge", "en": "桥边遭炮击"}[lang]
    here.alert(title, to=("north",))
    token = new_feed_token(here.house, here.operator("north"), here.numbers["subscription:north"])
    addresses = feed_addresses("https://desk.example", token)
    kept = kept_words(here.store) | {"1+abcdef"}  # the version of its guideline
    atom = etree.fromstring(get(here, f"{addresses['atom']}?lang={lang}").content)
    spaces = {"a": "http://www.w3.org/2005/Atom"}
    told = atom.xpath("//a:title/text() | //a:content/text() | //a:name/text()", namespaces=spaces)
    feed = get(here, f"{addresses['json']}?lang={lang}").json()
    told += [feed["title"], *(item[part] for item in feed["items"] for part in ("title", "content_text"))]
    assert len(told) >= 6
    assert foreign_words("\n".join(told), lang, kept) == []
