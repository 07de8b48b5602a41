"""The price list as a table: what things cost on a day."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.quotes import Price
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.hours import business_day
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.quotes.prices import of_day
from oppcli.store.doors import ReadDoor
from oppcli.words.unit_prices import decimal_of

COLUMNS = ranked(
    (
        Column("sku", Kind.REF),
        Column("name", cut=True),
        Column("unit"),
        Column("currency"),
        Column("list", Kind.NUMBER, title=say("LIST PRICE")),
        Column("floor", Kind.NUMBER, title=say("FLOOR PRICE")),
        Column("cost", Kind.NUMBER),
        Column("tax", Kind.PERCENT),
        Column("from_on", Kind.DATE, title=say("FROM")),
        Column("to_on", Kind.DATE, title=say("TO")),
        Column("in_force", Kind.BOOL),
        Column("id", Kind.REF),
        Column("external_id"),
        Column("system"),
    ),
    "sku name 1, unit 4, currency list 1, floor cost 3, tax 3, from_on to_on 3",
)
SECRETS = ("floor", "cost")
"""What nobody sees who does not see margins."""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The prices in force on a day, or with `--all` those over and to come, too."""
    known = door.find(Price, standing=LIVE, **({"sku": args["sku"]} if args.get("sku") else {}))
    day = str(args.get("on") or business_day(frame))
    valid = {each.id for each in of_day(known, day).values()}
    chosen = [each for each in known if args.get("all") or each.id in valid]
    chosen.sort(key=lambda each: (each.sku, each.currency, each.from_on, each.id))
    columns = tuple(
        each._replace(wide=each.wide or (each.name == "in_force" and bool(args.get("all"))))
        for each in COLUMNS
        if not ("margin" in door.hidden and each.name in SECRETS)
    )
    names = [each.name for each in columns]
    rows = [_row(each, names, in_effect=each.id in valid) for each in chosen]
    return Table(columns, rows, title=say("Prices"), exact=True)


def _row(price: Price, names: list[str], *, in_effect: bool) -> Row:
    told: dict[str, Any] = {name: getattr(price, name, None) for name in names}
    for name in ("list", "floor", "cost"):
        if told.get(name) is not None:
            told[name] = decimal_of("unit_price", told[name], price.currency)
    return tuple((told | {"id": ref("price", price.id), "in_force": in_effect})[name] for name in names)


READS = (
    Read(
        path="price list",
        title=say("Prices"),
        help="The price list of a day",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("sku", "only of this", place=True, metavar="SKU"),
            Param("on", "in force on this day: today unless it is said", "date", metavar="DATE"),
            Param("all", "those that are over and to come, too", "flag"),
        ),
        examples=("opp price list", "opp price list P-100 --all", "opp price list --on 2026-07-01 --csv"),
    ),
)
