"""Types of request: what they need, which facts are material, how long they are valid."""

from typing import Any

from oppcli.policy import notation
from oppcli.policy.lines import Path
from oppcli.policy.notation import many
from oppcli.policy.review import FILE, Review
from oppcli.policy.shape import Table
from oppcli.rules.faults import NUMERIC_KINDS

ON_REJECT = ("reject", "return")
MANY_STEPS = 6


def check(review: Review) -> None:
    for name, table in review.doc["type"].items():
        _type(review, name, table)


def _type(review: Review, name: str, table: Table) -> None:
    path = ("type", name)
    if not name or any(character.isspace() or character in ",:" for character in name):
        review.add("P037", path, f"'{name}' cannot be the name of a type: one word; its title may be longer")
    steps = table.get("step", [])
    if not steps:
        review.add("P012", path, "the type has no steps", fix=None)
    if len(steps) > MANY_STEPS:
        review.add("P111", path, f"{len(steps)} steps; in practice 4 to 6 are enough")
    for key in ("needs", "material"):
        for field in many(table.get(key, [])):
            review.field((*path, key), field)
    _tolerance(review, path, table)
    if table.get("valid_days", 1) < 1:
        review.add("P024", (*path, "valid_days"), f"valid_days {table['valid_days']}: at least 1")
    on_reject(review, path, table)
    review.approvers((*path, "cc"), table.get("cc", []))


def on_reject(review: Review, path: Path, table: dict[str, Any]) -> None:
    """What a rejection does: of the type or of a step."""
    word = table.get("on_reject", "reject")
    if word not in ON_REJECT:
        review.add("P037", (*path, "on_reject"), f"on_reject '{word}': use reject or return")


def _tolerance(review: Review, path: Path, table: Table) -> None:
    material = many(table.get("material", []))
    for field, value in table.get("tolerance", {}).items():
        at = (*path, "tolerance", field)
        if field not in material:
            review.add("P013", at, f"tolerance: {field} is not material, so any change of it is free")
        elif field.startswith(FILE) or review.kinds.get(field, "money") not in NUMERIC_KINDS:
            review.add("P037", at, f"tolerance: {field} is not a number")
        review.read(at, notation.tolerance, value)
