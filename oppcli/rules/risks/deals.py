"""Risks that deals show: split below a limit, won in the last days of a quarter, changed after they were won."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from oppcli.model import money
from oppcli.model.conditions import comparisons
from oppcli.model.deals import SOLD
from oppcli.model.policy import Policy
from oppcli.model.risks import BURST_DAYS, BURST_LEAST, BURST_SHARE, NEAR, SPLIT, SPLIT_MS
from oppcli.model.said import label, listed, say
from oppcli.rules import conditions
from oppcli.rules.risks.finding import Entries, Finding, total
from oppcli.tuples import NamedTuple
from oppcli.words.zones import midnight, today


class DealFact(NamedTuple):
    """A deal as these rules need it."""

    id: int
    customer_id: int | None
    customer: str | None
    owner: str | None
    amount: int | None
    currency: str
    created_at: int | None
    closed_at: int | None
    won: bool


class Limit(NamedTuple):
    """A number that a condition of the policy compares with the amount, in the policy's currency."""

    number: Decimal
    inclusive: bool
    """Whether an amount of exactly this much is still below it, as with `> L`."""

    def just_above(self, amount: Decimal) -> bool:
        """Whether an amount is below the limit, and near it."""
        low = self.number * (1 - NEAR)
        return low <= amount and (amount < self.number or (self.inclusive and amount == self.number))


def limits(policy: Policy) -> tuple[Limit, ...]:
    """Every number that a `when` compares with the amount, the least first."""
    found: dict[Decimal, bool] = {}
    for rule in policy.types.values():
        for condition in (rule.when, *(step.when for step in rule.steps)):
            for each in comparisons(conditions.tree(condition)):
                for number in each.value if isinstance(each.value, tuple) else (each.value,):
                    if each.field == "amount" and isinstance(number, Decimal) and number > 0:
                        found[number] = found.get(number, False) or each.op in (">", "<=")
    return tuple(Limit(number, found[number]) for number in sorted(found))


Made = Callable[[DealFact], tuple[int, int]]
"""(entry, time) since when a deal has the customer and the amount it has."""


def split(deals: Iterable[DealFact], policy: Policy, made: Made) -> Iterator[Finding]:
    """Deals of one customer, made within the days, all just below one limit. The earliest opens a group, the next one
    outside of it another."""
    by_customer: dict[int, list[DealFact]] = {}
    for deal in deals:
        if deal.customer_id is not None and deal.created_at is not None and deal.currency == policy.currency:
            by_customer.setdefault(deal.customer_id, []).append(deal)
    for limit in limits(policy):
        for of_one in by_customer.values():
            for group in _groups([deal for deal in of_one if _near(deal, limit)]):
                if len(group) >= SPLIT:
                    yield _split(group, limit, policy.currency, made)


def _near(deal: DealFact, limit: Limit) -> bool:
    return deal.amount is not None and limit.just_above(money.to_major(deal.amount, deal.currency))


def _groups(deals: Sequence[DealFact]) -> Iterator[list[DealFact]]:
    group: list[DealFact] = []
    for deal in sorted(deals, key=lambda deal: (deal.created_at or 0, deal.id)):
        if group and (deal.created_at or 0) - (group[0].created_at or 0) >= SPLIT_MS:
            yield group
            group = []
        group.append(deal)
    if group:
        yield group


def _split(group: Sequence[DealFact], limit: Limit, currency: str, made: Made) -> Finding:
    """Its entry is the one that made the second of them, which does not change when more come; its time the last's."""
    times = sorted((*made(deal), deal) for deal in group)
    seq, _, completed = times[SPLIT - 1]
    minor = money.to_minor(limit.number, currency)
    what = say("{n} deals just below {limit}", n=len(group), limit=money.shown(minor, currency))
    return Finding(
        "split",
        seq,
        max(at for _, at, _ in times),
        what,
        who=completed.owner or "",
        others=tuple(dict.fromkeys(d.owner for d in group if d.owner and d.owner != completed.owner)),
        deals=tuple(deal.id for deal in group),
        customer=completed.customer,
        amount=sum(deal.amount or 0 for deal in group),
        currency=currency,
    )


