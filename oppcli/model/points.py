"""Points that people were given for what they did: a ledger, in which nothing is changed."""

from oppcli.model.noun import noun


@noun
class Point:
    """So many points for somebody, and why. What was wrong is put right by another entry."""

    id: int = 0
    login: str
    """Who has them."""
    points: int
    """Below 0 what is taken back."""
    kind: str
    """For what they are, in the team's own words."""
    reason: str
    given_at: int = 0
    given_by: str = ""
    version: int = 1
