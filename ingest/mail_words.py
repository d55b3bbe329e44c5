"""Words of a mail: headers in any encoding, the body's own words without quoted history and signature. Pure."""

import binascii
import re
from email.errors import HeaderParseError
from email.header import decode_header

from ingest.encoding import decode
from ingest.text import BLOCK, READ_LENGTH, UNWANTED, fold, plain

LINE = "\ue000"  # stands for the end of a line while markup is taken away: white space would be folded
HEADER = 2_000  # characters of one header that are read
LONGEST = 100_000
MOST_LINES = 2_000  # in which the beginning of an earlier mail is looked for
SIGNATURE = re.compile(r"^(?:-- ?|_{5,}|—{2,})$")
SENT_FROM = re.compile(
    r"^(?:sent from my .{1,40}|get outlook for .{1,30}|envoyé de mon .{1,40}|enviado desde mi .{1,40}"
    r"|发自我的.{1,20}|从.{0,10}iPhone.{0,5}发送|发送自.{1,30})$",
    re.IGNORECASE,
)
# "On …, somebody wrote:" in the languages of our senders; the line may be folded in two.
WROTE = re.compile(
    r"^(?:on\b.{5,150}\bwrote|le\b.{5,150}\ba écrit|el\b.{5,150}\bescribió|am\b.{5,150}\bschrieb"
    r"|em\b.{5,150}\bescreveu|.{5,80}\bпишет|在?.{4,80}(?:写道|寫道))\s*[:：]$",
    re.IGNORECASE,
)
ORIGINAL = re.compile(
    r"^[-_ ]{2,}\s*(?:original message|original appointment|message d'origine|mensaje original|原始邮件|原邮件"
    r"|回复的原邮件|исходное сообщение)\s*[-_ ]{2,}$",
    re.IGNORECASE,
)
HEAD_LINE = re.compile(r"^\*?(?:from|de|von|发件人|寄件者|от)\*?\s*[:：]\s*\S", re.IGNORECASE)
HEAD_MORE = re.compile(
    r"^\*?(?:sent|date|to|envoyé|enviado|gesendet|发送时间|日期|收件人|主题|отправлено|кому)\*?\s*[:：]", re.IGNORECASE
)
CITED = re.compile(
    r"<(?:blockquote\b[^>]{0,300}type\s*=\s*[\"']?cite|div\b[^>]{0,300}class\s*=\s*[\"']?(?:gmail_quote|moz-cite-prefix)"
    r"|div\b[^>]{0,300}id\s*=\s*[\"']?(?:appendonsend|divRplyFwdMsg|isReplyContent))",
    re.IGNORECASE,
)
LEAST = 2  # characters that must be left for anything to be taken away


def header_words(value: str, charset: str | None) -> str:
    """A header in words: encoded words decoded whatever they claim, stray bytes read, folded to one line."""
    value = value[:HEADER].replace("\r", "").replace("\n", "")
    try:
        raw = value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        raw = value.encode("utf-8", "surrogateescape")
    text = value if raw.isascii() else decode(raw, charset).text
    if "=?" in text:
        text = _unencoded(text)
    return fold(text, HEADER)


def _unencoded(text: str) -> str:
    try:
        parts = decode_header(text)
    except (HeaderParseError, binascii.Error, ValueError, LookupError):
        return text
    return "".join(part if isinstance(part, str) else decode(part, name).text for part, name in parts)


def body_text(plain_parts: list[str], html_parts: list[str], *, is_forward: bool) -> tuple[str, str]:
    """All words of a mail, and those of them that are its own. Whole when in doubt: what is sent on is the report."""
    whole = "\n".join(part for part in plain_parts if part.strip())[:LONGEST]
    if whole.strip():
        return whole, whole if is_forward else own_words(whole)
    markup = "\n".join(html_parts)[:READ_LENGTH]
    whole = html_lines(markup)
    if is_forward:
        return whole, whole
    cited = CITED.search(markup)
    own = html_lines(markup[: cited.start()]) if cited else whole
    return whole, own_words(own if _is_enough(own) else whole)


def html_lines(markup: str) -> str:
    """HTML to text that keeps its lines."""
    return "\n".join(line.strip() for line in plain(BLOCK.sub(f"{LINE}<", markup), LONGEST).split(LINE))


def own_words(text: str) -> str:
    """Text without the history that it quotes and the signature at its end; whole when nothing would be left."""
    lines = UNWANTED.sub("", text.replace("\r\n", "\n")).splitlines()
    end = next((number for number in range(min(len(lines), MOST_LINES)) if _begins_history(lines, number)), len(lines))
    kept = _without_signature(_without_cited_end(lines[:end]))
    own = "\n".join(kept).strip()
    return own if _is_enough(own) else text


def _is_enough(text: str) -> bool:
    return len(text.strip()) >= LEAST


def _begins_history(lines: list[str], number: int) -> bool:
    """Whether everything from here on is an earlier mail: never when somebody wrote between its quoted lines."""
    line = lines[number].strip()
    if ORIGINAL.match(line):
        return True
    if HEAD_LINE.match(line):
        return any(HEAD_MORE.match(more.strip()) for more in lines[number + 1 : number + 4])
    both = f"{line} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
    if not (WROTE.match(line) or WROTE.match(both)):
        return False
    after = [one.strip() for one in lines[number + 1 + (not WROTE.match(line)) :] if one.strip()]
    quoted = sum(one.startswith(">") for one in after)
    return quoted in (0, len(after))


def _without_cited_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return lines[:end]


def _without_signature(lines: list[str]) -> list[str]:
    """The usual separator near the end, and what phones add; a line of dashes in the middle stays."""
    for number in range(max(0, len(lines) - 12), len(lines)):
        if SIGNATURE.match(lines[number].rstrip("\r\n")) and number:
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or SENT_FROM.match(lines[-1].strip())):
        lines = lines[:-1]
    return lines
