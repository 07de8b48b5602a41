"""Customers as tables: the list, and one with its people, deals and what was done with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads import own
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.dealings import UNDER_WAY
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("name", cut=True),
        Column("owner", Kind.REF),
        Column("industry"),
        Column("region"),
        Column("tier"),
        Column("phone", Kind.LIST),
        Column("email", Kind.LIST),
        Column("website"),
        Column("address", cut=True),
        Column("tax_id", Kind.REF),
        Column("live_deals", Kind.COUNT),
        Column("tags", Kind.LIST),
        Column("quiet_until", Kind.DATE),
        Column("protected_until", Kind.INSTANT),
        Column("external_id", Kind.REF),
        Column("system"),
        Column("created_at", Kind.INSTANT),
        Column("created_by", Kind.REF),
        Column("version", Kind.COUNT),
        Column("extra", Kind.OBJECT),
    ),
    "id 1, name 2, tier 3, region 4, phone 4, owner 3, live_deals 3",
)
_LIVE = f"(SELECT count(*) FROM deal d WHERE d.customer_id = c.id AND {UNDER_WAY})"
_LOOKED_UP = {"id": f"'{PREFIXES['customer']}' || c.id", "live_deals": _LIVE}
_SELECT = f"SELECT {', '.join(_LOOKED_UP.get(column.name, f'c.{column.name}') for column in COLUMNS)} FROM customer c"
_NARROWED = {"owner": "c.owner", "team": "c.owner", "industry": "c.industry", "region": "c.region", "tier": "c.tier"}


def told(
    door: ReadDoor,
    noun: str,
    columns: Sequence[Column],
    sql: str,
    params: Mapping[str, Any],
    currency: Callable[[], str],
) -> Table:
    """The rows of the SQL, behind them the team's own fields of the noun; where one of these is an amount, it is in
    this currency, which stands last."""
    beside = own.of_noun(door, noun)
    code = [currency()] if any(field.kind == "money" for field in beside) else []
    known = (*columns, *own.columns(beside), *(Column("currency", wide=False) for _ in code))
    return Table(known, ((*_shaped(columns, row, beside, *code), *code) for row in door.rows(sql, **params)))


def _shaped(columns: Sequence[Column], row: Row, beside: Sequence[own.Own], currency: str = "") -> Row:
    """A row of the SQL as cells, the fields in `extra`, which stands last, behind them; what is empty is an empty
    list."""
    cells = [
        (parsed(cell) if cell not in (None, "", "[]", "{}") else {} if column.kind is Kind.OBJECT else [])
        if column.kind in (Kind.LIST, Kind.OBJECT)
        else cell
        for column, cell in zip(columns, row, strict=True)
    ]
    extra = cells[-1]
    behind = own.cells(extra, beside)
    cells[-1] = own.plain(extra, beside, currency) if extra else extra
    return (*cells, *behind)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Customers that pass the filters, by id."""
    where = Where()
    for name, column in _NARROWED.items():
        where.among(column, *(args.get(name) or ((), ())))
    narrowed(where, "c", args)
    sql = f"{_SELECT} {where.sql} ORDER BY c.id"
    found = told(door, "customer", COLUMNS, sql, where.params, lambda: frame.policy().currency)
    return found._replace(title=say("Customers"))


def narrowed(where: Where, row: str, args: Mapping[str, Any]) -> None:
    """Tags, days and words that records of customers and contacts are asked for."""
    where.holds(f"{row}.tags", *(args.get("tag") or ((), ())))
    where.within(f"{row}.created_at", args.get("since"), args.get("until"))
    where.words((f"{row}.search_key",), args.get("text") or "", phones=f"{row}.phone")


def one(door: ReadDoor, number: int, currency: str) -> Table:
    """One customer's fields as a table of one row."""
    found = told(door, "customer", COLUMNS, f"{_SELECT} WHERE c.id = :id", {"id": number}, lambda: currency)
    return found._replace(rows=list(found.rows), title=say("Customer"), single=True)


CREATED = (
    Param("tag", "a tag; !x excludes", "tag", many=True),
    Param("since", "created on or after", "since"),
    Param("until", "created before the end of this day", "until"),
)
"""The options by which lists of customers and contacts are narrowed alike."""
READS = (
    Read(
        path="customer list",
        title=say("Customers"),
        help="Customers, by id",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("owner", "me, a login or a name; !x excludes", "user", many=True),
            Param("team", "me, a login or a name: of who is at or below this person in the lines", "team"),
            Param("industry", "what it does; !x excludes", "words", many=True),
            Param("region", "where it is served; !x excludes", "words", many=True),
            Param("tier", "how much it matters; !x excludes", "words", many=True),
            *CREATED,
            Param("text", "each word in the name or the external id; or a phone, however spelt", metavar="WORDS"),
        ),
        examples=("opp customer list --owner me --tier A", "opp customer list -w 'live_deals = 0' --csv"),
    ),
    Read(
        path="customer show",
        narrows=False,
        title=say("Customer"),
        help="One customer: its people, promises, approvals, what was done last, its deals",
        columns=COLUMNS,
        params=(
            Param(
                "customer",
                "C-9, or the beginning of a name; several",
                default=NEEDED,
                place=True,
                many=True,
                metavar="CUSTOMER...",
                each="customer",
            ),
        ),
        standing=ANY,
        examples=("opp customer show C-9", "opp show C-9 -o json"),
    ),
)
