"""What a card tells of the scores of a deal, of what it is worth, with what each is made of, and how likely it is."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from oppcli.model import money
from oppcli.model.deals import LIVE_KINDS, Deal
from oppcli.model.said import Word, label, listed, say
from oppcli.reads.cards import Block
from oppcli.reads.table import Column, Kind, Table
from oppcli.rules.scoring import Part, Scored
from oppcli.rules.scoring import scores as computed

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.store.doors import ReadDoor

Told = Mapping[str, Scored | None]
"""By name; None of a closed deal, whose scores are frozen whatever is applied later."""


def scores(look: "Look", deal: Deal) -> Told:
    """The scores of a deal, computed now with what they are made of."""
    from oppcli.actions.facts import of_deal
    from oppcli.actions.scores import live
    from oppcli.rules.computed import read_by

    policy = look.policy
    if not live(deal, policy):
        return dict.fromkeys(rule.name for rule in policy.scores)
    return computed(policy.scores, of_deal(look, deal, read_by(policy)))


def blocks(look: "Look", deal: Deal) -> Iterator[Block]:
    """What people read; nothing where the policy has no scores and no priority. Of a closed deal it is not told what
    it would be worth."""
    policy = look.policy
    if policy.scores:
        rows = [row for name, found in scores(look, deal).items() for row in _score(deal, name, found)]
        rows += _by_hand(deal)
        yield Block(say("Scores:"), tuple(rows))
    stage = policy.stage(deal.stage)
    if policy.priority is not None and stage is not None and stage.kind in LIVE_KINDS:
        value, rank = worth(look, deal)
        told = (_money(value, deal), _money(rank, deal))
        named = zip((say("expected value"), say("priority")), told, strict=True)
        if rows := [(name, shown) for name, shown in named if shown]:
            yield Block(say("Worth:"), tuple(rows))


def likely(look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[Block]:
    """With `-v`, of an open deal, how likely it is by what closed deals say; nothing of a closed one, and for who sees
    none of the fields that it is learnt from."""
    from oppcli.reads.chances import chance
    from oppcli.reads.probability import lacking
    from oppcli.rules.chances import Lacking

    stage = look.policy.stage(deal.stage)
    found = chance(door, look.policy, deal, look.now) if stage is not None and stage.kind in LIVE_KINDS else None
    if isinstance(found, Lacking):
        yield Block(say("By closed deals:"), ((lacking(found).text,),))
    elif found is not None:
        p, low, high = (round(100 * each) for each in found[:3])
        of = say("{n:,} {n:deal|deals} as likely", n=found.of)
        yield Block(say("By closed deals:"), ((f"{p} %", f"{low}–{high} %", of),))


def _score(deal: Deal, name: str, found: Scored | None) -> Iterator[tuple[str, ...]]:
    if found is None:
        yield name, _number(deal.extra.get(name)), say("frozen")
        return
    missing = say("missing") if found.points is None else _number(found.points)
    yield name, missing, say("grade {grade}", grade=found.grade) if found.grade else ""
    for part in found.parts:
        yield f"  {part.points:+d}", part.when, _answer(part)


def _by_hand(deal: Deal) -> list[tuple[str, ...]]:
    if deal.grade_reason is None:
        return []
    return [(say("grade"), deal.grade or "-", say("by hand: {reason}", reason=deal.grade_reason))]


def _answer(part: Part) -> str:
    if part.true is None:
        return say("open: {fields}", fields=listed(label(name) for name in part.empty))
    return Word("truth", "true" if part.true else "false")


def _number(value: object) -> str:
    return "-" if value is None else str(value)


def worth(look: "Look", deal: Deal) -> tuple[Any, Any]:
    """Its expected value and its priority, in units of its currency; None where they are not known."""
    from oppcli.reads.worths import Worth, expected
    from oppcli.rules.worth import priority

    stage = look.policy.stage(deal.stage)
    probability = deal.probability if deal.probability is not None else stage and stage.probability
    known = Worth(deal.amount, deal.currency, deal.margin, probability, deal.grade, deal.extra)
    value = expected(known, look.policy)
    return value, priority(value, deal.grade, look.policy.priority)


def _money(value: Any, deal: Deal) -> str:
    return "" if value is None else money.shown(money.to_minor(value, deal.currency), deal.currency)


def with_scores(look: "Look", deal: Deal, table: Table) -> Table:
    """The table of a deal with its scores, for programs: `{name: {points, grade, rules: [{when, points, true,
    empty}]}}`; of a policy that has scores."""
    told = {
        name: {"points": deal.extra.get(name), "frozen": True} if found is None else _told(found)
        for name, found in scores(look, deal).items()
    }
    (row,) = table.rows
    return table._replace(columns=(*table.columns, Column("scores", Kind.OBJECT)), rows=[(*row, told)])


def _told(found: Scored) -> dict[str, Any]:
    rules = [
        {"when": part.when, "points": part.points, "true": part.true, "empty": list(part.empty)} for part in found.parts
    ]
    return {"points": found.points, "grade": found.grade, "rules": rules}
