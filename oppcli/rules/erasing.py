"""What is left of a record when all that may tell of a person was erased from it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from oppcli.model.deals import NEXT, Contact, Customer, Deal
from oppcli.model.fields import PERSONAL, PERSONAL_PARTS, Field
from oppcli.model.follow import OPEN, STALE, Proposal
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_CLASS
from oppcli.model.records import ERASED
from oppcli.model.requests import Request, Revision

Noun = TypeVar("Noun")
Own = Mapping[str, Field]
"""The team's own fields that are personal, by name."""

NOTHING: tuple[Any, ...] = (None, (), {})
"""What holds nothing that could be erased."""


def own_fields(fields: Iterable[Field]) -> Own:
    """Those of a team's fields that are its own and personal."""
    return {field.name: field for field in fields if field.own and field.personal}


def erased(noun: Noun, own: Own) -> Noun:
    """The record with `(erased)` in every personal field that holds something, an empty text too, which the journal
    seals as any other. Of the team's own fields, those that
    could not hold that text are empty."""
    thing: Any = noun
    word = BY_CLASS[type(noun).__name__].word
    values = _blank(thing, PERSONAL.get(word, frozenset()).difference(NEXT))
    if word in PERSONAL_PARTS:
        parts, names = PERSONAL_PARTS[word]
        values[parts] = tuple(replace(part, **_blank(part, names)) for part in getattr(thing, parts))
    if isinstance(noun, Proposal) and noun.state == OPEN:
        values["state"] = STALE  # what it would do is not known any more
    if isinstance(noun, Customer):
        values["key"] = f"{ERASED} c-{noun.id}"  # no two customers have the same
    if isinstance(noun, Deal | Customer | Contact):
        values["extra"] = _facts(noun.extra, own, {})
    if isinstance(noun, Request):
        values["revisions"] = tuple(_shown(revision, own) for revision in noun.revisions)
    made: Noun = replace(thing, **values)
    return made


def _blank(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """What is left of the fields of these names that hold something."""
    held = {name: value for name in names if (value := getattr(thing, name, None)) not in NOTHING}
    return {name: _nothing(value) for name, value in held.items()}


def _nothing(value: Any) -> Any:
    """What is left of a personal value, of a list or of values by name."""
    if isinstance(value, Mapping):
        return dict.fromkeys(value, ERASED)
    return (ERASED,) if isinstance(value, tuple) else ERASED


def _shown(revision: Revision, own: Own) -> Revision:
    built_in = {name: Field(name) for name in PERSONAL["deal"]}
    return replace(revision, snapshot=_facts(revision.snapshot, own, built_in, keep=True))


def _facts(facts: Mapping[str, Any], own: Own, more: Own, *, keep: bool = False) -> dict[str, Any]:
    """The facts without what is personal; `keep` leaves the names of those that are empty then."""
    personal = {**own, **more}
    left = {name: _left(personal[name], value) if name in personal else value for name, value in facts.items()}
    return left if keep else {name: value for name, value in left.items() if value is not None}


def _left(field: Field, value: Any) -> str | None:
    free = field.kind == "text" and not field.values and field.pattern is None
    return ERASED if value is not None and free else None
