"""All that a policy names of a deal besides its fields and its quote, with its risk as it is now."""

from collections.abc import Mapping
from typing import Any

from oppcli.actions import facts
from oppcli.actions.act import Look
from oppcli.actions.dotted import dotted
from oppcli.model.deals import Deal
from oppcli.model.policy import Policy
from oppcli.model.said import label, listed, say
from oppcli.model.spaces import FLAGS, RISK, named
from oppcli.rules import risk
from oppcli.rules.computed import read_by
from oppcli.rules.scoring import Scored


def beside(look: Look, deal: Deal, policy: Policy) -> Mapping[str, Any]:
    """By name; None of what is missing."""
    names = named(policy)
    found: dict[str, Any] = dotted(look).of(deal, policy, names - {RISK, FLAGS})
    if names & {RISK, FLAGS}:
        found |= risk.told(scored(look, deal, policy))
    return found


def unknown(look: Look, deal: Deal) -> str:
    """The facts that nobody knows and that decide its risk, in a sentence."""
    parts = scored(look, deal, look.policy).parts
    names = dict.fromkeys(name for part in parts if part.true is None for name in part.empty)
    return say("nobody knows {facts}", facts=listed(map(label, names))) if names else ""


def scored(look: Look, deal: Deal, policy: Policy) -> Scored:
    """The score that is called risk, as it is now."""
    return risk.scored(policy, facts.of_deals(look, [deal], read_by(policy))[deal.id])
