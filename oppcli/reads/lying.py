"""Live deals that do not move as they should, and by which signals one sees it; the rules are those of `rules.idling`,
for lists, cards and reports alike."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from oppcli.model.deals import (
    ATTENDED_DAYS,
    LIVE_KINDS,
    NEXT,
    NO_AMOUNT,
    NOSTEP,
    OPEN,
    OVER_TARGET,
    PAST_CLOSE,
    PUSHED,
    PUSHES,
    ROTTING,
    SIGNALS,
    SINGLE_THREAD,
    UNATTENDED,
)
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads.where import Where
from oppcli.rules import clock, idling
from oppcli.rules.dues import stored
from oppcli.rules.idling import Moved
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import ATTENDED, ENTERED, ENTERED_BY_HAND, last_touch
from oppcli.store.mapping import NEXT_STEP
from oppcli.store.patterns import literals, quoted
from oppcli.tuples import NamedTuple
from oppcli.words.zones import today

_DEALS = f"""
SELECT d.id, d.title, c.name, d.owner, s.name, d.amount, d.currency, d.created_at, {ENTERED}, {ENTERED_BY_HAND},
       {{touched}}, s.target_ms, s.rotting_ms, n.id, n.due_on, n.due_at, {{attended}}, d.expected_close, d.version,
       {{contacts}}
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
    close: str | None
    version: int
    contacts: int

    @property
    def since(self) -> int | None:
        """Since when nobody had to do with it."""
        return idling.idle_since(self.touched, self.by_hand, self.created)


_CONTACTS = "(SELECT count(*) FROM participant p WHERE p.deal_id = d.id)"
_MIDDLE = f"""
SELECT d.currency, d.amount FROM deal d
WHERE d.amount IS NOT NULL AND d.stage_id IN (SELECT id FROM stage WHERE kind = '{OPEN}')
"""
CLOSE = "expected_close"
NEEDS: Mapping[str, tuple[str, ...]] = {
    NOSTEP: NEXT,
    PAST_CLOSE: (CLOSE,),
    PUSHED: (CLOSE,),
    SINGLE_THREAD: ("amount",),
    NO_AMOUNT: ("amount",),
}
"""Signals → fields of deals that they are made of: who does not have these is not told."""


def found(door: ReadDoor, policy: Policy, where: Where, now: int, days: int = ATTENDED_DAYS) -> list[Idle]:
    """The live deals that pass the filters, by id, with what is known of them."""
    kinds = idling.touching(policy)
    live = where.copy()
    live.clauses.append(f"s.kind IN ({quoted(LIVE_KINDS)})")
    sql = _DEALS.format(touched=last_touch(kinds), attended=ATTENDED.format(kinds=literals(kinds)), contacts=_CONTACTS)
    rows = door.rows(f"{sql} {live.sql} ORDER BY d.id", attended=now - days * DAY_MS, **live.params)
    return [Idle._make(row) for row in rows]


class Beside(NamedTuple):
    """What is asked for beside the deals themselves."""

    pushes: Mapping[int, int]
    """Deal → how often its expected close was moved later."""
    middles: Mapping[str, float | None]
    """Currency → the median amount of open deals."""


NOTHING_BESIDE = Beside({}, {})


def beside(door: ReadDoor, deals: Collection[Idle], wanted: Collection[str] = SIGNALS) -> Beside:
    """The journal is read of deals alone that were changed often enough, the amounts of all open ones where some deal
    has a single contact."""
    often = [deal for deal in deals if deal.close is not None and deal.version > PUSHES] if PUSHED in wanted else []
    alone = SINGLE_THREAD in wanted and any(deal.contacts == 1 and deal.amount is not None for deal in deals)
    return Beside(_pushes(door, often) if often else {}, _middles(door) if alone else {})


def _pushes(door: ReadDoor, deals: Collection[Idle]) -> dict[int, int]:
    from oppcli.store.olds import changes  # nor for this

    moves: dict[int, list[Moved]] = defaultdict(list)
    for change in changes(door, ("deal",), (CLOSE,), keys=[deal.id for deal in deals]):
        old, new = change.pairs[CLOSE]
        moves[change.key].append(Moved(old, new, change.action == "undo"))
    return {deal: idling.pushes(each) for deal, each in moves.items()}


def _middles(door: ReadDoor) -> dict[str, float | None]:
    from oppcli.rules.statistics import Listed, median  # a card rarely asks for it

    amounts: dict[str, list[int]] = defaultdict(list)
    for currency, amount in door.stream(_MIDDLE):
        amounts[currency].append(amount)
    return {currency: median(Listed(each)) for currency, each in amounts.items()}


class Lying:
    """What is to be said of deals that lie."""

    def __init__(
        self,
        policy: Policy,
        now: int,
        tz: str,
        days: int = ATTENDED_DAYS,
        *,
        hidden: Collection[str] = (),
        known: Beside = NOTHING_BESIDE,
    ) -> None:
        self._now, self._today, self._attended = now, today(now, tz), now - days * DAY_MS
        self._calendar = policy.hours()
        self._worked = clock.clock(self._calendar).worked
        self._gaps = {stage.name: stage.max_gap for stage in policy.stages}
        self._known = known
        self._silent = {name for name, fields in NEEDS.items() if not set(fields).isdisjoint(hidden)}

    def signals(self, deal: Idle) -> list[str]:
        """In the order of `SIGNALS`; nothing that is made of hidden fields."""
        return [name for name in self._signals(deal) if name not in self._silent]

    def _signals(self, deal: Idle) -> Iterator[str]:
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
        if idling.past_close(deal.close, self._today):
            yield PAST_CLOSE
        if self.pushes(deal) >= PUSHES:
            yield PUSHED
        if idling.single_thread(deal.contacts, deal.amount, self._known.middles.get(deal.currency)):
            yield SINGLE_THREAD
        if deal.amount is None:
            yield NO_AMOUNT

    def pushes(self, deal: Idle) -> int:
        """How often its expected close was moved later; 0 for one of which the journal was not asked."""
        return self._known.pushes.get(deal.id, 0)

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


def chosen(
    door: ReadDoor, policy: Policy, where: Where, now: int, tz: str, args: Mapping[str, Any]
) -> dict[str, float | None]:
    """Reference of each deal that lies in all the ways asked for (`rotting`, `over_target`, `nostep`) → its idle
    hours."""
    wanted = {name for name in (ROTTING, OVER_TARGET, NOSTEP) if args.get(name)}
    lying = Lying(policy, now, tz)
    deals = found(door, policy, where, now)
    return {ref("deal", deal.id): lying.idle_hours(deal) for deal in deals if wanted <= set(lying.signals(deal))}


def signalled(
    door: ReadDoor, policy: Policy, where: Where, now: int, tz: str, hidden: Collection[str]
) -> dict[int, list[str]]:
    """Each live deal that passes the filters → its signals."""
    deals = found(door, policy, where, now)
    lying = Lying(policy, now, tz, hidden=hidden, known=beside(door, deals))
    return {deal.id: lying.signals(deal) for deal in deals}
