"""What an approver is shown beside the request: how far it is, papers, customer and risk, how deals like it ended."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from oppcli.model import money
from oppcli.model.deals import Deal
from oppcli.model.noun import NOTHING
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.cards import Block
from oppcli.rules.approvals.progress import progress
from oppcli.rules.approvals.world import World
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words import percents

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.reads.similar import Similar
    from oppcli.rules.similar import Near


class Evidence(NamedTuple):
    """As data by JSON key, and as people read it."""

    data: dict[str, Any]
    standing: str
    """`2 of 3, 5.5 bh left`; nothing where nothing is open."""
    blocks: Mapping[str, Block] = NOTHING
    """By the name of their section, in the order in which they are told."""


def evidence(look: "Look", real: "Look", request: Request, world: World, *, brief: bool) -> Evidence:
    """All of it, of what `look` lets them see, reckoned with what `real` does; `brief`: how far it is alone, and
    nothing is looked up."""
    far = progress(request, world)
    hours = None if far.left_ms is None else far.left_ms / HOUR_MS
    data: dict[str, Any] = {"progress": {"step": far.step, "of": far.of, "left": hours}}
    told = ""
    if hours is not None:
        late = say("{hours:,.1f} bh late", hours=-hours) if hours < 0 else say("{hours:,.1f} bh left", hours=hours)
        told = say("{step} of {of}, {left}", step=far.step, of=far.of, left=late)
    if brief:
        return Evidence(data, told)
    from oppcli.cli.request import customer_known, papers_shown

    hidden, deal, blocks = look.door.hidden, world.deal, dict[str, Block]()
    data["quote"], rows = papers_shown.quote(real, request, hidden)
    if data["quote"] is not None:
        blocks["quote"] = Block(say("Quote {version}:", version=data["quote"]["version"]), rows)
    data["contract"], rows = papers_shown.contract(look, request)
    if data["contract"] is not None:
        blocks["contract"] = Block(say("Contract {version}:", version=data["contract"]["version"]), rows)
    data["customer"], rows = customer_known.customer(look, real, deal, hidden)
    blocks["customer"] = Block(say("Customer:"), rows)
    whole = real.door.get(Deal, deal.id) if hidden else deal
    data["risk"], rows = customer_known.risk(real, whole, hidden)
    blocks["risk"] = Block(say("Risk:"), rows)
    data["files"], rows = papers_shown.files(look, deal.id)
    blocks["files"] = Block(say("Files:"), rows)
    data["similar"], blocks["similar"] = _similar(look, real, request, deal, hidden)
    return Evidence(data, told, blocks)


def _similar(
    look: "Look", real: "Look", request: Request, deal: Deal, hidden: Collection[str]
) -> tuple[list[dict[str, Any]], Block]:
    from oppcli.reads.similar import similar
    from oppcli.rules.similar import NEAREST

    door = look.door
    found = similar(door, deal, hidden, before=request.submitted_at)
    day = look.business_day.isoformat()
    rows = [_deal(real.door, each, found, deal.currency, day, hidden) for each in found.nearest[:NEAREST]]
    told = tuple(_told(each, found, deal.currency, hidden) for each in found.nearest[:NEAREST])
    if not told:
        return rows, Block(say("Closed deals like it:"), ((found.told,),))
    return rows, Block(say("Closed deals like it, {told}:", told=found.told), told)


def _deal(
    door: ReadDoor, near: "Near", found: "Similar", currency: str, day: str, hidden: Collection[str]
) -> dict[str, Any]:
    """One of the nearest as data; `late_days`: of what it still owes; None where nothing was planned."""
    of, ended = near.deal, found.ended[near.deal.id]
    late = _late(door, of.id, day) if ended.paid else None
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


def _late(door: ReadDoor, deal: int, day: str) -> int:
    from oppcli.actions import owing

    return max((each.late_days for each in owing.of_deal(door, deal, day).values()), default=0)


def _told(near: "Near", found: "Similar", currency: str, hidden: Collection[str]) -> tuple[str, ...]:
    """`D-7  won  CNY 800,000.00  discount 5 %  margin 30 %  31.0 d  0.32: amount 0.32`."""
    from oppcli.reads.similar import differs

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
