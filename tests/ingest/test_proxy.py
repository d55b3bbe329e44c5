"""Proxies and credentials of a source, with real proxies on loopback: who is asked what, and who never hears of it."""

import asyncio
import ssl
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ingest.feed import Credentials, Feed
from ingest.fetch import Fetched, Limits, fetch, way_to
from ingest.http import make_client
from ingest.trouble import AddressRefused, FetchError, HttpError, Unreachable
from tests.ingest.wire import OK, answering, http_proxy, socks_proxy, wire

LOOPBACK = ip_network("127.0.0.0/8")
PEM = Path(__file__).parent / "fixtures" / "feeds.test.pem"
PAIR, SECRET = "guest:s3cret-%2F", "s3cret-/"


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


def through(
    speak: Any, address: str = "http://feeds.test:{port}/f", scheme: str = "http", pair: str = "", **given: Any
) -> tuple[Fetched | FetchError, list[bytes], list[bytes]]:
    """What a look through a proxy brings, what the proxy was asked, what the publisher was."""

    async def main() -> tuple[Fetched | FetchError, list[bytes], list[bytes]]:
        secure = tls() if address.startswith("https") else None
        async with wire(speak) as proxy, wire(answering(OK), secure) as publisher:
            place = f"{scheme}://{pair + '@' if pair else ''}127.0.0.1:{proxy.port}"
            target = address.format(port=publisher.port)
            feed = Feed("k", "n", target, proxy=place, credentials=given.pop("credentials", None))
            options = {"authorities": str(PEM), "allow_nets": [LOOPBACK], **given}
            async with make_client(**options) as client:
                try:
                    found: Fetched | FetchError = await fetch(
                        client, target, way=way_to(feed), limits=Limits(seconds=10)
                    )
                except FetchError as error:
                    found = error
            return found, proxy.asked, publisher.asked

    return asyncio.run(main())


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("pair", ["", PAIR])
def test_an_http_proxy_leads_to_the_publisher(scheme: str, pair: str) -> None:
    opened = pair.replace("%2F", "/")
    found, proxied, came = through(http_proxy(opened), scheme + "://feeds.test:{port}/f", pair=pair)
    assert isinstance(found, Fetched), found
    assert found.body == b"ok"
    method = b"CONNECT feeds.test:" if scheme == "https" else b"GET http://feeds.test:"
    assert proxied[0].startswith(method)
    assert came[0].startswith(b"GET /f HTTP/")
    assert len(proxied) == 1, "the name and password go with the first request"
    if scheme == "https":
        assert b"proxy-authorization" not in came[0].lower()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("pair", ["", PAIR])
def test_a_socks_proxy_finds_the_name_itself(scheme: str, pair: str) -> None:
    opened = pair.replace("%2F", "/")
    found, proxied, came = through(socks_proxy(opened), scheme + "://feeds.test:{port}/f", "socks5h", pair)
    assert isinstance(found, Fetched), found
    assert proxied[0].startswith(b"3 feeds.test:"), "a name and no address"
    assert len(came) == 1


def test_a_kept_tunnel_is_used_again() -> None:
    async def main() -> None:
        async with wire(http_proxy()) as proxy, wire(answering(OK), tls()) as publisher:
            way = way_to(Feed("k", "n", publisher.url(), proxy=proxy.url()))
            async with make_client([LOOPBACK], authorities=str(PEM)) as client:
                for _ in range(3):
                    found = await fetch(client, publisher.url("/f", "feeds.test", "https"), way=way)
                    assert (found.status, found.body) == (200, b"ok")
            assert (proxy.connections, len(publisher.asked)) == (1, 3)

    asyncio.run(main())


TROUBLES = [
    (http_proxy("guest:other"), "http", "http", "does not let us in"),
    (http_proxy("guest:other"), "https", "http", "does not let us in"),
    (http_proxy(status=403), "https", "http", "does not lead to feeds.test (it answers 403)"),
    (http_proxy(status=502), "https", "http", "does not lead to feeds.test (it answers 502)"),
    (socks_proxy("guest:other"), "http", "socks5h", "does not let us in"),
    (socks_proxy(PAIR.replace("%2F", "/"), 5), "http", "socks5h", "does not lead to feeds.test"),
    (answering(b"nonsense\r\n\r\n", closes=True), "http", "socks5h", "127.0.0.1"),
    (answering(b"nonsense\r\n\r\n", closes=True), "https", "http", "127.0.0.1"),
    (answering(b"nonsense\r\n\r\n", closes=True), "http", "http", "127.0.0.1"),
]


@pytest.mark.parametrize(("speak", "scheme", "kind", "says"), TROUBLES)
def test_trouble_with_a_proxy_is_one_sentence_that_names_it(speak: Any, scheme: str, kind: str, says: str) -> None:
    found, _, came = through(speak, scheme + "://feeds.test:{port}/f", kind, PAIR)
    assert isinstance(found, FetchError)
    assert says in str(found)
    assert "the proxy 127.0.0.1" in str(found).replace("The proxy", "the proxy")
    assert str(found).endswith(".")
    assert found.again
    assert not came
    for secret in (SECRET, "s3cret", "guest"):
        assert secret not in str(found) + repr(found)


