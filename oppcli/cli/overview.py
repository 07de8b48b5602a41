"""What `opp --help` lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.cli.globals import help_lines


def write(
    formatter: Any, commands: Mapping[str, Iterable[tuple[str, str]]], shortcuts: Mapping[str, tuple[str, str]]
) -> None:
    """The commands by their sections, the shortcuts, the flags for every command."""
    for section, rows in commands.items():
        with formatter.section(section):
            formatter.write_dl(list(rows))
    with formatter.section("Shortcuts"):
        formatter.write_dl([(name, f"opp {noun} {verb}") for name, (noun, verb) in shortcuts.items()])
    with formatter.section("Flags for every command"):
        formatter.write_dl(help_lines())
