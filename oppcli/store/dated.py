"""Dates of which people are to be reminded by now and were not yet: one statement for each kind of thing."""

from collections.abc import Mapping, Sequence

from oppcli.model.deals import LIVE_KINDS, LOST
from oppcli.model.payments import DUE
from oppcli.model.records import LIVE
from oppcli.model.reminding import APPROVAL, CONTRACT, FACT, PAYMENT, QUOTE
from oppcli.model.requests import APPROVED, INVALIDATED, LIVE_STATES
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import COUNTS
from oppcli.tuples import NamedTuple


class Entry(NamedTuple):
    """The dates, or instants, from one to another that a mark is for."""

    mark: str
    first: str | int
    last: str | int


class _Thing(NamedTuple):
    """How things of one kind are found: the columns of their number and date, the rows, and what of them is waited for
    no more."""

    number: str
    on: str
    rows: str
    where: str
    turn: str = "''"
    """Their version."""


_OF_DEAL = "JOIN deal d ON d.id = {of}.deal_id AND d.{counts} JOIN stage s ON s.id = d.stage_id AND {kind}"
_LIVE, _NOT_LOST = f"s.kind IN {LIVE_KINDS}", f"s.kind <> '{LOST}'"
_THINGS: Mapping[str, _Thing] = {
    APPROVAL: _Thing(
        "r.id",
        "r.valid_until",
        f"request r {_OF_DEAL.format(of='r', counts=COUNTS, kind=_LIVE)}",
        f"(r.state = '{APPROVED}' OR (r.state = '{INVALIDATED}' AND r.reason = :ended)) AND NOT EXISTS ("
        "SELECT 1 FROM request n WHERE n.deal_id = r.deal_id AND n.type = r.type AND n.id > r.id "
        f"AND n.state IN {(*LIVE_STATES, APPROVED)})",
        "r.revision",
    ),
    QUOTE: _Thing(
        "q.id",
        "v.valid_until",
        f"quoteversion v JOIN quote q ON q.id = v.quote_id AND q.standing = '{LIVE}' "
        f"{_OF_DEAL.format(of='q', counts=COUNTS, kind=_LIVE)}",
        "v.used_at IS NOT NULL AND v.accepted_on IS NULL AND NOT EXISTS (SELECT 1 FROM quoteversion n "
        "WHERE n.quote_id = v.quote_id AND n.number > v.number AND n.used_at IS NOT NULL)",
        "v.number",
    ),
    CONTRACT: _Thing(
        "c.id",
        "v.ends_on",
        f"contractversion v JOIN contract c ON c.id = v.contract_id AND c.standing = '{LIVE}' "
        f"{_OF_DEAL.format(of='c', counts=COUNTS, kind=_NOT_LOST)}",
        "v.signed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contractversion n "
        "WHERE n.contract_id = v.contract_id AND n.number > v.number AND n.signed_on IS NOT NULL)",
        "v.number",
    ),
    PAYMENT: _Thing(
        "p.id",
        'p."on"',
        "payment p LEFT JOIN deal d ON d.id = p.deal_id LEFT JOIN stage s ON s.id = d.stage_id",
        f"p.kind = '{DUE}' AND p.voided_at IS NULL AND (p.deal_id IS NULL OR (d.{COUNTS} AND {_NOT_LOST}))",
    ),
    FACT: _Thing(
        "f.id",
        "f.value",
        f"fact f JOIN customer d ON d.id = f.customer_id AND d.{COUNTS}",
        "f.name IN ({names}) AND NOT EXISTS (SELECT 1 FROM fact n WHERE n.customer_id = f.customer_id "
        "AND n.name = f.name AND (n.as_of > f.as_of OR (n.as_of = f.as_of AND n.id > f.id)))",
    ),
}


def cycle(turn: object, on: object) -> str:
    """The turn of a reminder: the version of a thing, and its date."""
    return f"{turn} {on}"


def to_remind(
    door: ReadDoor, what: str, entries: Sequence[Entry], *, names: Sequence[str] = (), ended: str = ""
) -> list[tuple[int, str, str | int]]:
    """(Number, version, date or instant) of the things of a kind whose date lies in one of the entries, and which were
    not reminded of it yet, by number; of facts those of these names, of approvals also those that ended for this
    reason."""
    thing = _THINGS[what]
    kind = "BIGINT" if what == APPROVAL else "TEXT"
    given: dict[str, object] = {f"name{place}": name for place, name in enumerate(names)}
    among = ", ".join(f":{name}" for name in given)
    if what == APPROVAL:
        given["ended"] = ended
    rows = []
    for place, entry in enumerate(entries):
        given |= {f"mark{place}": entry.mark, f"first{place}": entry.first, f"last{place}": entry.last}
        values = (f"CAST(:mark{place} AS TEXT)", f"CAST(:first{place} AS {kind})", f"CAST(:last{place} AS {kind})")
        rows.append("SELECT {} AS mark, {} AS lo, {} AS hi".format(*values))
    sql = f"""
    WITH entry AS ({" UNION ALL ".join(rows)})
    SELECT DISTINCT {thing.number}, CAST({thing.turn} AS TEXT), {thing.on}
    FROM {thing.rows} JOIN entry e ON {thing.on} BETWEEN e.lo AND e.hi
    WHERE {thing.where.format(names=among)} AND NOT EXISTS (SELECT 1 FROM fired x WHERE x.noun = '{what}'
      AND x.id = {thing.number} AND x.mark = e.mark
      AND x.cycle = CAST({thing.turn} AS TEXT) || ' ' || CAST({thing.on} AS TEXT))
    ORDER BY 1
    """
    return [(int(number), turn, on) for number, turn, on in door.rows(sql, **given)]
