"""A deal that a file changes: what people did to it here, whether the rules are for the change, and what follows it."""

from collections.abc import Collection, Mapping
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.merge import Known, known
from oppcli.actions.imports.obeying import refuse_against_rules
from oppcli.actions.imports.stays import told
from oppcli.actions.imports.trust import Trust, part_of
from oppcli.actions.plans import replanned
from oppcli.model.deals import LOST, NEXT, WON, Deal
from oppcli.model.follow import FOLLOW, Task
from oppcli.model.journal import Entry
from oppcli.model.policy import Policy
from oppcli.model.requests import Request


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
