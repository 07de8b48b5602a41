"""The rows of the bridge from what was open to what is, and what is counted in it (`rules.bridge`)."""

from oppcli.model.deals import LOST, WON

AMOUNT, WEIGHTED, COUNT = MEASURES = ("amount", "weighted", "count")
OPENING, CLOSING = "opening", "closing"
NEW, THROUGH, REOPENED, WITHDRAWN, RESTORED = "new", "through", "reopened", "withdrawn", "restored"
IN, OUT, AMOUNT_UP, AMOUNT_DOWN = "in", "out", "amount_up", "amount_down"
PROB_UP, PROB_DOWN, RULES, RATE, OTHER = "prob_up", "prob_down", "rules", "rate", "other"
FORWARD, BACK, PUSHED, PULLED = MOVES = ("forward", "back", "pushed", "pulled")
_REASONS = (NEW, THROUGH, WON, LOST, REOPENED, WITHDRAWN, RESTORED, IN, OUT, AMOUNT_UP, AMOUNT_DOWN)
_WEIGHTS = (PROB_UP, PROB_DOWN, RULES)


def reasons(measure: str) -> tuple[str, ...]:
    """The rows between opening and closing, in the order in which they apply."""
    return (*_REASONS, *(_WEIGHTS if measure == WEIGHTED else ()), RATE, OTHER)
