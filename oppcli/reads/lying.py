"""Live deals that nobody moves: which of them rot, are over the target of their stage, lie unattended, or have no next
step. One rule for lists, cards and reports."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.model.deals import LIVE_KINDS
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads.where import Where
from oppcli.rules import clock, idling
from oppcli.rules.dues import stored
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import ATTENDED, ENTERED, ENTERED_BY_HAND, last_touch
from oppcli.store.mapping import NEXT_STEP
from oppcli.store.patterns import literals, quoted
from oppcli.tuples import NamedTuple

OVER_TARGET, ROTTING, UNATTENDED, NOSTEP = SIGNALS = ("over_target", "rotting", "unattended", "nostep")
DAYS = 7
"""Without a touch by owner or team, so long it is attended."""
_DEALS = f"""
SELECT d.id, d.title, c.name, d.owner, s.name, d.amount, d.currency, d.created_at, {ENTERED}, {ENTERED_BY_HAND},
       {{touched}}, s.target_ms, s.rotting_ms, n.id, n.due_on, n.due_at, {{attended}}
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
{NEXT_STEP}
"""


class Idle(NamedTuple):
    """What is known of a live deal that may lie."""

    id: int
    title: str
    customer: str | None
    owner: str | None
    stage: str
    amount: int | None
    currency: str
    created: int | None
    entered: int | None
    by_hand: int | None
    touched: int | None
    target_ms: int | None
    rotting_ms: int | None
    step: int | None
    step_on: str | None
    step_at: int | None
    attended: int
    """Whether owner or team touched it lately."""

    @property
    def since(self) -> int | None:
        """Since when nobody had to do with it."""
        return idling.idle_since(self.touched, self.by_hand, self.created)


def found(door: ReadDoor, policy: Policy, where: Where, now: int, days: int = DAYS) -> list[Idle]:
    """The live deals that pass the filters, by id, with what is known of them."""
    kinds = idling.touching(policy)
    live = where.copy()
    live.clauses.append(f"s.kind IN ({quoted(LIVE_KINDS)})")
    sql = _DEALS.format(touched=last_touch(kinds), attended=ATTENDED.format(kinds=literals(kinds)))
    rows = door.rows(f"{sql} {live.sql} ORDER BY d.id", attended=now - days * DAY_MS, **live.params)
    return [Idle._make(row) for row in rows]


class Lying:
    """What is to be said of deals that lie."""

    def __init__(self, policy: Policy, now: int, days: int = DAYS) -> None:
        self._now, self._attended = now, now - days * DAY_MS
        self._calendar = policy.hours()
        self._worked = clock.clock(self._calendar).worked
        self._gaps = {stage.name: stage.max_gap for stage in policy.stages}

    def signals(self, deal: Idle) -> Iterator[str]:
        """In the order of `SIGNALS`."""
        if idling.over_target(deal.target_ms, deal.entered, self._now, self._calendar):
            yield OVER_TARGET
        if idling.rotting(deal.rotting_ms, deal.since, self._now, self._calendar):
            yield ROTTING
        if not deal.attended and (deal.created is None or deal.created < self._attended):
            yield UNATTENDED
        step = None if deal.step is None else stored(deal.step_on, deal.step_at)
        last = deal.touched if deal.touched is not None else deal.since
        if idling.without_step(step, last, self._gaps.get(deal.stage), self._calendar):
            yield NOSTEP

    def idle_hours(self, deal: Idle) -> float | None:
        """Business hours since anybody had to do with it; None where nobody knows."""
        return None if deal.since is None else self._since(deal.since) / HOUR_MS

    def over_hours(self, deal: Idle) -> float | None:
        """Business hours beyond the target of its stage; None where it is within."""
        if not idling.over_target(deal.target_ms, deal.entered, self._now, self._calendar):
            return None
        return (self._since(deal.entered) - (deal.target_ms or 0)) / HOUR_MS

    def days_in_stage(self, deal: Idle) -> float | None:
        return None if deal.entered is None else (self._now - deal.entered) / DAY_MS

    def _since(self, at: int | None) -> int:
        return self._worked(self._now) - self._worked(at or 0)


def chosen(door: ReadDoor, policy: Policy, where: Where, now: int, args: Mapping[str, Any]) -> dict[str, float | None]:
    """Reference of each deal that lies in all the ways asked for (`rotting`, `over_target`, `nostep`) → its idle
    hours."""
    wanted = {name for name in (ROTTING, OVER_TARGET, NOSTEP) if args.get(name)}
    lying = Lying(policy, now)
    deals = found(door, policy, where, now)
    return {ref("deal", deal.id): lying.idle_hours(deal) for deal in deals if wanted <= set(lying.signals(deal))}
