"""The address guard: what is public, what is disguised, what an operator opens."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.guard import Guard, is_public, literal
from ingest.http import ConnectError, make_client
from ingest.trouble import AddressRefused
from tests.ingest.webserver import Answer, webserver

LOOPBACK = ip_network("127.0.0.0/8")

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 :: ::1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1
2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%1 fec0::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905
PUBLIC = "1.1.1.1 8.8.8.8 100.63.255.255 172.32.0.1 223.255.255.255 2001:4860:4860::8888 2606:4700::1111".split()  # noqa: SIM905


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_what_is_public_is_global_and_no_wrapping_hides_the_rest(number: int) -> None:
    plain = IPv4Address(number)
    assert not is_public(plain) or (plain.is_global and not plain.is_multicast)
    assert not is_public(IPv6Address(0xFFFF << 32 | number))
    assert not is_public(IPv6Address(0x64FF9B << 96 | number))
    assert not is_public(IPv6Address(0x2002 << 112 | number << 80 | 1))


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "1.2.3.256", "127.0.0.1.", "1:2:3"]
)
def test_disguised_hosts_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused, match="usual form"):
        literal(host)


def test_literal_tells_addresses_from_names() -> None:
    assert literal("127.0.0.1") == "127.0.0.1"
    assert literal("::FFFF:127.0.0.1") == "::ffff:7f00:1"
    assert literal("feeds.example") is None
    assert literal("1.2.3.example") is None


def test_an_allowed_network_is_narrowed_to_hosts_and_ports() -> None:
    guard = Guard((LOOPBACK,), frozenset({("127.0.0.1", 8101)}))
    assert guard.choose("127.0.0.1", 8101, ["127.0.0.1"]) == ("127.0.0.1",)
    for host, port in [("127.0.0.1", 8102), ("localhost", 8101)]:
        with pytest.raises(AddressRefused):
            guard.choose(host, port, ["127.0.0.1"])
    assert guard.choose("example.org", 80, ["8.8.8.8"]) == ("8.8.8.8",)


def test_without_public_only_what_is_allowed_is_reached() -> None:
    guard = Guard((LOOPBACK,), public=False)
    assert guard.choose("a", 1, ["8.8.8.8", "127.0.0.1"]) == ("127.0.0.1",)
    with pytest.raises(AddressRefused):
        guard.choose("a", 1, ["8.8.8.8"])


def test_of_a_mixed_answer_only_the_good_addresses_are_taken() -> None:
    assert Guard().choose("a", 1, ["10.0.0.1", "8.8.8.8", "nonsense", "::1"]) == ("8.8.8.8",)


def test_the_sentence_does_not_tell_what_a_name_leads_to() -> None:
    with pytest.raises(AddressRefused) as caught:
        Guard().choose("intranet.example", 80, ["10.11.12.13"])
    assert "intranet.example" in str(caught.value)
    assert "10.11" not in str(caught.value)


class Names:
    """A resolver whose answer changes from call to call."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.calls = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.calls += 1
        return self.answers[min(self.calls, len(self.answers)) - 1]


def test_by_default_loopback_is_refused_by_number_and_by_name() -> None:
    async def main() -> None:
        async with make_client() as client:
            for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
                with pytest.raises(AddressRefused):
                    await client.get(server.url("/", host))

    with webserver() as server:
        asyncio.run(main())
        assert server.asked == []


def test_mapped_loopback_stays_out_even_where_loopback_is_allowed() -> None:
    async def main() -> None:
        async with make_client([LOOPBACK]) as client:
            with pytest.raises(AddressRefused):
                await client.get(server.url("/", "[::ffff:127.0.0.1]"))

    with webserver() as server:
        asyncio.run(main())
        assert server.asked == []


def test_the_checked_address_is_the_one_connected_to() -> None:
    """A rebinding name answers a good address first and a bad one after; nobody asks it twice."""

    async def main() -> None:
        async with make_client([ip_network("127.0.0.1/32")], resolve=names) as client:
            assert (await client.get(server.url("/", "rebind.test"))).text == "good"
            await client.aclose()
        async with make_client([ip_network("127.0.0.1/32")], resolve=names) as client:
            with pytest.raises(AddressRefused):
                await client.get(server.url("/", "rebind.test"))

    names = Names(["127.0.0.1"], ["127.0.0.2"])
    with webserver() as server:
        server.answers["/"] = Answer(200, b"good")
        asyncio.run(main())
        assert names.calls == 2
        assert server.asked[0].headers["host"] == f"rebind.test:{server.port}"
        assert len(server.asked) == 1


def test_a_dead_address_is_passed_over_for_the_next() -> None:
    async def main() -> None:
        async with make_client([LOOPBACK], resolve=Names(["127.0.0.99", "127.0.0.1"])) as client:
            assert (await client.get(server.url("/", "two.test"))).status_code == 404

    with webserver() as server:
        asyncio.run(main())


def test_an_unknown_name_is_a_connection_error() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    async def main() -> None:
        async with make_client(resolve=nobody) as client:
            with pytest.raises(ConnectError):
                await client.get("http://nobody.test/")

    asyncio.run(main())


def test_tls_proves_the_host_name_although_the_address_is_connected_to() -> None:
    async def main(host: str, authorities: str | None) -> int:
        async with make_client([LOOPBACK], resolve=Names(["127.0.0.1"]), authorities=authorities) as client:
            return (await client.get(f"https://{host}:{server.port}/")).status_code

    certificate = Path(__file__).parent / "fixtures" / "feeds.test.pem"
    trusting = str(certificate)
    with webserver(certificate) as server:
        assert asyncio.run(main("feeds.test", trusting)) == 404
        with pytest.raises(ConnectError, match=r"(?i)host ?name|subject name"):
            asyncio.run(main("other.test", trusting))
        with pytest.raises(ConnectError, match=r"self[- ]signed"):
            asyncio.run(main("feeds.test", None))


def test_cookies_are_not_kept_and_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def main() -> None:
        async with make_client([LOOPBACK]) as client:
            await client.get(server.url("/"))
            await client.get(server.url("/"))

    with webserver() as server:
        server.answers["/"] = Answer(200, b"", {"Set-Cookie": "a=b"})
        asyncio.run(main())
        assert len(server.asked) == 2
        assert "cookie" not in server.asked[1].headers
        assert server.asked[0].headers["user-agent"].startswith("Watchfire")
