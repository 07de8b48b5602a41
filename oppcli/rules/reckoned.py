"""What lists of deals reckon with, as it is kept beside the policy that says it: the weights of `[sheet.record]`, the
cost and the factors of `[priority]`."""

from collections.abc import Mapping
from decimal import Decimal

from oppcli.model.json_text import loads
from oppcli.model.policy import Policy
from oppcli.model.relations import OF_DEAL, Priority
from oppcli.rules import fields, filling
from oppcli.tuples import NamedTuple


class Reckoned(NamedTuple):
    """That, read back."""

    weights: Mapping[str, int]
    """Of fields; empty where no sheet asks for how much is filled."""
    priority: Priority | None
    kind: str
    """What the field of the effort holds."""
    currency: str
    """That the cost is in."""


def kept(policy: Policy) -> str:
    """As JSON; empty where the policy has neither table."""
    if not policy.sheets and policy.priority is None:
        return ""
    import json

    known = fields.fields(policy)
    weights = filling.weights(policy.sheets, known, OF_DEAL) if policy.sheets else {}
    by = policy.priority
    priority = None
    if by is not None:
        grade = {name: str(factor) for name, factor in by.grade.items()}
        priority = {"effort": by.effort, "cost": str(by.cost), "grade": grade}
    effort = by.effort if by is not None else None
    kind = known[effort].kind if effort in known else "number"
    told = {"weights": dict(weights), "priority": priority, "kind": kind, "currency": policy.currency}
    return json.dumps(told, ensure_ascii=False)


def read(text: str) -> Reckoned:
    """The way back of `kept`."""
    told = loads(text)
    by = told["priority"]
    priority = None
    if by is not None:
        grade = {name: Decimal(factor) for name, factor in by["grade"].items()}
        priority = Priority(by["effort"], Decimal(by["cost"]), grade)
    return Reckoned(told["weights"], priority, told["kind"], told["currency"])
