"""The past of approvals planned once more under another policy: every case with what becomes of its steps."""

import json
from collections import Counter
from collections.abc import Collection, Mapping

from oppcli.errors import NotFound
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.said import label, listed, say
from oppcli.reads.hours import Hours
from oppcli.reads.replay_facts import Reader
from oppcli.reads.replay_gates import gates_passed
from oppcli.reads.replay_history import submissions, titles_of
from oppcli.reads.replay_times import LATELY_MS, Times
from oppcli.reads.seats import lately, returned
from oppcli.reads.table import Frame
from oppcli.reads.turnaround_figures import Waits
from oppcli.rules.approvals.planning import type_meant
from oppcli.rules.approvals.replaying import Case, Fate, Plan, plan, replayed
from oppcli.rules.approvals.restaffing import Parts, Staff, today
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import nearest

_DEALS = """
SELECT d.id, d.title, d.owner, d.collaborators, s.kind, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
"""


class Ended(NamedTuple):
    """A deal as it is now."""

    id: int
    title: str
    owner: str | None
    collaborators: str
    kind: str
    closed: int | None


class Seen(NamedTuple):
    """A case, what the policy asks for it, and what becomes of each step."""

    case: Case
    plan: Plan
    fates: tuple[Fate, ...]


class Replay(NamedTuple):
    """All of it."""

    policy: Policy
    seen: tuple[Seen, ...]
    deals: Mapping[int, Ended]
    types: tuple[str, ...]
    """Those of the policy in its order, then those that only the past has."""
    titles: Mapping[str, str]
    since: int
    by_history: int = 0
    by_sla: int = 0
    """How many times of added steps were estimated of what people took, and of what the step allows."""

    @property
    def submitted(self) -> int:
        """How many submissions and revisions."""
        return sum(each.case.request is not None for each in self.seen)

    @property
    def lacking(self) -> Counter[str]:
        """Field → cases in which it is not known and decides something."""
        return Counter(name for each in self.seen for name in each.plan.lacking)


def replay(
    door: ReadDoor, policy: Policy, users: Mapping[str, User], frame: Frame, *, since: int, type: str | None
) -> Replay:
    """Every submission and revision since an instant, and every gate passed without one, under `policy` with the people
    and hours of today. Refused for a type that neither it nor the past has."""
    applied, past = frame.policy(), titles_of(door)
    wanted = _types(policy, past, type)
    facts = Reader(door, policy, applied, frame.hidden)
    waits = Waits(returned(door, lately(min(since, frame.now - LATELY_MS))), Hours(lambda: applied).between)
    deals = {row[0]: Ended._make(row) for row in door.stream(_DEALS)}
    cases = list(submissions(door, wanted, since, facts, waits, frame.now))
    cases += gates_passed(door, facts, wanted, since, deals)
    staff = Staff(today(policy, applied), users, frame.now, {each.id: _parts(each) for each in deals.values()})
    times, seen = Times(door, waits, frame.now), []
    for case in cases:
        found = plan(policy.types.get(case.type), case.facts)
        seen.append(Seen(case, found, replayed(case, found, staff, times)))
    titles = past | {name: rule.title for name, rule in policy.types.items()}
    return Replay(policy, tuple(seen), deals, wanted, titles, since, times.by_history, times.by_sla)


def _parts(deal: Ended) -> Parts:
    return Parts(deal.owner, tuple(json.loads(deal.collaborators)) if deal.collaborators != "[]" else ())


def _types(policy: Policy, past: Collection[str], typed: str | None) -> tuple[str, ...]:
    """The types that are looked at: all, or the one that is called or titled so, in the policy or in the past."""
    known = dict.fromkeys((*policy.types, *sorted(past)))
    if typed is None:
        return tuple(known)
    name = type_meant(policy, typed)
    if name not in known:
        raise NotFound(
            say("no such type of request: {name}{nearest}", name=typed, nearest=nearest(typed, known)),
            hint=say("the types are {known}", known=listed(map(label, known))),
        )
    return (name,)
