"""A letter as a mail: plain text in UTF-8, with a Message-ID that stays the same when it goes out again."""

from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from oppcli.errors import Undelivered
from oppcli.model.deliveries import Letter
from oppcli.model.said import say
from oppcli.words.emails import mailbox

LONGEST_LINE = 900
"""A mail server may cut lines of more than 998 octets (RFC 5321, 4.5.3.1.6)."""


def message(letter: Letter, sender: str) -> EmailMessage:
    """The mail. `sender` is as it was configured: `opp <opp@example.com>`."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = _named(sender)
    mail["To"] = _named(letter.email or "", letter.name)
    mail["Subject"] = _flat(letter.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(letter.at / 1000, UTC))
    mail["Message-ID"] = f"<opp.{letter.key}@{_domain(sender)}>"
    # So that nobody's "out of office" answers a program.
    mail["Auto-Submitted"] = "auto-generated"
    text = f"{letter.text}\n"
    short = max(map(len, text.splitlines())) <= LONGEST_LINE
    mail.set_content(text, cte="7bit" if text.isascii() and short else "base64")
    if letter.html:
        # Base64: no line of a page is too long for a server.
        mail.add_alternative(letter.html, subtype="html", cte="base64")
    return mail


def envelope(letter: Letter, sender: str) -> tuple[str, str]:
    """(from, to) as bare addresses. Raises `Undelivered` for who has no address."""
    to = mailbox(letter.email)
    if not to:
        raise Undelivered(say("{login} has no usable mail address", login=letter.login))
    return mailbox(sender) or "", to


def _named(text: str, name: str = "") -> Address:
    bare = mailbox(text) or ""
    local, _, domain = bare.rpartition("@")
    return Address(display_name=_flat(name or parseaddr(text)[0]), username=local, domain=domain)


def _domain(sender: str) -> str:
    """Of the sender's address, in ASCII: a Message-ID may hold nothing else."""
    domain = (mailbox(sender) or "@localhost").rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"


def _flat(text: str) -> str:
    """On one line: a header ends where a line ends."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
