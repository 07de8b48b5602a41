"""What an approver is shown beside the request: how far it is, what its customer bought, how deals like it ended."""

from collections.abc import Collection
from typing import Any

from oppcli.actions import owing
from oppcli.model import money
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.cards import Block
from oppcli.reads.similar import Similar, differs, similar
from oppcli.rules.approvals.progress import progress
from oppcli.rules.approvals.world import World
from oppcli.rules.similar import NEAREST, Near
from oppcli.store.dealings import won_and_lost
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words import percents
from oppcli.words.zones import today


class Evidence(NamedTuple):
    """As data by JSON key, and as people read it."""

    data: dict[str, Any]
    standing: str
    """`2 of 3, 5.5 bh left`; nothing where nothing is open."""
    customer: tuple[Block, ...] = ()
    similar: tuple[Block, ...] = ()


def evidence(
    door: ReadDoor, request: Request, world: World, tz: str, hidden: Collection[str], *, brief: bool
) -> Evidence:
    """All of it, of what `door` lets them see; `brief`: how far it is alone, and nothing is looked up."""
    far = progress(request, world)
    hours = None if far.left_ms is None else far.left_ms / HOUR_MS
    data: dict[str, Any] = {"progress": {"step": far.step, "of": far.of, "left": hours}}
    told = ""
    if hours is not None:
        late = say("{hours:,.1f} bh late", hours=-hours) if hours < 0 else say("{hours:,.1f} bh left", hours=hours)
        told = say("{step} of {of}, {left}", step=far.step, of=far.of, left=late)
    if brief:
        return Evidence(data, told)
    customer, about = _customer(door, world.deal.customer_id)
    found = similar(door, world.deal, hidden, before=request.submitted_at)
    day = today(world.now, tz).isoformat()
    rows = [_deal(door, each, found, world.deal.currency, day, hidden) for each in found.nearest[:NEAREST]]
    told_of = tuple(_told(each, found, world.deal.currency, hidden) for each in found.nearest[:NEAREST])
    like = Block(say("Closed deals like it:"), ((found.told,),))
    if told_of:
        like = Block(say("Closed deals like it, {told}:", told=found.told), told_of)
    return Evidence(data | {"customer": about, "similar": rows}, told, customer, (like,))


def _customer(door: ReadDoor, number: int | None) -> tuple[tuple[Block, ...], dict[str, Any] | None]:
    row = None if number is None else won_and_lost(door, number)
    if number is None or row is None:
        return (), None
    name, won, lost = row
    told = say("{won} won, {lost} lost", won=won, lost=lost)
    block = Block(say("Customer:"), ((ref("customer", number), name, told),))
    return (block,), {"id": ref("customer", number), "name": name, "won": won, "lost": lost}


def _deal(
    door: ReadDoor, near: Near, found: Similar, currency: str, day: str, hidden: Collection[str]
) -> dict[str, Any]:
    """One of the nearest as data; `late_days`: of what it still owes; None where nothing was planned."""
    of, ended = near.deal, found.ended[near.deal.id]
    late = max((each.late_days for each in owing.of_deal(door, of.id, day).values()), default=0) if ended.paid else None
    told = {
        "deal": ref("deal", of.id),
        "outcome": ended.outcome,
        "amount": None if of.amount is None else money.plain(of.amount, currency),
        "discount": None if of.discount is None else of.discount / 10_000,
        "margin": None if of.margin is None else of.margin / 10_000,
        "days": ended.days,
        "late_days": late,
        "distance": near.distance,
        "parts": dict(near.parts),
    }
    return {name: value for name, value in told.items() if name not in hidden}


def _told(near: Near, found: Similar, currency: str, hidden: Collection[str]) -> tuple[str, ...]:
    """`D-7  won  CNY 800,000.00  discount 5 %  margin 30 %  31.0 d  0.32: amount 0.32`."""
    of, ended = near.deal, found.ended[near.deal.id]
    shown = {name: getattr(of, name) for name in ("discount", "margin") if name not in hidden}
    off, margin = shown.get("discount"), shown.get("margin")
    return (
        ref("deal", of.id),
        Word("kind", ended.outcome),
        "" if of.amount is None or "amount" in hidden else money.shown(of.amount, currency),
        "" if off is None else say("discount {percent}", percent=percents.shown(off)),
        "" if margin is None else say("margin {percent}", percent=percents.shown(margin)),
        "" if ended.days is None else say("{days:,.1f} d", days=ended.days),
        say("distance {distance:.2f}", distance=near.distance),
        listed(differs(near)),
    )
