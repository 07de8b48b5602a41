"""What the fields of deals and of approvals are in SQL, over `deal d` and `request r`, for conditions on them."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from oppcli.model import money
from oppcli.model.deals import CLOSED_KINDS
from oppcli.model.fields import Field, of
from oppcli.model.nouns import BY_WORD, PREFIXES, Noun
from oppcli.model.units import DAY_MS
from oppcli.reads import own
from oppcli.reads.asking import Asked, Asker, told_empty
from oppcli.reads.converting import converter
from oppcli.reads.deal_row import FROM, SIGNALS
from oppcli.reads.table import Column, Footnote, Frame, Kind
from oppcli.reads.translating import Elsewhere, Term, Translation, texts_of
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import ELSEWHERE, LIKE, PLANNED, RENEWED, looked_up
from oppcli.store.patterns import literal, quoted
from oppcli.words.percents import UNIT

DEALS = "FROM deal d"
NUMBERS = ("age_days", "days_in_stage", "idle_days")
"""Numbers of deals that are no columns: days since creation, since it entered its stage, and since the later of the two
where a person moved it."""
_STAGE = "{link} IN (SELECT s.id FROM stage s WHERE {{}})"
_STAGES = texts_of("stage", "name")
_ENTERED = "(SELECT max(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL)"
_IDLE = """(SELECT CASE WHEN d.created_at > coalesce(max(v.entered_at), d.created_at) THEN d.created_at
ELSE coalesce(max(v.entered_at), d.created_at) END
FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL AND v.system IS NULL)"""
_PROBABILITY = f"""(SELECT CASE WHEN s.kind IN ({quoted(CLOSED_KINDS)}) THEN s.probability
ELSE coalesce(d.probability, s.probability) END FROM stage s WHERE s.id = d.stage_id)"""
_LOOKED_UP = {
    "id": Term(f"'{PREFIXES['deal']}' || d.id", texts=f"SELECT '{PREFIXES['deal']}' || id FROM deal"),
    "customer": Term(
        "c.name",
        inside="d.customer_id IN (SELECT c.id FROM customer c WHERE {})",
        texts=texts_of("customer", "name"),
    ),
    "stage": Term("s.name", inside=_STAGE.format(link="d.stage_id"), texts=_STAGES),
    "kind": Term("s.kind", inside=_STAGE.format(link="d.stage_id"), texts=texts_of("stage", "kind")),
    "last_open_stage": Term("s.name", inside=_STAGE.format(link="d.last_open_stage_id"), texts=_STAGES),
    "probability": Term(_PROBABILITY),
    "renewal_of": Term(RENEWED, texts=f"SELECT '{PREFIXES['deal']}' || id FROM deal"),
    "origin": Term(LIKE, texts=f"SELECT '{PREFIXES['deal']}' || id FROM deal"),
    **{
        name: Term(looked_up("Deal", name, "d.id"), texts=f"SELECT DISTINCT {what} FROM {table} WHERE {PLANNED}")
        for name, (table, what, _) in ELSEWHERE["Deal"].items()
    },
}
_SIGNALS = SIGNALS._replace(words="signal")
_OF_REQUESTS = (
    Column("request", Kind.REF),
    Column("type"),
    Column("state", words="state"),
    Column("amount", Kind.MONEY),
    Column("currency"),
    Column("submitted_by", Kind.REF),
    Column("submitted_at", Kind.INSTANT),
    Column("decided_at", Kind.INSTANT),
)
"""What an approval is asked for beside its deal's fields; its amount is the one that was submitted."""


def of_deals(
    door: ReadDoor, columns: Sequence[Column], texts: Sequence[str], frame: Frame, where: Where, source: str = DEALS
) -> tuple[Footnote, ...]:
    """Narrow a query over `deal d` to what meets the conditions on these columns. Refused with every fault of the
    texts. Returns how days were read and how many deals had nothing to compare."""
    asked = Asker(door, (*columns, _SIGNALS), frame, NUMBERS, "deal").read(texts)
    within = where.copy() if source in (DEALS, FROM) else Where()
    return _narrow(door, asked, where, _terms(door, frame, where, within), source)


def of_approvals(
    door: ReadDoor, columns: Sequence[Column], texts: Sequence[str], frame: Frame, where: Where
) -> tuple[Footnote, ...]:
    """Likewise a query over `request r` and its `deal d`, whose columns these are."""
    known = {column.name for column in _OF_REQUESTS}
    beside = [column for column in columns if column.name not in known]
    asked = Asker(door, (*_OF_REQUESTS, *beside, _SIGNALS), frame, NUMBERS).read(texts)
    deal, foreign = _terms(door, frame, where), _Foreign(door, frame, where)

    def term(name: str) -> Term:
        return _of_request(name, foreign) if name in known else deal(name)

    return _narrow(door, asked, where, term, "FROM request r JOIN deal d ON d.id = r.deal_id")


def term_of(door: ReadDoor, frame: Frame, where: Where, name: str) -> Term:
    """What one field of a deal is in SQL; what it compares with is written into `where`."""
    return _terms(door, frame, where)(name)


def _narrow(
    door: ReadDoor, asked: Asked, where: Where, terms: Callable[[str], Term], source: str
) -> tuple[Footnote, ...]:
    """The clauses into `where`, which has those of `source` so far."""
    translation = Translation(door, where, terms)
    clauses = translation.clauses(asked)
    silent = translation.silent(asked, clauses)
    left_out = 0
    if silent:
        every = " AND ".join([*where.clauses, silent])
        left_out = int(door.value(f"SELECT count(*) {source} WHERE {every}", **where.params) or 0)
    where.clauses += clauses
    return (*asked.notes, *([told_empty(left_out)] if left_out else []))


