"""The tables about relations → their rules. Read where a policy has one of them."""

from collections.abc import Callable, Mapping
from typing import Any

Table = Mapping[str, Any]


def read(doc: Table) -> dict[str, Any]:
    """The fields of the policy that its tables about relations make."""
    return {field: reads(doc[table]) for table, (field, reads) in _READERS.items() if table in doc}


def _follow(table: Table) -> Any:
    from oppcli.policy.follow_keys import FOLLOW

    return FOLLOW.rule(**FOLLOW.values(table))


_READERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {"follow": ("follow", _follow)}
"""Table → the field of the policy, and what reads it."""
