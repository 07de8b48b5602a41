"""What is wrong with rows, and the same by kind: how often, and where."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from oppcli.files.doubts import Doubts
from oppcli.files.sheets import Row
from oppcli.model.said import Listed, Said, Speak, Word, label, listed, say
from oppcli.tuples import NamedTuple

KINDS = 12
"""Kinds that are shown."""
KEPT = 500
"""Kinds that are told apart; a reason without a template may say something else of every row."""
OTHER = say("other reasons")
SHOWN = 3
CELLS = 64
LONGEST = 40
"""Characters of a cell that are shown."""
_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rsa])?(?::[^{}]*)?\}")
_OF_THE_CELL = "\0"
_PREDICATE = ("is ", "lies ", "has ", "does ")


class Wrong(NamedTuple):
    """One thing that is wrong with a row."""

    where: str
    """The field, `Offer entered` for a date of a stage, or nothing."""
    said: str

    @property
    def told(self) -> str:
        """What is wrong, and where."""
        where = self.where if isinstance(self.where, Word | Said) else label(self.where)
        return say("{where}: {said}", where=where, said=self.said) if where else self.said

    def __str__(self) -> str:
        return str(self.told)


class _Any(str):
    """Stands for a value, in whatever form a sentence has it."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class _Told(Said):
    """The sentence of a kind: what it begins with is put right in each language."""

    __slots__ = ("label",)

    label: str

    def __new__(cls, said: Said, label: str) -> Self:
        self = super().__new__(cls, _finished(said, label), said.template, said.values)
        self.label = label
        return self

    def spoken(self, template: str, speak: Speak) -> str:
        return _finished(super().spoken(template, speak), speak(self.label), self.template)


def _plain(said: Any) -> str:
    """A sentence as English tells it."""
    return said.spoken(said.template, _plain) if isinstance(said, Said) else said


def _finished(whole: str, label: str, template: str | None = None) -> str:
    """Without what helps one row alone, and with its column in the place of the cell it begins with. `template`: the
    English one, where it is told in another language."""
    whole = re.split("; |；", whole)[0]
    predicate = (whole if template is None else template).startswith(_PREDICATE)
    if whole.startswith(_OF_THE_CELL) and label:
        whole = label + whole[1:]
    elif label and predicate:
        whole = f"{label} {whole}"
    elif label and _OF_THE_CELL not in whole and label not in whole:
        whole = f"{label}: {whole}" if whole.isascii() or template is None else f"{label}：{whole}"
    return whole.replace(_OF_THE_CELL, "…")


def _flat(said: str, inside: str = "") -> tuple[str, dict[str, Any]]:
    """The template of a sentence with those of the sentences in it, and all their values."""
    if isinstance(said, Listed):
        parts = [_flat(part, f"{inside}{number}_") for number, part in enumerate(said.parts)]
        return said.between.join(template for template, _ in parts), {
            k: v for _, each in parts for k, v in each.items()
        }
    if not isinstance(said, Said):
        return f"{{{inside}text}}" if inside else said, {f"{inside}text": said} if inside else {}
    values: dict[str, Any] = {}

    def filled(found: re.Match[str]) -> str:
        name, value = found[1], said.values.get(found[1])
        if isinstance(value, Said | Listed):
            template, more = _flat(value, f"{inside}{name}_")
            values.update(more)
            return template
        values[f"{inside}{name}"] = value
        return "{" + inside + found[0][1:]

    return (_PLACEHOLDER.sub(filled, said.template) if said.values else said.template), values


