"""Who approves: a role, a person, somebody in the line above the submitter, who is chosen of a role, or who stands in a
field. Read once, and a text ever after."""

from functools import lru_cache
from typing import Self

ROLE, USER, LINE = "role", "user", "manager"
CHOSEN, FIELD = "chosen", "field"
_LEVELS = tuple("123456789")


class Approver(str):
    """`role:NAME`, `user:LOGIN`, `manager`, `manager+N`, `chosen:role:NAME` or `field:NAME`: the text as it is written,
    and what it means.

    Refuses (`ValueError`) any other text."""

    __slots__ = ("above", "kind", "name")

    kind: str
    """role, user, manager, chosen, field."""
    name: str
    """Of the role (also of whom somebody is chosen), the login, or the field; empty for a line."""
    above: int
    """Levels above the direct manager; 0 for roles and people."""

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        kind, colon, name = text.partition(":")
        if colon:
            of_role = kind == CHOSEN and name.startswith(f"{ROLE}:")
            if of_role:
                name = name[len(ROLE) + 1 :]
            if not (kind in (ROLE, USER, FIELD) or of_role) or not name.strip() or "\n" in name:
                raise ValueError(text)
            self.kind, self.name, self.above = kind, name, 0
            return self
        line, plus, above = text.partition("+")
        if line != LINE or (plus and above not in _LEVELS):
            raise ValueError(text)
        self.kind, self.name, self.above = LINE, "", int(above or 0)
        return self


approver = lru_cache(maxsize=512)(Approver)
"""The approver of a text, each text read once."""


def role(name: str) -> Approver:
    """Everybody of a role."""
    return approver(f"{ROLE}:{name}")


def user(login: str) -> Approver:
    """One person."""
    return approver(f"{USER}:{login}")


def user_in(text: str) -> str | None:
    """The login that a text names; None for everything else."""
    return text[len(USER) + 1 :] if text.startswith(f"{USER}:") else None


def role_in(text: str) -> str | None:
    """The role that a text names; None for everything else, be it no approver at all."""
    return text[len(ROLE) + 1 :] if text.startswith(f"{ROLE}:") else None
