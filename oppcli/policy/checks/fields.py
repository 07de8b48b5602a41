"""The team's own fields, and its limits on the built-in ones."""

import re
import unicodedata
from datetime import date
from typing import Any

from oppcli.model.command import command
from oppcli.model.fields import TYPED, Field
from oppcli.model.said import say
from oppcli.policy import notation
from oppcli.policy.checks import emptiness
from oppcli.policy.keys import FIELD
from oppcli.policy.notation import many
from oppcli.policy.review import RESERVED, Review, Subject, Table
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.toml.shape import quoted
from oppcli.tuples import NamedTuple
from oppcli.words import amounts, numbers, percents
from oppcli.words.invalid import Invalid
from oppcli.words.patterns import hazard


class Place(NamedTuple):
    """A table about a field: where it stands, and of what noun."""

    path: tuple[str, ...]
    noun: str

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def built_in(self) -> Field | None:
        """The field that every team has by this name."""
        return TYPED[self.noun].get(self.name)


def check(review: Review) -> None:
    for name, table in review.doc["fields"].items():
        _check(review, Place(("fields", name), "deal"), table, review.kinds.get(name, "text"), None)
    about = {"customer": review.customers, "contact": review.contacts}
    for noun, named in review.fields_of.items():
        for name, table in named.items():
            kind = about[noun][0].get(name, "text")
            _check(review, Place(("fields", noun, name), noun), table, kind, about[noun])


def _check(review: Review, at: Place, table: Table, kind: str, about: Subject | None) -> None:
    _name(review, at)
    _type(review, at, table)
    _values(review, at, table, kind)
    _limits(review, at, table, kind)
    if "pattern" in table:
        _pattern(review, at, table["pattern"], kind)
    if "required_when" in table:
        emptiness.condition(review, (*at.path, "required_when"), table["required_when"], about)
    if table.get("personal") and at.built_in is not None:
        said = say(
            "personal: {name} is built in; {fields} says which of those are",
            name=at.name,
            fields=command("fields", at.noun, "-c", "+personal"),
        )
        review.add("P037", (*at.path, "personal"), said)


def _name(review: Review, at: Place) -> None:
    """A name must be one word that a condition can hold."""
    name = at.name
    word = name.isidentifier() and unicodedata.normalize("NFKC", name) == name
    if not word or name.lower() in RESERVED:
        said = say("'{name}' cannot be the name of a field: one word, such as people_days", name=name)
        review.add("P037", at.path, said)


def _type(review: Review, at: Place, table: Table) -> None:
    kind, known = table.get("type"), at.built_in
    if known is not None and kind in FIELD.keys["type"].among and kind != known.kind:
        said = say("type '{kind}': {name} is built in and holds {own}", kind=kind, name=at.name, own=known.kind)
        review.add("P037", (*at.path, "type"), said)


def _values(review: Review, at: Place, table: Table, kind: str) -> None:
    if "values" not in table:
        return
    path, values = (*at.path, "values"), many(table["values"])
    if kind != "text":
        said = say("values: {name} holds {kind}, only text has a list of values", name=at.name, kind=kind)
        review.add("P037", path, said)
    for value in {value for value in values if values.count(value) > 1}:
        review.add("P037", path, say("values: '{value}' is listed twice", value=value), near=value)


def _limits(review: Review, at: Place, table: Table, kind: str) -> None:
    found = {key: _limit(review, at, key, table[key], kind) for key in ("min", "max") if key in table}
    low, high = found.get("min"), found.get("max")
    if low is not None and high is not None and type(low) is type(high) and low > high:
        said = say("min {low} is above max {high}", low=table["min"], high=table["max"])
        review.add("P037", (*at.path, "min"), said)


def _pattern(review: Review, at: Place, pattern: str, kind: str) -> None:
    """A pattern is tried on every value, and must be done in no time whatever that is."""
    path = (*at.path, "pattern")
    if kind != "text":
        review.add("P037", path, say("pattern: {name} holds {kind}, only text has a form", name=at.name, kind=kind))
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        review.add("P037", path, say("pattern: {wrong}", wrong=wrong))
        return
    if (why := hazard(pattern)) is not None:
        review.add("P203", path, say("pattern: trying it could take for ever: {why}", why=why))


def _limit(review: Review, at: Place, key: str, value: Any, kind: str) -> Any:
    """The limit when the field can have it."""
    found, said = None, None
    try:
        found = notation.limit(value)
        if isinstance(value, str) and kind in NUMERIC_KINDS and not isinstance(found, date):
            _read(value, kind, review.doc["policy"].get("currency", "CNY"))
    except ValueError as wrong:
        found = None
        if isinstance(wrong, Invalid) and kind in NUMERIC_KINDS:
            said = say("{key}: {said}", key=key, said=wrong.message)
    fits = isinstance(found, date) if kind == "date" else kind in NUMERIC_KINDS and not isinstance(found, date)
    if found is None or not fits:
        known = {"key": key, "value": quoted(value), "kind": kind}
        none = say("{key} = {value}: not a limit of a field that holds {kind}", **known)
        review.add("P037", (*at.path, key), said or none)
        return None
    return found


def _read(text: str, kind: str, currency: str) -> None:
    """Read the number as it is typed for a field of this kind. Raises `Invalid`."""
    if kind == "money":
        amounts.in_currency(text, currency)
    else:
        numbers.parse(percents.number(text) if kind == "percent" else text)
