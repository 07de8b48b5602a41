"""What quotes and contracts have in common: a deal has one of each, in versions that go by their number."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from oppcli.errors import NotFound
from oppcli.model.nouns import BY_CLASS
from oppcli.model.refs import number, ref
from oppcli.model.said import listed, say


class Numbered(Protocol):
    """A version, of which its paper has one of each number."""

    @property
    def number(self) -> int: ...


Version = TypeVar("Version", bound=Numbered, covariant=True)


class Paper(Protocol[Version]):
    """A quote or contract."""

    @property
    def id(self) -> int: ...
    @property
    def versions(self) -> Sequence[Version]: ...


def named(paper: Paper[Numbered]) -> str:
    """`Q-142`, `K-142`."""
    return ref(_word(paper), paper.id)


def called(paper: Paper[Numbered], version: Numbered) -> str:
    """`Q-142.1`, `K-142.1`."""
    return f"{named(paper)}.{version.number}"


def version_named(paper: Paper[Version], text: str) -> Version:
    """A version by its number, or as it is called: `2`, `Q-142.2`. Refused (3) with those there are, also for the
    version of another quote or contract."""
    thing, dot, digits = text.strip().rpartition(".")
    ours = not dot or number(_word(paper), thing) == paper.id
    found = next((each for each in paper.versions if ours and str(each.number) == digits), None)
    if found is None:
        there = listed(called(paper, each) for each in paper.versions)
        raise NotFound(
            say("{paper} has no version {text}", paper=named(paper), text=text),
            hint=say("its versions are {known}", known=there),
        )
    return found


def _word(paper: Paper[Numbered]) -> str:
    return BY_CLASS[type(paper).__name__].word
