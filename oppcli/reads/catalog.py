"""Every list and report: what is there, by the command that shows it. The values are in the modules of this room."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import oppcli.reads
from oppcli.reads.index import MODULES
from oppcli.reads.table import WITH_ROWS, Frame, Kind, Read, Table
from oppcli.store.doors import ReadDoor

REPORT = "report "
OF_NOW = ("audit", "config", "db", "doctor", "notices", "request wait")
"""Reads, by what they begin with, that tell of the present alone or of this machine."""


def read(path: str) -> Read:
    """The read that stands at this place of the tree: `report funnel`. Its module is loaded when it is asked for."""
    found: Read = next(each for each in import_module(f"oppcli.reads.{MODULES[path]}").READS if each.path == path)
    return found


def past(path: str) -> bool:
    """Whether the read that stands there may be asked as of an instant that is past."""
    return bool(path) and not path.startswith(OF_NOW)


def run(read: Read, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The read's table. Raises `UsageError` or `PolicyError` where the read does."""
    assert read.build is not None, f"opp {read.path} is put together by its command"
    found = read.build(door, args, frame)
    return found._replace(records=True) if read.records else found


def rings(read: Read) -> str:
    """What `--exit-code` does: for an alarm, and for each list whose rows are told apart, of which `--since-last` tells
    what is new. Nothing where the read has no such flag."""
    apart = read.narrows and not read.exports and any(column.kind is Kind.REF for column in read.columns)
    return read.alarm or (WITH_ROWS if apart else "")


def below(noun: str) -> dict[str, str]:
    """Verb → place in the tree, of the reads of a noun; a read that is a command by itself has no verb."""
    return {path.removeprefix(noun + " "): path for path in MODULES if path.startswith(noun + " ")}


def reports() -> list[str]:
    """The places of all reports, in order."""
    return [path for path in MODULES if path.startswith(REPORT) and path != "report list"]


def found() -> Iterator[tuple[str, Read]]:
    """(module, read) of every read there is, by looking through this room."""
    from pkgutil import iter_modules

    for module in sorted(each.name for each in iter_modules(oppcli.reads.__path__)):
        if not module.startswith("_"):
            yield from ((module, each) for each in getattr(import_module(f"oppcli.reads.{module}"), "READS", ()))
