"""What an entry says that changed in a price or a quote: by the version and line it is of, in units and per cents."""

import re
from typing import Any

from oppcli.model.fields import MEASURES
from oppcli.model.said import label, say

PATH = re.compile(r"versions\.(\d+)(?:\.lines\.(\d+))?(?:\.(\w+))?")
"""A version of a quote, a line of it, a field of either."""


def labelled(noun: str, path: str) -> tuple[str, str]:
    """What a path is called, and the kind of what stands there: `version 2 line 3 price`."""
    found = PATH.fullmatch(path)
    name = path if found is None else found[3] or ""
    kind = MEASURES[noun].get(name, "text")
    if found is None:
        return label(path), kind
    version, line, _ = found.groups()
    if line is None:
        told = say("version {version}", version=version)
    else:
        told = say("version {version} line {line}", version=version, line=line)
    return (
        say("{what} {field}", what=told, field=label("unit_price" if name == "price" else name)) if name else told
    ), kind


def told(value: dict[str, Any]) -> str:
    """What was added as a whole: a version by its lines, a line by what it offers."""
    if "lines" in value:
        return say("{n} {n:line|lines}", n=len(value["lines"]))
    return str(value.get("item", "-"))
