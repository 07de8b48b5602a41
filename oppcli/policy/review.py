"""What every check is given: the document, what it names, what the database knows, and where problems go."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from oppcli.model.approver import CHOSEN, FIELD, ROLE, USER, Approver
from oppcli.model.command import command
from oppcli.model.facts import FACT_TYPES, FactRule
from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.policy import ALL_HOURS, CLAUSES, COMMENT, FieldRule, Policy
from oppcli.model.quoting import ORDINARY
from oppcli.model.relations import ScoreRule
from oppcli.model.said import Said, listed, say
from oppcli.model.spaces import CONTRACT, SPACES, WHOLE
from oppcli.model.spaces import known as known_facts
from oppcli.policy import building, notation
from oppcli.policy.keys import FIELD as OF_FIELD
from oppcli.policy.known import Known
from oppcli.policy.notation import Misread, many
from oppcli.policy.problems import Problems
from oppcli.policy.titles import titled
from oppcli.rules import fields, relation_facts
from oppcli.rules.faults import NUMERIC_KINDS, Fault, faults, field_near
from oppcli.rules.probing import Limits
from oppcli.toml.lines import Path
from oppcli.words.spelling import did_you_mean

Table = dict[str, Any]
Subject = tuple[dict[str, str], dict[str, tuple[str, ...]]]
"""What a condition is about: the kinds of its fields, and the values of those that have a list of them."""
Value = TypeVar("Value")
FILE = "file:"
RESERVED = ("and", "or", "not", "in", "true", "false", "always", "me")
"""Words that a condition takes for something else than a field."""


class Review:
    """One document under review. Its tables have the right shape (`shape.sound`); their values are still unread."""

    def __init__(
        self, doc: Table, problems: Problems, known: Known | None, today: date | None, there: Collection[str]
    ) -> None:
        self.doc = doc
        self.there = there
        """Which tables the file has, be they empty."""
        self.problems = problems
        self.known = known
        self.today = today
        self.add = problems.add
        self.stages = [stage["name"] for stage in doc["stage"] if "name" in stage]
        self.roles = {name: tuple(many(role.get("who", []))) for name, role in doc["roles"].items()}
        self.spaces = frozenset(name for name in WHOLE if name in there)
        """Which of the tables whose facts have dotted names (`model.spaces`) it has."""
        doc["fields"], self.fields_of = building.by_noun(doc["fields"])
        """What is said of a deal's fields; customer, contact → the tables of theirs."""
        self._rules = {name: _rule(name, table) for name, table in doc["fields"].items()}
        minimal = Policy(name="", currency="", calendar="", fallback=(), stages=(), types={}, fields=self._rules)
        dotted: dict[str, Any] = dict.fromkeys(self.spaces, ORDINARY)
        minimal = minimal._replace(facts=_facts(doc["fact"]), **dotted)
        self.field_names = frozenset(fields.fields(minimal))
        """The fields of deals that nothing computes."""
        minimal = minimal._replace(scores=tuple(ScoreRule(each.get("name", ""), ()) for each in doc["score"]))
        self.fields = fields.fields(minimal)
        self.kinds = {**known_facts(minimal), **fields.field_kinds(minimal)}

    @property
    def deals(self) -> Subject:
        """What a condition about relations reads of a deal: also how it has been dealt with."""
        return {**self.kinds, **relation_facts.OF_DEALS}, {**self.choices, **relation_facts.CHOICES}

    @property
    def customers(self) -> Subject:
        """What a condition about a customer reads."""
        kinds, choices = self._of_noun("customer")
        return {**kinds, **relation_facts.OF_CUSTOMERS}, choices

    @property
    def contacts(self) -> Subject:
        return self._of_noun("contact")

    def _of_noun(self, noun: str) -> Subject:
        rules = {name: _rule(name, table) for name, table in self.fields_of.get(noun, {}).items()}
        found = fields.of_noun(noun, rules)
        kinds = {name: field.kind for name, field in found.items()}
        return kinds, {name: field.values for name, field in found.items() if field.values}

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The values a text field may have, where they are listed; a deal's stage is one of the stages."""
        found = {name: field.values for name, field in self.fields.items() if field.values}
        return found | {"stage": tuple(self.stages)}

    @property
    def limits(self) -> Limits:
        """The least and the greatest of a deal's numbers, as far as the policy's can be read."""
        numbers = {name: field for name, field in self.fields.items() if field.kind in NUMERIC_KINDS}
        said = {name: self.doc["fields"].get(name, {}) for name in numbers}
        return {
            name: (_limit(said[name], "min", it.min), _limit(said[name], "max", it.max)) for name, it in numbers.items()
        }

    def once(self, code: str, path: Path, message: str) -> None:
        """Note what is said but once, however often it is so."""
        if not any(problem.code == code for problem in self.problems):
            self.add(code, path, message)

    def names_once(self, path: Path, tables: Iterable[Table], told: Said, code: str = "P037") -> None:
        """Each table of a list must have a name of its own; `told`: what is said of a `{name}` that comes twice."""
        seen: set[str] = set()
        for place, name in enumerate(table.get("name", "") for table in tables):
            if name and name in seen:
                self.add(code, (*path, place, "name"), told.filled(name=name), near=name)
            seen.add(name)

    def read(self, path: Path, reader: Callable[[Any], Value], value: Any) -> Value | None:
        """What the notation makes of a value; None, and a problem, when it cannot be understood."""
        try:
            return reader(value)
        except Misread as wrong:
            self.add(wrong.code, path, say("{key}{message}", key=_key(path), message=wrong.message), near=str(value))
            return None

    def named(self, what: str, path: Path, name: Any) -> None:
        """Whatever a key names must be there: an approver, a field, a stage, a calendar."""
        check: Callable[[Path, Any], None] = getattr(self, what)
        check(path, name)

    def approver(self, path: Path, one: Approver) -> None:
        """A role or a person must be there."""
        if one.kind == ROLE:
            self.role(path, one.name)
        elif one.kind == USER:
            self.person(path, one.name)
        elif one.kind == CHOSEN:
            self.chosen(path, one.name)
        elif one.kind == FIELD:
            self.field(path, one.name)

    def chosen(self, path: Path, role: str) -> None:
        """Of a role that must be there, and that somebody is in where that can be known."""
        self.role(path, role)
        if role in self.roles and not self.roles[role] and self.known is not None and self.members(role) is None:
            self.add("P063", path, say("nobody is in the role '{role}' to be chosen", role=role), near=role)

    def brought(self, path: Path, name: str) -> None:
        """What an approval brings: words, a file, every clause answered, or a field that must be there."""
        if name != COMMENT and not (name == CLAUSES and CONTRACT in self.spaces):
            self.field(path, name)

    @property
    def role_names(self) -> tuple[str, ...]:
        return (*self.roles, *(role for role in BUILT_IN_ROLES if role not in self.roles))

    def person(self, path: Path, login: str) -> None:
        """A login must be somebody. For the first policy of a database people may come after it."""
        if self.known is None or login in self.known.users:
            return
        message = say(
            "no such user '{login}'{did_you_mean}", login=login, did_you_mean=did_you_mean(login, self.known.users)
        )
        self.add("P112" if self.known.first else "P005", path, message, near=login, fix=command("user", "add", login))

    def members(self, role: str) -> frozenset[str] | None:
        """The people of a role; None where it cannot be known: nobody is listed and people carry it in the database."""
        carried = self.known.held_roles.get(role, frozenset()) if self.known else frozenset()
        people = frozenset(self.roles.get(role, ()))
        return people | carried if people else None

    def stage(self, path: Path, name: str) -> None:
        """A stage must be in the file."""
        if name not in self.stages:
            near = did_you_mean(name, self.stages)
            said = say("{key}unknown stage '{name}'{near}", key=_key(path), name=name, near=near)
            self.add("P025", path, said, near=name)

    def calendar(self, path: Path, name: str) -> None:
        """A calendar named by the policy or a step must be in the file."""
        known = self.doc["calendar"]
        if name not in known and name != ALL_HOURS:
            said = say(
                "calendar '{name}' is not defined{did_you_mean}", name=name, did_you_mean=did_you_mean(name, known)
            )
            self.add("P008", path, said, fix=None if known else say("write [calendar.{name}]", name=name))

    def role(self, path: Path, name: str) -> None:
        """A role must be in the file, or one of those that every team has."""
        if name not in self.role_names:
            near = did_you_mean(name, self.role_names)
            said = say("{key}no role '{name}'{near}", key=_key(path), name=name, near=near)
            self.add("P007", path, said, near=name)

    def mover(self, path: Path, one: str) -> None:
        """Who moves a deal, or does a task, must be there."""
        if isinstance(one, Approver):
            self.approver(path, one)

    def condition(self, path: Path, text: str, about: Subject | None = None) -> bool:
        """A condition must be one that can be used, of a deal or of what else it is about; every fault is a problem."""
        kinds, choices = about or (self.kinds, self.choices)
        found = faults(text, kinds, choices, currency=self.doc["policy"].get("currency", ""))
        for fault in found:
            where = say("column {column}: ", column=fault.column) if fault.code == "P009" else ""
            told = fault.message if fault.code != "P010" else self._meant(path, fault)
            shown = say("{message} in `{text}`", message=told, text=text) if fault.code == "P009" else told
            said = say("{key}{where}{message}", key=_of(path, where), where=where, message=shown)
            self.add(_code(fault), path, said, near=text)
        return not found

    def _meant(self, path: Path, fault: Fault) -> str:
        """What is wrong with the name of a field: several are called so, or what was found."""
        names = titled(fault.field, {**self.doc["fields"], **self.fields_of}, str(path[0]))
        if not names[1:]:
            return fault.message
        return say("{name} could be {same}", name=fault.field, same=listed(names, " or "))

    def field(self, path: Path, name: str) -> None:
        """A field (or `file:KIND`) must exist."""
        if name.startswith(FILE) and len(name) > len(FILE):
            return
        if name not in self.kinds:
            near = field_near(name, self.kinds)
            self.add(
                "P010", path, say("{key}unknown field '{name}'{near}", key=_key(path), name=name, near=near), near=name
            )


