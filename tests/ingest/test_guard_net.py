"""The address guard on a real network: real names asked over UDP, a real listener inside that counts connections.

Every way in ends in AddressRefused, and nobody inside ever sees a connection. Feeds and webhooks go the same way.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.fetch import Limits, fetch
from ingest.http import Client, make_client
from ingest.trouble import AddressRefused, BadAnswer, BadRedirect, FetchError, Unreachable
from service.locale.catalogue import Catalogue
from service.notify.carry import Sender, carry
from service.notify.channel import ChannelInfo, Verdict
from tests.ingest.nameserver import A, Inside, NameServer, nameserver
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.notify.world import MESSAGE

LOOPBACK = ip_network("127.0.0.0/8")
WORDS = Catalogue()
SECRET = "whsec_d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk="

# What a name may lead to inside, as A or AAAA records; "=" is a CNAME.
LEADS = {
    "loopback": ["127.0.0.1"],
    "loopback-elsewhere": ["127.8.9.10"],
    "this-host": ["0.0.0.0"],
    "private-10": ["10.0.0.1"],
    "private-172": ["172.16.0.1"],
    "private-192": ["192.168.1.1"],
    "carrier": ["100.64.0.1"],
    "metadata": ["169.254.169.254"],
    "multicast": ["224.0.0.1"],
    "broadcast": ["255.255.255.255"],
    "six-loopback": ["::1"],
    "six-unspecified": ["::"],
    "six-mapped": ["::ffff:127.0.0.1"],
    "six-mapped-metadata": ["::ffff:169.254.169.254"],
    "six-compatible": ["::127.0.0.1"],
    "six-translated": ["::ffff:0:127.0.0.1"],
    "nat64": ["64:ff9b::127.0.0.1"],
    "nat64-local": ["64:ff9b:1::127.0.0.1"],
    "6to4": ["2002:7f00:1::1"],
    "teredo": ["2001:0:7f00:1::1"],
    "six-link-local": ["fe80::1"],
    "six-unique-local": ["fd00:ec2::254"],
    "six-site-local": ["fec0::1"],
    "both-families": ["127.0.0.1", "::1"],
    "several": ["10.0.0.1", "192.168.0.1", "127.0.0.1"],
    "alias": ["=inside.corp.test"],
    "alias-of-alias": ["=alias.test"],
    "nothing": [],
}
# Hosts as they stand in an address.
WRITTEN = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "017700000001", "0177.0.0.1", "0177.0.0.01",
    "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0X7F.0X0.0X0.0X1", "127.0x1", "127.0.0.1.", "127.1.", "2130706433.",
    "00000177.0.0.1", "127.000.000.001", "4294967296.2130706433",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[fe80::1%25lo]",
    "localhost", "LOCALHOST", "localhost.", "sub.localhost", "loopback.test", "loopback.test.", "LoopBack.TEST",
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "𝟙𝟚𝟟.0.0.1", "２１３０７０６４３３",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "loop\u00adback.test", "loop\u200bback.test", "０x7f.1", "0x7ｆ.1",
    "%31%32%37.0.0.1",
]  # fmt: skip
# Whole addresses with {port} of the listener: what stands before the host, behind it, or in another scheme.
TRICKS = [
    "http://public.test@127.0.0.1:{port}/",
    "http://public.test:80@127.0.0.1:{port}/",
    "http://public.test%40127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@loopback.test:{port}/",
    "http://public.test:{port}@[::1]:{port}/",
    "http://127.0.0.1:{port}#@public.test/",
    "http://127.0.0.1:{port}?@public.test/",
    "http://127.0.0.1:{port}\\@public.test/",
    "http://public.test\\@127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\t/",
    "http://127.0.0.1\n:{port}/",
    " http://127.0.0.1:{port}/ ",
    "HTTP://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:+{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET%20/",
    "file:///etc/passwd",
    "dict://127.0.0.1:{port}/info",
    "unix:///run/docker.sock",
    "http://[::1]:{port}:80/",
    "http://[127.0.0.1]:{port}/",
]


@pytest.fixture
def names() -> Iterator[NameServer]:
    with nameserver() as running:
        running.names.update({f"{name}.test": records for name, records in LEADS.items()})
        running.names |= {"inside.corp.test": ["127.0.0.1"], "localhost": ["127.0.0.1", "::1"], "public.test": []}
        running.names["sub.localhost"] = ["127.0.0.1"]
        yield running


@pytest.fixture
def inside() -> Iterator[Inside]:
    running = Inside()
    yield running
    running.close()


def fetched(client: Client, address: str) -> FetchError | None:
    """The error that a look at an address ends in."""

    async def main() -> FetchError | None:
        async with client:
            try:
                await fetch(client, address, limits=Limits(seconds=5.0))
            except FetchError as error:
                return error
            return None

    return asyncio.run(main())


def posted(client: Client, address: str) -> Any:
    """What becomes of a webhook to an address."""

    async def main() -> Any:
        async with client:
            sender = Sender(client=client, mail=None, catalogue=WORDS, timeout=5.0)
            return await carry(sender, MESSAGE, ChannelInfo("webhook", "n", address, SECRET, "en"), datetime.now(UTC))

    return asyncio.run(main())


@pytest.mark.parametrize("name", LEADS)
def test_no_name_leads_inside(names: NameServer, inside: Inside, name: str) -> None:
    address = f"http://{name}.test:{inside.port}/feed"
    error = fetched(make_client(resolve=names.resolve), address)
    assert isinstance(error, AddressRefused), error
    assert (f"{name}.test", A) in names.asked, "the name was really asked for"
    result = posted(make_client(resolve=names.resolve), address)
    assert (result.verdict, "guard refuses" in result.detail) == (Verdict.DEAD, True), result
    assert inside.connections == 0


@pytest.mark.parametrize("host", WRITTEN)
def test_no_way_of_writing_a_host_leads_inside(names: NameServer, inside: Inside, host: str) -> None:
    address = f"http://{host}:{inside.port}/feed"
    error = fetched(make_client(resolve=names.resolve), address)
    assert isinstance(error, AddressRefused), error
    result = posted(make_client(resolve=names.resolve), address)
    assert result.verdict is not Verdict.OK, result
    assert inside.connections == 0


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_with_an_address_leads_inside(names: NameServer, inside: Inside, trick: str) -> None:
    address = trick.format(port=inside.port)
    assert isinstance(fetched(make_client(resolve=names.resolve), address), AddressRefused)
    assert posted(make_client(resolve=names.resolve), address).verdict is not Verdict.OK
    assert inside.connections == 0


def test_a_name_that_nobody_knows_is_told_as_such(names: NameServer, inside: Inside) -> None:
    for host in ("nobody.test", "127.0.0.1%2e"):  # the sign for a dot is no dot in a host: it is a strange name
        error = fetched(make_client(resolve=names.resolve), f"http://{host}:{inside.port}/")
        assert isinstance(error, Unreachable)
        assert "cannot be found" in str(error)
    assert inside.connections == 0


# From here on 127.0.0.1 plays the public network, and the rest of loopback the operator's own.
OUTSIDE = ip_network("127.0.0.1/32")


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as running:
        yield running


def outside_client(names: NameServer, web: WebServer, *hosts: str) -> Client:
    """A client to which only these hosts on the web server's port are public."""
    pairs = frozenset((host, web.port) for host in hosts)
    return make_client([OUTSIDE], allow_ports=pairs, resolve=names.resolve)


