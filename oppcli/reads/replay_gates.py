"""Every gate that was passed without a request, as another policy would have seen it: with the facts of that instant,
which the journal tells."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from oppcli.model.deals import LOST
from oppcli.model.journal import UNTYPED
from oppcli.model.policy import Policy, StageRule
from oppcli.reads.replay_facts import Reader, paths, read_by
from oppcli.reads.replay_history import passing
from oppcli.rules import pipeline
from oppcli.rules.approvals.replaying import Case
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.tuples import NamedTuple

IMPORTED = UNTYPED[0]
ADVANCE, UNDO = "advance", "undo"
_ENTRIES = f"""
SELECT noun_id, at, action, channel, changes FROM journal WHERE noun = 'deal' AND noun_id IN (
SELECT noun_id FROM journal WHERE noun = 'deal' AND action = '{ADVANCE}' AND at >= :since) ORDER BY seq
"""
_CUSTOMERS = "SELECT id, name FROM customer"
_ALWAYS = ("stage", "owner", "amount", "currency", "probability", "customer_id")
"""What is followed of every deal, whatever the policy reads."""
State = dict[str, Any]


def gates_passed(
    door: ReadDoor, facts: Reader, types: Collection[str], since: int, deals: Collection[int]
) -> Iterator[Case]:
    """A case per gate and type that one of these deals passed since then without a request of it. Where the same facts
    would have been approved at a gate before, that approval would have held; a move that was undone passed no gate."""
    policy = facts.policy
    wanted = {name for asking in policy.gates.values() for name in asking if name in types}
    if not wanted:
        return
    asked, names, ways = passing(door), customers(door, policy, wanted), dict[int, Way]()
    material = {name: paths(policy, policy.types[name].material) for name in wanted}
    kept = frozenset((*_ALWAYS, *read_by(policy, wanted))).union(*material.values())
    for key, at, action, channel, text in door.stream(_ENTRIES, since=since):
        number = int(key)
        if number not in deals:
            continue
        changes, way = parsed(text), ways.setdefault(number, Way())
        if action == UNDO and "stage" in changes:
            way.back(changes["stage"][0])
        elif action == ADVANCE and channel != IMPORTED and "stage" in changes:
            found, state = list[Passed](), way.state
            for name in _types(policy, *changes["stage"]):
                if name in wanted and not asked(number, name, at):
                    known = facts.stood(name, state, at, names.get(state.get("customer_id")))
                    rests = known, [state.get(path) for path in material[name]]
                    found.append(Passed(_case(name, number, at, state, known, policy), rests))
            way.on(changes["stage"][1], found)
        way.state.update((each, pair[1]) for each, pair in changes.items() if each in kept)
    yield from (case for way in ways.values() for case in way.cases() if case.at >= since)


class Passed(NamedTuple):
    """A gate that was passed without a request of a type."""

    case: Case
    rests: Any
    """What an approval would have rested on."""


class Way:
    """How a deal stood at the entry that is read, and which gates it came through before."""

    def __init__(self) -> None:
        self.state: State = {}
        self._moves: list[tuple[str, list[Passed]]] = []

    def on(self, stage: str, found: list[Passed]) -> None:
        """Into a stage, through these gates."""
        self._moves.append((stage, found))

    def back(self, stage: str) -> None:
        """The move into a stage is undone."""
        if self._moves and self._moves[-1][0] == stage:
            self._moves.pop()

    def cases(self) -> Iterator[Case]:
        """Each but those that rest on what the one of their type before did."""
        before: dict[str, Any] = {}
        for _, found in self._moves:
            for case, rests in found:
                if before.get(case.type) != rests:
                    before[case.type] = rests
                    yield case


def _case(name: str, deal: int, at: int, state: State, known: Mapping[str, Any], policy: Policy) -> Case:
    owner = state.get("owner")
    return Case(
        type=name,
        title=policy.types[name].title,
        at=at,
        deal=deal,
        facts=known,
        submitter=owner or "",
        owner=owner,
        amount=state.get("amount"),
        currency=state.get("currency") or policy.currency,
    )


def _types(policy: Policy, came_from: str, to: str) -> tuple[str, ...]:
    """The types that the policy's gates on this way ask for."""
    return tuple(
        dict.fromkeys(name for stage in entered(policy, came_from, to) for name in policy.gates.get(stage.name, ()))
    )


def entered(policy: Policy, came_from: str, to: str) -> tuple[StageRule, ...]:
    """The stages of a policy that a move enters, those on its way too; none backwards, to lost, and into a stage that
    the policy does not have. From one that it does not have, the target alone."""
    here, target = policy.stage(came_from), policy.stage(to)
    if target is None or target.kind == LOST:
        return ()
    if here is None or here.pipeline != target.pipeline:
        return (target,)
    line = tuple(stage for stage in pipeline.along(here, policy) if stage.kind != LOST or stage == here)
    return line[line.index(here) + 1 : line.index(target) + 1]


def customers(door: ReadDoor, policy: Policy, types: Collection[str]) -> Mapping[int | None, str]:
    """The names of customers, where the policy reads them."""
    return dict(door.stream(_CUSTOMERS)) if "customer_id" in read_by(policy, types) else {}
