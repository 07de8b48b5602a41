"""What values of the policy file are like, and what a table is told about each of its keys."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.model.policy import StepRule
from oppcli.model.said import Said
from oppcli.policy import notation
from oppcli.toml import shape
from oppcli.toml.shape import Named, Shape
from oppcli.tuples import NamedTuple

NOTHING: Mapping[Any, str] = {}


class Kind(NamedTuple):
    """What values of one kind are in the file and in the policy."""

    word: str
    """By which `policy.written` knows how to write it down, and `policy.explain` how to say it."""
    holds: Shape
    reads: Callable[[Any], Any]
    """Value of the file → that of the policy; of a list, each. Refuses (`Misread`) what it cannot understand."""
    many: bool = False
    """One thing or a list of them."""
    names: str = ""
    """Whose names it holds, each of which must be known: approver, role, field, word, stage, calendar."""
    of: Any = None
    """Of a table, or a list of them: their `Keys`."""

    def read(self, value: Any) -> Any:
        return tuple(map(self.reads, notation.many(value))) if self.many else self.reads(value)


class Key(NamedTuple):
    """One key of a table."""

    name: str
    kind: Kind
    means: str = ""
    """In docs/policy.md."""
    default: str = ""
    """What stands there if nothing is said, in words; else the default of the rule's field."""
    required: bool = False
    into: tuple[str, ...] | None = None
    """The fields of the rule it becomes; by default the one of its name."""
    among: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    never: Mapping[Any, str] = NOTHING
    """Values that people are known to write, and why there is no such."""
    code: str = "P037"
    """Of a value outside of its limits."""
    said: Said | Mapping[Any, Said] | None = None
    """Its sentence, `{it}` for the value; or a sentence per value, where not every value says something."""
    called: str = ""
    """In `policy diff`, where that is not its name."""
    inherits: str = ""
    """Of a step: where it has its value from when it says nothing: defaults, type, policy."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.name,) if self.into is None else self.into

    def of(self, rule: Any) -> Any:
        """What a rule has under this key; several fields as a tuple."""
        found = tuple(getattr(rule, field) for field in self.fields)
        return found[0] if len(found) == 1 else found


class Keys(NamedTuple):
    """The keys of one table and the rule they make."""

    rule: Any
    keys: Mapping[str, Key]

    @property
    def shape(self) -> shape.Table:
        return shape.Table(
            keys={key.name: key.kind.holds for key in self.keys.values()},
            # A step without name or who is told as one fault of the step.
            required=tuple(key.name for key in self.keys.values() if key.required and self.rule is not StepRule),
        )

    def values(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of the rule that a table without faults gives."""
        found: dict[str, Any] = {}
        for name, value in table.items():
            key = self.keys[name]
            read = key.kind.read(value)
            found |= zip(key.fields, (read,) if len(key.fields) < 2 else read, strict=False)
        return found


def keys(rule: Any, *rows: Key) -> Keys:
    return Keys(rule, {key.name: key for key in rows})


def listed(table: Keys, example: str = "", word: str = "rows") -> Kind:
    """A list of tables, each of which makes a rule. `example`: one, where they have no header of their own."""

    def read(rows: Any) -> tuple[Any, ...]:
        return tuple(table.rule(**table.values(row)) for row in rows)

    return Kind(word, shape.Rows(table.shape, example), read, of=table)


def inline(table: Keys) -> Kind:
    """One table within another."""
    return Kind("row", table.shape, lambda found: table.rule(**table.values(found)), of=table)


def named(table: Keys, header: str = "") -> Kind:
    """A table of such tables, by their names, which a rule may have, too. `header`: what stands before a name."""
    has_name = "name" in table.rule._fields

    def read(found: Mapping[str, Any]) -> dict[str, Any]:
        names = {name: {"name": name} if has_name else {} for name in found}
        return {name: table.rule(**names[name], **table.values(each)) for name, each in found.items()}

    return Kind("named", Named(table.shape, header), read, of=table)


def _as_is(value: Any) -> Any:
    return value


TEXT = Kind("text", shape.TEXT, _as_is)
TEXTS = Kind("texts", shape.TEXTS, _as_is, many=True)
REASONS = TEXTS._replace(word="reasons")
"""Which are said as one subject."""
TOUCHING = TEXTS._replace(word="touching")
"""Kinds of activities, the program's own by its words for them."""
AWAYS = TEXTS._replace(word="away")
ROLES = TEXTS._replace(word="roles", names="role")
SEEN = Kind("seen", shape.ANY, notation.seen)
HIDDEN = Kind("hidden", Named(shape.TEXTS), notation.hidden)
FLAG = Kind("flag", shape.FLAG, _as_is)
WHOLE = Kind("whole", shape.WHOLE, _as_is)
HOURS = Kind("hours", shape.ANY, notation.hours)
SLA = Kind("hours", shape.ANY, notation.sla)
IDLE = Kind("span", shape.TEXT, notation.idle)
CONDITION = Kind("condition", shape.CONDITION, notation.condition)
CONDITION_OF_DEALS = CONDITION._replace(names="deals")
"""Which reads of a deal also how it has been dealt with."""
CONDITION_OF_CUSTOMERS = CONDITION._replace(names="customers")
RULE = Kind("rule", shape.TEXT, notation.rule)
LIMIT = Kind("limit", shape.ANY, notation.limit)
REMINDERS = Kind("reminders", shape.TEXTS, notation.reminder, many=True)
TOLERANCES = Kind("tolerances", Named(shape.ANY), notation.tolerances)
BROUGHT = TEXTS._replace(word="brought", reads=notation.brought, names="brought")
LOCKS = Kind("locks", shape.ANY, notation.locks)
APART = Kind("apart", shape.LISTS, lambda lists: tuple(map(tuple, lists)))
APPROVERS = Kind("approvers", shape.TEXTS, notation.approver, many=True, names="approver")
ASKED = APPROVERS._replace(reads=notation.asked)
"""Whom a step may ask besides: who is chosen, who stands in a field."""
LASTING = APPROVERS._replace(reads=notation.lasting)
LISTENERS = LASTING._replace(word="listeners")
"""None where the table is not there; nobody named is the admins."""
RATE = Kind("rate", shape.ANY, notation.rate)
RATES = Kind("rates", shape.ANY, notation.rate, many=True)
"""Per cents, a number or a list of them."""
APPROVER = Kind("approver", shape.TEXT, notation.approver, names="approver")
FIELDS = Kind("fields", shape.TEXTS, _as_is, many=True, names="field")
WORDS = FIELDS._replace(names="word", holds=shape.WORDS)
"""What a gate may ask for: fields and more (`oppcli.rules.gate_words`)."""
STAGES = Kind("stages", shape.TEXTS, _as_is, many=True, names="stage")
CALENDAR_NAME = Kind("calendar", shape.TEXT, _as_is, names="calendar")
DATES = Kind("dates", shape.ANY, notation.dates)