class Quarter(NamedTuple):
    """From its first instant until before the first of the next, and when its last days begin; milliseconds."""

    label: str
    start: int
    late: int
    end: int


def quarter(at: int, tz: str) -> Quarter:
    """The quarter in which an instant lies in a zone."""
    day = today(at, tz)
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    end = first + relativedelta(months=3)
    late = end - relativedelta(days=BURST_DAYS)
    label = f"{first.year:04d}Q{(first.month + 2) // 3}"
    return Quarter(label, midnight(first, tz), midnight(late, tz), midnight(end, tz))


def burst(deals: Iterable[DealFact], currency: str, tz: str, now: int, won: Entries) -> Iterator[Finding]:
    """Per owner and quarter that is over: enough wins in its last days, and enough of all its wins. `won` are the
    entries that closed them."""
    quarters: list[Quarter] = []
    wins: dict[tuple[Quarter, str], list[DealFact]] = {}
    for deal in deals:
        if deal.won and deal.closed_at is not None and deal.owner is not None:
            at = deal.closed_at
            found = next((each for each in quarters if each.start <= at < each.end), None)
            if found is None:
                quarters.append(found := quarter(at, tz))
            wins.setdefault((found, deal.owner), []).append(deal)
    for (of, owner), all_of_them in wins.items():
        late = [deal for deal in all_of_them if (deal.closed_at or 0) >= of.late]
        if of.end <= now and len(late) >= BURST_LEAST and Decimal(len(late)) / len(all_of_them) >= BURST_SHARE:
            yield _burst(of, owner, late, len(all_of_them), currency, won)


def _burst(of: Quarter, owner: str, late: Sequence[DealFact], wins: int, currency: str, won: Entries) -> Finding:
    order = sorted((won.of.get(deal.id, ((0, 0),))[-1][0], deal.closed_at or 0) for deal in late)
    amount, unrated = total(((deal.amount, deal.currency) for deal in late), currency)
    told = {"n": len(late), "wins": wins, "quarter": of.label, "days": BURST_DAYS}
    return Finding(
        "burst",
        order[-1][0],
        max(at for _, at in order),
        say("{n} of {wins} wins of {quarter} in its last {days} days", **told),
        who=owner,
        deals=tuple(deal.id for deal in sorted(late)),
        amount=amount,
        currency=None if amount is None else currency,
        unrated=unrated,
    )


class Changed(NamedTuple):
    """An entry that changed a deal: its stage (old, new), or something else of it."""

    seq: int
    at: int
    actor: str
    stage: tuple[str | None, str] | None
    fields: tuple[str, ...]
    reason: str | None
    edit: bool
    """Typed by a person, to change fields or to take a change back."""


LOCKED = frozenset((*SOLD, "owner"))
"""Fields that are locked once a deal is won."""


def changed_won(
    stories: Mapping[int, Sequence[Changed]], won_stages: frozenset[str], deals: Mapping[int, DealFact]
) -> Iterator[Finding]:
    """A won deal of which what was sold or whose it is was edited, or which was opened again."""
    for number, story in stories.items():
        won = False
        for entry in story:
            left = entry.stage is not None and entry.stage[0] in won_stages and entry.stage[1] not in won_stages
            sold = tuple(name for name in entry.fields if name in LOCKED)
            if left or (won and entry.edit and entry.stage is None and sold):
                yield _after_won(number, entry._replace(fields=sold), deals.get(number), reopened=left)
            won = won if entry.stage is None else entry.stage[1] in won_stages


def _after_won(number: int, entry: Changed, deal: DealFact | None, *, reopened: bool) -> Finding:
    what = say("opened again") if reopened else say("changed {fields}", fields=listed(map(label, entry.fields)))
    return Finding(
        "won",
        entry.seq,
        entry.at,
        say("{what}: {reason}", what=what, reason=entry.reason) if entry.reason else what,
        who=entry.actor,
        others=(deal.owner,) if deal and deal.owner and deal.owner != entry.actor else (),
        deals=(number,),
        customer=deal.customer if deal else None,
        amount=deal.amount if deal else None,
        currency=deal.currency if deal and deal.amount is not None else None,
    )
