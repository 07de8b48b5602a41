"""E-mail addresses: whether a text is one, whether letters can go there, and the name that stands before it."""

import re

_NAMED = re.compile(r"(?P<name>.+?)\s*[(<（＜]\s*(?P<address>[^\s()<>（）＜＞]+@[^\s()<>（）＜＞]+)\s*[)>）＞]")


def is_email(text: str) -> bool:
    """Whether it can be nothing else: one @ with something around it, and no blank."""
    before, at, behind = text.partition("@")
    return bool(before and at and behind) and "@" not in behind and not any(letter.isspace() for letter in text)


def parted(text: str) -> tuple[str, str | None]:
    """(Name, address) of `Pat Doe (pat@example.com)` or `Pat Doe <pat@example.com>`; of an address alone it is both; of
    any other text the address is None."""
    found = _NAMED.fullmatch(text.strip())
    if found is not None and is_email(found["address"]):
        return found["name"].strip(" \"'"), found["address"]
    return text.strip(), text.strip() if is_email(text.strip()) else None


def mailbox(text: str | None) -> str | None:
    """The bare address (`wang@example.com`) when the text is one and no more, with a name or without; else None."""
    from email.utils import getaddresses

    if not text or not text.isprintable():
        return None
    found = getaddresses([text])
    if len(found) != 1:
        return None
    bare = found[0][1]
    local, _, domain = bare.rpartition("@")
    # An address that begins like a flag would be one to sendmail.
    if not local or not domain or bare.startswith("-") or any(char in ' <>,;:\\"()[]' for char in bare):
        return None
    return bare
