"""No key is accepted in silence: each is read by the program."""

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from sources import teardown_module, trees

from oppcli import policy
from oppcli.policy.building import PARTS
from oppcli.policy.kinds import FLAG, TEXT, Key, Keys
from oppcli.policy.kinds import keys as table_of

__all__ = ["teardown_module"]

MODULES = [import_module(f"{policy.__name__}.{each.name}") for each in iter_modules(policy.__path__)]
"""Every module of the room: a new one with keys is asked, too."""
TABLES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": found
    for module in MODULES
    for name, found in vars(module).items()
    if isinstance(found, Keys)
}
RULES = {table.rule.__name__ for table in TABLES.values()}


def rules_in(annotation: ast.AST | None) -> set[str]:
    return RULES.intersection(re.findall(r"\w+", ast.unparse(annotation))) if annotation else set()


def typed(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """What is called so in every module, with the rules of its annotation: fields; functions by what they return."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                    yield each.target.id, rules_in(each.annotation)
        elif isinstance(node, ast.FunctionDef):
            yield node.name, rules_in(node.returns)


def last_name(node: ast.AST) -> str:
    """`step` of `step`, `world.step`, `request.step(3)` and `types[0].step`; of `steps[0]` the plural."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def sources(node: ast.AST) -> Iterator[str]:
    """What the value of an expression may come from, by its last name: of a choice each side, of what goes through a
    built-in function its arguments, of a comprehension what it makes."""
    match node:
        case ast.IfExp():
            yield from (*sources(node.body), *sources(node.orelse))
        case ast.BoolOp():
            yield from (name for each in node.values for name in sources(each))
        case ast.Tuple() | ast.List():
            yield from (name for each in node.elts for name in sources(each))
        case ast.GeneratorExp() | ast.ListComp():
            yield from sources(node.elt)
        case ast.Starred():
            yield from sources(node.value)
        case ast.Call(func=ast.Name(id=name)) if hasattr(builtins, name):
            yield from (name for each in node.args for name in sources(each))
        case ast.Call(func=ast.Attribute(value=value, attr="items" | "values" | "get")):
            yield from sources(value)
        case _:
            yield last_name(node)


def bound(function: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each name that a function binds, with what to."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.NamedExpr):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.For | ast.comprehension):
            pairs = [(node.target, node.iter)]
        else:
            continue
        for target, value in pairs:
            yield from ((each.id, value) for each in ast.walk(target) if isinstance(each, ast.Name))


ANY = "*"
Called = Mapping[str, Set[str]]
"""What a thing is called → the rules that it may be of."""


def local(function: ast.AST, everywhere: Called) -> Called:
    """The names of a function for things of rules: its arguments, and what it binds to them."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            found[node.arg] |= rules_in(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] |= rules_in(node.annotation)
    pairs = [(name, [*sources(value)]) for name, value in bound(function)]
    for _ in range(3):  # one name may go through others
        for name, values in pairs:
            for value in values:
                found[name] |= {*everywhere.get(value, ()), *found.get(value, ())}
    return found


def accesses(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Of what a field is read, and which; by `getattr` with a name that is reckoned any."""
    match node:
        case ast.Attribute(value=value, attr=field, ctx=ast.Load()):
            yield value, field
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.BoolOp() as value, ast.Name(), *_]):
            yield value, ANY


@cache
def read() -> dict[str, set[str]]:
    """Rule → what is read of its things outside of the policy's room, where a key is only loaded, checked, compared and
    told; of what its own methods read all."""
    found: dict[str, set[str]] = defaultdict(set)
    everywhere = called()
    for name, tree in trees():
        if name.startswith("policy/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in RULES:
                found[node.name] |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
            if not isinstance(node, ast.FunctionDef | ast.Module):
                continue
            here = local(node, everywhere) if isinstance(node, ast.FunctionDef) else {}
            for things, field in (pair for each in ast.walk(node) for pair in accesses(each)):
                for thing in sources(things):
                    for rule in (*everywhere.get(thing, ()), *here.get(thing, ())):
                        found[rule].add(field)
    return found


@cache
def called() -> Called:
    """What things of rules are called in every module → those rules: fields and functions that say so, and what a table
    of the file becomes."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in PARTS:
        found[part.into].add(part.keys.rule.__name__)
    for key in (key for table in TABLES.values() for key in table.keys.values() if isinstance(key.kind.of, Keys)):
        for field in key.fields:
            found[field].add(key.kind.of.rule.__name__)
    for name, rules in (pair for _, tree in trees() for pair in typed(tree)):
        found[name] |= rules
    return found


def unread(tables: dict[str, Keys]) -> Set[str]:
    """Table and key, where a field of the key is read of nothing that is called like its rule. A key that may say one
    thing only has nothing to be asked."""
    return {
        f"{name}.{key.name}"
        for name, table in tables.items()
        for key in table.keys.values()
        if len(key.among) != 1 and ANY not in read()[table.rule.__name__]
        if not {*key.fields} <= read()[table.rule.__name__]
    }


def test_every_key_that_a_check_accepts_is_read_by_something() -> None:
    assert unread(TABLES) == set()


class StepRule(NamedTuple):
    """A rule of steps with two keys, one of which is dead."""

    together: str | None = None
    witnessed: bool = False


def test_a_key_that_nothing_reads_is_found() -> None:
    table = table_of(StepRule, Key("together", TEXT), Key("witnessed", FLAG))
    assert unread({"STEP": table}) == {"STEP.witnessed"}
