"""No key is accepted in silence: each is read by the program."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Set
from functools import cache
from typing import NamedTuple

from sources import teardown_module, trees

from oppcli.policy import duplicate_keys, keys, request_keys, trust_keys
from oppcli.policy.kinds import FLAG, TEXT, Key, Keys
from oppcli.policy.kinds import keys as table_of

__all__ = ["teardown_module"]

MODULES = (keys, request_keys, trust_keys, duplicate_keys)
TABLES = {name: found for module in MODULES for name, found in vars(module).items() if isinstance(found, Keys)}
RULES = {table.rule.__name__ for table in TABLES.values()}


def typed(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every name with its annotation; of a function with what it returns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation:
            yield node.arg, ast.unparse(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.unparse(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.name, ast.unparse(node.returns)


def last_name(node: ast.AST) -> str:
    """`step` of `step`, `world.step`, `request.step(3)` and `types[0].step`; of `steps[0]` the plural."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


@cache
def attributes() -> dict[str, set[str]]:
    """What is read of each name outside of the policy's room."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, tree in trees():
        if name.startswith("policy/"):
            continue  # there a key is only loaded, checked, compared and told
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in RULES:
                found[node.name] |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found[last_name(node.value)].add(node.attr)
    return found


@cache
def called() -> dict[str, set[str]]:
    """Rule → what things of it are called, itself included for what its own methods read."""
    every = [pair for _, tree in trees() for pair in typed(tree)]
    return {rule: {rule} | {name for name, kind in every if re.search(rf"\b{rule}\b", kind)} for rule in RULES}


def unread(tables: dict[str, Keys]) -> Set[str]:
    """Table and key, where no field of the key is read of anything that is called like its rule."""
    found = attributes()
    read = {rule: {each for name in names for each in found[name]} for rule, names in called().items()}
    return {
        f"{name}.{key.name}"
        for name, table in tables.items()
        for key in table.keys.values()
        if any(field not in read[table.rule.__name__] for field in key.fields)
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
