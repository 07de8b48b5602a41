"""Promises as a table: who has to do what by when, how far off it is; and whose a task is, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from oppcli.model.follow import OPEN, TASK_KINDS, TASK_STATES
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import REPEAT, WHENCE, say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules import dues
from oppcli.rules.dues import BUCKETS, stored
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said, parsed
from oppcli.store.patterns import HOLDER, literals
from oppcli.words.shown import iso

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("title", cut=True),
        Column("kind", words="task"),
        Column("state", words="task"),
        Column("bucket", words="bucket"),
        Column("due", Kind.DATE),
        Column("promised", Kind.DATE),
        Column("moves", Kind.COUNT),
        Column("assignee", Kind.REF),
        Column("role", Kind.REF),
        Column("deal", Kind.REF),
        Column("customer", cut=True),
        Column("origin", words=WHENCE),
        Column("must"),
        Column("repeat", words=REPEAT),
        Column("skipped", Kind.COUNT),
        Column("done_at", Kind.INSTANT),
        Column("done_by", Kind.REF),
        Column("reason", cut=True),
        Column("late_at", Kind.INSTANT),
        Column("late_by", Kind.REF),
        Column("created_at", Kind.INSTANT),
        Column("created_by", Kind.REF),
    ),
    "id 1, due 1, bucket 3, title 2, kind 4, assignee 2, role 4, deal 2, customer 4, promised 5, moves 5",
)
"""`due` and `promised` are a day, or an instant where it is due by the hour."""
_SELECT = f"""
SELECT t.id, t.title, t.kind, t.state, t.due_on, t.due_at, t.promised_on, t.promised_at, t.moves, {HOLDER}, t.role,
       t.deal_id, coalesce(c.name, dc.name), t.origin, s.name, t.repeat, t.skipped, t.done_at, t.done_by, t.reason,
       t.late_at, t.late_by, t.created_at, t.created_by
FROM task t LEFT JOIN deal d ON d.id = t.deal_id LEFT JOIN customer dc ON dc.id = d.customer_id
LEFT JOIN customer c ON c.id = t.customer_id LEFT JOIN stage s ON s.id = t.must_id
"""


def roles_of(logins: Collection[str], roles: Mapping[str, Collection[str]], policy: Policy) -> list[str]:
    """The roles that one of these people has: their own (login → roles), and those the policy lists them under."""
    own = {role for login in logins for role in roles.get(login, ())}
    return sorted(own | {role for role, people in policy.roles.items() if {*people} & {*logins}})


def theirs(logins: Sequence[str], roles: Sequence[str]) -> str:
    """What holds of a `task t` that one of these people has to do: it was given to them, it is of a deal or customer of
    theirs, or of a role that they have on the deal's team, or have where nobody on the team does."""
    people, having = (literals(each) for each in (logins, roles))
    team = "SELECT 1 FROM member m WHERE m.deal_id = t.deal_id AND m.role = t.role"
    by_role = f"t.assignee IS NULL AND EXISTS ({team} AND m.login IN ({people}))"
    else_all = f"t.assignee IS NULL AND t.role IN ({having}) AND NOT EXISTS ({team})"
    return f"({HOLDER} IN ({people}) OR (t.role IS NOT NULL AND (({by_role}) OR ({else_all}))))"


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Tasks that pass the filters, what is due first in front; open ones unless a state is asked for."""
    where = Where()
    states = args.get("state") or (() if args.get("all") else (OPEN,))
    where.among("t.state", list(states))
    where.among("t.kind", list(args.get("kind") or ()))
    where.equals("t.deal_id", args.get("deal"))
    where.among("coalesce(t.customer_id, d.customer_id)", *(args.get("customer") or ((), ())))
    wanted, unwanted = args.get("to") or ((), ())
    if wanted or unwanted:
        known, policy = _roles(door), frame.policy()
        if wanted:
            where.clauses.append(theirs(wanted, roles_of(wanted, known, policy)))
        if unwanted:
            where.clauses.append(f"NOT {theirs(unwanted, roles_of(unwanted, known, policy))}")
    rows = [_row(row, frame) for row in door.rows(f"{_SELECT} {where.sql}", **where.params)]
    buckets = args.get("bucket")
    rows = [row for row in rows if not buckets or row[4] in buckets]
    rows.sort(key=lambda row: (row[3] != OPEN, row[5] is None, row[5] or "", int(row[0][2:])))
    return Table(COLUMNS, rows, title=say("Tasks"))


def _roles(door: ReadDoor) -> dict[str, list[str]]:
    return {login: parsed(roles) for login, roles in door.rows("SELECT login, roles FROM user_account ORDER BY login")}


def _row(row: Row, frame: Frame) -> Row:
    number, title, kind, state, on, at, promised_on, promised_at, moves, who, role, deal, *more = row
    *rest, reason, late_at, late_by, created_at, created_by = more
    far = dues.bucket(stored(on, at), frame.now, frame.tz) if state == OPEN else None
    return (
        *(ref("task", number), title, kind, state, far),
        *(_day(on, at), _day(promised_on, promised_at), moves, who, role and _role(role, frame)),
        *(None if deal is None else ref("deal", deal), *rest),
        *(reason and decode_said(reason), late_at, late_by, created_at, created_by),
    )


def _role(name: str, frame: Frame) -> str:
    from oppcli.model.calling import role_called

    return role_called(name, frame.policy().role_titles)


def _day(on: str | None, at: int | None) -> str | None:
    return iso(at) if at is not None else on


READS = (
    Read(
        path="task list",
        title=say("Tasks"),
        help="What was promised: who has to do what by when, the earliest in front",
        columns=COLUMNS,
        standing=COUNTED,
        build=listing,
        params=(
            Param("to", "what this person has to do; me, a login or a name; !x excludes", "user", many=True),
            Param("deal", "of this deal", "deal"),
            Param("customer", "of this customer and its deals; !x excludes", "customer", many=True),
            Param("kind", " ".join(TASK_KINDS), "choice", choices=TASK_KINDS, many=True, words="task"),
            Param("state", " ".join(TASK_STATES), "choice", choices=TASK_STATES, many=True, words="task"),
            Param("bucket", "how far off", "choice", choices=BUCKETS, many=True, words="bucket"),
            Param("all", "also what is over", "flag", short="-a"),
        ),
        examples=("opp task list --to me", "opp task list --deal D-142 --all", "opp task list --bucket late --csv"),
    ),
)
