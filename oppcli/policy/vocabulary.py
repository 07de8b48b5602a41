"""The words of a language that the sentences of a policy are made with: they are English templates, and every other
language has its own for each of them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from oppcli.model.said import formatted


class Vocabulary(NamedTuple):
    """How one language says it."""

    lang: str
    days: tuple[str, ...]
    joins: Mapping[str, tuple[str, str]]
    """and, or, either, of, list → what stands between words, and before the last."""
    quotes: tuple[str, str] = ("", "")
    """Around the names of roles and people."""
    stop: str = " "
    """Between sentences."""
    semicolon: str = "; "
    templates: Mapping[str, str] = {}
    """English template → that of this language; the English one where there is none."""

    def say(self, template: str, **values: object) -> str:
        return formatted(self.templates.get(template, template), values)

    def list(self, words: Iterable[str], how: str = "and") -> str:
        *first, last = tuple(words) or ("",)
        between, before = self.joins[how]
        return f"{between.join(first)}{before}{last}" if first else last

    def name(self, name: str) -> str:
        return name.join(self.quotes)


ENGLISH = Vocabulary(
    lang="en",
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    joins={
        "and": (", ", " and "),
        "or": (", ", " or "),
        "either": (", ", " or "),
        "of": (", ", " and "),
        "list": (", ", ", "),
    },
)
