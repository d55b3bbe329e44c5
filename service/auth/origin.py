"""Where a request comes from: this machine, a trusted proxy, our own pages, or somebody else's."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

from service.errors import Misdirected, Refused, SetupError
from service.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Any of these says that somebody stands between the client and us: the socket's address is then not the visitor's.
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
Network = IPv4Network | IPv6Network


def is_loopback(address: str) -> bool:
    """Whether a host, as it stands in a Host header or a socket's address, is this machine."""
    host = address.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        found = ip_address(host)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def host_of(request: Request) -> str:
    """The name in the Host header, without its port; "" when there is none."""
    host = request.headers.get("host", "")
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def is_local(request: Request) -> bool:
    """Whether a request was made on this machine, to this machine, with nobody in between."""
    client = request.client.host if request.client is not None else ""
    passed_on = any(name in request.headers for name in PASSED_ON)
    return is_loopback(client) and is_loopback(host_of(request)) and not passed_on


def demand_local(request: Request) -> None:
    """A demonstration is open to whoever sits at this machine, and to nobody else."""
    if not is_loopback(host_of(request)):
        raise Misdirected("The demonstration answers to a loopback host only.", "Open http://127.0.0.1 or localhost.")
    if not is_local(request):
        raise Refused("The demonstration is open on this machine only.", "Start `watchfire serve` for more people.")


def scheme_of(request: Request, settings: Settings) -> str:
    """`https` or `http` as the visitor's browser sees it; a proxy is believed only when the operator trusts it."""
    if request.url.scheme == "https":
        return "https"
    client = request.client.host if request.client is not None else ""
    if _is_trusted(client, settings.trusted_proxies):
        said = request.headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
        return "https" if said == "https" else "http"
    return "http"


def refuse_cross_site(request: Request, settings: Settings) -> None:
    """Refuse a change that another site's page asks for in the visitor's name.

    Browsers say where a request comes from: Sec-Fetch-Site, and Origin where that is missing. A request with neither
    is not from a browser of this decade (the reasoning of Go's http.CrossOriginProtection); SameSite=Lax on the cookie
    stands behind it.
    """
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site == "same-origin" or (site is None and (origin is None or origin.lower() in own_origins(request, settings))):
        return
    raise Refused("This request comes from another site.", "Open the desk itself and do it there.")


def own_origins(request: Request, settings: Settings) -> set[str]:
    """The origins that are ours: as the request came in, and as the operator says."""
    host = request.headers.get("host", "").lower()
    own = {f"{scheme_of(request, settings)}://{host}"}
    if settings.public_url:
        scheme, _, rest = settings.public_url.lower().partition("://")
        own.add(f"{scheme}://{rest.partition('/')[0]}")
    return own


def _is_trusted(client: str, trusted: str) -> bool:
    try:
        address = ip_address(client)
    except ValueError:
        return False
    return any(address in network for network in _networks(trusted))


@lru_cache(maxsize=8)
def _networks(trusted: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in trusted.split(",") if part.strip())
    except ValueError as error:
        raise SetupError(
            f"WATCHFIRE_TRUSTED_PROXIES cannot be used: {error}.", "Give addresses or networks."
        ) from error


def client_of(request: Request, settings: Settings) -> str:
    """The visitor's address: the socket's, or what a trusted proxy says stood before it."""
    client = request.client.host if request.client is not None else ""
    if _is_trusted(client, settings.trusted_proxies):
        return request.headers.get("x-forwarded-for", "").split(",")[-1].strip() or client
    return client
