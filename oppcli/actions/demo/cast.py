"""Who plays in the demo and what they say, read from the file of the language."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oppcli.tuples import NamedTuple


class Person(NamedTuple):
    """Somebody of the made-up team."""

    login: str
    name: str
    roles: tuple[str, ...]
    manager: str | None = None
    hours: float = 6
    """Business hours they usually let a decision wait."""


class Cast(NamedTuple):
    """The team, managers before those who report to them, and its vocabulary."""

    people: tuple[Person, ...]
    amounts: Sequence[int]
    """Usual amounts, in units of the currency."""
    words: Mapping[str, Any]
    """Customers, projects, reasons …: lists to choose from."""
    values: Mapping[str, Sequence[str]]
    """Field → what sellers type into it."""

    customers: Mapping[str, Any]
    """What is said to and by customers, and who they are."""

    @property
    def sellers(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if "sales" in person.roles)

    @property
    def managers(self) -> tuple[Person, ...]:
        """Those sellers report to."""
        return tuple(person for person in self.people if person.roles == ("manager",))

    @property
    def admin(self) -> Person:
        return next(person for person in self.people if "admin" in person.roles)


def cast(lang: str) -> Cast:
    """The cast that speaks `lang` (en or zh)."""
    found = tomllib.loads((Path(__file__).parent / f"{lang}.toml").read_text(encoding="utf-8"))
    people = tuple(Person(**person | {"roles": tuple(person["roles"])}) for person in found["person"])
    return Cast(people, found["sizes"]["amount"], found["words"], found["values"], found["customers"])
