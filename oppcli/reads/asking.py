"""What `-w` asks, checked against the columns of a read: fields by name or title, days in any words, `me`, people and
stages that there are. What it cannot mean is refused with every fault; how a day was read is told.
"""

from collections.abc import Iterable, Mapping, Sequence

from oppcli.errors import Reason, UsageError
from oppcli.model.conditions import EMPTINESS, Group, Node, comparisons
from oppcli.model.fields import CHINESE_TITLES, SYNONYMS
from oppcli.model.policy import ALWAYS
from oppcli.model.said import Said, say
from oppcli.reads.asked_values import Values
from oppcli.reads.table import Column, Footnote, Frame, Kind
from oppcli.rules.faults import Fault, faults
from oppcli.rules.scopes import require_had
from oppcli.rules.syntax import CONTAINS, syntax
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

KINDS = {
    Kind.TEXT: "text",
    Kind.REF: "ref",
    Kind.COUNT: "int",
    Kind.NUMBER: "number",
    Kind.FRACTION: "fraction",
    Kind.DAYS: "number",
    Kind.HOURS: "number",
    Kind.SECONDS: "int",
    Kind.PERCENT: "percent",
    Kind.MONEY: "money",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
    Kind.INSTANT: "instant",
    Kind.LIST: "list",
}
"""Columns that can be compared, and as what."""


class Asked(NamedTuple):
    """Conditions that can be answered: their trees, the kinds of the fields they read, and how days were read."""

    nodes: tuple[Node, ...]
    kinds: Mapping[str, str]
    notes: tuple[Footnote, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is read, once."""
        return tuple(dict.fromkeys(each.field for node in self.nodes for each in comparisons(node)))

    @property
    def measured(self) -> tuple[str, ...]:
        """The fields whose numbers and days are compared: one without a value is told of."""
        compared = (each for node in self.nodes for each in comparisons(node) if each.op not in EMPTINESS)
        return tuple(dict.fromkeys(each.field for each in compared if self.kinds[each.field] not in _UNMEASURED))


_UNMEASURED = ("text", "ref", "list", "bool")


class Asker:
    """Reads the conditions of one read: its columns, and numbers that are no columns, such as `age_days`. `noun` is
    what its rows are of, where they all are of one."""

    def __init__(
        self, door: ReadDoor, columns: Iterable[Column], frame: Frame, numbers: Sequence[str] = (), noun: str = ""
    ) -> None:
        self._frame = frame
        self._columns = {column.name: column for column in columns if column.kind in KINDS}
        self._kinds = {name: KINDS[column.kind] for name, column in self._columns.items()}
        self._kinds |= dict.fromkeys(numbers, "number")
        self._told: list[Footnote] = []
        self._values = Values(door, self._columns, self._kinds, frame, self._tell, noun)
        self._headings: dict[str, str] = {}
        """Fields by what they were typed as, where that is none of their names."""

    def read(self, texts: Sequence[str]) -> Asked:
        """The conditions; `always` is none. Refused with every fault of the texts, and for a field that who asks does
        not have."""
        nodes = [self._one(text) for text in texts if text.strip() != ALWAYS.text]
        asked = Asked(tuple(nodes), self._kinds, tuple(self._told))
        require_had(self._frame.actor, sorted(asked.fields), self._frame.hidden)
        return asked

    def _one(self, text: str) -> Node:
        names: tuple[str, ...] = ()
        found = self._faults(text, names)
        if found:
            names = self._meant(text)
            found = self._faults(text, names)
        if not found:
            read = self._settled(syntax(text, names), found)
            if not found:
                return read
        reasons = tuple(Reason(say("column {n}", n=fault.column), fault.message) for fault in found)
        said = say("the condition {text!r} cannot be used", text=text)
        raise UsageError(said, reasons=reasons, hint=self._there() if any(f.code == "P010" for f in found) else None)

    def _there(self) -> Said:
        """The fields that a condition may name, and that who asks has."""
        return say(
            "the fields are {fields}", fields=" ".join(each for each in self._kinds if each not in self._frame.hidden)
        )

    def _faults(self, text: str, names: tuple[str, ...]) -> list[Fault]:
        currency = self._frame.policy().currency
        return [*faults(text, self._known(), currency=currency, of_read=True, names=names)]

    def _known(self) -> dict[str, str]:
        """Kinds by everything that a field may be called."""
        return {title: self._kinds[name] for title, name in self._titles().items()} | self._kinds

    def _meant(self, text: str) -> tuple[str, ...]:
        """What fields are called in this text otherwise than by their names, as headings of columns may be typed, in
        several words too: looked up where a condition does not read without. Refused (`Ambiguous`) for what several are
        called."""
        from oppcli.rules.field_titles import called

        found = called(text, {name: self._called(name) for name in self._kinds}, self._known())
        self._headings |= found.meant
        return found.names

    def _called(self, name: str) -> tuple[str, ...]:
        """Everything that a field is called besides its name, in every language; first as its column is headed."""
        from oppcli.speech.titles import in_every_language

        known = [title for title, of in self._titles().items() if of == name]
        column = self._columns.get(name)
        if column is None:
            return (*known, *in_every_language(name))
        own = [str(column.title)] if column.title else []
        return (column.heading, *known, *own, *in_every_language(column.heading))

    def _titles(self) -> dict[str, str]:
        """Other names of fields that one of them alone has → the field; and what was typed for one (`_meant`)."""
        own = ((str(column.title), name) for name, column in self._columns.items() if column.title)
        chinese = ((title, name) for name, title in CHINESE_TITLES.items())
        found: dict[str, set[str]] = {}
        for title, name in (*own, *chinese, *SYNONYMS.items()):
            if name in self._kinds:
                found.setdefault(title, set()).add(name)
        return {title: names.pop() for title, names in found.items() if len(names) == 1} | self._headings

    def _settled(self, node: Node, found: list[Fault]) -> Node:
        if isinstance(node, Group):
            return Group(node.op, tuple(self._settled(part, found) for part in node.parts))
        name = node.field if node.field in self._kinds else self._titles()[node.field]
        node = node._replace(field=name)
        if node.op in EMPTINESS:
            return node
        several, part = isinstance(node.value, tuple), node.op == CONTAINS
        try:
            stored = [self._values.stored(name, each, part=part) for each in (node.value if several else (node.value,))]
        except UsageError as wrong:
            found.append(Fault("P035", node.column, wrong.message))
            return node
        return node._replace(value=tuple(stored) if several else stored[0])

    def _tell(self, said: str | None) -> None:
        if said and all(note.text != said for note in self._told):
            self._told.append(Footnote("read_as", None, said))


def told_empty(number: int) -> Footnote:
    """How many records were left out because there was nothing to compare."""
    said = say("{n} {n:row|rows} without a value to compare left out", n=number)
    return Footnote("empty_compared", number, said)
