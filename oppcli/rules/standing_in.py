"""Who can stand in for somebody who is away, and what nobody else can do meanwhile."""

from collections.abc import Collection, Mapping, Sequence

from oppcli.model.approver import ROLE, USER, Approver
from oppcli.tuples import NamedTuple

ANY, ALL = "any", "all"


class Chair(NamedTuple):
    """A seat of an open step."""

    open: bool
    approved: bool
    must: bool
    holders: Collection[str]


def alone(who: str, seat: Chair, step: Sequence[Chair], rule: str, need: int) -> bool:
    """Whether the step cannot be decided without somebody: nobody else holds their seat, and the other seats are not
    enough. `step` has all its seats, this one too."""
    if set(seat.holders) - {who}:
        return False
    if rule == ALL or seat.must:
        return True
    missing = 1 if rule == ANY else need - sum(each.approved for each in step)
    return sum(each.open and bool(set(each.holders) - {who}) for each in step if each is not seat) < missing


def substitute(
    candidates: Collection[str], conflicts: Collection[str], decided: Mapping[str, int], loaded: Mapping[str, int]
) -> str | None:
    """Of people without a conflict who decided there most often, then who has the fewest open seats, then by login."""
    free = [login for login in candidates if login not in conflicts]
    return min(free, key=lambda login: (-decided.get(login, 0), loaded.get(login, 0), login), default=None)


def only(who: str, asked: Sequence[Approver], roles: Mapping[str, Collection[str]]) -> bool:
    """Whether of those whom a step asks nobody else is there: people by name, and active people of a role. Of a line it
    is not said: that is of each deal."""
    if not asked or any(each.kind not in (ROLE, USER) for each in asked):
        return False
    people = {login for each in asked for login in (roles.get(each.name, ()) if each.kind == ROLE else (each.name,))}
    return people == {who}
