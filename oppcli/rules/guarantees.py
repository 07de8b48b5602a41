"""Which rules of a step cannot be passed without somebody of a role."""

from collections.abc import Callable, Iterable

from oppcli.model.approver import USER, approver, role_in

ANY, ALL = "any", "all"


def guarantees(rule: str, who: Iterable[str], must: Iterable[str], role: str, has: Callable[[str], bool]) -> bool:
    """Whether a step of this rule cannot be passed without a yes of the role: with `any` all of `who` have it, with
    `all` one of them, with `at least n` one who must be among them. `has`: whether a login has the role, by the
    policy."""

    def term(text: str) -> bool:
        one = approver(text)
        return role_in(text) == role or (one.kind == USER and has(one.name))

    if rule == ANY:
        return all(map(term, who))
    return any(map(term, who if rule == ALL else must))
