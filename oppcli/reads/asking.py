"""What `-w` asks, checked against the columns of a read: fields by name or title, days in any words, `me`, people and
stages that there are. What it cannot mean is refused with every fault; how a day was read is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.errors import NotAllowed, Reason, UsageError
from oppcli.model.deals import KINDS as STAGE_KINDS
from oppcli.model.fields import CHINESE_TITLES, SYNONYMS
from oppcli.model.policy import Policy
from oppcli.model.records import folded
from oppcli.model.requests import STATES
from oppcli.model.said import label, listed, say
from oppcli.reads.redacting import PEOPLE
from oppcli.reads.table import Column, Footnote, Frame, Kind
from oppcli.rules.faults import DAYS, Fault, faults
from oppcli.rules.fields import fields
from oppcli.rules.syntax import EMPTINESS, Comparison, Group, Node, comparisons, syntax
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.conditions import Bare, Unreadable

KINDS = {
    Kind.TEXT: "text",
    Kind.REF: "text",
    Kind.COUNT: "int",
    Kind.NUMBER: "number",
    Kind.FRACTION: "number",
    Kind.DAYS: "number",
    Kind.HOURS: "number",
    Kind.PERCENT: "percent",
    Kind.MONEY: "money",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
    Kind.INSTANT: "instant",
    Kind.LIST: "list",
}
"""Columns that can be compared, and as what."""
WORDS = {"kind": STAGE_KINDS, "state": STATES}
"""The codes of a group of words: a column of these has no others."""
STAGES = ("stage", "last_open_stage")
ME = "me"


class Period(NamedTuple):
    """What a day, or several, was typed for: ISO days, or milliseconds since 1970 UTC, both included."""

    first: Any
    last: Any


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


_UNMEASURED = ("text", "list", "bool")


class Asker:
    """Reads the conditions of one read: its columns, and numbers that are no columns, such as `age_days`."""

    def __init__(self, door: ReadDoor, columns: Iterable[Column], frame: Frame, numbers: Sequence[str] = ()) -> None:
        self._door, self._frame = door, frame
        self._columns = {column.name: column for column in columns if column.kind in KINDS}
        self._kinds = {name: KINDS[column.kind] for name, column in self._columns.items()}
        self._kinds |= dict.fromkeys(numbers, "number")
        self._policy: Policy = frame.policy()
        self._told: list[Footnote] = []
        self._headings: dict[str, str] = {}
        """Fields by what they were typed as, where that is none of their names."""

    def read(self, texts: Sequence[str]) -> Asked:
        """The conditions. Refused with every fault of the texts, and for a field that who asks does not have."""
        nodes = [self._one(text) for text in texts]
        asked = Asked(tuple(nodes), self._kinds, tuple(self._told))
        if gone := sorted(set(asked.fields) & set(self._frame.hidden)):
            raise NotAllowed(
                say("{login} does not have the field {names}", login=self._frame.actor, names=listed(gone))
            )
        return asked

    def _one(self, text: str) -> Node:
        found = [*faults(text, self._known(), of_read=True)]
        if found and self._meant(text):
            found = [*faults(text, self._known(), of_read=True)]
        if not found and text.strip() != "always":
            read = self._settled(syntax(text), found)
            if not found:
                return read
        reasons = tuple(Reason(say("column {n}", n=fault.column), fault.message) for fault in found)
        raise UsageError(say("the condition {text!r} cannot be used", text=text), reasons=reasons)

    def _known(self) -> dict[str, str]:
        """Kinds by everything that a field may be called."""
        return {title: self._kinds[name] for title, name in self._titles().items()} | self._kinds

    def _meant(self, text: str) -> bool:
        """Whether fields are called otherwise here than by their names, as headings of columns may be typed: looked up
        where a condition does not read without. Refused (`Ambiguous`) for what several are called."""
        from oppcli.speech.titles import in_every_language
        from oppcli.words.named import understood

        def titles(name: str) -> tuple[str, ...]:
            known = (title for title, of in self._titles().items() if of == name)
            return (*known, *in_every_language(self._columns[name].heading if name in self._columns else name))

        try:
            asked = {each.field for each in comparisons(syntax(text))} - self._known().keys()
        except Unreadable:
            return False
        found = {word: name for word in asked if (name := understood(word, self._kinds, titles))}
        self._headings |= found
        return bool(found)

    def _titles(self) -> dict[str, str]:
        """Other names of fields, the team's titles among them → the field."""
        titled = {str(column.title): name for name, column in self._columns.items() if column.title}
        chinese = {title: name for name, title in CHINESE_TITLES.items()}
        return {
            title: name for title, name in (self._headings | chinese | SYNONYMS | titled).items() if name in self._kinds
        }

    def _settled(self, node: Node, found: list[Fault]) -> Node:
        if isinstance(node, Group):
            return Group(node.op, tuple(self._settled(part, found) for part in node.parts))
        name = node.field if node.field in self._kinds else self._titles()[node.field]
        node = node._replace(field=name)
        try:
            return node._replace(value=self._value(node))
        except UsageError as wrong:
            found.append(Fault("P035", node.column, wrong.message))
            return node

    def _value(self, node: Comparison) -> Any:
        if isinstance(node.value, tuple):
            return tuple(self._single(node, each) for each in node.value)
        return self._single(node, node.value)

    def _single(self, node: Comparison, value: Any) -> Any:
        if not isinstance(value, str) or node.op == "~":
            return value
        kind = self._kinds[node.field]
        if kind in DAYS:
            return self._period(value, kind)
        return self._word(node.field, value)

    def _period(self, text: str, kind: str) -> Period:
        """The day or days that were typed. Refused for what is no day."""
        from oppcli.words import shown, zones
        from oppcli.words.days import parse_date
        from oppcli.words.instants import parse_instant

        now, tz = self._frame.now, self._frame.tz
        if kind == "instant":
            first = parse_instant(text, now_ms=now, tz=tz, edge="start")
            after = parse_instant(text, now_ms=now, tz=tz, edge="end")
            self._tell(shown.echo_instant(text, first, tz, now))
            return Period(first, max(first, after - 1))
        today = zones.today(now, tz)
        begins, ends = (parse_date(text, today=today, edge=edge) for edge in ("start", "end"))
        self._tell(shown.echo(text, ends, today=today))
        return Period(begins.isoformat(), ends.isoformat())

    def _tell(self, said: str | None) -> None:
        if said and all(note.text != said for note in self._told):
            self._told.append(Footnote("period", None, said))

    def _word(self, name: str, text: str) -> str:
        """The text as it is stored. Refused for one that a field with a dictionary does not have, with the nearest."""
        if text == ME and isinstance(text, Bare) and self._names_people(name):
            return self._frame.actor
        known = self._dictionary(name)
        if known is None or text in known:
            return known[text] if known else text
        alike = {stored for word, stored in known.items() if folded(word) == folded(text)}
        if len(alike) == 1:
            return alike.pop()
        if (meant := self._in_words(name, text, known)) is not None:
            return meant
        from oppcli.words.spelling import did_you_mean

        near = did_you_mean(text, known) or say(", only {known}", known=listed(dict.fromkeys(known.values())))
        raise UsageError(
            say("{field} is never '{strange}'{did_you_mean}", field=label(name), strange=text, did_you_mean=near)
        )

    def _in_words(self, name: str, text: str, known: Mapping[str, str]) -> str | None:
        """The code that some language tells so; None where there is none."""
        from oppcli.speech.titles import told
        from oppcli.words.named import understood, untitled
        from oppcli.words.yes_no import ANSWERS

        words = told(self._columns[name].words) if name in self._columns and self._columns[name].words else untitled
        return understood(text, known, lambda code: (*ANSWERS.get(code, ()), *words(code)))

    def _names_people(self, name: str) -> bool:
        column = self._columns.get(name)
        return name in PEOPLE and column is not None and column.kind in (Kind.REF, Kind.LIST)

    def _dictionary(self, name: str) -> Mapping[str, str] | None:
        """Words that may be typed → what is stored; None where anything may be."""
        if name in STAGES:
            return {stage: stage for (stage,) in self._door.rows("SELECT name FROM stage ORDER BY position, id")}
        if self._names_people(name):
            people = self._door.rows("SELECT login, name, email FROM user_account ORDER BY login")
            return {word: login for login, *others in people for word in (*filter(None, others), login)}
        words = self._columns[name].words if name in self._columns else ""
        codes: Sequence[str] = WORDS.get(words, ())
        field = fields(self._policy).get(name)
        codes = codes or (field.values if field else ())
        return {code: code for code in codes} or None


def told_empty(number: int) -> Footnote:
    """How many records were left out because there was nothing to compare."""
    said = say("{n} {n:row|rows} without a value to compare left out", n=number)
    return Footnote("empty_compared", number, said)
