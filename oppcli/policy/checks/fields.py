"""The team's own fields, and its limits on the built-in ones."""

import re
import unicodedata
from datetime import date
from typing import Any

from oppcli.model.command import command
from oppcli.model.fields import BUILT_IN
from oppcli.model.said import say
from oppcli.policy import notation
from oppcli.policy.keys import FIELD
from oppcli.policy.notation import many
from oppcli.policy.review import RESERVED, Review, Table
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.toml.shape import quoted
from oppcli.words.patterns import hazard


def check(review: Review) -> None:
    for name, table in review.doc["fields"].items():
        _name(review, name)
        _type(review, name, table)
        kind = review.kinds.get(name, "text")
        _values(review, name, table, kind)
        _limits(review, name, table, kind)
        if "pattern" in table:
            _pattern(review, name, table["pattern"], kind)
        if "required_when" in table:
            review.condition(("fields", name, "required_when"), table["required_when"])
        if table.get("personal") and name in BUILT_IN:
            said = say(
                "personal: {name} is built in; {fields} says which of those are",
                name=name,
                fields=command("fields", "deal", "-c", "+personal"),
            )
            review.add("P037", ("fields", name, "personal"), said)


def _name(review: Review, name: str) -> None:
    """A name must be one word that a condition can hold."""
    word = name.isidentifier() and unicodedata.normalize("NFKC", name) == name
    if not word or name.lower() in RESERVED:
        said = say("'{name}' cannot be the name of a field: one word, such as people_days", name=name)
        review.add("P037", ("fields", name), said)


def _type(review: Review, name: str, table: Table) -> None:
    kind = table.get("type")
    if name in BUILT_IN and kind in FIELD.keys["type"].among and kind != BUILT_IN[name].kind:
        said = say("type '{kind}': {name} is built in and holds {own}", kind=kind, name=name, own=BUILT_IN[name].kind)
        review.add("P037", ("fields", name, "type"), said)


def _values(review: Review, name: str, table: Table, kind: str) -> None:
    if "values" not in table:
        return
    path, values = ("fields", name, "values"), many(table["values"])
    if kind != "text":
        said = say("values: {name} holds {kind}, only text has a list of values", name=name, kind=kind)
        review.add("P037", path, said)
    for value in {value for value in values if values.count(value) > 1}:
        review.add("P037", path, say("values: '{value}' is listed twice", value=value), near=value)


def _limits(review: Review, name: str, table: Table, kind: str) -> None:
    found = {key: _limit(review, name, key, table[key], kind) for key in ("min", "max") if key in table}
    low, high = found.get("min"), found.get("max")
    if low is not None and high is not None and type(low) is type(high) and low > high:
        said = say("min {low} is above max {high}", low=table["min"], high=table["max"])
        review.add("P037", ("fields", name, "min"), said)


def _pattern(review: Review, name: str, pattern: str, kind: str) -> None:
    """A pattern is tried on every value, and must be done in no time whatever that is."""
    path = ("fields", name, "pattern")
    if kind != "text":
        review.add("P037", path, say("pattern: {name} holds {kind}, only text has a form", name=name, kind=kind))
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        review.add("P037", path, say("pattern: {wrong}", wrong=wrong))
        return
    if (why := hazard(pattern)) is not None:
        review.add("P203", path, say("pattern: trying it could take for ever: {why}", why=why))


def _limit(review: Review, name: str, key: str, value: Any, kind: str) -> Any:
    """The limit when the field can have it."""
    try:
        found = notation.limit(value)
    except ValueError:
        found = None
    fits = isinstance(found, date) if kind == "date" else kind in NUMERIC_KINDS and not isinstance(found, date)
    if found is None or not fits:
        said = say("{key} = {value}: not a limit of a field that holds {kind}", key=key, value=quoted(value), kind=kind)
        review.add("P037", ("fields", name, key), said)
        return None
    return found
