"""A deal that a file changes: what people did to it here, whether the rules are for the change, as if somebody had
typed it, and what follows it."""

from collections.abc import Collection, Mapping
from typing import Any

from oppcli.actions import lacking
from oppcli.actions.act import Act
from oppcli.actions.imports.merge import Known, known
from oppcli.actions.imports.rights import Trust, part_of
from oppcli.actions.imports.stays import told
from oppcli.actions.plans import replanned
from oppcli.errors import Conflict, Reason, Refused
from oppcli.model.deals import LIVE_KINDS, LOST, NEXT, SOLD, WON, Deal
from oppcli.model.follow import FOLLOW, Task
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import PENDING, Request
from oppcli.model.said import say
from oppcli.rules import pipeline
from oppcli.rules.closing import loss_problems


class Storing:
    """Stores deals under one policy."""

    def __init__(self, act: Act, policy: Policy, trust: Trust | None) -> None:
        self.act, self.door, self.policy, self.trust = act, act.door, policy, trust

    def states(self, numbers: Collection[int], *, planning: bool) -> tuple[dict[int, Known], set[int]]:
        """By number what the journal says of each deal, of its next step where the file has that, too; and those that
        have requests."""
        stories = known(self.door.find(Entry, noun="deal", noun_id=[str(number) for number in numbers]))
        found = {number: stories.get(str(number)) or Known() for number in numbers}
        if planning:
            self._plans(found)
        asked = set()
        for request in self.door.find(Request, deal_id=list(numbers)):
            asked.add(request.deal_id)
            found[request.deal_id].touched |= request.external_id is None
        return found, asked

    def _plans(self, states: Mapping[int, Known]) -> None:
        """Next steps are tasks, and told by their entries."""
        tasks = {str(task.id): task.deal_id or 0 for task in self.door.find(Task, deal_id=list(states), kind=FOLLOW)}
        for entry in self.door.find(Entry, noun="task", noun_id=list(tasks)) if tasks else ():
            state = states[tasks[entry.noun_id]]
            for name, path in zip(NEXT, ("title", "due_on"), strict=True):
                if path not in entry.changes:
                    continue
                if entry.channel == "import":
                    state.imported[name] = entry.changes[path][1] or None
                    state.changed_here.discard(name)
                else:
                    state.changed_here.add(name)

    def store(self, before: Deal, after: Deal, state: Known, *, asked: bool) -> None:
        """Save, and let the approvals that were asked for follow; all of it or nothing. Refused where the rules are
        against it."""
        act = self.act.anew(self.policy)  # people may have been made on the way
        trusted = self.trust is not None and part_of(act.by, before) is None
        if not state.followed:
            refuse_against_rules(act, before, after, state, trusted=trusted)
        stays = told(before, after)
        meta: dict[str, Any] = {"stays": stays} if stays else {}
        meta |= {"reason": self.trust.reason} if self.trust else {}
        if not asked:
            replanned(act, before, after, meta=meta)
            return
        from oppcli.actions import requests

        moved = self.policy.stage(after.stage) if after.stage != before.stage else None
        was = self.policy.stage(before.stage)
        if moved is not None and moved.kind == WON and (was is None or was.kind != WON):
            requests.deal_winning(act, before)
        with self.door.whole():
            saved = replanned(act, before, after, meta=meta)
            if moved is not None and moved.kind == LOST:
                requests.deal_lost(act, saved)
            requests.deal_changed(act, before, saved)


def refuse_against_rules(act: Act, before: Deal, after: Deal, state: Known, *, trusted: bool = False) -> None:
    """Refuse a change of what was sold in a deal that people won, and any change of one that a pending approval locks,
    unless an admin vouches for the file (`trusted`); and of one that people work on here a move past a gate with
    something missing, to lost without a reason of the policy, or out of an end. What imports alone made and moved
    follows its files."""
    here = act.policy.stage(before.stage)
    won = here is not None and here.kind == WON and (state.moved_here or state.made_here)
    sold = any(getattr(before, name) != getattr(after, name) for name in (*SOLD, "owner"))
    if won and sold and not trusted:
        raise Conflict(say("{deal} was won here and is locked", deal=ref("deal", before.id)))
    if not trusted:
        _refuse_locked(act, before)
    if before.stage == after.stage or state.followed:
        return
    target = act.policy.stage(after.stage)
    assert target is not None
    goes_on = here is not None and (here.kind, target.kind) == (WON, WON)
    if here is not None and here.kind not in LIVE_KINDS and not goes_on:
        raise pipeline.closed(before, act.policy)
    if target.kind == LOST:
        _refuse_missing(before, target.name, loss_problems(act.policy, after.close_reason or "", after.close_detail))
        return
    # The row's figures count at the gate it passes.
    there = replace(after, stage=before.stage, visits=before.visits, closed_at=before.closed_at)
    way = pipeline.route(there, target, act.policy)
    _refuse_missing(before, target.name, lacking.missing(act, there, way))


def _refuse_locked(act: Act, deal: Deal) -> None:
    from oppcli.actions.requests.surroundings import frozen

    for request in act.door.find(Request, deal_id=deal.id, state=PENDING):
        rules = frozen(act.door, act.policy, (request,), {})[request.policy]
        if PENDING in rules.types[request.type].lock:
            raise Conflict(
                say(
                    "{deal} is locked while {request} is pending",
                    deal=ref("deal", deal.id),
                    request=ref("request", request.id),
                )
            )


def _refuse_missing(deal: Deal, stage: str, reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise Refused(
            say("{deal} cannot enter {stage} by a file yet", deal=ref("deal", deal.id), stage=stage), reasons=reasons
        )