def test_a_name_that_changes_between_question_and_connection(names: NameServer, web: WebServer) -> None:
    """Public at the first question and inside at every later one: there is no second question before the connection."""
    web.answers["/feed"] = Answer(200, b"<rss/>")
    names.names["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    assert fetched(outside_client(names, web, "rebind.test"), web.url("/feed", "rebind.test")) is None
    assert [kind for name, kind in names.asked if name == "rebind.test"].count(A) == 1
    error = fetched(outside_client(names, web, "rebind.test"), web.url("/feed", "rebind.test"))
    assert isinstance(error, AddressRefused)
    assert len(web.asked) == 1


def test_a_name_that_changes_between_two_visits_of_one_client(
    names: NameServer, web: WebServer, inside: Inside
) -> None:
    names.names["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
    web.answers["/feed"] = Answer(200, b"<rss/>", {"Connection": "close"})

    async def main() -> None:
        async with outside_client(names, web, "rebind.test") as client:
            await fetch(client, web.url("/feed", "rebind.test"))
            for address in (web.url("/feed", "rebind.test"), f"http://rebind.test:{inside.port}/"):
                with pytest.raises(AddressRefused):
                    await fetch(client, address)

    asyncio.run(main())
    assert (len(web.asked), inside.connections) == (1, 0)


def test_of_a_mixed_answer_only_the_public_part_is_connected_to(names: NameServer, web: WebServer) -> None:
    names.names["mixed.test"] = ["127.0.0.2", "10.0.0.1", "127.0.0.1", "::1"]
    web.answers["/feed"] = Answer(200, b"<rss/>")
    assert fetched(outside_client(names, web, "mixed.test"), web.url("/feed", "mixed.test")) is None
    names.names["dead.test"] = ["127.0.0.2", "::1"]
    assert isinstance(fetched(outside_client(names, web, "dead.test"), web.url("/", "dead.test")), AddressRefused)


REDIRECTS = [
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://127.0.0.2:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://inside.corp.test:{port}/",
    "http://alias.test:{port}/",
    "http://metadata.test/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://public.test@127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.0.0.1:{port}",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://loopback.test.:{port}/",
]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_leads_inside(names: NameServer, web: WebServer, inside: Inside, target: str, status: int) -> None:
    names.names["feeds.test"] = ["127.0.0.1"]
    location = target.format(port=inside.port).encode().decode("latin-1")
    web.answers["/feed"] = Answer(status, b"", {"Location": "/hop"})
    web.answers["/hop"] = Answer(status, b"", {"Location": location})
    error = fetched(outside_client(names, web, "feeds.test"), web.url("/feed", "feeds.test"))
    # What is no ASCII in a header is no sound answer to the client already; either way nobody goes there.
    assert isinstance(error, AddressRefused if target.isascii() else BadAnswer), error
    assert web.paths() == ["/feed", "/hop"]
    assert inside.connections == 0


def test_a_redirect_out_of_the_web_is_refused(names: NameServer, web: WebServer) -> None:
    names.names["feeds.test"] = ["127.0.0.1"]
    for target in ("file:///etc/passwd", "gopher://127.0.0.1/", "data:text/xml,<rss/>"):
        web.answers["/feed"] = Answer(302, b"", {"Location": target})
        error = fetched(outside_client(names, web, "feeds.test"), web.url("/feed", "feeds.test"))
        assert isinstance(error, BadRedirect | BadAnswer)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_webhook_follows_no_redirect_at_all(names: NameServer, web: WebServer, inside: Inside, status: int) -> None:
    names.names["hooks.test"] = ["127.0.0.1"]
    web.answers["/hook"] = Answer(status, b"", {"Location": f"http://127.0.0.1:{inside.port}/"})
    result = posted(outside_client(names, web, "hooks.test"), web.url("/hook", "hooks.test"))
    assert result.verdict is not Verdict.OK
    assert (web.paths(), inside.connections) == (["/hook"], 0)


def test_a_name_that_is_allowed_on_one_port_is_not_on_another(
    names: NameServer, web: WebServer, inside: Inside
) -> None:
    names.names["feeds.test"] = ["127.0.0.1"]
    for address in (f"http://feeds.test:{inside.port}/", "http://feeds.test/", "https://feeds.test/"):
        assert isinstance(fetched(outside_client(names, web, "feeds.test"), address), AddressRefused)
    assert inside.connections == 0


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_no_way_around(
    names: NameServer, web: WebServer, inside: Inside, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{inside.port}")
    names.names["feeds.test"] = ["127.0.0.1"]
    web.answers["/feed"] = Answer(200, b"<rss/>")
    assert fetched(outside_client(names, web, "feeds.test"), web.url("/feed", "feeds.test")) is None
    assert isinstance(fetched(make_client(resolve=names.resolve), "http://loopback.test/"), AddressRefused)
    assert inside.connections == 0


def test_the_listener_inside_would_have_counted(names: NameServer, inside: Inside) -> None:
    """The proof that the other tests can fail: with the guard open, each family's connection is counted."""
    open_ = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    hosts = ["127.0.0.1", "loopback.test", "this-host.test", *(["[::1]", "six-loopback.test"] if inside.has_6 else [])]
    for host in hosts:
        assert fetched(make_client(open_, resolve=names.resolve), f"http://{host}:{inside.port}/") is not None
    assert inside.connections == len(hosts)
