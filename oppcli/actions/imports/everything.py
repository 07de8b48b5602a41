"""`opp import team.jsonl`: everything of another database, as `opp export all` wrote it.

Into a database that was only begun, as a restore: ids stay, approvals count. Into the one that it came from it changes
nothing. Into another that has data see `oppcli.actions.imports.another_database`.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.derived import derive
from oppcli.actions.imports.came import Came, LeftOut
from oppcli.errors import Conflict, Exists, OppError, Reason, Refused
from oppcli.files.exported import Exported
from oppcli.files.sheets.opening import Unreadable
from oppcli.model.deals import Stage
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, NOUNS, Noun, class_of
from oppcli.model.people import User
from oppcli.model.records import ANY
from oppcli.model.said import Speak, say
from oppcli.model.versions import PolicyVersion
from oppcli.policy import read
from oppcli.rules.scopes import kept
from oppcli.store import queries
from oppcli.store.doors import WriteDoor
from oppcli.store.knowing import database_id
from oppcli.store.objects import CHUNK, NOUN, held, portable, thing

BEGUN = ("stage", "user", "policy")
"""Nouns that a new database begins with."""
RESTORED = "restored"
"""Under what is kept which database this one was filled from as by a restore."""
SELF = {"user": "manager"}
"""Fields that name another of the same noun, which has to be there first."""
Progress = Callable[[int], None]


def everything(
    act: Act,
    file: Exported,
    *,
    rejects: Path | None,
    strict: bool = False,
    progress: Progress = lambda things: None,
    speak: Speak = str,
) -> Came:
    """Take everything in. What cannot be taken goes to the file `rejects` (None: nowhere), where `speak` tells why.
    Refused for anybody but an admin, for a file that is no good to its end, for a restore of which nobody could be
    admin, and, when `strict`, for anything that is left out."""
    act.require("import people", say("import everything"))
    door = act.door
    home = file.header.database in (database_id(door), queries.derived(door, RESTORED))
    if home:
        return _compared(door, file, progress)
    if not is_begun(door):
        return _joined(act, file, LeftOut(rejects, speak), progress, strict=strict)
    made = _restored(door, file, progress)
    _note(door, file)
    return Came(made, made, 0, 0, {}, restored=True)


def is_begun(door: WriteDoor) -> bool:
    """Whether nothing is in the database but what a new one begins with: its stages, one person, a policy."""
    counts = held(door)
    alone = counts["user"] == 1 and counts["policy"] <= 1 and door.find(User)[0].pin_at is None
    return alone and not any(n for word, n in counts.items() if word not in BEGUN)


def _note(door: WriteDoor, file: Exported) -> None:
    """One entry tells which file it was, and where the journal of its database stood."""
    meta = {"file": file.name, "sha256": file.hash, **file.header._asdict()}
    door.note("import", "database", "1", meta)


def _joined(act: Act, file: Exported, out: LeftOut, progress: Progress, *, strict: bool) -> Came:
    """What is not here yet beside what is here."""
    from oppcli.actions.imports.another_database import incoming

    try:
        came = incoming(act, file, _things(file), out, progress)
        _note(act.door, file)
    except BaseException:
        out.drop()
        raise
    out.put_in_place()
    if strict and out.count:
        reasons = tuple(Reason(say("line {line}", line=line), wrong.told) for line, wrong in out.sample)
        said = say("{n:,} {n:thing|things} would be left out; nothing was imported", n=out.count)
        raise Refused(said, reasons=reasons)
    return came


def _things(file: Exported) -> Iterator[tuple[Noun, list[tuple[int, Any]]]]:
    """What is in the file, as chunks of things of one noun with their lines. Raises `Unreadable` for what is none."""
    for word, group in groupby(file.objects(), key=lambda found: found[1].get(NOUN)):
        noun = BY_WORD.get(str(word))
        batch: list[tuple[int, Any]] = []
        for line, found in group:
            if noun is None or noun not in NOUNS:
                raise Unreadable(say("{name}:{line}: there is no noun {word}", name=file.name, line=line, word=word))
            try:
                batch.append((line, thing(noun, found)))
            except OppError as error:
                said = say("{name}:{line}: {fault}", name=file.name, line=line, fault=error.message)
                raise Unreadable(said) from None
            if len(batch) == CHUNK and noun.word not in SELF:
                yield noun, batch
                batch = []
        if batch and noun is not None:
            yield noun, batch


def _restored(door: WriteDoor, file: Exported, progress: Progress) -> int:
    """The things of the file in place of those the database was begun with."""
    for begun in (*door.find(User), *door.find(PolicyVersion), *door.find(Stage)):
        door.drop(begun)
    count = 0
    for noun, lined in _things(file):
        things = [each for _, each in lined]
        if noun.word == "policy":
            things = [_sound(each, file.name) for each in things]
        try:
            door.add_many(_in_order(things, SELF.get(noun.word)))
        except Exists as error:
            raise Conflict(say("{name} is in itself no whole: {fault}", name=file.name, fault=error.message)) from None
        count += len(things)
        progress(count)
    if not any(user.active and user.is_admin for user in door.find(User)):
        raise Conflict(say("nobody in {name} could be admin of this database", name=file.name))
    newest = queries.newest_policy(door)
    if newest is None:
        raise Conflict(say("{name} holds no policy", name=file.name))
    derive(door, read(door.get(PolicyVersion, newest).text))
    door.derive(RESTORED, file.header.database)
    return count


def _sound(version: PolicyVersion, name: str) -> PolicyVersion:
    """The version with what its text says of who sees what. Refused for a text that is not the one it was."""
    if sha256(version.text.encode()).hexdigest() != version.hash:
        raise Conflict(say("{name}: the text of policy v{number} was changed", name=name, number=version.number))
    return replace(version, scope=kept(read(version.text)))


def _in_order(things: list[Any], field: str | None) -> list[Any]:
    """Those that others name before them; what goes round in a circle stays last, and is refused by the database."""
    if field is None:
        return things
    rest, found, known = things, list[Any](), {None}
    while rest:
        ready = [each for each in rest if getattr(each, field) in known] or rest
        found += ready
        known |= {each.login for each in ready}
        rest = [each for each in rest if each not in ready]
    return found


def _compared(door: WriteDoor, file: Exported, progress: Progress) -> Came:
    """What came from here is known by its id, and stays as it is now."""
    same = differ = 0
    for noun, lined in _things(file):
        things = [each for _, each in lined]
        here = {getattr(each, noun.key): portable(noun, each) for each in _found(door, noun, things)}
        equal = sum(here.get(getattr(each, noun.key)) == each for each in things)
        same, differ = same + equal, differ + len(things) - equal
        progress(same + differ)
    return Came(same + differ, 0, same, differ, {})


def _found(door: WriteDoor, noun: Noun, things: Sequence[Any]) -> list[Any]:
    keys = [getattr(each, noun.key) for each in things]
    standing = {"standing": ANY} if noun.standing else {}
    return door.find(class_of(noun), **{noun.key: keys, **standing})
