"""The words of a language that the sentences of a policy are made with: they are English templates, and every other
language has its own for each of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from oppcli.model.said import formatted
from oppcli.tuples import NamedTuple
from oppcli.words import numbers


class Vocabulary(NamedTuple):
    """How one language says it."""

    days: tuple[str, ...]
    joins: Mapping[str, tuple[str, str]]
    """and, or, either, of, list → what stands between words, and before the last."""
    quotes: tuple[str, str] = ("", "")
    """Around the names of roles and people."""
    stop: str = " "
    """Between sentences."""
    semicolon: str = "; "
    digits: str = ",f"
    """The format of a number."""
    units: tuple[tuple[int, str], ...] = ()
    """Words for large numbers, the largest first."""
    fields: Mapping[str, str] = {}
    """What built-in fields are called, where that is not their name."""
    templates: Mapping[str, str] = {}
    """English template → that of this language; the English one where there is none."""

    def say(self, template: str, **values: object) -> str:
        return formatted(self.templates.get(template, template), values)

    def number(self, value: Decimal) -> str:
        """A number as people write it: `500,000`, `50 万`."""
        for size, name in self.units:
            if abs(value) >= size and (value / size * 100) % 1 == 0:
                return f"{numbers.shown(value / size)} {name}"
        return format(value.normalize(), self.digits)

    def list(self, words: Iterable[str], how: str = "and") -> str:
        *first, last = tuple(words) or ("",)
        between, before = self.joins[how]
        return f"{between.join(first)}{before}{last}" if first else last

    def name(self, name: str) -> str:
        return name.join(self.quotes)


ENGLISH = Vocabulary(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    joins={
        "and": (", ", " and "),
        "or": (", ", " or "),
        "either": (", ", " or "),
        "of": (", ", " and "),
        "list": (", ", ", "),
    },
)
