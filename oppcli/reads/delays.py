"""What the delay of each wait for approval costs: the amount and the probability of its deal as they stood when it
began, as the journal tells.
"""

from collections import defaultdict
from collections.abc import Iterable

from oppcli.rules.waiting import Held, delay_cost
from oppcli.store.doors import ReadDoor
from oppcli.store.olds import Olds

_VISITS = """
SELECT v.deal_id, v.entered_at, s.probability FROM visit v JOIN stage s ON s.id = v.stage_id
WHERE v.entered_at IS NOT NULL ORDER BY v.deal_id, v.number
"""
_NOW = "SELECT d.id, d.amount, d.probability FROM deal d WHERE d.id IN (SELECT r.deal_id FROM request r)"
_FIELDS = ("amount", "probability")


class Delays:
    """What was known of deals at any time; looked up once, where a policy says what delay costs."""

    def __init__(self, door: ReadDoor, rate: int) -> None:
        self._rate = rate
        self._now = {deal: dict(zip(_FIELDS, known, strict=True)) for deal, *known in door.rows(_NOW)}
        self._then = Olds(door, "deal", _FIELDS)
        self._stages: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for deal, entered, probability in door.stream(_VISITS):
            self._stages[deal].append((entered, probability))

    def cost(self, deal: int, each: Held) -> int | None:
        """Minor units of the deal's currency; None where it had no amount, or nobody knows how probable it was."""
        began, now = each.wait.span.start, self._now.get(deal, {})
        amount, own = (self._then.at(deal, field, began, now.get(field)) for field in _FIELDS)
        probability = own if own is not None else self._of_stage(deal, began)
        if amount is None or probability is None:
            return None
        return delay_cost(int(amount), int(probability), each.elapsed, self._rate)

    def _of_stage(self, deal: int, at: int) -> int | None:
        entered = [probability for since, probability in self._stages.get(deal, ()) if since <= at]
        return entered[-1] if entered else None


def summed(found: Iterable[int | None]) -> int | None:
    """What costs come to; None where none of them is known."""
    known = [each for each in found if each is not None]
    return sum(known) if known else None
