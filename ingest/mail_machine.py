"""Mails that no person wrote: answers of machines, and mails that came back. They are kept, and are no entry. Pure."""

import re
from collections.abc import Mapping, Sequence

from ingest.report import Machine

DAEMON = re.compile(r"(?:^|[<\s])(?:mailer-daemon|postmaster|mail-daemon|double-bounce)@", re.IGNORECASE)
AWAY = re.compile(
    r"^\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|réponse automatique|respuesta automática"
    r"|automatische antwort|自动回复|自動回覆|自动答复|外出自动回复)\s*(?:[:：]|$)",
    re.IGNORECASE,
)
RETURNED = re.compile(
    r"^\s*(?:undeliver(?:ed|able)|delivery status notification|mail delivery (?:failed|failure)"
    r"|returned mail|退信|系统退信)",
    re.IGNORECASE,
)


def machine_of(heads: Mapping[str, Sequence[str]], kind: str, report_type: str) -> Machine | None:
    """What kind of machine wrote a mail with these headers (by lower-case name); None for a person's.

    A mailing list's mark alone is no sign: people's reports come through lists as well.
    """
    first = {name: values[0].strip().lower() for name, values in heads.items() if values}
    is_notice = kind == "multipart/report" and report_type in ("delivery-status", "disposition-notification")
    from_daemon = DAEMON.search(first.get("from", "")) is not None
    if is_notice or from_daemon or (first.get("return-path") == "<>" and RETURNED.match(first.get("subject", ""))):
        return Machine.BOUNCE
    submitted = first.get("auto-submitted", "no").split(";")[0].strip()
    is_answer = submitted not in ("no", "") or "x-autoreply" in first or "x-autorespond" in first
    is_away = AWAY.match(first.get("subject", "")) is not None or first.get("precedence") == "auto_reply"
    return Machine.AUTO_REPLY if is_answer or is_away else None
