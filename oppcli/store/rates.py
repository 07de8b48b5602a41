"""Dated rates, looked up: those of one day, and all that money of several days is counted by."""

from collections.abc import Collection, Iterable

from oppcli.model.rates import Pair, Rates, neighbours
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.store.reading import TAKEN


def on(door: ReadDoor, base: str, currency: str, day: str) -> Rates:
    """The newest rates not after that day of which follows what `base` is worth in `currency`; one look-up where a rate
    of the two themselves was entered."""
    pairs = ((base, currency), (currency, base))
    return _newest(door, pairs, day) or _newest(door, _leading(door, (base,), currency), day)


def _newest(door: ReadDoor, pairs: Iterable[Pair], day: str) -> Rates:
    one = (
        f"SELECT * FROM (SELECT base, currency, day, rate FROM rate WHERE base = '{{}}' AND currency = '{{}}' "
        f"AND day <= :day AND {TAKEN} ORDER BY day DESC LIMIT 1) AS newest"
    )
    sql = " UNION ALL ".join(one.format(*pair) for pair in pairs)
    rows = door.rows(sql, day=day) if sql else ()
    return {(base, currency): ((since, rate),) for base, currency, since, rate in rows}


def of_all_days(door: ReadDoor, bases: Collection[str], currency: str) -> Rates:
    """The rates of which follows whatever these currencies were ever worth in `currency`."""
    among = sorted(_leading(door, bases, currency))
    found: dict[Pair, list[tuple[str, str]]] = {}
    for base in sorted({base for base, _ in among}):
        into = quoted([other for one, other in among if one == base])
        which = f"base = '{base}' AND currency IN ({into}) AND {TAKEN}"
        for other, day, rate in door.rows(f"SELECT currency, day, rate FROM rate WHERE {which} ORDER BY day"):
            found.setdefault((base, other), []).append((day, rate))
    return dict(found)


def _leading(door: ReadDoor, bases: Collection[str], currency: str) -> set[Pair]:
    """The pairs with rates that lead from one of these to the currency, directly or through one other."""
    known = {(one, other) for one, other in door.rows(_PAIRS)}
    met = neighbours(known)
    found: set[Pair] = set()
    for base in bases:
        middles = met.get(base, set()) & met.get(currency, set())
        legs = {(base, currency), *((base, each) for each in middles), *((each, currency) for each in middles)}
        found |= {pair for one, other in legs for pair in ((one, other), (other, one)) if pair in known}
    return found


# Each pair there is, found one after the other in the index: thousands of days lie between two of them.
_BEHIND = "WHERE (r.base, r.currency) > (p.base, p.currency) ORDER BY r.base, r.currency LIMIT 1"
_NEXT = f"(SELECT r.{{}} FROM rate r {_BEHIND})"
_PAIRS = f"""
WITH RECURSIVE p(base, currency) AS (
SELECT * FROM (SELECT base, currency FROM rate ORDER BY base, currency LIMIT 1) AS first
UNION ALL SELECT {_NEXT.format("base")}, {_NEXT.format("currency")} FROM p WHERE p.base IS NOT NULL
) SELECT base, currency FROM p WHERE base IS NOT NULL
"""
