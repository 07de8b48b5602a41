"""Telling risks: each once, to whom the policy names (see `oppcli.actions.due`). Nothing is kept but the notices."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.model.approver import ROLE, role
from oppcli.model.command import command
from oppcli.model.notices import Notice
from oppcli.model.people import ADMIN, User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import risks_told

if TYPE_CHECKING:
    from oppcli.rules.risks.finding import Finding

RISK = "risk"
"""The kind of the notices; their `step` is the id of the risk."""
Find = Callable[[ReadDoor, Policy, int], "Iterable[Finding]"]
"""What the list shows by default, given the policy and the time."""


def kind(find: Find) -> Kind:
    """What `opp tick` asks of risks. A policy without [risk] is not even read."""

    def due(look: Look) -> Sequence[int]:
        if look.policy.risks_told is None:
            return ()
        return sorted({finding.seq for finding in _untold(look.door, find(look.door, look.policy, look.now))})

    def wake(act: Act, entries: Sequence[int]) -> Iterator[Said]:
        found = [one for one in find(act.door, act.policy, act.now) if one.seq in set(entries)]
        new, people = _untold(act.door, found), listeners(act.policy, act.people)
        notices = [_notice(finding, login, act.now) for finding in new for login in people]
        if notices:
            act.door.add_many(notices, action="notice")
            yield say("{n} {n:risk|risks} told to {people}", n=len(new), people=listed(people))

    return Kind(RISK, due, wake, table="risk")


def _untold(door: ReadDoor, found: "Iterable[Finding]") -> "list[Finding]":
    told = risks_told(door)
    return [finding for finding in found if finding.id not in told]


def listeners(policy: Policy, people: dict[str, User]) -> tuple[str, ...]:
    """The active people whom the policy names; the admins where it names nobody."""
    from oppcli.rules.approvals.world import members

    found: list[str] = []
    for one in policy.risks_told or (role(ADMIN),):
        if one.kind == ROLE:
            found += members(one.name, policy, people)
        elif one.name in people and people[one.name].active:
            found.append(one.name)
    return tuple(dict.fromkeys(found))


def _notice(finding: "Finding", login: str, now: int) -> Notice:
    """What it is and whom it is about, without amounts: a mailbox is not where the deal's figures are seen."""
    from oppcli.model.risks import RISKS

    deal, request = (ids[0] if len(ids) == 1 else None for ids in (finding.deals, finding.requests))
    about = [ref("request", request)] if request else []
    about += [ref("deal", deal)] if deal else []
    about += [finding.who] if finding.who else []
    told = {"what": RISKS[finding.risk], "id": finding.id, "line": command("audit", "risks", "--risk", finding.risk)}
    told["who"] = say(" ({about})", about=listed(about)) if about else ""
    text = say("{id}: {what}{who}; {line}", **told)
    return Notice(to=login, kind=RISK, request_id=request, deal_id=deal, text=text, step=finding.id, at=now)
