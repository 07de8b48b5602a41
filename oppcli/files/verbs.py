"""What the activities of an approval log were: the `[activities]` of a mapping, by activity and role."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from oppcli.model.said import listed, say
from oppcli.words.spelling import nearest

SUBMIT, APPROVE, FINAL, REJECT = "submit", "approve", "final", "reject"
RETURN, RECALL, NOTE, IGNORE = "return", "recall", "note", "ignore"
VERBS = (SUBMIT, APPROVE, FINAL, REJECT, RETURN, RECALL, NOTE, IGNORE)
NEEDED = (SUBMIT, FINAL)
"""Without these no request begins, and none is approved."""
ELSE = "else"

Wrong = Callable[[str, str], None]
"""Is told where something is wrong, and what."""


class Verbs(NamedTuple):
    """What an activity did to its request, by the role that did it."""

    otherwise: str | None
    """Of every role that is not named; None: there is no other."""
    by_role: Mapping[str, str] = MappingProxyType({})

    def of(self, role: str | None) -> str | None:
        """The verb; None for a role nobody thought of."""
        return self.by_role.get(role or "", self.otherwise)


def activities(found: Any, wrong: Wrong) -> dict[str, Verbs]:
    """The table by activity. Keys are compared without the spaces around them."""
    if not isinstance(found, dict):
        wrong("activities", say("must be a table: [activities]"))
        return {}
    return {name.strip(): _verbs(value, f"[activities] {name}", wrong) for name, value in found.items()}


def _verbs(found: Any, where: str, wrong: Wrong) -> Verbs:
    """A verb, or a table of verbs by role with `else` for the others."""
    if not isinstance(found, dict):
        return Verbs(_verb(found, where, wrong))
    by_role = {role.strip(): _verb(verb, f"{where} {role}", wrong) for role, verb in found.items()}
    return Verbs(by_role.pop(ELSE, None), by_role)


def _verb(found: Any, where: str, wrong: Wrong) -> str:
    if found not in VERBS:
        near = nearest(found, VERBS) if isinstance(found, str) else ""
        wrong(where, say("{found!r} is not one of {verbs}{near}", found=found, verbs=listed(VERBS), near=near))
        return IGNORE
    return str(found)


def named(found: Mapping[str, Verbs]) -> frozenset[str]:
    """Every verb that some activity has."""
    return frozenset(verb for verbs in found.values() for verb in (verbs.otherwise, *verbs.by_role.values()) if verb)
