"""A drafted mapping as a value: what is written, why, and what is still open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from oppcli.files.drafts.writing import comment, key, line
from oppcli.files.mapping_keys import OPEN
from oppcli.model.said import Said, listed, say
from oppcli.tuples import NamedTuple

Speak = Callable[[str], str]
Path = tuple[str, ...]
"""Where something stands in the mapping: `("fields", "stage", "values", "Demo")`."""


class Question(NamedTuple):
    """A `?` that is still open."""

    path: Path
    about: Said
    options: tuple[str, ...]
    """What it can be; nothing where it may be any text."""


class Note(NamedTuple):
    """A comment: how it begins, with its parts behind it or lines of TOML below, to be pasted elsewhere."""

    first: Said
    parts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """The tables of a mapping, the reason of each line, and what is said below them."""

    tree: dict[str, Any]
    whys: dict[Path, Said] = field(default_factory=dict)
    above: list[Said] = field(default_factory=list)
    """Sentences before the first line."""
    below: list["Note"] = field(default_factory=list)
    """What stands behind it as comments."""
    stages: list[str] = field(default_factory=list)
    """The stages of the policy, for what a cell can mean."""
    choices: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    """What else an open value can be."""
    ready: str = ""
    """The ready mapping that it was made from."""

    def questions(self) -> Iterator[Question]:
        """Everything that is still open, in order."""
        for path, value in _leaves(self.tree, ()):
            if value == OPEN:
                yield Question(path, _about(path), self._options(path))

    def _options(self, path: Path) -> tuple[str, ...]:
        if path in self.choices:
            return self.choices[path]
        known = self.choices.get(path[:2], ())
        return tuple(self.stages) if path[:2] == ("fields", "stage") else known

    def answer(self, path: Path, value: str) -> None:
        """Put a value where it was open."""
        table = self.tree
        for name in path[:-1]:
            table = table[name]
        table[path[-1]] = value

    def text(self, speak: Speak = str) -> str:
        """The TOML, comments as `speak` tells them."""
        lines = [f"# {speak(said)}" for said in self.above]
        top = {name: value for name, value in self.tree.items() if not isinstance(value, dict)}
        lines += [self._line((name,), value, speak) for name, value in top.items()]
        for section, table in self.tree.items():
            if isinstance(table, dict) and table:
                lines += ["", f"[{key(section)}]"]
                lines += [self._line((section, name), value, speak) for name, value in table.items()]
        for note in self.below:
            lines += ["", *comment(map(speak, note.parts), speak(note.first)), *(f"# {each}" for each in note.lines)]
        return "\n".join(lines) + "\n"

    def _line(self, path: Path, value: Any, speak: Speak) -> str:
        found = _short(value)
        why = self.whys.get(path, "")
        if isinstance(value, dict) and OPEN in value.get("values", {}).values():
            why = say("say what ? is")
        return line(path[-1], found, speak(why) if why else "")


def graded(why: Said, *, sure: bool) -> Said:
    """The reason of a line, and how sure it is."""
    return say("sure: {why}", why=why) if sure else say("likely: {why}", why=why)


def _short(value: Any) -> Any:
    """A source that is nothing but its column is its name."""
    if isinstance(value, dict):
        if value.keys() == {"column"}:
            return value["column"]
        return {name: _short(each) if name == "else" else each for name, each in value.items()}
    return value


def _leaves(found: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(found, dict):
        for name, each in found.items():
            yield from _leaves(each, (*path, name))
    else:
        yield path, found


def _about(path: Path) -> Said:
    where = f"[{path[0]}] {path[1]}" if len(path) > 1 else path[0]
    if "values" in path:
        return say("{where}: what is {cell}?", where=where, cell=path[-1])
    if path[-1] == "constant":
        return say("{where}: which value?", where=where)
    return say("{where} {key}: which?", where=where, key=listed(path[2:], " "))
