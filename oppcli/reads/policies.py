"""The applied policy and its history as tables."""

import json

from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.policy import Loaded
from oppcli.policy.explain import Section, prose
from oppcli.reads.table import Column, Kind, Table
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import policy_text

HISTORY = (
    Column("number", Kind.COUNT),
    Column("applied_at", Kind.INSTANT),
    Column("applied_by", Kind.REF),
    Column("name"),
    Column("live_requests", Kind.COUNT),
    Column("hash", Kind.REF, wide=False),
)
SHOWN = (*HISTORY[:4], Column("hash", Kind.REF), Column("text"))
PROBLEMS = (
    Column("code", Kind.REF),
    Column("file", Kind.REF),
    Column("line", Kind.COUNT),
    Column("place"),
    Column("message"),
    Column("fix"),
)
EXPLAINED = (Column("about"), Column("sentence"))

_APPLIED = """
SELECT j.at, j.actor, p.name, p.hash, j.changes FROM journal j JOIN policy p ON p.hash = j.noun_id
WHERE j.noun = 'policy' AND j.action = 'apply' ORDER BY j.seq DESC
"""
"""A text that is applied again takes the newest number in its row; the journal keeps every number it ever had."""
_LIVE = "SELECT policy, count(*) FROM request WHERE state IN ('pending', 'returned') GROUP BY policy"


def versions(door: ReadDoor) -> list[tuple[int, int, str, str, str]]:
    """(number, applied at, applied by, name, hash) of every application, newest first."""
    rows = door.rows(_APPLIED)
    return [(json.loads(changes)["number"][1], at, actor, name, hash) for at, actor, name, hash, changes in rows]


def history(door: ReadDoor) -> Table:
    """Every version, newest first, with the live requests that run by its text."""
    live: dict[str, int] = dict(door.rows(_LIVE))
    rows = [(number, at, actor, name, live.get(hash, 0), hash) for number, at, actor, name, hash in versions(door)]
    return Table(HISTORY, rows, title=say("Policy history"))


def shown(door: ReadDoor, version: str | None = None) -> Table:
    """The text of the applied policy, or of the version with this number or beginning of a hash."""
    rows = versions(door)
    if version is None:
        found = rows[:1]
    elif version.isdigit() and len(version) < 10:
        found = [row for row in rows if row[0] == int(version)]
    else:
        # One text may have been applied several times; two texts never share a hash.
        found = list({row[4]: row for row in reversed(rows) if row[4].startswith(version.lower())}.values())
    if len(found) != 1:
        raise NotFound(
            say("there is no policy {version}", version=version) if version else say("there is no policy"),
            hint=command("policy", "history"),
        )
    text = policy_text(door, found[0][4])
    return Table(SHOWN, [(*found[0], text)], title=found[0][3], single=True, prose=text)


def checked(source: str, loaded: Loaded) -> Table:
    """The warnings of a policy without errors; people read how many there are."""
    policy, warnings = loaded
    types = say("{types} {types:type of request|types of request}", types=len(policy.types))
    parts = say(
        "{stages:,} {stages:stage|stages}, {types}, {gates:,} {gates:gate|gates}",
        stages=len(policy.stages),
        types=types,
        gates=len(policy.gates),
    )
    rows = [(each.code, each.source, each.line, each.place, each.message, each.fix) for each in warnings]
    return Table(
        PROBLEMS,
        rows,
        title=source,
        prose=say(
            "{source}: no errors, {warnings:,} {warnings:warning|warnings}; {parts}",
            source=source,
            warnings=len(warnings),
            parts=parts,
        ),
    )


def explained(sections: tuple[Section, ...]) -> Table:
    """A row per sentence; people read the text."""
    rows = [(section.about, sentence) for section in sections for sentence in section.sentences]
    return Table(EXPLAINED, rows, title=sections[0].heading, prose=prose(sections))
