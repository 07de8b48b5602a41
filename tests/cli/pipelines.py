"""Policies that say nothing but a pipeline and business hours: what a test is about is added to one of them."""

from stages import IN_CHINESE, team_policy

SMALL = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
""",
)
CHINESE = team_policy(
    IN_CHINESE,
    """[lost]
reasons = ["价格"]
""",
    name="销售",
    hours='"09:00-17:00"',
)
