"""The mailbox for reports: looked into on time, each mail stored before it is marked, its health kept for people.

A crash between storing and marking costs nothing: the mail is found again, and known by its digest.
"""

import json
import logging
import ssl
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from ingest.guard import Guard
from ingest.mailbox import Account, Letter, Mailbox, MailboxError, Place, open_mailbox
from ingest.report import ReportError
from service.auth.access import mailbox_scope
from service.auth.premises import Premises
from service.desk.reports import Filed, file_mail, keep_unreadable
from service.errors import SetupError, WatchfireError
from service.log import logger
from service.settings import Settings
from service.store.log import get_meta, set_meta
from service.store.reports import lock_reports
from service.store.scope import Scope

META = "mailbox"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """How the mailbox does, and how far it has been read. Times are ISO 8601 in UTC, "" for never."""

    where: str = ""
    validity: int = 0
    uid: int = 0
    next_look: str = ""
    last_ok: str = ""
    since: str = ""
    error: str = ""
    failures: int = 0

    @property
    def ok_at(self) -> datetime | None:
        """When it was last read to the end."""
        return datetime.fromisoformat(self.last_ok) if self.last_ok else None

    @property
    def failing_since(self) -> datetime | None:
        """Since when it cannot be read; None when it can."""
        return datetime.fromisoformat(self.since) if self.since else None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought: new reports, of those how many unreadable, and mails that were known already."""

    new: int = 0
    unreadable: int = 0
    known: int = 0


def account_of(settings: Settings) -> Account | None:
    """The mailbox of the settings; None when there is none. SetupError when half of it is missing."""
    if not settings.imap_host:
        return None
    if not settings.imap_user:
        raise SetupError("WATCHFIRE_IMAP_HOST is set, but no account.", "Set WATCHFIRE_IMAP_USER and _PASSWORD.")
    return Account(
        host=settings.imap_host,
        port=settings.imap_port,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        folder=settings.imap_folder,
        security=settings.imap_security,
        done=settings.imap_done,
    )


def mailbox_health(premises: Premises, session: Session) -> Health | None:
    """How the mailbox of the settings does; None when there is none."""
    settings = premises.settings
    return _kept(session, _where(settings)) if settings.imap_host else None


def _where(settings: Settings) -> str:
    return f"{settings.imap_user}@{settings.imap_host}/{settings.imap_folder}"


def _kept(session: Session, where: str) -> Health:
    """What is remembered of this mailbox; of another one nothing."""
    text = get_meta(session, META)
    kept = Health(**json.loads(text)) if text else Health()
    return kept if kept.where == where else Health(where=where)


def look(premises: Premises, *, always: bool = False, tls: ssl.SSLContext | None = None) -> Looked | None:
    """Look into the mailbox if it is time, or `always`; None when it is not, or there is none.

    MailboxError (told in the health as well) when it cannot be read; what was stored before stays stored.
    """
    account = account_of(premises.settings)
    if account is None or not _is_my_turn(premises, always):
        return None
    try:
        looked = _read(premises, account, tls)
    except (MailboxError, WatchfireError) as error:
        _remember_failure(premises, str(error))
        raise
    _change(premises, last_ok=premises.clock().isoformat(), since="", error="", failures=0)
    if looked.new:
        log.info("mailbox: %d new reports, %d of them unreadable", looked.new, looked.unreadable)
    return looked


def look_quietly(premises: Premises) -> Looked | None:
    """The same for a tick: a failure is logged at first and then ever more rarely, and the next tick tries again."""
    try:
        return look(premises)
    except MailboxError as error:
        with premises.store.read() as session:
            times = _kept(session, _where(premises.settings)).failures
        log.log(logging.WARNING if times & (times - 1) == 0 else logging.DEBUG, "mailbox: %s", error)
        return None


def _is_my_turn(premises: Premises, always: bool) -> bool:
    """Take the look that is due, so that of several workers one goes. Two at once would only do the work twice."""
    now, settings = premises.clock(), premises.settings
    with premises.store.write() as session:
        lock_reports(session)
        kept = _kept(session, _where(settings))
        if not always and kept.next_look and datetime.fromisoformat(kept.next_look) > now:
            return False
        wait = timedelta(seconds=settings.imap_interval)
        set_meta(session, META, json.dumps(asdict(replace(kept, next_look=(now + wait).isoformat()))))
    return True


def _change(premises: Premises, **values: str | int) -> None:
    with premises.store.write() as session:
        lock_reports(session)
        kept = _kept(session, _where(premises.settings))
        set_meta(session, META, json.dumps(asdict(replace(kept, **values))))  # type: ignore[arg-type]


def _remember_failure(premises: Premises, error: str) -> None:
    with premises.store.read() as session:
        kept = _kept(session, _where(premises.settings))
    since = kept.since or premises.clock().isoformat()
    _change(premises, error=error[:500], since=since, failures=kept.failures + 1)


def _read(premises: Premises, account: Account, tls: ssl.SSLContext | None) -> Looked:
    with premises.store.read() as session:
        kept, scope = _kept(session, _where(premises.settings)), mailbox_scope(session)
    total = Looked()
    with open_mailbox(account, Guard(premises.settings.allow_nets), tls=tls) as box:
        uids = box.new(Place(kept.validity, kept.uid))
        if kept.validity != box.validity:
            _change(premises, validity=box.validity, uid=box.last_uid())
        for uid in uids:
            total = _take(premises, scope, box, uid, total)
    return total


def _take(premises: Premises, scope: Scope, box: Mailbox, uid: int, total: Looked) -> Looked:
    """Store one mail, then say how far we are, then mark it: in this order none is lost, and none told twice."""
    letter = box.fetch(uid)
    if letter is None:
        return total
    filed = _stored(premises, scope, letter)
    with premises.store.read() as session:
        kept = _kept(session, _where(premises.settings))
    if uid > kept.uid:
        _change(premises, uid=uid)
    box.done(uid)
    return Looked(
        total.new + filed.is_new,
        total.unreadable + (filed.is_new and filed.row.state == "unreadable"),
        total.known + (not filed.is_new),
    )


def _stored(premises: Premises, scope: Scope, letter: Letter) -> Filed:
    cut = 0 if letter.is_whole else letter.size
    try:
        return file_mail(premises, scope, letter.raw, cut=cut)
    except WatchfireError:
        raise
    except Exception as error:  # a fault of ours: the mails behind this one must be read all the same
        log.exception("mail %d of the mailbox cannot be handled", letter.uid)
        why = ReportError(f"The program failed on this mail ({type(error).__name__}); its log says where.")
        return keep_unreadable(premises, scope, letter.raw, why, "mail")
