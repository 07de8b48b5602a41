"""What a touch that a file tells of would have ended, had it been noted then: ended at its own time."""

from collections.abc import Iterable, Sequence

from oppcli.actions.act import NOTED, Act, Cause
from oppcli.actions.follow_ups import end, is_touch, opened_next
from oppcli.model.deals import Deal
from oppcli.model.follow import DEADLINE, FOLLOW, OPEN, Activity, Task
from oppcli.model.records import KEPT
from oppcli.rules import promising


def touched(act: Act, noted: Iterable[Activity]) -> None:
    """End next steps and deadlines of the deals that were touched: each by the first touch that would have done it.
    After the last touch the cadence plans the next step, where one was ended. Nothing is opened where nothing was."""
    by_deal: dict[int, list[Activity]] = {}
    for each in sorted(noted, key=lambda each: (each.at, each.id)):
        if each.deal_id is not None and is_touch(act, each):
            by_deal.setdefault(each.deal_id, []).append(each)
    numbers = list(by_deal)
    open_ = act.door.find(Task, deal_id=numbers, kind=(FOLLOW, DEADLINE), state=OPEN, standing=KEPT) if numbers else []
    deals = {deal.id: deal for deal in act.door.find(Deal, id=sorted({each.deal_id or 0 for each in open_}))}
    for task in (each for each in open_ if each.kind == FOLLOW):
        _stepped(act, deals[task.deal_id or 0], task, by_deal[task.deal_id or 0])
    for number in dict.fromkeys(each.deal_id or 0 for each in open_ if each.kind == DEADLINE):
        _met(act, deals[number], by_deal[number])


def _stepped(act: Act, deal: Deal, step: Task, noted: Sequence[Activity]) -> None:
    zone = act.calendar.timezone
    first = next((each for each in noted if promising.ends(step, each.at, zone, planned=False)), None)
    if first is not None:
        end(act, step, first)
        opened_next(act, Cause(NOTED, deal, activity=noted[-1]), noted[-1])


def _met(act: Act, deal: Deal, noted: Sequence[Activity]) -> None:
    if act.policy.follow is None or not act.policy.follow.deadlines:
        return
    from oppcli.actions.deadlines import followed

    for each in noted:
        followed(act, Cause(NOTED, deal, activity=each))
