"""A text for people that still knows what it was made of: template and values beside the English sentence.

`say("{deal} is won and locked", deal="D-1")` is a `str` like any other, so that no signature knows of languages; the
edge looks the template up in a catalogue and speaks the values in turn (`oppcli.speech.spoken`). The key of the
catalogue is the English template, hence it is written as a literal where it is said.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Self

MARK = "\x1e"
"""RECORD SEPARATOR, which stands in no text that was typed: behind it a stored text keeps what it was made of."""
Speak = Callable[[Any], str]
"""How a value inside a sentence is spoken: what is no `Said` is its `str`."""

LANGUAGES = ("en", "zh")
"""In which a person may be answered, and a policy be written."""
HELP = "help"
"""The group of texts that help tells, too."""
LABEL = "label"
"""The group of what something is called beside its value, `expected close`: told by the word of the heading."""
HEADING = "heading"
"""The group of the words that headings are made of."""
REPEAT = "repeat"
"""The group of how often something comes again: `monthly`, `mon,thu`."""
WHOM = "whom"
"""The group of whom a target is of: `company`, or a login."""
WHENCE = "whence"
"""The group of what brought something about: `cadence`, and with a name behind it `deadline:首次联系`."""


class Said(str):
    """A sentence, its template and its values. What `str` methods make of it is plain text."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, text: str, template: str, values: dict[str, Any]) -> Self:
        self = super().__new__(cls, text)
        self.template, self.values = template, values
        return self

    def spoken(self, template: str, speak: Speak) -> str:
        """The sentence by this template, each value that was said spoken by `speak`."""
        if not self.values:
            return template
        return formatted(
            template, {name: speak(value) if isinstance(value, str) else value for name, value in self.values.items()}
        )

    def filled(self, **values: Any) -> "Said":
        """The sentence of this template, which a table has kept without values."""
        return Said(formatted(self.template, values), self.template, values)


def sentence(stored: str | None) -> Said | None:
    """A sentence of the program that was stored as plain text: one without values is spoken where a catalogue knows
    it, any other stays as it was stored."""
    return Said(stored, stored, {}) if stored else None


class Listed(str):
    """Texts with a separator between them, each still spoken by itself."""

    __slots__ = ("between", "parts")

    parts: tuple[str, ...]
    between: str

    def __new__(cls, parts: Iterable[str], between: str = ", ") -> Self:
        kept = tuple(parts)
        self = super().__new__(cls, between.join(kept))
        self.parts, self.between = kept, between
        return self


class Word(str):
    """A code that people see as a word: the state `pending`, the kind `won`. `group` tells homonyms apart."""

    __slots__ = ("called", "group")

    group: str
    called: str
    """What the team itself calls it, which is told wherever the code would be translated."""

    def __new__(cls, group: str, code: str, called: str = "") -> Self:
        self = super().__new__(cls, code)
        self.group, self.called = group, called
        return self


class Told(str):
    """A code in a table, with the sentence that people read in its place: `approved (override)` of `approved`."""

    __slots__ = ("said",)

    said: str

    def __new__(cls, code: str, said: str) -> Self:
        self = super().__new__(cls, code)
        self.said = said
        return self


def coded(group: str, code: str) -> str:
    """A code as the word that people read for it. What brought something about may have its name behind it; what comes
    again may do so on several days. A sentence in place of a code is told as it was said."""
    if isinstance(code, Said | Listed):
        return code
    if isinstance(code, Told):
        return code.said
    if group == REPEAT:
        return listed((Word(group, each) for each in code.split(",")), ",")
    what, mark, name = code.partition(":") if group == WHENCE else (code, "", "")
    return say("{what}:{name}", what=Word(group, what), name=name) if mark else Word(group, code)


def heading(name: str) -> Word:
    """What stands above a column that is called so: `EXPECTED CLOSE` of `expected_close`."""
    return Word(HEADING, name.replace("_", " ").upper())


def label(name: str, called: str = "") -> Word:
    """What something is called in a sentence or beside its value: `expected_close`; or as the team calls it."""
    return Word(LABEL, name, called)


def title_of_person(code: str = "title", called: str = "") -> Word:
    """The title of a contact, which is a job and not what something is called."""
    return Word("contact", code, called)


APPROVERS = Word("approving", "WHO")
"""What stands above the people of a step."""


class Money(str):
    """An amount in full, as `money.shown` writes it, with what a voice makes its short form of."""

    __slots__ = ("currency", "minor")

    currency: str
    minor: int

    def __new__(cls, text: str, minor: int, currency: str) -> Self:
        self = super().__new__(cls, text)
        self.minor, self.currency = minor, currency
        return self


class Number(str):
    """A number in full, with what a language that counts in units of its own makes `50万` of."""

    __slots__ = ("value",)

    value: Decimal

    def __new__(cls, text: str, value: Decimal) -> Self:
        self = super().__new__(cls, text)
        self.value = value
        return self


def say(template: str, /, **values: Any) -> Said:
    """The sentence of `template` with `{name}` filled in from the values, as `str.format` does it; `{n:row|rows}` is
    the first word where n is 1 and the second elsewhere."""
    return Said(formatted(template, values) if values else template, template, values)


def listed(parts: Iterable[str], between: str = ", ") -> Listed:
    """The texts with `between` in the middle, each of which is spoken by itself."""
    return Listed(parts, between)


def of_system(error: BaseException) -> Word:
    """What the operating system says of an error, in lower case."""
    return Word("system", (getattr(error, "strerror", None) or str(error)).lower())


def told(error: BaseException) -> str:
    """What an error says, still as it was said."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, (Said, Listed)) else str(error)


def formatted(template: str, values: dict[str, Any]) -> str:
    """The template with its values, plurals chosen."""
    if "|" not in template:
        return template.format_map(values)
    return template.format_map(
        {name: _Counted(value) if type(value) in (int, float) else value for name, value in values.items()}
    )


class _Counted:
    """A number that a format such as `row|rows` makes the word for."""

    def __init__(self, number: float) -> None:
        self.number = number

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return format(self.number, spec)
        one, many = spec.split("|", 1)
        return one if self.number == 1 else many
