"""A sheet of one record, `opp fields D-1 bant`: its fields with their weights, whether each is filled, and by what."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.fields import BANT, Field
from oppcli.model.policy import Policy
from oppcli.model.refs import named
from oppcli.model.relations import OF_DEAL
from oppcli.model.said import say
from oppcli.reads.table import Column, Footnote, Frame, Kind, Table
from oppcli.rules import filling
from oppcli.rules.fields import word as called
from oppcli.store.doors import ReadDoor

COLUMNS = (
    Column("field"),
    Column("weight", Kind.COUNT),
    Column("filled", Kind.BOOL),
    Column("value", cut=True),
    Column("evidence", cut=True),
)
BANT_SHEET = "bant"
"""The sheet that every team has: budget, authority, need, timeline, 1 each."""
EVIDENCE = "_evidence"


def weights(policy: Policy, word: str, name: str, known: Mapping[str, Field]) -> Mapping[str, int]:
    """The weights of a sheet of this noun; nothing where there is none called so."""
    found = filling.weights(policy.sheets, known, word, name)
    if not found and name == BANT_SHEET and word == OF_DEAL:
        return dict.fromkeys(BANT, 1)
    return found


def told(
    door: ReadDoor, word: str, key: str, name: str, weighed: Mapping[str, int], known: Mapping[str, Field], frame: Frame
) -> Table:
    """The sheet of one thing, with how much of it is filled."""
    from oppcli.reads.definitions import values

    read = (*weighed, *(f"{each}{EVIDENCE}" for each in weighed))
    kinds = {field: known[field].kind for field in read if field in known}
    has: Mapping[str, Any] = values(door, word, key, kinds, frame)
    seen = {field: weight for field, weight in weighed.items() if field not in frame.hidden}
    found = filling.filling(seen, has)
    rows = []
    for field, weight in seen.items():
        value, evidence = has.get(field) or None, has.get(f"{field}{EVIDENCE}") or None
        rows.append((called(field, frame.policy()), weight, filling.filled(field, value), value, evidence))
    said = say("{filled} of {of}", filled=found.filled, of=found.of)
    title = say("{field} of {thing}", field=name, thing=named(word, key))
    return Table(COLUMNS, rows, title, (Footnote("population", found.filled, said),))
