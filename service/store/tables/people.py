"""Organisations, people and their keys."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class Organisation(SQLModel, table=True):
    """`home` runs the desk and owns the alerts; others subscribe. `clearance` is the strictest mark it may see."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=60)
    name: str = Field(sa_type=CleanText)
    home: bool = False
    clearance: str = Field(default="TLP:GREEN", max_length=20)
    created_at: datetime = Field(sa_type=Instant)


class Person(SQLModel, table=True):
    """Somebody who signs in by `name`."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str = Field(unique=True, max_length=120)
    password_hash: str = Field(sa_type=CleanText)
    role: str = Field(max_length=20)
    owner: str | None = Field(default=None, max_length=120)
    locale: str | None = Field(default=None, max_length=5)
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    zone: str | None = Field(default=None, max_length=60)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)


class SignIn(SQLModel, table=True):
    """A session in a browser; only the hash of its token is kept."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)


class ApiKey(SQLModel, table=True):
    """A machine's key; only its hash is kept, `hint` lets a person tell keys apart."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str = Field(sa_type=CleanText)
    role: str = Field(max_length=20)
    key_hash: str = Field(unique=True, max_length=64)
    hint: str = Field(max_length=12)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    made_by: str | None = Field(default=None, sa_type=CleanText)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class Invitation(SQLModel, table=True):
    """A one-time link to make an account; the first one makes the first admin. `note` says for whom it was made."""

    __tablename__ = "invitation"

    token_hash: str = Field(primary_key=True, max_length=64)
    organisation_id: int = Field(foreign_key="organisation.id")
    role: str = Field(max_length=20)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    made_by: str | None = Field(default=None, sa_type=CleanText)
    note: str | None = Field(default=None, sa_type=CleanText)