def _code(fault: Fault) -> str:
    """P062 of an unknown fact, by its dotted name."""
    space, dot, _ = fault.field.partition(".")
    return "P062" if fault.code == "P010" and dot and space in SPACES else fault.code


def _facts(tables: Mapping[str, Table]) -> dict[str, FactRule]:
    """What kinds the facts of customers have, as far as that can be read."""
    kinds = {name: table.get("type", "text") for name, table in tables.items()}
    return {name: FactRule(type=kind if kind in FACT_TYPES else "text") for name, kind in kinds.items()}


def readable(reader: Callable[[Any], Value], value: Any) -> Value | None:
    """What the notation makes of a value; None when it cannot be understood, which is told with its key."""
    try:
        return reader(value)
    except Misread:
        return None


def approvers(value: Any) -> tuple[Approver, ...]:
    """The approvers of a list that can be read."""
    return tuple(one for text in many(value) if (one := readable(notation.asked, text)) is not None)


def _rule(name: str, table: Table) -> FieldRule:
    """The rule of a field without its limits, which may be unreadable; they are not asked for here."""
    kept = {key: value for key, value in table.items() if key not in ("min", "max")}
    if kept.get("type") not in OF_FIELD.keys["type"].among:
        kept.pop("type", None)
    return building.field_rule(name, kept)


def _limit(table: Table, key: str, built_in: Any) -> Decimal | None:
    """What the policy says, where that can be read, else what is built in."""
    try:
        found = notation.limit(table[key]) if key in table else built_in
    except ValueError:
        return None
    return found if isinstance(found, Decimal) else None


def _of(path: Path, where: str) -> str:
    """`when, column 8: ` or `when: `."""
    return say("{key}, ", key=path[-1]) if where else _key(path)


def _key(path: Path) -> str:
    """`who = ` before a value, so that the message shows what is written there."""
    return say("{key}: ", key=path[-1]) if path and isinstance(path[-1], str) else ""
