"""Settings: environment variables that begin with WATCHFIRE_, read once at the root and handed in."""

from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingest.entry import Sharing
from service.errors import SetupError

PREFIX = "WATCHFIRE_"
KEYWORDS = Path("keywords")
LIGHT = Path(__file__).parents[1] / "scoring" / "models" / "light.npz"
OF_THE_TESTS = ("TEST_", "BENCH")


class Settings(BaseSettings):
    """Everything an operator can set; each field is the variable WATCHFIRE_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=None, env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="Folder of the database and other state.")
    database_url: str = Field("", description="sqlite:///FILE or postgresql://…; empty: SQLite in the data folder.")
    allow_nets: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Networks (CIDR, comma-separated) that the address guard lets through besides public ones."
    )
    guideline: Path | None = Field(None, description="Guideline file; empty: the shipped one.")
    owners: Path | None = Field(None, description="Owners file; empty: the shipped one.")
    model: Path | None = Field(
        None,
        description="Model file; empty: the one put to use, else the shipped one; `light`: its first reader alone, "
        "faster; `keywords`: none.",
    )
    public_url: str = Field("", description="Address under which people reach the desk; used in links.")
    trusted_proxies: str = Field("", description="Addresses (comma-separated) whose X-Forwarded-* headers count.")
    fetch_concurrency: int = Field(16, ge=1, le=256, description="Feeds fetched at the same time.")
    fetch_per_host: int = Field(2, ge=1, le=64, description="Of these, at one host; hosts in allow_nets have no limit.")
    fetch_spacing: float = Field(
        1.0, ge=0, le=3600, description="Seconds between two requests to one host; hosts in allow_nets have none."
    )
    smtp_host: str = Field("", description="Mail server; empty: mail channels fail with a clear error.")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = Field("watchfire@localhost", description="Sender of mails.")
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    report_form: Literal["off", "people", "link"] = Field(
        "people", description="Who may use the report form: nobody, people who sign in, whoever has the link besides."
    )
    report_sharing: str = Field(
        "TLP:AMBER", description="Mark of reports whose sender sets none, and the least of all."
    )
    shapes: Path | None = Field(None, description="Shapes of the map (JSON); empty: those made at set-up.")
    plans: Path | None = Field(None, description="File or folder of response plans; empty: the shipped ones.")
    senders: Path | None = Field(None, description="File of known senders of reports; empty: none is known.")
    imap_host: str = Field("", description="Server of the mailbox for reports; empty: there is none.")
    imap_port: int = Field(993, ge=1, le=65535)
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = "INBOX"
    imap_done: str = Field("", description="Folder for stored mails; empty: they stay, marked as read.")
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_interval: int = Field(60, ge=5, le=86_400, description="Seconds between two looks.")
    imap_trust: str = Field("", description="Name by which your mail server signs Authentication-Results.")
    translate_url: str = Field("", description="OpenAI-compatible endpoint for translations; empty: there are none.")
    translate_key: SecretStr = SecretStr("")
    translate_model: str = Field("", max_length=120, description="Model that the endpoint is asked for.")
    translate_timeout: float = Field(20.0, ge=1, le=300, description="Seconds for one call as a whole.")
    translate_budget: int = Field(200, ge=0, le=1_000_000, description="Calls a day, counted in UTC.")
    demo_speed: float = Field(
        1.0, ge=0.1, le=60, description="How fast the demonstration tells its story; 2 is twice as fast."
    )
    log_format: Literal["text", "json"] = Field("text", description="text for people, json for collectors.")

    @field_validator("allow_nets", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
        return value

    @field_validator("model")
    @classmethod
    def _by_name(cls, value: Path | None) -> Path | None:
        return LIGHT if value == Path("light") else value

    @field_validator("report_sharing")
    @classmethod
    def _mark(cls, value: str) -> str:
        try:
            return Sharing("TLP:" + value.upper().removeprefix("TLP:")).value
        except ValueError:
            raise ValueError(f"it is none of {', '.join(mark.value for mark in Sharing)}") from None

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        cls._networks(value)
        return value

    @field_validator("public_url", "translate_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("it is no address such as https://watchfire.example.org")
        return value

    @property
    def closely(self) -> bool:
        """Whether joining has its closer look: a transformer, as the model's second reader is one."""
        return self.model not in (LIGHT, KEYWORDS)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database, with the driver that this house uses."""
        url = self.database_url or f"sqlite:///{self.data / 'watchfire.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url


def slips(environment: Mapping[str, str]) -> list[str]:
    """What is said of variables that look like settings and are none: a slip of the pen changes nothing, unseen."""
    fields = [field.upper() for field in Settings.model_fields]
    said = []
    for name in sorted(environment):
        rest = name.upper().removeprefix(PREFIX)
        if rest != name.upper() and rest not in fields and not rest.startswith(OF_THE_TESTS):
            near = get_close_matches(rest, fields, 1)
            said.append(
                f"{name} is no setting and changes nothing." + (f" Is {PREFIX}{near[0]} meant?" if near else "")
            )
    return said


def load(**overrides: Any) -> Settings:
    """Settings from the environment; SetupError names the variable that is wrong and why."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0] if first["loc"] else "").upper()
        why = first["msg"].removeprefix("Value error, ")
        raise SetupError(f"{name} cannot be used: {why}.", "Correct it and start again.") from error
