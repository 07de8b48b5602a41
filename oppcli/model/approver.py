"""Who approves: a role, a person, or somebody in the line above the submitter. Read once, and a text ever after."""

from functools import lru_cache
from typing import Self

ROLE, USER, LINE = "role", "user", "manager"
_LEVELS = tuple("123456789")


class Approver(str):
    """`role:NAME`, `user:LOGIN`, `manager` or `manager+N`: the text as it is written, and what it means.

    Refuses (`ValueError`) any other text."""

    __slots__ = ("above", "kind", "name")

    kind: str
    """role, user, manager."""
    name: str
    """Of the role, or the login; empty for a line."""
    above: int
    """Levels above the direct manager; 0 for roles and people."""

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        kind, colon, name = text.partition(":")
        if colon:
            if kind not in (ROLE, USER) or not name.strip() or "\n" in name:
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


def role_in(text: str) -> str | None:
    """The role that a text names; None for everything else, be it no approver at all."""
    return text[len(ROLE) + 1 :] if text.startswith(f"{ROLE}:") else None
