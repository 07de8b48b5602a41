"""The applied policy and its history as tables."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.records import ANY
from oppcli.model.requests import LIVE_STATES
from oppcli.model.said import say
from oppcli.policy.explain import Section, prose
from oppcli.policy.known import Loaded
from oppcli.policy.starting import ABOUT
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.store.queries import policy_text

HISTORY = ranked(
    (
        Column("number", Kind.COUNT),
        Column("applied_at", Kind.INSTANT),
        Column("applied_by", Kind.REF),
        Column("name", cut=True),
        Column("live_requests", Kind.COUNT),
        Column("hash", Kind.REF, wide=False),
    ),
    "number applied_at applied_by 1, name 2, live_requests 3",
)
SHOWN = (*HISTORY[:4], Column("hash", Kind.REF), Column("text"))
PROBLEMS = (
    Column("code", Kind.REF),
    Column("file", Kind.REF),
    Column("line", Kind.COUNT),
    Column("place"),
    Column("message", rank=3),
    Column("fix", rank=3),
)
EXPLAINED = (Column("about"), Column("sentence"))

_APPLIED = """
SELECT j.at, j.actor, p.name, p.hash, j.changes FROM journal j JOIN policy p ON p.hash = j.noun_id
WHERE j.noun = 'policy' AND j.action = 'apply' ORDER BY j.seq DESC
"""
"""A text that is applied again takes the newest number in its row; the journal keeps every number it ever had."""
_LIVE = f"SELECT policy, count(*) FROM request WHERE state IN ({quoted(LIVE_STATES)}) GROUP BY policy"


def versions(door: ReadDoor) -> list[tuple[int, int, str, str, str]]:
    """(number, applied at, applied by, name, hash) of every application, newest first."""
    rows = door.rows(_APPLIED)
    return [(json.loads(changes)["number"][1], at, actor, name, hash) for at, actor, name, hash, changes in rows]


def history(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Every version, newest first, with the live requests that run by its text."""
    live: dict[str, int] = dict(door.rows(_LIVE))
    rows = [(number, at, actor, name, live.get(hash, 0), hash) for number, at, actor, name, hash in versions(door)]
    return Table(HISTORY, rows, title=say("Policy history"))


def shown(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The text of the applied policy, or of the version with this number or beginning of a hash."""
    row = applied(door, args.get("version"))
    return Table(SHOWN, [row], title=row[3], single=True, prose=row[5], verbatim=True)


def applied(door: ReadDoor, version: str | None) -> tuple[int, int, str, str, str, str]:
    """(number, applied at, applied by, name, hash, text) of the applied policy, or of the version with this number or
    beginning of a hash. Refused for a version there is not."""
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
            say("there is no policy {hash}", hash=version) if version else say("there is no policy"),
            hint=command("policy", "history"),
        )
    return (*found[0], policy_text(door, found[0][4]))


def checked(source: str, loaded: Loaded) -> Table:
    """The warnings of a policy without errors; people read how many there are."""
    policy, warnings = loaded
    rows = [(each.code, each.source, each.line, each.place, each.message, each.fix) for each in warnings]
    said = say(
        "{source}: no errors, {warnings:,} {warnings:warning|warnings}; {stages:,} {stages:stage|stages}, {types} "
        "{types:type|types} of request, {gates:,} {gates:gate|gates}",
        source=source,
        warnings=len(warnings),
        stages=len(policy.stages),
        types=len(policy.types),
        gates=len(policy.gates),
    )
    return Table(PROBLEMS, rows, title=source, prose=said)


TEMPLATES = (Column("template", Kind.REF), Column("about"))


def offered() -> Table:
    """The policies to start with, a line each."""
    return Table(TEMPLATES, list(ABOUT.items()), title=say("Templates"))


def template(name: str, source: str, text: str) -> Table:
    """One of them; people read its text."""
    columns, row = (*TEMPLATES, Column("text")), (source, ABOUT[name], text)
    return Table(columns, [row], title=name, single=True, prose=text, verbatim=True)


def explained(sections: tuple[Section, ...]) -> Table:
    """A row per sentence; people read the text."""
    rows = [(section.about, sentence) for section in sections for sentence in section.sentences]
    return Table(EXPLAINED, rows, title=sections[0].heading, prose=prose(sections))


FILE = Param("file", "a file instead of the applied policy", place=True, metavar="FILE")
TYPE = Param("type", "only this type of request", metavar="TYPE")
READS = (
    Read(
        path="policy history",
        title=say("Policy history"),
        help="Every version that was applied, who applied it, and how many live requests run by it",
        columns=HISTORY,
        build=history,
        standing=ANY,
        examples=("opp policy history --json",),
    ),
    Read(
        path="policy show",
        narrows=False,
        title=say("Policy"),
        help="The text of the applied policy, as it was written",
        columns=SHOWN,
        build=shown,
        params=(Param("version", "a number or hash; default: applied", place=True, metavar="VERSION"),),
        standing=ANY,
        examples=("opp policy show > team.toml", "opp policy show 3"),
    ),
    Read(
        path="policy check",
        narrows=False,
        title=say("Policy"),
        help="Every error and warning of a policy file, with its line; nothing is changed",
        columns=PROBLEMS,
        params=(Param("file", "the policy", default=NEEDED, place=True, metavar="FILE"),),
        more="Errors end with exit code 8, warnings alone with 0. With a database at hand its people and deals are "
        "checked too.",
        examples=("opp policy check team.toml",),
    ),
    Read(
        path="policy templates",
        title=say("Templates"),
        help="The policies to start with, or the text of one",
        columns=(*TEMPLATES, Column("text")),
        params=(Param("name", "print its text", place=True, metavar="NAME"),),
        more="Texts are in the language you are answered in.",
        examples=("opp policy templates", "opp policy templates b2b --lang en > team.toml"),
    ),
    Read(
        path="policy explain",
        narrows=False,
        title=say("Policy"),
        help="The policy in plain sentences: what is needed, who decides, in what time",
        columns=EXPLAINED,
        params=(FILE, TYPE),
        examples=("opp policy explain", "opp policy explain --type quote", "opp policy explain team.toml"),
    ),
)
