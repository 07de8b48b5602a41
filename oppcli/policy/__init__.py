"""The team's policy: one TOML file → one `Policy`, or one error that names every problem. Templates to start from."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from oppcli.model.policy import Policy

if TYPE_CHECKING:
    from oppcli.policy.problems import Problem

TEMPLATES = ("b2b", "saas", "service", "blank")
LANGUAGES = ("en", "zh")


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


def load(text: str, *, source: str = "policy.toml", known: Known | None = None, today: date | None = None) -> Loaded:
    """Check the whole text and read it. Raises `PolicyError` with every problem as a reason.

    People are checked only against a database (`known`), next year's holidays only when `today` is given."""
    from oppcli.policy.loading import load as checked

    return checked(text, source=source, known=known, today=today)


def read(text: str) -> Policy:
    """The policy of a text that was checked before: nothing is checked again, conditions are read when first asked."""
    from oppcli.policy.building import read as unchecked

    return unchecked(text)


def template(name: str, lang: str = "en") -> str:
    """The text of a template (`TEMPLATES`) in a language (`LANGUAGES`)."""
    from pathlib import Path

    if name not in TEMPLATES or lang not in LANGUAGES:
        raise ValueError(f"no template {name} in {lang}")
    return (Path(__file__).parent / "templates" / f"{name}.{lang}.toml").read_text(encoding="utf-8")
