"""How the value of a field came about: each change of it, by whom, through what, and why, as the journal tells."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.fields import Field
from oppcli.model.refs import named
from oppcli.model.said import listed, say
from oppcli.reads import journal, sheets, trail
from oppcli.reads.table import Column, Frame, Kind, Row, Table
from oppcli.rules import fields as rules
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import shown
from oppcli.words.shown import iso, timed
from oppcli.words.spelling import nearest

COLUMNS = (
    Column("seq", Kind.REF),
    Column("at", Kind.INSTANT),
    Column("actor", Kind.REF, behalf="on_behalf_of"),
    Column("on_behalf_of", Kind.REF, wide=False),
    Column("action", words="action"),
    Column("was", timed=True),
    Column("now", timed=True),
    Column("reason", cut=True),
    Column("channel", words="channel"),
    Column("by", words="by", wide=False),
    Column("field", wide=False),
)
_OF_NEXT_STEP = {"next_step": "title", "next_step_on": "due_on"}
"""Of a deal: what lies in its next step, which is a task."""
Paths = Mapping[str, tuple[str, ...]]
_NAMES = [column.name for column in journal.COLUMNS]


def told(door: ReadDoor, word: str, key: str, text: str, known: Mapping[str, Field], frame: Frame) -> Table:
    """The changes of one field of one thing in order of time. Refused (3) for a field it does not have, (4) for one
    that who asks does not have."""
    name = rules.named(text, known)
    thing = named(word, key)
    if name not in known and (weighed := sheets.weights(frame.policy(), word, text, known)):
        return sheets.told(door, word, key, text, weighed, known, frame)
    if name not in known:
        said = say("{thing} has no field {name}{near}", thing=thing, name=text, near=nearest(text, known))
        raise NotFound(said, hint=command("fields", thing))
    if name in frame.hidden:
        from oppcli.rules.scopes import require_fields

        require_fields(door.sight, [name])
    things, paths = _place(door, word, key, name)
    found = journal.entries(door, things=things, show=frame.show if frame.screen else iso, me=frame.actor)
    currency = _currency(door, word, key, frame) if known[name].kind == "money" else ""
    rows = [line for row in found.rows for line in _lines(row, name, paths, known[name], currency, frame.show)]
    return Table(COLUMNS, rows, title=say("{field} of {thing}", field=name, thing=thing))


def _place(door: ReadDoor, word: str, key: str, name: str) -> tuple[tuple[tuple[str, str], ...], Paths]:
    """The things whose entries tell of a field, and by noun what it is called there."""
    number = queries.known_as(door, word, key) or key
    if word == "deal" and name in _OF_NEXT_STEP:
        tasks = door.column("SELECT id FROM task WHERE deal_id = :id AND kind = 'follow' ORDER BY id", id=int(number))
        things = (("deal", number), *(("task", str(task)) for task in tasks))
        return things, {"deal": (name,), "task": (_OF_NEXT_STEP[name],)}
    return ((word, number),), {word: (name, f"{name}_id", f"{name}_ms", f"extra.{name}")}


def _currency(door: ReadDoor, word: str, key: str, frame: Frame) -> str:
    """What its amounts are in."""
    if word in ("deal", "request"):
        return str(door.value(f"SELECT currency FROM {word} WHERE id = :id", id=int(key)))
    return frame.policy().currency


def _lines(row: Row, name: str, paths: Paths, field: Field, currency: str, show: trail.Show) -> Iterator[Row]:
    """The changes of the field that one entry tells; of a list of things the whole entry is one."""
    entry: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    pairs = [pair for path, pair in entry["changes"].items() if path in paths[entry["noun"]]]
    if not pairs and any(path.startswith(f"{name}.") for path in entry["changes"]):
        pairs = [(None, entry["what"])]
    for was, now in pairs:
        head = (entry["seq"], entry["at"], entry["actor"], entry["on_behalf_of"], entry["action"])
        values = (_shown(field, was, currency, show), _shown(field, now, currency, show))
        yield (*head, *values, entry["reason"], entry["channel"], entry["by"], name)


def _shown(field: Field, value: Any, currency: str, show: trail.Show) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return listed(map(str, value))
    if field.kind == "instant":
        return timed(value, show)
    return shown(field.kind, value, currency) if field.kind not in ("list", "object") else str(value)
