"""What the activities of an approval log were: the `[activities]` of a mapping, by activity and role."""

from collections.abc import Mapping
from types import MappingProxyType

from oppcli.toml.shape import Table, one_of
from oppcli.tuples import NamedTuple

SUBMIT, APPROVE, FINAL, REJECT = "submit", "approve", "final", "reject"
RETURN, RECALL, NOTE, IGNORE = "return", "recall", "note", "ignore"
VERBS = (SUBMIT, APPROVE, FINAL, REJECT, RETURN, RECALL, NOTE, IGNORE)
NEEDED = (SUBMIT, FINAL)
"""Without these no request begins, and none is approved."""
ELSE = "else"


class Verbs(NamedTuple):
    """What an activity did to its request, by the role that did it."""

    otherwise: str | None
    """Of every role that is not named; None: there is no other."""
    by_role: Mapping[str, str] = MappingProxyType({})

    def of(self, role: str | None) -> str | None:
        """The verb; None for a role nobody thought of."""
        return self.by_role.get(role or "", self.otherwise)


VERB = one_of(*VERBS)
VERBS_BY_ROLE = Table({}, further=lambda role: VERB, short=ELSE)
"""A verb, or a table of verbs by role with `else` for the others."""


def activities(found: Mapping[str, Mapping[str, str]]) -> dict[str, Verbs]:
    """The verbs by activity of a table of the right shape. Keys are compared without the spaces around them."""
    return {name.strip(): _verbs(table) for name, table in found.items()}


def _verbs(table: Mapping[str, str]) -> Verbs:
    by_role = {role.strip(): verb for role, verb in table.items()}
    return Verbs(by_role.pop(ELSE, None), by_role)


def named(found: Mapping[str, Verbs]) -> frozenset[str]:
    """Every verb that some activity has."""
    return frozenset(verb for verbs in found.values() for verb in (verbs.otherwise, *verbs.by_role.values()) if verb)
