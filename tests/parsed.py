"""A condition as the rules of a policy have it, checked first."""

from collections.abc import Mapping

from oppcli.errors import PolicyError, Reason
from oppcli.model.policy import Condition
from oppcli.rules.conditions import unchecked
from oppcli.rules.faults import faults
from oppcli.rules.syntax import syntax


def parse(
    text: str,
    kinds: Mapping[str, str],
    choices: Mapping[str, tuple[str, ...]] | None = None,
    *,
    currency: str = "CNY",
) -> Condition:
    """The condition, read. Raises `PolicyError` with every fault."""
    found = faults(text, kinds, choices, currency=currency)
    if found:
        reasons = tuple(Reason(f"{fault.code} column {fault.column}", fault.message) for fault in found)
        raise PolicyError(f"the condition {text!r} cannot be used", reasons=reasons)
    return unchecked(text) if text.strip() == "always" else Condition(text, syntax(text))
