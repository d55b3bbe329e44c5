"""The settings in force as people read them: by group, with where each came from, and what is wrong with them.

A secret is only ever `set` or not. Nothing here changes anything: settings are read from the environment at the start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from scoring.keywords import is_fallback
from service.auth.access import Permission, demand
from service.auth.origin import is_loopback
from service.auth.premises import Premises
from service.desk.models import Serving, serving
from service.desk.report_link import META as REPORT_LINK
from service.settings import Settings
from service.store.guidelines import number_in_force
from service.store.log import get_meta
from service.store.office import count_admins
from service.store.people import home_organisation
from service.store.read_rest import list_channels
from service.store.rosters import file_in_force
from service.store.scope import Scope

# group → fields, in the order in which they are read. What stands nowhere comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "place": ("public_url", "trusted_proxies", "data", "database_url", "log_format"),
    "judgement": ("guideline", "owners", "plans", "model", "shapes"),
    "fetching": ("fetch_concurrency", "fetch_per_host", "fetch_spacing", "allow_nets"),
    "mail": ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "smtp_from"),
    "reports": ("report_form", "report_sharing", "senders"),
    "mailbox": (
        *("imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "imap_folder", "imap_done"),
        *("imap_interval", "imap_trust"),
    ),
    "translation": ("translate_url", "translate_key", "translate_model", "translate_timeout", "translate_budget"),
    "demo": ("demo_speed",),
}
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable. `origin` is environment or default; `value` is never a secret: of those only `secret` is told."""

    name: str
    variable: str
    value: str
    origin: str
    secret: bool
    is_set: bool
    about: str  # the program's own words, for what no catalogue describes


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that the operator should look at; words `setup.warn.KEY`, advice `setup.warn.KEY.do`."""

    key: str
    grave: bool
    names: tuple[str, ...]  # the variables that it is about
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen on the desk and lives in the database; words `setup.chosen.KEY`."""

    key: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that is set."""

    groups: tuple[tuple[str, tuple[Setting, ...]], ...]
    warnings: tuple[Caution, ...]
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What warnings look at besides the settings."""

    demo: bool
    mail_channels: int
    admins: int
    keywords: bool
    link: bool


def setup(premises: Premises, scope: Scope) -> Setup:
    """The settings, for the desk's administrator."""
    demand(scope, Permission.SETTINGS)
    used = serving(premises)
    with premises.store.read() as session:
        mails = sum(row.active and row.kind == "mail" for row in list_channels(session, scope))
        link = get_meta(session, REPORT_LINK) is not None
        facts = Facts(premises.demo, mails, count_admins(session), is_fallback(used.path), link)
        number = number_in_force(session, scope.organisation_id, premises.clock())
        roster = file_in_force(session, scope.organisation_id)
        name = home_organisation(session).name
    chosen = (
        Chosen("house", name, "/people/organisations"),
        Chosen("guideline", str(number) if number is not None else "", "/guideline/changes"),
        _model(used),
        Chosen("roster", str(roster.id) if roster is not None else "", "/roster"),
        Chosen("link", "yes" if link else "", "/reports"),
    )
    return Setup(grouped(premises.settings), tuple(warnings(premises.settings, facts)), chosen)


def _model(used: Serving) -> Chosen:
    return Chosen("model", used.row.name if used.row is not None else "", "/models")


def grouped(settings: Settings) -> tuple[tuple[str, tuple[Setting, ...]], ...]:
    """Every field in its group."""
    placed = {name for names in GROUPS.values() for name in names}
    rest = tuple(name for name in Settings.model_fields if name not in placed)
    groups = {**GROUPS, OTHER: rest}
    return tuple(
        (group, tuple(setting(settings, name) for name in names if name in Settings.model_fields))
        for group, names in groups.items()
        if names
    )


def setting(settings: Settings, name: str) -> Setting:
    """One field as it may be shown."""
    value = getattr(settings, name)
    secret = isinstance(value, SecretStr)
    return Setting(
        name=name,
        variable=f"WATCHFIRE_{name.upper()}",
        value="" if secret else shown(value),
        origin="environment" if name in settings.model_fields_set else "default",
        secret=secret,
        is_set=bool(value.get_secret_value()) if secret else value not in ("", None, ()),
        about=Settings.model_fields[name].description or "",
    )


def shown(value: Any) -> str:
    """A value without any password that stands in an address."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = str(value)
    return _bare(text) if "://" in text else text


def _bare(address: str) -> str:
    try:
        if "@" not in address:
            return address
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            return urlunsplit(parts._replace(netloc="***@" + parts.netloc.rpartition("@")[2]))
        return make_url(address).render_as_string(hide_password=True)
    except (ValueError, ArgumentError):
        return "***"


def warnings(settings: Settings, facts: Facts) -> Iterator[Caution]:
    """What is wrong or worth a thought, the grave ones first."""
    found = [*_of_place(settings, facts), *_of_mail(settings, facts), *_of_reading(settings, facts)]
    yield from sorted(found, key=lambda one: not one.grave)


def _of_place(settings: Settings, facts: Facts) -> Iterator[Caution]:
    parts = urlsplit(settings.public_url)
    if not settings.public_url:
        yield Caution("no_public_url", False, ("public_url",))
    elif parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        yield Caution("plain_http", True, ("public_url",))
    if any(ip_network(one.strip(), strict=False).prefixlen == 0 for one in _listed(settings.trusted_proxies)):
        yield Caution("any_proxy", True, ("trusted_proxies",))
    if any(net.prefixlen == 0 for net in settings.allow_nets):
        yield Caution("any_net", True, ("allow_nets",))
    if facts.admins < 2 and not facts.demo:
        yield Caution("one_admin", False, (), "/people")


def _of_mail(settings: Settings, facts: Facts) -> Iterator[Caution]:
    if facts.mail_channels and not settings.smtp_host:
        yield Caution("no_smtp", True, ("smtp_host",), "/channels")
    if settings.smtp_host and settings.smtp_from == "watchfire@localhost":
        yield Caution("smtp_from", False, ("smtp_from",))
    if settings.smtp_host and settings.smtp_security == "none" and not is_loopback(settings.smtp_host):
        yield Caution("smtp_open", True, ("smtp_security",))
    if settings.imap_host and settings.imap_security == "none" and not is_loopback(settings.imap_host):
        yield Caution("imap_open", True, ("imap_security",))
    if settings.imap_host and settings.senders is not None and not settings.imap_trust:
        yield Caution("imap_trust", False, ("imap_trust",))


def _of_reading(settings: Settings, facts: Facts) -> Iterator[Caution]:
    if facts.keywords:
        yield Caution("keywords", False, ("model",), "/models")
    elif settings.model is not None:
        yield Caution("fixed_model", False, ("model",), "/models")
    if settings.report_form == "link":
        yield Caution("open_link" if facts.link else "no_link", False, ("report_form",), "/reports")
    endpoint = urlsplit(settings.translate_url)
    if endpoint.scheme == "http" and not is_loopback(endpoint.hostname or ""):
        yield Caution("translate_open", True, ("translate_url",))
    if settings.translate_url and settings.translate_budget == 0:
        yield Caution("no_budget", False, ("translate_budget",))


def _listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part.strip()]
