"""Change one line of a configuration file and leave every other line, comments included, as its owner wrote it."""

import json
import re
from pathlib import Path
from typing import Any

from oppcli.config.files import flat, objection
from oppcli.config.settings import Setting, seconds, truth
from oppcli.errors import PolicyError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say

HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")


def typed(setting: Setting, text: str, kind: str) -> Any:
    """The value of this text for a file of the `user` or a `folder`. Refuses what may not stand there."""
    if (said := objection(setting.key, text, kind)) is not None:
        raise UsageError(say("{key}: {said}", key=setting.key, said=said), hint=command("config", "list"))
    if setting.kind == "flag":
        return truth(text)
    return seconds(text) if setting.kind == "seconds" else text


def put(text: str, key: str, value: Any) -> str:
    """The text of a TOML file with `key` set to `value`, or without it when that is None.

    Refuses a file whose one line cannot be changed without reading more of it than a line at a time."""
    import tomllib

    before = flat(tomllib.loads(text))
    wanted = {name: old for name, old in before.items() if name != key} | ({} if value is None else {key: value})
    if wanted == before:
        return text
    after = "".join(_edited([line for line in re.split(r"(?<=\n)", text) if line], key, value))
    try:
        kept = flat(tomllib.loads(after)) == wanted
    except tomllib.TOMLDecodeError:
        kept = False
    if not kept:
        raise PolicyError(
            say("{key} is written in a way that must be edited by hand", key=key), hint=command("config", "path")
        )
    return after


def _edited(lines: list[str], key: str, value: Any) -> list[str]:
    table, _, name = key.rpartition(".")
    start, end = _section(lines, table)
    line = [] if value is None else [f"{name} = {json.dumps(value, ensure_ascii=False)}\n"]
    if start is None:
        gap = ["\n"] if lines else []
        return [*_ended(lines), *gap, f"[{table}]\n", *line]
    mine = re.compile(rf'\s*(?:{re.escape(name)}|"{re.escape(name)}")\s*=')
    at = next((place for place in range(start, end) if mine.match(lines[place])), None)
    if at is not None:
        return [*lines[:at], *line, *lines[at + 1 :]]
    while end > start and not lines[end - 1].strip():
        end -= 1
    return [*_ended(lines[:end]), *line, *lines[end:]]


def _section(lines: list[str], table: str) -> tuple[int | None, int]:
    """First line of a table's entries (None when there is no such table), and the line after the last one."""
    found = [(place, HEADER.fullmatch(line.rstrip())) for place, line in enumerate(lines)]
    headers = [(place, header[1].strip()) for place, header in found if header]
    start = 0 if not table else next((place + 1 for place, name in headers if name == table), None)
    return start, next((place for place, _ in headers if start is not None and place >= start), len(lines))


def _ended(lines: list[str]) -> list[str]:
    """The lines with the last one ended."""
    return [*lines[:-1], lines[-1].rstrip("\n") + "\n"] if lines else []


def save(path: Path, key: str, value: Any) -> None:
    """Write the change to the file, which is made if it is not there; a reader sees the old or the new file, whole."""
    import tomllib

    old = path.read_text("utf-8-sig") if path.is_file() else ""
    try:
        new = put(old, key, value)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(
            say("{path} cannot be read: {error}", path=path, error=str(error).lower()),
            hint=say("mend the file by hand"),
        ) from error
    if new == old:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f"{path.name}.new")
    spare.write_text(new, "utf-8")
    spare.replace(path)
