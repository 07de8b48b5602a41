"""Scores, grades and tags by rule: written in the transaction that causes them, and by ticks; frozen at closing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.actions import facts, waking
from oppcli.actions.act import Act, Cause
from oppcli.actions.telling import tell
from oppcli.actions.waking import Kind
from oppcli.model.deals import LIVE_KINDS, Deal
from oppcli.model.notices import Notice
from oppcli.model.policy import Policy
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say
from oppcli.rules import computed, holders
from oppcli.rules.scoring import Scored

SCORE = "score"
"""The action, the mark and the kind of the notices."""


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """The scores and tags of the deal as they are by now; a line where one changed. A closed deal keeps what it had."""
    deal = cause.deal
    if deal is None or not live(deal, act.policy):
        return ()
    return tuple(_scored(act, deal, _facts(act, [deal])[deal.id]))


def live(deal: Deal, policy: Policy) -> bool:
    """Whether it is computed for: closed ones never are, whatever is applied later."""
    stage = policy.stage(deal.stage)
    return deal.standing == LIVE and stage is not None and stage.kind in LIVE_KINDS


def _facts(act: Act, deals: Sequence[Deal]) -> Mapping[int, facts.Facts]:
    return facts.of_deals(act, deals, computed.read_by(act.policy))


def _scored(act: Act, deal: Deal, known: Mapping[str, Any]) -> Iterator[str]:
    after, found = computed.computed(deal, act.policy, known)
    if after == deal:
        return
    act.door.save(deal, after, action=SCORE)
    told = [*_points(deal, found), *_grade(deal, after), *_tags(deal, after)]
    if told:
        yield say("{deal}: {changes}", deal=ref("deal", deal.id), changes=listed(told))
    if after.grade != deal.grade:
        _tell(act, after)


def _points(deal: Deal, found: Mapping[str, Scored]) -> Iterator[Said]:
    for name, each in found.items():
        old = deal.extra.get(name)
        if old != each.points:
            yield say("{name} {old} → {new}", name=name, old=_shown(old), new=_shown(each.points))


def _grade(deal: Deal, after: Deal) -> Iterator[Said]:
    if deal.grade != after.grade:
        yield say("grade {old} → {new}", old=_shown(deal.grade), new=_shown(after.grade))


def _tags(deal: Deal, after: Deal) -> Iterator[Said]:
    for tag in after.tags:
        if tag not in deal.tags:
            yield say("tagged {tag}", tag=tag)
    for tag in deal.tags:
        if tag not in after.tags:
            yield say("no longer {tag}", tag=tag)


def _shown(value: object) -> str:
    return "-" if value is None else str(value)


def _tell(act: Act, deal: Deal) -> None:
    """Whoever the policy names for the grade that the deal has now."""
    rule = computed.graded(act.policy)
    for each in rule.on if rule is not None else ():
        if each.grade != deal.grade:
            continue
        text = say("{deal} {title} has grade {grade}", deal=ref("deal", deal.id), title=deal.title, grade=deal.grade)
        people = holders.meant(each.to, deal.owner, act.policy, act.people)
        tell(act, people, Notice(to="", kind=SCORE, deal_id=deal.id, text=text), myself=True)


def computed_again(act: Act, things: Sequence[Any]) -> None:
    """Compute anew what these things have to do with, which were given back what they were."""
    deals = {each.id if type(each) is Deal else getattr(each, "deal_id", None) for each in things} - {None}
    kept = act.door.find(Deal, id=sorted(deals), standing=LIVE) if deals else []
    wanted = [deal for deal in kept if live(deal, act.policy)]
    known = _facts(act, wanted) if wanted and (act.policy.scores or act.policy.tags) else {}
    for deal in wanted if known else ():
        list(_scored(act, deal, known[deal.id]))
    if act.policy.tiers:
        from oppcli.actions.tiers import again

        list(again(act, sorted({deal.customer_id for deal in kept if deal.customer_id is not None})))


def daily_scores() -> Kind:
    """Once a day and for each policy all live deals, for facts change with time; else those that came since."""
    return Kind("deal", lambda look: waking.due_daily(look, waking.DEALS), _wake, table="score")


def daily_tags() -> Kind:
    """The same where the policy has tags and no scores: what was done for the one is not done again for the other."""
    return Kind("deal", lambda look: waking.due_daily(look, waking.DEALS), _wake, table="tag")


def _wake(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    deals = act.door.find(Deal, id=[number for number in numbers if number], standing=LIVE)
    wanted = [deal for deal in deals if live(deal, act.policy)]
    known = _facts(act, wanted) if wanted else {}
    for deal in wanted:
        yield from _scored(act, deal, known[deal.id])
    waking.done_daily(act, waking.DEALS, numbers)
