"""Moves that are proposed: by words in what was written, in the transaction that notes it; after a time, by ticks."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from oppcli.actions import facts, scores, waking
from oppcli.actions.act import NOTED, Act, Cause
from oppcli.actions.proposing import propose
from oppcli.actions.waking import Kind
from oppcli.model.deals import Deal
from oppcli.model.follow import MAIL, MESSAGE, Activity, Proposal
from oppcli.model.records import LIVE, folded
from oppcli.model.refs import ref
from oppcli.model.relations import Suggestion
from oppcli.model.said import say
from oppcli.rules import conditions, dues

WRITTEN = (MAIL, MESSAGE)
"""Kinds of activities that hold what somebody wrote."""
LONGEST_EVIDENCE = 300


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """Moves for which a mail or a message has the words."""
    deal, noted = cause.deal, cause.activity
    if deal is None or noted is None or cause.what != NOTED or noted.kind not in WRITTEN:
        return ()
    text = folded(noted.text)
    meant = [each for each in act.policy.suggestions if any(folded(word) in text for word in each.words)]
    return tuple(line for each in meant for line in _for_words(act, deal, each, noted))


def _for_words(act: Act, deal: Deal, rule: Suggestion, noted: Activity) -> Iterator[str]:
    if _true(act, deal, rule):
        word = next(word for word in rule.words if folded(word) in folded(noted.text))
        evidence = f"{ref('activity', noted.id)}: {noted.text}"
        yield from _proposed(act, deal, rule, f"{ref('activity', noted.id)} {word}", evidence)


def _true(act: Act, deal: Deal, rule: Suggestion) -> bool:
    """Whether a live deal is one of those that it is for, and elsewhere than it proposes."""
    if not scores.live(deal, act.policy) or deal.stage == rule.to or act.policy.stage(rule.to) is None:
        return False
    return conditions.decided(rule.when, facts.of_deal(act, deal, conditions.reads(rule.when))) is True


def _proposed(act: Act, deal: Deal, rule: Suggestion, cause: str, evidence: str) -> Iterator[str]:
    made = Proposal(
        noun="deal",
        deal_id=deal.id,
        changes={"stage": [deal.stage, rule.to]},
        source=f"suggest:{rule.to}",
        evidence=evidence[:LONGEST_EVIDENCE],
        cause=f"suggest:{rule.to} {ref('deal', deal.id)} {cause}",
    )
    kept = propose(act, made)
    if kept is not None:
        name, there = ref("proposal", kept.id), ref("deal", deal.id)
        yield say("{proposal} proposes {deal}: {stage} → {to}", proposal=name, deal=there, stage=deal.stage, to=rule.to)


def daily_suggestions() -> Kind:
    """Once a day all live deals, for moves that are proposed after a time."""
    return Kind("deal", lambda look: waking.due_daily(look, waking.SUGGESTIONS), _wake, table="suggest")


def _wake(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    timers = [rule for rule in act.policy.suggestions if rule.after is not None]
    deals = act.door.find(Deal, id=[number for number in numbers if number], standing=LIVE) if timers else []
    for deal in deals:
        entered = deal.visits[-1].entered_at if deal.visits else None
        for rule in timers:
            if entered is not None and _over(act, rule, entered) and _true(act, deal, rule):
                evidence = say("in {stage} for long enough", stage=deal.stage)
                yield from _proposed(act, deal, rule, f"since {entered}", evidence)
    waking.done_daily(act, waking.SUGGESTIONS, numbers)


def _over(act: Act, rule: Suggestion, entered: int) -> bool:
    """Whether it has been in its stage for so long."""
    assert rule.after is not None
    calendar = act.policy.hours()
    due = dues.due(rule.after, entered, calendar)
    if due.on is not None:
        due = dues.Due(on=due.on - timedelta(days=1))
    return dues.late(due, act.now, calendar.timezone)
