"""Answers as they come: a mail, or a text in a file that came with a packet. Only its plain text is read."""

import re
from email.message import Message

from oppcli.files import mails
from oppcli.files.html import text_of
from oppcli.model.digest import sha256
from oppcli.rules import answers
from oppcli.rules.answers import Answer
from oppcli.tuples import NamedTuple

_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"dmarc(?:/\d+)?\s*=\s*(\w+)", re.IGNORECASE)
_SIGNED = re.compile("\n-- ?\n")
"""The line before a signature (RFC 3676, 4.3)."""
LONGEST = 10_000
"""Characters of an answer that are looked at."""


class Sent(NamedTuple):
    """An answer, and what came around it."""

    answer: Answer
    digest: str
    """SHA-256 of its bytes, in hexadecimal digits."""
    senders: tuple[str, ...] | None = None
    """The addresses in From; None of a file, which nobody sent."""
    machine: bool = False
    """A program sent it, or a list."""
    results: tuple[str, ...] = ()
    """What mail servers said of it (Authentication-Results), the topmost first."""
    formatted: bool = False
    """It has no plain text: what it says stands in HTML alone."""
    message_id: str = ""
    at: int | None = None
    """When it was written, as it says itself."""


def read(raw: bytes) -> Sent | None:
    """The answer in these bytes; None where nothing is decided in them. What nobody sent can be nothing else
    where it begins with a verb, be it without a code."""
    message = mails.parsed(raw)
    if not mails.people(message, "From"):
        text = raw.decode("utf-8-sig", "replace")[:LONGEST]
        found = answers.read(text)
        return Sent(found, sha256(raw)) if found.decides or found.verb else None
    plain, html = _texts(message)
    found = answers.read(_parted(plain if plain.strip() else text_of(html) if html else ""))
    if not found.decides:
        return None
    mail = mails.read(raw)
    return Sent(
        answer=found,
        digest=sha256(raw),
        senders=tuple(dict.fromkeys(person.address for person in mails.people(message, "From"))),
        machine=_is_machine(message),
        results=tuple(str(value) for key, value in message.raw_items() if key.lower() == "authentication-results"),
        formatted=not plain.strip(),
        message_id=mail.message_id,
        at=mail.at,
    )


def _texts(message: Message) -> tuple[str, str]:
    """(the first plain text, the first HTML), of what is not attached."""
    found: dict[str, str] = {}
    for part in mails.parts(message):
        if part.get_content_disposition() != "attachment" and not part.get_filename():
            found.setdefault(part.get_content_type(), mails.body(part))
    return found.get("text/plain", ""), found.get("text/html", "")


def _parted(text: str) -> str:
    """With an empty line before what is answered, and before a signature: mail programs put their own words there."""
    return mails.ANSWERED.sub(lambda found: f"\n\n{found[0]}", _SIGNED.sub("\n\n", text[:LONGEST]))


def _is_machine(message: Message) -> bool:
    """A program or a list sent it (RFC 3834): its answer would be nobody's."""
    given = mails.header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    path = message.get("Return-Path")
    return (
        given not in ("", "no")
        or mails.MACHINES.search(mails.header(message, "Precedence")) is not None
        or message.get("X-Autoreply") is not None
        or (path is not None and str(path).strip() in ("", "<>"))
    )


def is_vouched(results: tuple[str, ...], server: str) -> bool:
    """Whether the topmost word of this mail server says that the sender is who they say (`dmarc=pass`, RFC 8601); what
    stands in comments says nothing."""
    for result in results:
        text = _uncommented(result)
        names = text.partition(";")[0].split()
        if names and names[0].casefold() == server.casefold():
            said = [found[1].lower() for part in text.split(";")[1:] if (found := _DMARC.match(part.strip()))]
            return said == ["pass"]
    return False


def _uncommented(text: str) -> str:
    plain = " ".join(text.split())
    while (less := _COMMENT.sub(" ", plain)) != plain:
        plain = less
    return plain