class Kind:
    """The reasons of one template about one column."""

    def __init__(self, label: str, first: str, template: str, values: dict[str, Any], cell: str) -> None:
        """`first`: the first reason of the kind, of which `template` and `values` are the parts."""
        self.label, self.first, self.count, self.template, self.values = label, first, 0, template, dict(values)
        self.lines: list[tuple[int, str]] = []
        self.cells: Counter[str] = Counter()
        self._of_the_cell = {name for name, value in self.values.items() if str(value).strip() == cell.strip() != ""}

    def add(self, line: int, values: Mapping[str, Any], cell: str) -> None:
        self.count += 1
        if len(self.lines) <= SHOWN:
            self.lines.append((line, cell))
        if cell in self.cells or len(self.cells) < CELLS:
            self.cells[cell] += 1
        for name, value in values.items():
            if self.values.get(name) != value:
                # What a sentence ends with may help one row and not the next.
                self.values[name] = "" if f"{self.values.get(name)}{value}".startswith("; ") else "…"

    @property
    def text(self) -> str:
        """The sentence, its column in the place of the cell it begins with, `…` for what differs from row to row."""
        said = self._masked(self.first)
        if not isinstance(said, Said):
            return _finished(said, self.label)
        return _Told(said, self.label)

    def _masked(self, said: str, inside: str = "") -> str:
        """The reason with `…` for what differs; the texts within it are masked in turn."""
        if isinstance(said, Listed):
            return Listed([self._masked(part, f"{inside}{at}_") for at, part in enumerate(said.parts)], said.between)
        if not isinstance(said, Said):
            return self._filled(f"{inside}text", said) if inside else said
        values = {
            name: self._masked(value, f"{inside}{name}_")
            if isinstance(value, Said | Listed)
            else self._filled(f"{inside}{name}", value)
            for name, value in said.values.items()
        }
        return Said(_plain(Said("", said.template, values)), said.template, values)

    def _filled(self, name: str, value: Any) -> Any:
        if name in self._of_the_cell:
            return _Any(_OF_THE_CELL)
        told = self.values.get(name, value)
        return _Any(told) if told == "…" else told

    @property
    def where(self) -> str:
        """`line 3 'n/a', line 5 'tbd', …`; where the sentence tells the cell, `Prospecting (1), Demo (1)`."""
        if self._of_the_cell and not self.template.startswith("{"):
            common = self.cells.most_common(SHOWN + 1)
            told = [f"{_short(cell)} ({count:,})" for cell, count in common[:SHOWN]]
            return listed([*told, "…"] if len(common) > SHOWN else told)
        told = [
            say("line {line:,} {short!r}", line=line, short=_short(cell))
            if cell.strip()
            else say("line {line:,}", line=line)
            for line, cell in self.lines
        ]
        told = told[:SHOWN]
        return listed([*told, "…"] if self.count > SHOWN else told)


def _short(cell: str) -> str:
    text = cell.strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class Kinds:
    """The kinds of what is wrong with the rows of a file, in constant memory."""

    def __init__(self, header: Sequence[str], columns: Mapping[str, str]) -> None:
        """`columns`: by place of a reason (a field, `Offer entered`) the column it is read from."""
        self._columns = columns
        self._places = {name: place for place, name in enumerate(header)}
        self._found: dict[tuple[str, str], Kind] = {}
        self.doubts = Doubts()

    def add(self, line: int, row: Row, problems: Sequence[Wrong]) -> None:
        counted = set()  # one cell may be wrong in two places, as the day of closing is for won and for lost
        for where, said in problems:
            column = self._columns.get(where, where)
            place = self._places.get(column)
            cell = "" if place is None else row[place]
            doubt = getattr(said, "doubt", None)
            if doubt is not None:
                self.doubts.add(column, doubt)
            template, values = _flat(said)
            if (column, template) in counted:
                continue
            counted.add((column, template))
            if (column, template) not in self._found and len(self._found) >= KEPT:
                column, template, values = "", OTHER, {}
            kind = self._found.get((column, template))
            if kind is None:
                first = OTHER if template is OTHER else said
                kind = self._found[column, template] = Kind(column, first, template, values, cell)
            kind.add(line, values, cell)

    def lines(self) -> Iterator[str]:
        """The most frequent first: how many, what, where."""
        kinds = sorted(self._found.values(), key=lambda kind: (-kind.count, kind.lines[0][0]))
        width = len(f"{kinds[0].count:,}") if kinds else 0
        for kind in kinds[:KINDS]:
            yield say("{count}  {text}   {where}", count=f"{kind.count:>{width},}", text=kind.text, where=kind.where)
        if len(kinds) > KINDS:
            yield say("and {kinds:,} more kinds", kinds=len(kinds) - KINDS)
