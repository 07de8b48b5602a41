"""Submissions of the forecast: what somebody said of a month, and each deal as it was when they said it. Frozen."""

from oppcli.model.noun import noun


@noun
class ForecastLine:
    """A deal of the month as it was when the forecast was submitted, whatever becomes of it."""

    deal_id: int
    category: str
    """pipeline, best, commit, omitted; closed of one that was won in the month by then."""
    amount: int | None = None
    """Minor units of its own currency."""
    currency: str
    probability: int
    """Its own, else that of its stage, in per cent."""
    expected_close: str | None = None
    rate: str | None = None
    """What one of its currency was worth in that of the submission: a decimal of 28 digits at most. None: no rate was
    known."""


@noun
class Forecast:
    """What a team, or everybody, is expected to bring in a month. None is ever changed: who thinks otherwise submits
    another."""

    id: int = 0
    month: str
    """As it is called: 2026-11."""
    team: str | None = None
    """The person at the head: of them and all below. None: everybody."""
    currency: str
    """The policy's, in which the figures of people are."""
    committed: int | None = None
    """What they commit to, where they said it; else it is what the deals of the category sum to. Minor units."""
    best: int | None = None
    """What they hope for at best, likewise."""
    submitted_at: int = 0
    submitted_by: str = ""
    lines: tuple[ForecastLine, ...] = ()
    version: int = 1
