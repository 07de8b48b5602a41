"""Files of exchange rates: a row for each rate, or as the European Central Bank has them a row a day, a column each."""

from collections.abc import Sequence

from oppcli.files.mapping import MappingError
from oppcli.files.mapping_keys import RATES
from oppcli.model.command import command
from oppcli.model.money import CURRENCIES
from oppcli.model.said import listed, say

DAY, BASE, CURRENCY, RATE = LONG = ("day", "base", "currency", "rate")
"""The columns of a row for each rate, which are also the fields of a mapping."""
OF_A_DAY = ("day", "date")
EURO = "EUR"
"""What the columns of currencies are told of, where the file does not say it: one euro."""
NOTHING = ("", "N/A", "-")


def told(header: Sequence[str], name: str) -> str:
    """The mapping that the columns of a file tell. Refused (8) for a file of other columns."""
    places = {column.strip().lower(): column for column in header}
    if all(column in places for column in LONG):
        return _mapping({field: places[field] for field in LONG}, "")
    day = next((places[each] for each in OF_A_DAY if each in places), None)
    codes = {code: column for column in header if (code := column.strip().upper()) in CURRENCIES}
    if day is None or not codes:
        raise MappingError(
            say("{file} has no columns {columns}", file=name, columns=listed(LONG)),
            hint=say(
                "or Date and a column for each currency; else a mapping says which is what: {help}",
                help=command("help", "import"),
            ),
        )
    return _mapping({DAY: day, **codes}, places.get(BASE) or "")


def _mapping(columns: dict[str, str], base: str) -> str:
    import tomlkit

    found = tomlkit.document()
    found["kind"], found["fields"] = RATES, tomlkit.table()
    for field, column in columns.items():
        found["fields"][field] = {"column": column, **({"blank": list(NOTHING)} if field in CURRENCIES else {})}
    if BASE not in columns:
        found["fields"][BASE] = {"column": base} if base else {"constant": EURO}
    return tomlkit.dumps(found)
