"""A read that is empty for a manager says so, with the command that shows what the people below them have."""

from collections.abc import Mapping
from typing import Any

from oppcli.actions.find import stranger
from oppcli.cli.answers import typed
from oppcli.model.command import Command
from oppcli.model.people import User
from oppcli.model.said import say
from oppcli.reads.table import Footnote, Frame, Param, Read, Table
from oppcli.reads.users import below
from oppcli.store.doors import ReadDoor


def empty_note(
    door: ReadDoor, read: Read, line: Any, args: Mapping[str, Any], table: Table, frame: Frame
) -> tuple[Footnote, ...]:
    """A note where the answer is empty and the `line` asked about one person only, who has people below, or is not
    known."""
    found = _one(read, args)
    if found is None or not _empty(table):
        return ()
    param, login = found
    if not door.find(User, login=login):
        return (Footnote("stranger", 1, stranger(login).message),)
    people = below(door, login)
    if not people:
        return ()
    others = {f"{each.word}_" for each in read.asks if each is not param}
    again = typed((each for each in line.command.params if each.name in others), line.params)
    teams = any(each.name == "team" for each in read.params)
    who = ["--team", "me" if login == frame.actor else login] if teams else [f"--{param.name}", ",".join(people)]
    shown = Command([*read.path.split(), *again, *who])
    said = say("nothing here is of {login}; of the people below: {command}", login=login, command=shown)
    return (Footnote("team", len(people), said),)


def _one(read: Read, args: Mapping[str, Any]) -> tuple[Param, str] | None:
    """The person the read was asked about, and the option that named them."""
    for param in read.params:
        given = args.get(param.word) if param.kind == "user" else None
        if given and len(given[0]) == 1 and given[0][0] is not None and not given[1]:
            return param, given[0][0]
    return None


def _empty(table: Table) -> bool:
    counted = [note.count for note in table.notes if note.code == "population"]
    return counted == [0] or (isinstance(table.rows, list) and not table.rows)
