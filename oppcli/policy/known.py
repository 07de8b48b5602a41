"""What the database knows when a policy is checked against it, and what comes of the check."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from oppcli.model.policy import Policy
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.policy.problems import Problem


class Known(NamedTuple):
    """What the database knows when a policy is checked against it."""

    users: frozenset[str] = frozenset()
    """Logins, active or not."""
    held_roles: Mapping[str, frozenset[str]] = {}
    """Role → active people who carry it."""
    stages_in_use: Mapping[str, int] = {}
    """Stage → live deals in it."""
    closed_in: Mapping[str, int] = {}
    """Won or lost stage → deals that are or were in it."""
    stage_kinds: Mapping[str, str] = {}
    """Stages that hold deals, live or closed → their kind."""
    first: bool = False
    """No policy was applied yet: people are added afterwards, so a missing one is a warning, an empty role nothing."""


class Loaded(NamedTuple):
    """A policy that may be applied, and what its author should look at."""

    policy: Policy
    warnings: "tuple[Problem, ...]"
