"""Mails as they lie in files: of an `.eml` or an mbox who wrote whom, when, what. Nothing in them is executed or
opened: attachments are only named, and of HTML the text is read."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from io import BytesIO

from oppcli.errors import UsageError
from oppcli.files import encodings
from oppcli.model.digest import sha256
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words.emails import is_email

LONGEST = 4000
"""Characters of a text that are kept; the rest is for the mailbox."""
LONGEST_SUBJECT = 200
_MORE = " …"
_MBOX = re.compile(rb"^From .*\r?\n", re.MULTILINE)
_BEFORE = (b"", b"\n\n", b"\r\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
ANSWERED = re.compile(
    r"^\s*(?:-{2,} *(?:Original Message|Forwarded message|原始邮件|原始郵件|转发邮件信息|回复的原邮件) *-{2,}"
    r"|_{20,}|On .{5,200} wrote:|.{5,200}(?:写道|寫道)[：:]"
    r"|(?:From|发件人|寄件者) ?[：:].{1,200}\n"
    r"\s*(?:Sent|Date|To|发送时间|时间|日期|收件人|寄件日期|收件者) ?[：:].{1,200})\s*$",
    re.MULTILINE | re.IGNORECASE,
)
"""Where what is answered begins."""
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
"""What a mail says it is in, and what mails that say so are in."""
MACHINES = re.compile("bulk|list|junk|auto_reply", re.IGNORECASE)


class Person(NamedTuple):
    """Who wrote or was written to."""

    name: str
    """Empty where only the address stands there."""
    address: str


class Mail(NamedTuple):
    """One mail."""

    message_id: str
    """Its Message-ID without brackets; where it has none, what it says, hashed."""
    sender: Person
    receivers: tuple[Person, ...] = ()
    """To and Cc."""
    subject: str = ""
    text: str = ""
    """What was written, without what it answers."""
    at: int | None = None
    """When it was written, as it says itself."""
    attached: tuple[str, ...] = ()
    """Names of files."""
    automatic: bool = False
    """An answering machine or a mailing list wrote it."""


def several(raw: bytes) -> list[bytes]:
    """The mails of an mbox; of anything else the one that it is."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.startswith(b"From "):
        return [raw]
    starts = [found for found in _MBOX.finditer(raw) if raw[: found.start()].replace(b"\r", b"")[-2:] in _BEFORE]
    ends = [found.start() for found in starts[1:]] + [len(raw)]
    return [_QUOTED.sub(rb"\1", raw[found.end() : end]) for found, end in zip(starts, ends, strict=True)]


def read(raw: bytes) -> Mail:
    """The mail of these bytes. Refused (2) for what has no sender: it is none; and for parts within parts
    without end."""
    message = parsed(raw)
    senders = people(message, "From") or people(message, "Sender")
    if not senders:
        raise UsageError(say("no mail: nobody sent it"), hint=say("a mail begins with lines as From: li@example.com"))
    subject = " ".join(header(message, "Subject").split())[:LONGEST_SUBJECT]
    text, attached = _content(message)
    given = re.sub(r"[<>\s]", "", header(message, "Message-ID"))
    return Mail(
        message_id=given or f"sha256:{sha256(raw)}",
        sender=senders[0],
        receivers=tuple(dict.fromkeys((*people(message, "To"), *people(message, "Cc")))),
        subject=subject,
        text=_cut(text),
        at=_date(header(message, "Date")),
        attached=attached,
        automatic=_is_automatic(message),
    )


def parsed(raw: bytes) -> Message:
    """The message of these bytes, whatever it is. Refused (2) for parts within parts without end."""
    try:
        return BytesParser().parse(BytesIO(raw.lstrip(b"\r\n")))
    except RecursionError:
        raise UsageError(say("no mail that can be read: it has parts within parts without end")) from None


def header(message: Message, name: str) -> str:
    """A header as it is read: encoded words and bytes of any encoding told."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return _told(str(value))


def _told(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    plain = value if value.isascii() else _decoded(raw, "")
    try:
        parts = decode_header(plain)
    except HeaderParseError:
        return _clean(plain)
    return _clean("".join(part if isinstance(part, str) else _decoded(part, coding or "") for part, coding in parts))


def people(message: Message, name: str) -> list[Person]:
    """Who stands in the headers of this name; addresses are parted before names are decoded, which may hold commas."""
    values = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    plain = [value if value.isascii() else _decoded(value.encode("utf-8", "surrogateescape"), "") for value in values]
    found = [Person(_told(name).strip(" \"'"), _clean(address).strip()) for name, address in getaddresses(plain)]
    return [person for person in found if is_email(person.address)]


def _date(text: str) -> int | None:
    try:
        found = parsedate_to_datetime(text)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None


def _is_automatic(message: Message) -> bool:
    replied = header(message, "Auto-Submitted").lower().startswith("auto-replied")
    listed = MACHINES.search(header(message, "Precedence")) is not None
    return replied or listed or message.get("X-Autoreply") is not None or message.get("List-Unsubscribe") is not None


def _content(message: Message) -> tuple[str, tuple[str, ...]]:
    """(the first plain text, else the first HTML's; names of what is attached)."""
    plain, html, attached = list[str](), list[str](), list[str]()
    for part in parts(message):
        kind, name = part.get_content_type(), _told(_param(part.get_filename)).strip()
        if name or part.get_content_disposition() == "attachment" or kind.partition("/")[0] != "text":
            attached.append(name or _clean(kind).strip())
        elif kind == "text/html":
            html.append(body(part))
        else:
            plain.append(body(part))
    text = next((text for text in plain if text.strip()), "")
    if not text and html:
        from oppcli.files.html import text_of

        text = text_of(html[0])
    return _unanswered(text), tuple(attached)


def parts(message: Message) -> Iterator[Message]:
    """The leaves; a mail within the mail is one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload() if part.is_multipart() else None  # of a leaf it would decode by what the mail says
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting += (each for each in reversed(inner) if isinstance(each, Message))
        else:
            yield part


def _param(told: Callable[[], str | None]) -> str:
    """What a header says beside its value; nothing where that is broken."""
    try:
        return told() or ""
    except (LookupError, ValueError):
        return ""


def body(part: Message) -> str:
    """The text of a leaf."""
    payload = part.get_payload(decode=True)
    return _clean(_decoded(payload, _param(part.get_content_charset))) if isinstance(payload, bytes) else ""


def _decoded(raw: bytes, coding: str) -> str:
    """The text of bytes that are said to be of an encoding; of another one where they cannot be."""
    try:
        if coding and coding not in ("unknown-8bit", "us-ascii"):
            return raw.decode(_ENCODINGS.get(coding.lower(), coding))
    except (LookupError, ValueError):  # an encoding there is not, or that it is not in
        pass
    try:
        return raw.decode(encodings.detect(BytesIO(raw)))
    except (encodings.Unknown, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Without what no text holds: control characters, signs of no width, halves of characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in line) for line in lines)


def _unanswered(text: str) -> str:
    """Without what it answers: the words in there are somebody else's."""
    found = ANSWERED.search(text)
    own = text[: found.start()] if found and text[: found.start()].strip() else text
    kept = [line.rstrip() for line in own.split("\n") if not line.startswith(">")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_MORE)] + _MORE
