"""Conditions where what is empty decides nothing: `tier != 'A'` reads as if it held of a deal without a tier, and does
not."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import EMPTINESS, Comparison, Node, comparisons
from oppcli.model.fields import TEXTS
from oppcli.model.said import say
from oppcli.policy.review import Review, Subject
from oppcli.rules.syntax import syntax
from oppcli.toml.lines import Path

OPPOSITE = {"==": "!=", "in": "not in"}
FILLED = frozenset(("title", "name", "customer", "currency", "stage", "kind"))
"""What every deal, customer or contact has."""
KINDS = (*TEXTS, "bool")


def condition(review: Review, path: Path, text: str, about: Subject | None) -> bool:
    """Whether a condition can be used (`Review.condition`) where a comparison with an empty field is not true. Each
    that reads as if it were is a problem, but of a field whose emptiness the condition asks for."""
    if not review.condition(path, text, about):
        return False
    if text.strip() == "always":
        return True
    node = syntax(text)
    asked = {each.field for each in comparisons(node) if each.op in EMPTINESS}
    required = {name for name, field in review.fields.items() if field.required and about in (None, review.deals)}
    kinds = review.kinds if about is None else about[0]
    for field, compared in dict.fromkeys(passing_over(node, kinds, asked | FILLED | required)):
        said = say(
            "{key}: `{compared}` is not true where {field} is empty: write `({compared} or {field} is empty)` to count "
            "those, else `({compared} and {field} is not empty)`",
            key=path[-1],
            compared=compared,
            field=field,
        )
        review.add("P122", path, said, near=text)
    return True


def passing_over(
    node: Node, kinds: dict[str, str], filled: Collection[str], *, denied: bool = False
) -> Iterator[tuple[str, str]]:
    """(field, comparison) of all that say what a field is not, where it may have no value at all."""
    if not isinstance(node, Comparison):
        for part in node.parts:
            yield from passing_over(part, kinds, filled, denied=denied != (node.op == "not"))
        return
    negative = node.op in (OPPOSITE if denied else OPPOSITE.values())
    if negative and node.field not in filled and kinds.get(node.field) in KINDS:
        yield node.field, f"{node.field} {OPPOSITE.get(node.op, node.op)} {_written(node.value)}"


def _written(value: Any) -> str:
    """A value as a condition has it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f'"{value}"' if "'" in value else f"'{value}'"
