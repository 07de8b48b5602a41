"""The score that is called risk: asked anew wherever it is read, and told by its flags."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.policy import Policy
from oppcli.model.spaces import FLAGS, RISK
from oppcli.rules import scoring
from oppcli.rules.scoring import Scored


def scored(policy: Policy, facts: Mapping[str, Any]) -> Scored:
    """What it comes to by these facts; other scores that it reads are reckoned with it."""
    return scoring.scores(policy.scores, facts)[RISK]


def told(found: Scored) -> dict[str, Any]:
    """`risk` and `risk.flags`, `overdue, first order`: both missing where what nobody knows decides one."""
    points = None if found.points is None else Decimal(found.points)
    return {RISK: points, FLAGS: None if points is None else ", ".join(scoring.flags(found))}