def _terms(door: ReadDoor, frame: Frame, where: Where, within: Where | None = None) -> Callable[[str], Term]:
    """The terms of a deal's fields, each made when it is asked for; signals of the deals `within` these filters."""
    columns: Mapping[str, Field] = {field.name: field for field in of("deal") if not field.own}
    now, foreign, beside = frame.now, _Foreign(door, frame, where), cache(lambda: own.kinds(door))
    ages = {"age_days": "d.created_at", "days_in_stage": _ENTERED, "idle_days": _IDLE}

    @cache
    def signals() -> Term:
        return _of_signals(door, frame, where, Where() if within is None else within)

    def term(name: str) -> Term:
        if name in _LOOKED_UP:
            return _LOOKED_UP[name]
        if name == SIGNALS.name:
            return signals()
        if name in ages:
            return Term(f"({now} - {ages[name]})", scale=DAY_MS)
        if name not in columns:
            return _beside(door, where, name, beside()[name], foreign)
        return _column(f'd."{name}"', columns[name].kind, foreign, texts_of("deal", f'"{name}"'))

    return term


def _of_signals(door: ReadDoor, frame: Frame, where: Where, within: Where) -> Term:
    """What the signals of `deal d` are, for those that pass the filters `within`; the others have none. The numbers are
    written into `where`."""
    from oppcli.reads.lying import signalled

    deals: dict[str, list[int]] = defaultdict(list)
    for deal, names in signalled(door, frame.policy(), within, frame.now, frame.tz, frame.hidden).items():
        deals[json.dumps(names)].append(deal)
    deals.pop("[]", None)
    cases = [f"WHEN {where.any_of(door, 'd.id', numbers)} THEN {literal(text)}" for text, numbers in deals.items()]
    sql = f"CASE {' '.join(cases)} ELSE '[]' END" if cases else "'[]'"
    texts = " UNION ".join(f"SELECT {literal(text)}" for text in deals) or "SELECT '[]'"
    return Term(sql, as_list=True, texts=texts, empty=f"{sql} = '[]'")


class _Foreign:
    """Money in other currencies than the policy's, which is compared as what it is worth there."""

    def __init__(self, door: ReadDoor, frame: Frame, where: Where) -> None:
        self._door, self._frame, self._where = door, frame, where

    def money(self, sql: str, of: Noun) -> Term:
        """An amount of a deal, or of a request."""
        own, one = self._frame.policy().currency, of.table[0]

        @cache
        def values() -> list[tuple[int, int]]:
            ended = "closed_at" if of.word == "deal" else "decided_at"
            query = f"SELECT {one}.id, {sql}, {one}.currency, {one}.{ended} FROM {of.table} {one}"
            # Where there is no rate nothing is looked through.
            which = f"{one}.currency <> :own AND {sql} IS NOT NULL AND EXISTS (SELECT 1 FROM rate)"
            rows = self._door.rows(f"{query} WHERE {which}", own=own, **self._where.params)
            by = converter(self._door, self._frame, own)
            counted = ((key, by.minor(int(amount), currency, at)) for key, amount, currency, at in rows)
            return [(key, minor) for key, minor in counted if minor is not None]

        # SQLite would begin with the index of closed deals by currency, though nearly all have that of the policy.
        beside = "+" if self._door.dialect == "sqlite" else ""
        here = f"{beside}{one}.currency = {self._where.name(own)}"
        return Term(sql, scale=10 ** money.exponent(own), if_=here, elsewhere=Elsewhere(f"{one}.id", values))


def _of_request(name: str, foreign: _Foreign) -> Term:
    if name == "request":
        return Term(f"'{PREFIXES['request']}' || r.id", texts=f"SELECT '{PREFIXES['request']}' || id FROM request")
    kind = "money" if name == "amount" else "text"
    return _column(f'r."{name}"', kind, foreign, texts_of("request", f'"{name}"'), BY_WORD["request"])


def _column(sql: str, kind: str, foreign: _Foreign, texts: str, noun: Noun = BY_WORD["deal"]) -> Term:
    """A column, by what it holds."""
    if kind == "money":
        return foreign.money(sql, noun)
    if kind == "percent":
        return Term(sql, scale=int(UNIT))
    if kind == "list":
        return Term(sql, as_list=True, texts=texts, empty=f"coalesce({sql}, '[]') = '[]'")
    return Term(sql, texts=texts)


def _beside(door: ReadDoor, where: Where, name: str, kind: str, foreign: _Foreign) -> Term:
    """A field in `extra`: JSON, whose numbers are whole ones but those of the kind number, which are texts."""
    sqlite = door.dialect == "sqlite"
    path = where.name(f"$.{json.dumps(name, ensure_ascii=False)}" if sqlite else name)
    extra = "nullif(d.extra, '')"
    sql = f"json_extract({extra}, {path})" if sqlite else f"({extra}::jsonb ->> {path})"
    if kind == "bool" and not sqlite:
        sql = f"CASE {sql} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    if kind == "number":
        return Term(f"CAST({sql} AS {'REAL' if sqlite else 'NUMERIC'})", exact=False)
    if kind in ("int", "money", "percent") and not sqlite:
        sql = f"CAST({sql} AS BIGINT)"
    texts = f"SELECT DISTINCT {sql} FROM deal d WHERE {sql} IS NOT NULL"
    return _column(sql, kind, foreign, texts)