def test_a_proxy_that_is_not_there() -> None:
    async def main(proxy: str) -> str:
        async with make_client([LOOPBACK]) as client:
            with pytest.raises(Unreachable) as caught:
                await fetch(client, "http://feeds.test/", way=way_to(Feed("k", "n", "http://feeds.test/", proxy=proxy)))
            return str(caught.value)

    assert asyncio.run(main(f"http://{PAIR}@127.0.0.1:9")).startswith("The proxy 127.0.0.1 takes no connection")
    said = asyncio.run(main(f"socks5h://{PAIR}@no-such-proxy.invalid:1080"))
    assert said.startswith("The proxy no-such-proxy.invalid cannot be found")


def test_the_guard_judges_the_proxy() -> None:
    found, proxied, _ = through(http_proxy(), allow_nets=[])
    assert isinstance(found, AddressRefused)
    assert "the proxy 127.0.0.1" in str(found)
    assert proxied == []

    async def name(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def main() -> None:
        way = way_to(Feed("k", "n", "http://feeds.test/", proxy="http://proxy.test:3128"))
        async with make_client(resolve=name) as client:
            with pytest.raises(AddressRefused, match=r"the proxy proxy\.test"):
                await fetch(client, "http://feeds.test/", way=way)

    asyncio.run(main())


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "0x7f.1", "2130706433", "localhost",
        "a.LocalHost.", "10%2e0%2e0%2e1", "192.168.0.1.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_no_proxy_leads_to_an_address_that_is_not_public(host: str, kind: str) -> None:
    async def main() -> tuple[FetchError, list[bytes]]:
        async with wire(http_proxy() if kind == "http" else socks_proxy()) as proxy:
            address, place = f"http://{host}/", f"{kind}://proxy.test:{proxy.port}"
            only = frozenset({("proxy.test", proxy.port)})  # all of loopback that may be reached

            async def name(_host: str, _port: int) -> list[str]:
                return ["127.0.0.1"]

            async with make_client([LOOPBACK], allow_ports=only, resolve=name) as client:
                with pytest.raises(FetchError) as caught:
                    await fetch(client, address, way=way_to(Feed("k", "n", address, proxy=place)))
            return caught.value, proxy.asked

    found, proxied = asyncio.run(main())
    assert isinstance(found, AddressRefused), found
    assert proxied == []


def test_the_environment_names_neither_a_proxy_nor_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "feeds.test")
    found, proxied, _ = through(http_proxy())
    assert isinstance(found, Fetched)
    assert len(proxied) == 1


KEY = Credentials(header="X-Api-Key", value="k3y-value")
BASIC = Credentials(user="reader", password="pa:ss wörd")


def test_credentials_are_for_the_publisher_and_not_for_its_proxy() -> None:
    found, proxied, came = through(http_proxy(), "https://feeds.test:{port}/f", credentials=KEY)
    assert isinstance(found, Fetched)
    assert b"X-Api-Key: k3y-value\r\n" in came[0]
    assert b"k3y" not in proxied[0]


def test_credentials_stay_at_home() -> None:
    async def main(credentials: Credentials, sign: bytes) -> None:
        async with wire(answering(OK)) as other:
            elsewhere = f"HTTP/1.1 301 Moved\r\nLocation: {other.url('/there')}\r\nContent-Length: 0\r\n\r\n".encode()
            near = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"

            def answer(asked: bytes) -> bytes:
                return elsewhere if asked.startswith(b"GET /elsewhere ") else near

            async with wire(answering(answer)) as home, make_client([LOOPBACK]) as client:
                feed = Feed("k", "n", home.url("/feed"), credentials=credentials)
                await fetch(client, feed.address, way=way_to(feed))
                assert [sign in asked for asked in home.asked] == [True, True]
                assert [sign in asked for asked in other.asked] == [False]
                # And once the new place is remembered, which a permanent redirect has named.
                await fetch(client, other.url("/there"), way=way_to(feed))
                assert [sign in asked for asked in other.asked] == [False, False]

    asyncio.run(main(KEY, b"X-Api-Key: k3y-value"))
    asyncio.run(main(BASIC, b"Authorization: Basic "))


def test_a_wrong_password_is_told_without_it() -> None:
    async def main() -> None:
        async with wire(answering(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")) as home:
            feed = Feed("k", "n", home.url(), credentials=BASIC)
            async with make_client([LOOPBACK]) as client:
                with pytest.raises(HttpError) as caught:
                    await fetch(client, feed.address, way=way_to(feed))
        assert "ask for access" in str(caught.value)
        for shown in (str(caught.value), repr(feed), repr(way_to(feed)), repr(BASIC)):
            assert "wörd" not in shown
            assert "reader" not in shown

    asyncio.run(main())
