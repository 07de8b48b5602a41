"""People as a table."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.model.calling import UNTITLED, role_called
from oppcli.model.deals import LIVE_KINDS, WON
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import rights
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

COLUMNS = ranked(
    (
        Column("login", Kind.REF),
        Column("name", title=say("NAME"), cut=True),
        Column("roles", Kind.LIST),
        Column("manager", Kind.REF),
        Column("active", Kind.BOOL),
        Column("open_deals", Kind.COUNT),
        Column("won", Kind.COUNT),
        Column("email", wide=False),
        Column("created_at", Kind.INSTANT, wide=False),
        Column("version", Kind.COUNT, wide=False),
        Column("lang", wide=False),
        Column("zone", wide=False),
    ),
    "login 1, name 2, roles 3, manager 4, active 5, open_deals 3, won 4",
)

_SQL = f"""
SELECT u.login, u.name, u.roles, u.manager, u.active,
       coalesce(sum(CASE WHEN s.kind IN ({quoted(LIVE_KINDS)}) THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN s.kind = '{WON}' THEN 1 ELSE 0 END), 0),
       u.email, u.created_at, u.version, u.lang, u.zone
FROM user_account u
LEFT JOIN deal d ON d.owner = u.login
LEFT JOIN stage s ON s.id = d.stage_id
{{where}}
GROUP BY u.login, u.name, u.roles, u.manager, u.active, u.email, u.created_at, u.version, u.lang, u.zone
ORDER BY u.login
"""


def _people(door: ReadDoor, frame: Frame | None, where: str, **params: str) -> list[Row]:
    rows = door.rows(_SQL.format(where=where), **params)
    titles = UNTITLED if frame is None else frame.policy().role_titles
    return [
        (*row[:2], [role_called(role, titles) for role in json.loads(row[2])], row[3], bool(row[4]), *row[5:])
        for row in rows
    ]


def below(door: ReadDoor, login: str) -> list[str]:
    """The active people who report to this one, directly or not, nearest first."""
    rows = door.rows("SELECT login, manager FROM user_account WHERE active = 1 ORDER BY login")
    return list(rights.below(login, dict(rows))[1:])


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Active people, or everybody, with how many deals they have open and have won."""
    return Table(COLUMNS, _people(door, frame, "" if args.get("all") else "WHERE u.active = 1"), title=say("People"))


def one(door: ReadDoor, args: Mapping[str, Any], frame: Frame | None = None) -> Table:
    """One person, active or not."""
    return Table(
        COLUMNS, _people(door, frame, "WHERE u.login = :login", login=args["login"]), title=say("People"), single=True
    )


KNOWN = (*COLUMNS[:-2], Column("by", words="by"), Column("until", Kind.INSTANT), *COLUMNS[-2:])
"""Of oneself also by what one is known here, and until when."""


def known(person: Table, by: str, until: int | None) -> Table:
    """The table of one person with these two."""
    return person._replace(columns=KNOWN, rows=tuple((*row[:-2], by, until, *row[-2:]) for row in person.rows))


READS = (
    Read(
        path="user list",
        title=say("People"),
        help="People with their roles and how many deals they have open",
        columns=COLUMNS,
        build=listing,
        params=(Param("all", "also who was deactivated", "flag", short="-a"),),
        standing=COUNTED,
        examples=("opp user list --json",),
    ),
    Read(
        path="user show",
        narrows=False,
        title=say("Person"),
        help="One person",
        columns=COLUMNS,
        build=one,
        params=(
            Param(
                "login",
                "one or more logins",
                "person",
                default=NEEDED,
                place=True,
                many=True,
                metavar="LOGIN...",
                each="user",
            ),
        ),
        standing=COUNTED,
        examples=("opp user show wang",),
    ),
    Read(
        path="user whoami",
        narrows=False,
        title=say("You"),
        help="Who you act as, and what you may do",
        columns=KNOWN,
        standing=COUNTED,
        examples=("opp user whoami",),
    ),
)
