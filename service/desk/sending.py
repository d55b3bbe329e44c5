"""What carries messages out, made from the settings."""

from ingest.http import Client, make_client
from service.desk.owners import owner_names
from service.locale.catalogue import Catalogue
from service.notify.deliver import Sender
from service.notify.mail import MailSettings
from service.settings import Settings


def make_sender(settings: Settings, catalogue: Catalogue, client: Client | None = None) -> Sender:
    """A sender; the client, its own or the given one, is the caller's to close."""
    return Sender(
        client=client or make_client(settings.allow_nets),
        mail=mail_settings(settings),
        catalogue=catalogue,
        owners=owner_names(settings),
    )


def mail_settings(settings: Settings) -> MailSettings | None:
    """How mail is sent; None when no server is set."""
    if not settings.smtp_host:
        return None
    return MailSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.smtp_from,
        security=settings.smtp_security,
    )
