"""Types of request: what they need, which facts are material, how long they are valid."""

from oppcli.model.said import say
from oppcli.policy import notation
from oppcli.policy.notation import many
from oppcli.policy.review import FILE, Review, Table
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.toml.lines import Path

MANY_STEPS = 6


def check(review: Review) -> None:
    for name, table in review.doc["type"].items():
        _type(review, name, table)


def _type(review: Review, name: str, table: Table) -> None:
    path = ("type", name)
    if not name or any(character.isspace() or character in ",:" for character in name):
        said = say("'{name}' cannot be the name of a type: one word; its title may be longer", name=name)
        review.add("P037", path, said)
    steps = table.get("step", [])
    if not steps:
        review.add("P012", path, say("the type has no steps"))
    if len(steps) > MANY_STEPS:
        review.add("P111", path, say("{steps} steps; in practice 4 to 6 are enough", steps=len(steps)))
    _tolerance(review, path, table)
    for place, step in enumerate(steps) if many(table.get("away", [])) else ():
        if any(str(word).startswith(FILE) for word in many(step.get("approve_needs", []))):
            said = say("{step}: a file cannot be sent in with an answer", step=step.get("name", ""))
            review.add("P123", (*path, "step", place, "approve_needs"), said)


def _tolerance(review: Review, path: Path, table: Table) -> None:
    material = many(table.get("material", []))
    for field, value in table.get("tolerance", {}).items():
        at = (*path, "tolerance", field)
        if field not in material:
            review.add("P013", at, say("tolerance: {field} is not material, so any change of it is free", field=field))
        elif field.startswith(FILE) or review.kinds.get(field, "money") not in NUMERIC_KINDS:
            review.add("P037", at, say("tolerance: {field} is not a number", field=field))
        review.read(at, notation.tolerance, value)
