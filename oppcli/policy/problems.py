"""What may be wrong with a policy: coded, located, all at once."""

from collections.abc import Iterator
from typing import Any

from oppcli.errors import PolicyError, Reason
from oppcli.model.said import say
from oppcli.policy.building import NAMED, PARTS, ROWS
from oppcli.toml.lines import Lines, Path
from oppcli.tuples import NamedTuple

CODES: dict[str, str] = {
    "P001": "not TOML",
    "P002": "unknown key",
    "P003": "a required key is missing",
    "P004": "a stage is listed twice",
    "P005": "no such user",
    "P006": "cannot read an approver",
    "P007": "no such role",
    "P008": "the calendar is not defined",
    "P009": "a condition cannot be read",
    "P010": "unknown field",
    "P011": "no type at all, where one is asked for",
    "P012": "a type without steps",
    "P013": "a tolerance on a field that is not material",
    "P014": "a step without name or who",
    "P015": "two steps of a type with one name",
    "P016": "cannot read a rule",
    "P017": "a quorum larger than the people listed",
    "P018": "veto or must without `at least N`, or naming somebody outside who",
    "P019": "an SLA below 0.25h",
    "P020": "a time without a unit, or in one that it cannot have",
    "P021": "on_timeout other than return, reject, escalate",
    "P022": "steps of one together that are not neighbours",
    "P023": "unknown escalation action",
    "P024": "valid_days below 1",
    "P025": "unknown stage",
    "P026": "a gate asks for an unknown type",
    "P027": "distinct names an unknown step",
    "P028": "unknown repeat",
    "P029": "unknown time zone",
    "P030": "a bad interval",
    "P031": "overlapping intervals",
    "P032": "a bad date",
    "P033": "a date is both holiday and workday",
    "P034": "deals are in a stage that this policy no longer has",
    "P035": "a condition compares a field with another kind of value",
    "P036": "a type, a step or a stage that nothing can ever come to, or that leads to no win",
    "P037": "a value that the key cannot take",
    "P038": "the stages do not make a pipeline",
    "P039": "a gate asks for what there is not",
    "P040": "deadlines, or scores, wait for themselves",
    "P041": "a computed field is material",
    "P060": "what a type requires can be skipped",
    "P061": "a fact that changes by itself is material",
    "P062": "no such fact of payments, of the customer, of a quote or of risk; no such event, or no command of a hook",
    "P063": "`chosen` of a role that nobody is in",
    "P065": "max_rounds below 1",
    "P066": "more than 10 reminders",
    "P067": "one of several pipelines does not make a way: a kind is missing, it has no name, or next leads out of it",
    "P101": "a role is empty",
    "P102": "`at least N` with exactly N people",
    "P103": "a step depends on a field that is not material",
    "P104": "a gate that is never passed",
    "P105": "a type no gate asks for",
    "P106": "self-approval is on",
    "P107": "a workday on a day that is worked anyway",
    "P108": "a calendar without holidays for next year",
    "P109": "a hole between tiers",
    "P110": "an escalation target is also the holder",
    "P111": "more than 6 steps in one type",
    "P112": "a person who is not a user yet",
    "P114": "more than 4 tasks of a stage that must be done",
    "P115": "a cadence longer than a stage takes to rot",
    "P120": "a record is refused for a likeness alone",
    "P121": "quotes, or contracts, are approved by a type that does not rest on them",
    "P122": "a condition that is not true of an empty field, although it reads so",
    "P123": "a type is decided away from the terminal, and a yes in one of its steps brings a file",
    "P201": "a scope without proof of who asks",
    "P203": "a pattern that could take for ever",
}
"""Every code and what it stands for. P1.. and P201 are warnings, all others errors. Codes never change meaning."""


LISTS = ("stage", *(part.name for part in PARTS if part.many == ROWS))
NAMES = ("type", "fields", "calendar", *(part.name for part in PARTS if part.many == NAMED))
WITH_LISTS = ("follow", "assign", "duplicates", "contract")
"""Tables with lists of tables in them, whose members are told by their number and name."""


