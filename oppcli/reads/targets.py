"""Targets as a table, and what those of several months come to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.errors import NotFound
from oppcli.model.calling import aim
from oppcli.model.command import command
from oppcli.model.people import ME
from oppcli.model.said import WHOM, say
from oppcli.model.targets import TARGET_MEASURES, Target, login_of, meant
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.targets import Sum, amounts_of, summed
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import TAKEN
from oppcli.words.periods import MONTH, label
from oppcli.words.spelling import nearest

COLUMNS = ranked(
    (
        Column("who", Kind.REF, title=say("OF WHOM"), words=WHOM),
        Column("month"),
        Column("measure", words="measure"),
        Column("target", Kind.MONEY, title=say("TARGET"), counts=True),
        Column("stretch", Kind.MONEY, counts=True),
        Column("top", Kind.MONEY, counts=True),
        Column("currency", wide=False),
        Column("created_by", Kind.REF, title=say("SET BY")),
        Column("created_at", Kind.INSTANT, title=say("SET AT")),
    ),
    "who month 1, measure 1, target 1, stretch top 2, created_by created_at 4",
)
_FIELDS = "t.who, t.month, t.measure, t.target, t.stretch, t.top, t.currency, t.created_by, t.created_at"
Of = tuple[str, str]
"""(who, measure)."""


def of_months(door: ReadDoor, months: Sequence[str], **only: str) -> dict[Of, Sum]:
    """What the targets of everybody come to in these months, by (who, measure), in one statement; `only` these fields
    of them: `who="team:wang"`, `measure="won_amount"`. Who has none in any of the months is not there."""
    where = Where(f"t.{TAKEN}")
    where.among("t.month", list(months))
    for name, value in only.items():
        where.equals(f"t.{name}", value)
    found: dict[Of, list[Target]] = defaultdict(list)
    for row in door.rows(f"SELECT {_FIELDS} FROM target t {where.sql} ORDER BY t.who, t.measure, t.id", **where.params):
        target = _target(row)
        found[target.who, target.measure].append(target)
    return {of: summed(each, months) for of, each in found.items()}


def total(door: ReadDoor, who: str, months: Sequence[str], measure: str) -> Sum:
    """What the targets of a login, of `team:LOGIN` or of the `company` come to in these months (`2026-11`); None where
    one has none, or they are in several currencies."""
    return of_months(door, months, who=who, measure=measure).get((who, measure)) or summed((), months)


def of_measure(door: ReadDoor, measure: str) -> list[Target]:
    """Every target of a measure, in one statement."""
    sql = f"SELECT {_FIELDS} FROM target t WHERE t.{TAKEN} AND t.measure = :measure ORDER BY t.id"
    return [_target(row) for row in door.rows(sql, measure=measure)]


def _target(row: Sequence[Any]) -> Target:
    who, month, measure, target, stretch, top, currency, by, at = row
    levels = {"target": target, "stretch": stretch, "top": top, "currency": currency}
    return Target(who=who, month=month, measure=measure, **levels, created_by=by, created_at=at)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each target, the newest month first."""
    where = Where(f"t.{TAKEN}")
    where.among("t.who", whose(door, args, frame))
    where.equals("t.measure", args.get("measure"))
    if args.get("period") is not None:
        first, last = (label(day, MONTH) for day in args["period"])
        where.within("t.month", first)
        where.clauses.append(f"t.month <= {where.name(last)}")
    order = "t.month DESC, t.who, t.measure, t.id"
    found = map(_target, door.rows(f"SELECT {_FIELDS} FROM target t {where.sql} ORDER BY {order}", **where.params))
    rows = [
        (aim(each.who), each.month, each.measure, *amounts_of(each), each.currency, each.created_by, each.created_at)
        for each in found
    ]
    return Table(COLUMNS, rows, READ.title)


def whose(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[str, ...]:
    """Of whom targets are asked for; none: of all. Refused (3) for who is nobody here."""
    asked = [frame.actor if each in ME else meant(each) for each in args.get("who") or ()]
    logins = {each: login_of(each) for each in asked}
    if logins:
        known = set(door.column("SELECT login FROM user_account"))
        for login in filter(None, logins.values()):
            if login not in known:
                told = say("no such user: {text}{nearest}", text=login, nearest=nearest(login, known))
                raise NotFound(told, hint=command("user", "list"))
    return tuple(logins)


WHO = Param("who", "of these: a login, team:LOGIN, company, me", many=True, metavar="WHO")
MEASURE = Param("measure", "of this measure", "choice", choices=TARGET_MEASURES, words="measure")
READ = Read(
    path="target list",
    title=say("Targets"),
    help="What people, teams and the company are to reach, month by month",
    columns=COLUMNS,
    build=listing,
    params=(
        WHO,
        MEASURE,
        Param("period", "of months in it: 2026-11 2026Q4 2026", "period", metavar="P"),
    ),
    examples=("opp target list", "opp target list --period 2026Q4 --measure won_amount --csv"),
)
READS = (READ,)
