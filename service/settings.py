"""Settings: environment variables that begin with WATCHFIRE_, read once at the root and handed in."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.errors import SetupError


class Settings(BaseSettings):
    """Everything an operator can set; each field is the variable WATCHFIRE_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="WATCHFIRE_", env_file=None, env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="Folder of the database and other state.")
    database_url: str = Field("", description="sqlite:///FILE or postgresql://…; empty: SQLite in the data folder.")
    allow_nets: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Networks (CIDR, comma-separated) that the address guard lets through besides public ones."
    )
    guideline: Path | None = Field(None, description="Guideline file; empty: the shipped one.")
    owners: Path | None = Field(None, description="Owners file; empty: the shipped one.")
    model: Path | None = Field(None, description="Model file; empty: the shipped one.")
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

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        cls._networks(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("it is no address such as https://watchfire.example.org")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database, with the driver that this house uses."""
        url = self.database_url or f"sqlite:///{self.data / 'watchfire.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url


def load(**overrides: Any) -> Settings:
    """Settings from the environment; SetupError names the variable that is wrong and why."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "WATCHFIRE_" + str(first["loc"][0] if first["loc"] else "").upper()
        why = first["msg"].removeprefix("Value error, ")
        raise SetupError(f"{name} cannot be used: {why}.", "Correct it and start again.") from error
