"""The past of approvals planned once more under another policy: every case with what becomes of its steps."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from oppcli.errors import NotFound
from oppcli.model.people import User
from oppcli.model.policy import Policy, StepRule
from oppcli.model.said import label, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads.hours import Hours
from oppcli.reads.replay_facts import Reader
from oppcli.reads.replay_gates import gates_passed
from oppcli.reads.replay_history import submissions, titles_of
from oppcli.reads.seats import lately, returned
from oppcli.reads.table import Frame
from oppcli.reads.turnaround_approvals import took
from oppcli.reads.turnaround_figures import Waits
from oppcli.rules.approvals.planning import type_meant
from oppcli.rules.approvals.replaying import Case, Fate, Plan, plan, replayed
from oppcli.rules.approvals.restaffing import Parts, Staff, today
from oppcli.rules.statistics import Listed, median
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import nearest

_DEALS = """
SELECT d.id, d.title, d.owner, d.collaborators, s.kind, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
"""
LATELY_MS = 180 * DAY_MS


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


class Times:
    """How long a step would take people that it was never asked of: what they took lately, else what the step allows.
    What they took is looked up when the first estimate is wanted."""

    def __init__(self, door: ReadDoor, waits: Waits, now: int) -> None:
        self._door, self._waits, self._now = door, waits, now
        self._known: dict[tuple[str, ...], int | None] = {}
        self.by_history = self.by_sla = 0
        """How many estimates were made of what people took, and of what the step allows."""

    def __call__(self, step: StepRule, people: Sequence[str]) -> int:
        """The median of business milliseconds from when a seat came to any of these people to their decision, in the
        last 180 days; the step's `sla` where they decided nothing."""
        who = tuple(sorted(people))
        if who not in self._known:
            found = median(Listed(spent for login in who for spent in self._took.get(login, ())))
            self._known[who] = None if found is None else int(found)
        known = self._known[who]
        self.by_history += known is not None
        self.by_sla += known is None
        return step.sla_ms if known is None else known

    @cached_property
    def _took(self) -> dict[str, list[int]]:
        return took(self._door, self._now - LATELY_MS, self._waits)


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