class Problem(NamedTuple):
    """One thing that is wrong, or worth a look."""

    code: str
    source: str
    """The file, as named by the caller."""
    line: int | None
    place: str
    """The table and key: `[type.quote] step 2`."""
    message: str
    fix: str | None = None
    """A command that can be pasted."""

    @property
    def warning(self) -> bool:
        return self.code.startswith("P1") or self.code == "P201"

    @property
    def location(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source

    def __str__(self) -> str:
        fix = say(" ({fix})", fix=self.fix) if self.fix else ""
        where: str = f"{self.location}: {self.code}"
        where = say("{where} {place}", where=where, place=self.place) if self.place else where
        return say("{where}: {message}{fix}", where=where, message=self.message, fix=fix)

    def reason(self) -> Reason:
        said = say("{place}: {message}", place=self.place, message=self.message) if self.place else self.message
        return Reason(f"{self.location}: {self.code}", said, self.fix)


class BrokenPolicy(PolicyError):
    """A policy that cannot be applied. `problems` are all its errors, then its warnings."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        errors = [problem for problem in problems if not problem.warning]
        super().__init__(
            say("{source} cannot be applied: {n} {n:error|errors}", source=source, n=len(errors)),
            reasons=tuple(problem.reason() for problem in errors),
        )
        self.problems = problems


class Problems:
    """Collects what the checks find."""

    def __init__(self, source: str, lines: Lines, names: "Names") -> None:
        self.source = source
        self._lines = lines
        self._names = names
        self._found: dict[Problem, None] = {}

    def add(self, code: str, path: Path, message: str, *, near: str | None = None, fix: str | None = None) -> None:
        """Note a problem at a path of the document; `near` is a text to look for in the lines of a long value."""
        line = self._lines.of(path, near)
        self._found[Problem(code, self.source, line, self._names.place(path), message, fix)] = None

    def sorted(self) -> tuple[Problem, ...]:
        """Errors first, each kind in the order of the file."""
        return tuple(sorted(self._found, key=lambda p: (p.warning, p.line or 0, p.code, p.place, p.message)))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    @property
    def broken(self) -> bool:
        return any(not problem.warning for problem in self._found)


class Names:
    """Paths of the document as people name them: `[type.quote] step 2 (大区总监)`."""

    def __init__(self, doc: dict[str, Any]) -> None:
        self._doc = doc

    def place(self, path: Path) -> str:
        if not path:
            return ""
        head = str(path[0])
        if head in LISTS:
            return f"[[{head}]] {self._numbered(path[:2])}" if len(path) > 1 else f"[[{head}]]"
        if head == "type" and len(path) > 2 and path[2] == "step":
            step = say(" step {numbered}", numbered=self._numbered(path[:4])) if len(path) > 3 else say(" step")
            return say("[type.{name}]{step}", name=path[1], step=step)
        if head == "fields" and len(path) > 2 and self._is_table(path[:3]):
            return f"[fields.{path[1]}.{path[2]}]"
        if head in WITH_LISTS and len(path) > 2 and isinstance(path[2], int):
            return f"[{head}] {path[1]} {self._numbered(path[:3])}"
        if head in NAMES:
            return f"[{head}.{path[1]}]" if len(path) > 1 else f"[{head}]"
        # Keys are named by the message; those of roles and gates are names themselves.
        return f"[{head}] {path[1]}" if len(path) > 1 and head in ("roles", "gate", "bands") else f"[{head}]"

    def _at(self, path: Path) -> Any:
        found: Any = self._doc
        for part in path:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def _is_table(self, path: Path) -> bool:
        return isinstance(self._at(path), dict)

    def _numbered(self, path: Path) -> str:
        """`2 (大区总监)`: its place in the list, 1 first, and its name when it has one."""
        found = self._at(path)
        name = found.get("name") if isinstance(found, dict) else None
        number = int(path[-1]) + 1
        return f"{number} ({name})" if isinstance(name, str) else str(number)
