"""What may stand in a document: which tables and keys there are, what each may hold, which must be there.

What has the wrong shape is a fault and left out, so that whoever reads on can rely on what remains.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from oppcli.model.said import Said, listed, say
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.toml.lines import Path

UNKNOWN, MISSING, MISFIT = "P002", "P003", "P037"
Found = dict[str, Any]


class Sink(Protocol):
    """Where faults go."""

    def add(self, code: str, path: "Path", message: str, *, near: str | None = None) -> None: ...


class Holds(NamedTuple):
    """A single value, or a list of them."""

    what: Said
    """a whole number; text in quotes."""
    fits: Callable[[Any], bool]
    among: tuple[str, ...] = ()
    """The words it may be."""
    secret: bool = False
    """Whether a wrong value may be a secret, and is not repeated."""


KEYS_TOLD = 20
"""How many keys are named where none of them is like what was written."""


class Table(NamedTuple):
    """A table of known keys."""

    keys: Mapping[str, "Shape"]
    required: tuple[str, ...] = ()
    further: Callable[[str], "Shape | None"] = lambda key: None
    """What a key holds that is no fixed word, as the days of a calendar."""
    spellings: tuple[str, ...] = ()
    """Examples of such keys, to be proposed for a mistyped one."""
    instead: Callable[[str], str | None] = lambda key: None
    """What to say of an unknown key that people are known to write."""
    tables: "Shape | None" = None
    """What a table within it is, whatever it is called."""
    short: str = ""
    """The key that a text alone, or a list of them, in place of the table stands for."""


class Named(NamedTuple):
    """A table whose keys are names: `[type.X]`, `[roles] X = …`."""

    of: "Shape"
    header: str = ""
    """What stands before the name, to be told where it was left out."""
    but: Mapping[str, "Shape"] = {}
    """What some names hold instead."""


class Rows(NamedTuple):
    """A list of tables. `example` shows one, where it has no header of its own."""

    of: "Shape"
    example: str = ""


class Several(NamedTuple):
    """One value, or a list of such values."""

    of: "Shape"


Shape = Holds | Table | Named | Rows | Several


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


ANY = Holds(say("anything"), lambda value: True)
"""Whoever reads it says what is wrong."""
TEXT = Holds(say("text in quotes"), _is_text)
TEXTS = Holds(say("a list of texts"), lambda value: _is_text(value) or _is_texts(value))
"""One text is a list of one."""
CONDITION, WORDS = Holds(*TEXT), Holds(*TEXTS)
"""The same, of which the policy knows that they are conditions, or may be."""
LISTS = Holds(
    say("a list of lists of texts"),
    lambda value: isinstance(value, list) and all(_is_texts(each) and len(each) > 1 for each in value),
)
SCALAR = Holds(say("one value"), lambda value: not isinstance(value, (dict, list)))
FLAG = Holds(say("true or false"), lambda value: isinstance(value, bool))
WHOLE = Holds(say("a whole number"), lambda value: isinstance(value, int) and not isinstance(value, bool))


def one_of(*words: str) -> Holds:
    """One of these words."""
    return Holds(say("one of {words}", words=", ".join(words)), lambda value: value in words, among=words)


def outside(key: str, value: Any, among: Iterable[str]) -> Said:
    """What to say of a word that is none of those it may be."""
    from oppcli.words.spelling import did_you_mean

    known = tuple(among)
    near = did_you_mean(value, known) if isinstance(value, str) else ""
    return say("{key} {value}: use {known}{near}", key=key, value=quoted(value), known=", ".join(known), near=near)


def sound(found: Any, shape: Shape, sink: Sink, path: "Path" = ()) -> Any:
    """The parts of a value that have the right shape; every other part is a fault. None where nothing is left."""
    if isinstance(shape, Several):
        if not isinstance(found, list) or not found:
            return sound(found, shape.of, sink, path)
        each = [sound(one, shape.of, sink, (*path, place)) for place, one in enumerate(found)]
        return None if None in each else each
    if isinstance(shape, Table) and shape.short and _stands_alone(found, shape):
        kept = sound(found, shape.keys.get(shape.short) or shape.further(shape.short) or TEXT, sink, path)
        return None if kept is None else {shape.short: kept}
    if isinstance(shape, Table) and isinstance(found, dict):
        return _table(found, shape, sink, path)
    if isinstance(shape, Named) and isinstance(found, dict):
        kept = {name: _named(name, value, shape, sink, path) for name, value in found.items()}
        return {name: value for name, value in kept.items() if value is not None}
    if isinstance(shape, Rows) and isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return [sound(each, shape.of, sink, (*path, place)) for place, each in enumerate(found)]
    if isinstance(shape, Holds) and shape.fits(found):
        return found
    sink.add(MISFIT, path, _misfit(path, found, shape))
    return None


def changed(found: Any, shape: Shape | None, change: Callable[[Holds, Any], Any]) -> Any:
    """The same value, each part without parts of its own as `change` has it; what has not its shape stays."""
    if isinstance(shape, Holds):
        return change(shape, found)
    if isinstance(shape, Several | Rows) and isinstance(found, list):
        return [changed(each, shape.of, change) for each in found]
    if isinstance(shape, Named) and isinstance(found, dict):
        return {name: changed(value, shape.but.get(name, shape.of), change) for name, value in found.items()}
    if isinstance(shape, Table) and isinstance(found, dict):
        return {key: changed(value, _within(shape, key, value), change) for key, value in found.items()}
    if isinstance(shape, Several) or (isinstance(shape, Table) and shape.short and _stands_alone(found, shape)):
        return changed(found, shape.of if isinstance(shape, Several) else shape.keys.get(shape.short), change)
    return found


def _within(shape: Table, key: str, value: Any) -> Shape | None:
    """What a key of a table holds; None for one that is not known."""
    return (shape.tables if isinstance(value, dict) else None) or shape.keys.get(key) or shape.further(key)


def _stands_alone(found: Any, shape: Table) -> bool:
    """Whether a value without its table may be the one that the table is mostly about."""
    return _is_text(found) or (shape.keys.get(shape.short) is TEXTS and _is_texts(found))


def _named(name: str, value: Any, shape: Named, sink: Sink, path: "Path") -> Any:
    if shape.header and not isinstance(value, dict):
        said = say("unknown key '{key}': give the table a name, [{header}.NAME]", key=name, header=shape.header)
        sink.add(UNKNOWN, (*path, name), said)
        return None
    return sound(value, shape.but.get(name, shape.of), sink, (*path, name))


def _table(found: Found, shape: Table, sink: Sink, path: "Path") -> Found:
    """The known keys of a table with a value of the right shape."""
    clean: Found = {}
    for key, value in found.items():
        expected = _within(shape, key, value)
        if expected is None:
            sink.add(UNKNOWN, (*path, key), shape.instead(key) or _unknown(key, shape), near=key)
        elif (kept := sound(value, expected, sink, (*path, key))) is not None:
            clean[key] = kept
    for key in shape.required:
        if key not in found:
            sink.add(MISSING, (*path, key), say("missing {key}", key=key))
    return clean


def _unknown(key: str, shape: Table) -> Said:
    """The key that was meant; where none is like it, the first of those there are."""
    from oppcli.words.spelling import did_you_mean

    known = (*shape.keys, *shape.spellings)
    if near := did_you_mean(key, known):
        return say("unknown key '{key}'{near}", key=key, near=near)
    more = say(" and {n} more", n=len(known) - KEYS_TOLD) if len(known) > KEYS_TOLD else ""
    return say("unknown key '{key}'; there are {known}{more}", key=key, known=listed(known[:KEYS_TOLD]), more=more)


def _misfit(path: "Path", value: Any, shape: Shape) -> Said:
    key = path[-1] if path else ""
    if isinstance(shape, Rows) and isinstance(value, dict):
        if shape.example:
            return say("{key} is a list: {example}", key=key, example=shape.example)
        return say("{key} is a list: write its header with two brackets, [[…{key}]]", key=key)
    if isinstance(value, str) and not value.strip():
        return say("{key} is empty", key=key)
    if isinstance(shape, Holds) and shape.among and isinstance(value, str) and not shape.secret:
        return outside(str(key), value, shape.among)
    what = _what(shape)
    if isinstance(value, (list, dict)) or (isinstance(shape, Holds) and shape.secret):
        return say("{key} must be {what}", key=key, what=what)
    return say("{key} = {value} must be {what}", key=key, value=quoted(value), what=what)


def _what(shape: Shape) -> Said:
    if isinstance(shape, Holds):
        return shape.what
    if isinstance(shape, Table) and shape.keys.get(shape.short) is TEXTS:
        return say("a list of texts, or a table")
    if isinstance(shape, Table) and shape.short:
        return say("the name of a {short} in quotes, or a table", short=shape.short)
    return say("a list of tables") if isinstance(shape, Rows) else say("a table")


def quoted(value: Any) -> str:
    """A value as it is written in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {quoted(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(quoted(each) for each in value)}]"
    return f"'{value}'" if isinstance(value, str) else str(value)
