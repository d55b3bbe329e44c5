"""Judging answers: what an HTTP status means for a notice, and how a body with an error code of its own is read."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from service.notify.channel import Answer, ChannelInfo, Result, Unusable, Verdict
from service.notify.text import SHORTENED, clean, safe_link, shorten

PASSING = frozenset({408, 421, 423, 425, 429})
LONGEST_WAIT = timedelta(hours=24)
CROWDED = timedelta(seconds=60)  # the chat services count by the minute and name no time
_CROWDED_WORDS = re.compile(r"frequen|too fast|too many|rate.?limit|限流|太快|频率|频繁", re.IGNORECASE)
_PASSING_WORDS = re.compile(r"system (busy|error)|internal|timed? ?out|try again|系统繁忙|稍后|超时", re.IGNORECASE)
_PLAIN_PARTS = frozenset({"access_token", "cgi-bin", "open-apis", "services", "webhook", "webhooks"})
_ADVICE = {
    401: "it does not accept our proof, so check the secret and the clock",
    403: "it does not let us in, so check the address, its secret and its list of allowed senders",
    404: "nothing is there, so check the address of the channel",
    410: "the receiver has closed this address, so give the channel a new one",
    413: "the message is too large for it",
}


def judge_http(answer: Answer) -> Result:
    """By the status alone: 2xx arrived; 408, 425, 429 and 5xx are worth another try; everything else is final."""
    status = answer.status
    if 200 <= status < 300:
        return Result(Verdict.OK, "Delivered.", status)
    named = f"{status} {_phrase(status)}".strip()
    if status in PASSING or status >= 500:
        wait = retry_after(answer)
        return Result(Verdict.RETRY, f"The receiver answers {named}; it is tried again later.", status, wait)
    if 300 <= status < 400:
        detail = f"The receiver answers {named}; redirects are not followed, so give the channel its final address."
        return Result(Verdict.DEAD, detail, status)
    advice = _ADVICE.get(status, "check the address of the channel")
    return Result(Verdict.DEAD, f"The receiver answers {named}; {advice}.", status)


def judge_code(
    answer: Answer,
    who: str,
    code_keys: tuple[str, ...],
    text_key: str,
    advice: Mapping[int, str],
    again: frozenset[int],
) -> Result:
    """For services that answer 200 with an error code in the body: 0 is success, an unknown code is final.

    Final, because an unknown refusal is seen at once as a dead letter, and would be hidden for a day by retrying.
    `advice` names what to do for known codes; `again` are the codes worth another try, besides those whose text says
    so (the services have changed the codes of rate limits more than once).
    """
    values = _object(answer.body)
    code = next((values[key] for key in code_keys if type(values.get(key)) is int), None)
    if code is None:
        if 200 <= answer.status < 300:
            detail = f"What answered is not {who}; check the address of the channel."
            return Result(Verdict.DEAD, detail, answer.status)
        return judge_http(answer)
    if code == 0 and 200 <= answer.status < 300:
        return Result(Verdict.OK, "Delivered.", answer.status)
    said = shorten(clean(str(values.get(text_key, ""))), 120)
    told = f"{who} answers {code}: {said}" if said else f"{who} answers {code}"
    if code in again or _CROWDED_WORDS.search(said) or answer.status == 429:
        wait = retry_after(answer) or CROWDED
        return Result(Verdict.RETRY, f"{told}; it is tried again later.", answer.status, wait)
    if code == -1 or _PASSING_WORDS.search(said) or answer.status >= 500:
        return Result(Verdict.RETRY, f"{told}; it is tried again later.", answer.status, retry_after(answer))
    what = advice.get(code, "check the channel's settings and try again")
    return Result(Verdict.DEAD, f"{told}; {what}.", answer.status)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def retry_after(answer: Answer) -> timedelta | None:
    """What Retry-After asks for, in seconds or as a date; None when it says nothing sensible. At most a day."""
    value = next((text for name, text in answer.headers.items() if name.lower() == "retry-after"), "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        return min(timedelta(seconds=float(value)), LONGEST_WAIT)
    if not value or answer.at is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(timedelta(0), min(moment - answer.at, LONGEST_WAIT))
    except (ValueError, OverflowError):
        return None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def check_address(info: ChannelInfo) -> None:
    """Raise Unusable unless the address is one of the web."""
    if safe_link(info.address) is None:
        raise Unusable(
            "The channel's address cannot be used; give one that begins with https:// and has no user name in it."
        )


def scrubbed(text: str, info: ChannelInfo) -> str:
    """Text that may be logged and shown: whatever secret and address consist of is blacked out, but for the host.

    A receiver's error text may repeat what it was sent, and the tokens of chat tools stand in path or query.
    """
    secrets = [info.secret or ""]
    if info.kind != "mail":
        secrets += [info.address, *re.split(r"[/?&=#:@]+", info.address)]
    plain = {*_PLAIN_PARTS, _host(info)}
    for secret in sorted({part for part in secrets if len(part) >= 6 and part not in plain}, key=len, reverse=True):
        text = text.replace(secret, SHORTENED)
    return text


def _host(info: ChannelInfo) -> str:
    found = re.match(r"https?://([^/?#:@]+)", info.address)
    return found[1] if found else ""
