"""Every report, one line each: its command, options, help, formats and golden tests follow from its value."""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from oppcli.reads.table import Column, Frame, Kind, Report, Table
from oppcli.store.doors import ReadDoor

REPORTS = {
    "funnel": "how far deals get, where they are, where they are lost",
    "durations": "how long deals stay in each stage, open ones included",
    "overdue": "approvals past their due time, and whom they wait on",
    "turnaround": "how long approvals take, per step, type or person; first-pass rate, reasons",
    "waiting": "seller, each approver, returned for information, outside business hours",
}
"""Name, and what `opp report --help` says of it. The value is `REPORT` in `oppcli.reads.NAME`, loaded when asked."""


def report(name: str) -> Report:
    """The report of this name."""
    found: Report = import_module(f"oppcli.reads.{name}").REPORT
    return found


def run(report: Report, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The report's table. Raises `UsageError` or `PolicyError` where the report does."""
    if report.build is not None:
        return report.build(door, args, frame)
    sql, params = (report.sql, dict(args) | {"now": frame.now}) if isinstance(report.sql, str) else report.sql(args)
    asked = set(re.findall(r"(?<!:):([a-z_]\w*)", sql))
    rows = door.rows(sql, **{name: value for name, value in params.items() if name in asked})
    return Table(report.columns, report.shape(rows), report.title, report.notes(rows) if report.notes else ())


def listing() -> Table:
    """The catalog as a table."""
    columns = (
        Column("report", Kind.REF),
        Column("title"),
        Column("options", Kind.LIST),
        Column("columns", Kind.LIST, wide=False),
    )
    rows = []
    for name, title in REPORTS.items():
        found = report(name)
        options = tuple(f"--{param.name}" for param in found.params)
        rows.append((name, title, options, tuple(column.name for column in found.columns)))
    return Table(columns, rows, "Reports")
