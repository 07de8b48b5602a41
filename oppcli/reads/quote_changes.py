"""What an entry says that changed in a price, quote or contract: by version and line, in units and per cents."""

import re
from typing import Any

from oppcli.model.fields import MEASURES
from oppcli.model.said import label, say

PATH = re.compile(r"versions\.(\d+)(?:\.(lines|clauses)\.(\d+))?(?:\.(\w+))?")
"""A version of a quote or contract, a line or clause of it, a field of either."""


def labelled(noun: str, path: str) -> tuple[str, str]:
    """What a path is called, and the kind of what stands there: `version 2 line 3 price`."""
    found = PATH.fullmatch(path)
    name = path if found is None else found[4] or ""
    kind = MEASURES[noun].get(name, "text")
    if found is None:
        return label(path), kind
    version, part, line, _ = found.groups()
    if line is None:
        told = say("version {version}", version=version)
    elif part == "clauses":
        told = say("version {version} clause {line}", version=version, line=line)
    else:
        told = say("version {version} line {line}", version=version, line=line)
    return (
        say("{what} {field}", what=told, field=label("unit_price" if name == "price" else name)) if name else told
    ), kind


def told(value: dict[str, Any]) -> str:
    """What was added as a whole: a version by its lines or its file, a line by what it offers, a clause by its name."""
    if "lines" in value:
        return say("{n} {n:line|lines}", n=len(value["lines"]))
    if "clauses" in value:
        return str(value.get("file", "-"))
    return str(value.get("item", value.get("name", "-")))
