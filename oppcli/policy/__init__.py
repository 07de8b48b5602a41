"""The team's policy: one TOML file → one `Policy`, or one error that names every problem. Templates to start from."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from oppcli.model.policy import Policy
from oppcli.model.said import LANGUAGES

if TYPE_CHECKING:
    from oppcli.policy.known import Known, Loaded

TEMPLATES = ("b2b", "saas", "service", "retail", "blank")


def load(
    text: str, *, source: str = "policy.toml", known: "Known | None" = None, today: date | None = None
) -> "Loaded":
    """Check the whole text and read it. Raises `PolicyError` with every problem as a reason.

    People are checked only against a database (`known`), next year's holidays only when `today` is given."""
    from oppcli.policy.loading import load as checked

    return checked(text, source=source, known=known, today=today)


@lru_cache(maxsize=16)
def read(text: str, kept: str = "") -> Policy:
    """The policy of a text that was checked before: nothing is checked again, conditions are read when first asked.
    `kept`: what was kept of it (`keeping.kept`)."""
    from oppcli.policy.kept import digest, policy_of

    hash = digest(text)
    found = policy_of(text, hash, kept) if kept else None
    if found is not None:
        return found
    from oppcli.policy.building import build
    from oppcli.policy.titles import by_names
    from oppcli.toml.reading import known

    return build(by_names(known(text), text), text, hash)


def template(name: str, lang: str = "en") -> str:
    """The text of a template (`TEMPLATES`) in a language (`LANGUAGES`). Raises `ValueError` for another."""
    from pathlib import Path

    if name not in TEMPLATES or lang not in LANGUAGES:
        raise ValueError(f"no template {name} in {lang}")
    return (Path(__file__).parent / "templates" / f"{name}.{lang}.toml").read_text(encoding="utf-8")
