"""Which guideline holds now: what was adopted here last, else the operator's file, else the shipped one."""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlmodel import Session

from rules.guideline import Guideline, GuidelineError, default_guideline, default_text, parse_guideline
from service.desk.owners import read_file
from service.errors import SetupError
from service.log import logger
from service.settings import Settings
from service.store.engine import open_store
from service.store.guidelines import number_in_force, version_text
from service.store.migrate import current, head
from service.store.people import home_organisation

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """The guideline in force with its text. `origin` is adopted, file or shipped; `number` that of an adopted one.

    `problem` says why the operator's file is not what holds, though it has changed; `advice` what to do about it.
    """

    guideline: Guideline
    text: str
    origin: str
    number: int | None = None
    problem: str = ""
    advice: str = ""


class CurrentGuideline:
    """Gives the guideline in force, looked up at every batch: a change is taken up without a restart.

    SetupError when the first one cannot be read. A later one with a fault is told in the log, and the old one stays.
    """

    def __init__(self, settings: Settings, organisation_id: int) -> None:
        self._path, self._organisation = settings.guideline, organisation_id
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._base = self._read_base()
        self._held: InForce = self._base
        self._tried: int | None = None

    def __call__(self, session: Session, now: datetime) -> Guideline:
        """The guideline that holds now."""
        return self.held(session, now).guideline

    def held(self, session: Session, now: datetime) -> InForce:
        """The same with its text and origin."""
        number = number_in_force(session, self._organisation, now)
        with self._lock:
            if number is None:
                self._look_again()
                self._held, self._tried = self._base, None
            elif number != self._tried:
                self._tried = number
                self._take(number, version_text(session, number))
            return self._held

    def _take(self, number: int, text: str) -> None:
        try:
            guideline = parse_guideline(text, f"guideline {number}")
        except GuidelineError as error:  # a newer program may ask more of a text than the one that let it in
            log.error(
                "guideline %d cannot be used: %s. %s stays in force.", number, error, self._held.guideline.version
            )
        else:
            self._held = InForce(guideline, text, "adopted", number)
            log.info("the guideline in force is %s now", guideline.version)

    def _read_base(self) -> InForce:
        if self._path is None:
            return InForce(default_guideline(), default_text(), "shipped")
        self._stamp = _stamp(self._path)
        text = read_file(self._path, "WATCHFIRE_GUIDELINE")
        try:
            return InForce(parse_guideline(text, self._path.name), text, "file")
        except GuidelineError as error:
            raise SetupError(f"The guideline cannot be used: {error}") from error

    def _look_again(self) -> None:
        """Take the operator's file up anew when it has changed and has no fault."""
        if self._path is None or _stamp(self._path) == self._stamp:
            return
        before = self._base
        try:
            self._base = self._read_base()
            log.info("the guideline in force is %s now, read anew", self._base.guideline.version)
        except SetupError as error:
            self._stamp = _stamp(self._path)
            self._base = replace(before, problem=error.what, advice=error.advice)
            log.error("%s %s stays in force.", error, before.guideline.version)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def adopted_text(settings: Settings) -> str | None:
    """The text of the version that was adopted in the database of the settings; None without one, or without tables."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    store = open_store(settings.database)
    try:
        if current(store) != head():
            return None
        with store.read() as session:
            number = number_in_force(session, home_organisation(session).id or 0, datetime.now(UTC))
            return version_text(session, number) if number is not None else None
    finally:
        store.dispose()
