"""`[kpi]` and `[win]` of the policy: how people and teams are weighed together, what probabilities are learnt from."""

from oppcli.tuples import NamedTuple


class Kpi(NamedTuple):
    """How much what a person reached weighs, and how much what the team did."""

    own: int = 70
    team: int = 30


class Win(NamedTuple):
    """From which fields of deals it is learnt how likely they are won."""

    fields: tuple[str, ...] = ("source", "product", "region", "tier")


NO_KPI, NO_WIN = Kpi(0, 0), Win(())
"""For a policy that says nothing of it."""
ORDINARY = Win()
HINDSIGHT = ("close_reason", "close_detail", "competitor", "expected_close", "closed_at", "probability", "stage")
"""Fields that tell how a deal ended, or what somebody thought of it: nothing is learnt from them."""
