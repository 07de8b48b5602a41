"""What every check is given: the document, what it names, what the database knows, and where problems go."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from oppcli.model.approver import LINE, ROLE, USER, Approver
from oppcli.model.command import command
from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.policy import FieldRule, Policy
from oppcli.policy import Known, building, notation
from oppcli.policy.lines import Path
from oppcli.policy.notation import Misread, many, quoted
from oppcli.policy.problems import Problems
from oppcli.policy.shape import Table
from oppcli.rules import fields
from oppcli.rules.spelling import did_you_mean

Value = TypeVar("Value")
FILE = "file:"
FIELD_TYPES = ("text", "number", "int", "money", "percent", "bool", "date")


class Review:
    """One document under review. Its tables have the right shape (`shape.sound`); their values are still unread."""

    def __init__(
        self, doc: Table, problems: Problems, known: Known | None, today: date | None, *, has_type_table: bool
    ) -> None:
        self.doc = doc
        self.problems = problems
        self.known = known
        self.today = today
        self.add = problems.add
        self.stages = [stage["name"] for stage in doc["stage"] if "name" in stage]
        self.roles = {name: tuple(many(people)) for name, people in doc["roles"].items()}
        self.has_type_table = has_type_table
        """Whether the file has a `[type]` at all, be it empty."""
        self._rules = {name: _rule(name, table) for name, table in doc["fields"].items()}
        minimal = Policy(name="", currency="", calendar="", fallback=(), stages=(), types={}, fields=self._rules)
        self.fields = fields.fields(minimal)
        self.kinds = fields.field_kinds(minimal)

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The values a text field may have, where they are listed; a deal's stage is one of the stages."""
        found = {name: field.values for name, field in self.fields.items() if field.values}
        return found | {"stage": tuple(self.stages)}

    def read(self, path: Path, reader: Callable[[Any], Value], value: Any) -> Value | None:
        """What the notation makes of a value; None, and a problem, when it cannot be understood."""
        try:
            return reader(value)
        except Misread as wrong:
            self.add(wrong.code, path, f"{_key(path)}{wrong.message}", near=str(value))
            return None

    def approvers(self, path: Path, value: Any, *, line: bool = True) -> tuple[Approver, ...]:
        """The approvers that can be read, each known; without `line`, reporting lines mean nothing here."""
        found = [one for text in many(value) if (one := self.read(path, notation.approver, text)) is not None]
        for one in found:
            self._known(path, one, line=line)
        return tuple(found)

    def _known(self, path: Path, one: Approver, *, line: bool) -> None:
        if one.kind == ROLE and one.name not in self.role_names:
            message = f"{_key(path)}no role '{one.name}'{did_you_mean(one.name, self.role_names)}"
            self.add("P007", path, message, near=one.name)
        elif one.kind == USER:
            self.person(path, one.name)
        elif one.kind == LINE and not line:
            self.add("P006", path, f"{_key(path)}{quoted(one)}: here there is no line, use role:NAME or user:LOGIN")

    @property
    def role_names(self) -> tuple[str, ...]:
        return (*self.roles, *(role for role in BUILT_IN_ROLES if role not in self.roles))

    def person(self, path: Path, login: str) -> None:
        """A login must be somebody. For the first policy of a database people may come after it."""
        if self.known is None or login in self.known.users:
            return
        message = f"no such user '{login}'{did_you_mean(login, self.known.users)}"
        self.add("P112" if self.known.first else "P005", path, message, near=login, fix=command("user", "add", login))

    def members(self, role: str) -> frozenset[str] | None:
        """The people of a role; None where it cannot be known: nobody is listed and people carry it in the database."""
        carried = self.known.held_roles.get(role, frozenset()) if self.known else frozenset()
        people = frozenset(self.roles.get(role, ()))
        return people | carried if people else None

    def field(self, path: Path, name: str, *, files: bool = True) -> None:
        """A field (or `file:KIND`) must exist."""
        if files and name.startswith(FILE) and len(name) > len(FILE):
            return
        if name not in self.kinds:
            from oppcli.rules.sentences import field_near

            near = field_near(name, self.kinds)
            self.add("P010", path, f"{_key(path)}unknown field '{name}'{near}", near=name)


def _rule(name: str, table: Table) -> FieldRule:
    """The rule of a field without its limits, which may be unreadable; they are not asked for here."""
    kept = {key: value for key, value in table.items() if key not in ("min", "max")}
    if kept.get("type") not in (None, *FIELD_TYPES):
        kept.pop("type")
    return building.field_rule(name, kept)


def _key(path: Path) -> str:
    """`who = ` before a value, so that the message shows what is written there."""
    return f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
