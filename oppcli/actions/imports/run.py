"""An import from the first row to the last: in chunks, in the caller's one transaction, in constant memory."""

from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from oppcli.actions.act import Act
from oppcli.actions.imports.deal_fields import DealFields
from oppcli.actions.imports.deals import DealReader
from oppcli.actions.imports.named_people import People
from oppcli.actions.imports.rights import Trust, require_fields
from oppcli.actions.imports.taking import DealTaker
from oppcli.errors import Reason, Refused
from oppcli.files.fit import refuse, refuse_unfit
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap
from oppcli.files.mapping_keys import COSTS, JUDGEMENTS, POINTS, RATES, RECORDS, TARGETS
from oppcli.files.reading import Columns
from oppcli.files.rejects import Rejects
from oppcli.files.sheets import Sheet
from oppcli.files.tally import SAMPLE, Draft, Tally
from oppcli.files.wrong import Kinds
from oppcli.model.said import Speak, Word, listed, say
from oppcli.store.doors import WriteDoor

if TYPE_CHECKING:
    from oppcli.actions.imports.rows import RowTaker

CHUNK = 500
PEOPLE = 100_000
"""Rows of people at a time: one may name who leads them before the row of that one."""
SHOWN_CHANGES = 20
"""Journal entries a dry run shows; the door would keep them all."""


ROWS = {
    "users": ("users", "UserTaker"),
    "payments": ("payments", "PaymentTaker"),
    "facts": ("facts", "FactTaker"),
    "prices": ("prices", "PriceTaker"),
    RATES: ("rates", "RateTaker"),
    TARGETS: ("targets", "TargetTaker"),
    COSTS: ("costs", "CostTaker"),
    JUDGEMENTS: ("judgements", "JudgementTaker"),
    POINTS: ("points", "PointTaker"),
}
"""Kinds of rows that say one thing each; who may bring them is asked by each."""


class Taker(Protocol):
    """Takes the rows of one kind, or the cases of a log, a chunk at a time."""

    def take(self, chunk: list[Any], tally: Tally) -> list[Draft]:
        """Store what can be stored; return the rows in order, those with problems among them."""
        ...


def run(
    act: Act,
    sheet: Sheet,
    mapping: ImportMap,
    mapping_name: str,
    *,
    rejects: Path | None,
    strict: bool = False,
    trust: Trust | None = None,
    progress: Callable[[int], None] = lambda rows: None,
    speak: Speak = str,
) -> Tally:
    """Every row of the file stored, found unchanged, or rejected with all its problems.

    Refused as a whole for a mapping that does not fit or leaves open how a column is to be read, for a file that is no
    good CSV to its end, and, when `strict`, for any rejected row. Rejected rows go to the file `rejects` (None:
    nowhere), where `speak` tells why. `trust` lets its approvals count. `progress` is told the rows so far."""
    feed, taker = _taker(act, sheet, mapping, mapping_name, trust)
    kept = Rejects(rejects, sheet, speak)
    try:
        tally = Tally(kinds=Kinds(sheet.header, mapping.places))
        chunks = PEOPLE if mapping.kind == "users" else CHUNK
        _all(act.door, feed, taker, kept, tally, progress, chunks)
        refuse(mapping_name, [*tally.kinds.doubts.reasons()])
    except BaseException:
        kept.drop()
        raise
    kept.put_in_place()
    if strict and tally.rejected:
        reasons = tuple(
            Reason(say("line {line}", line=line), listed((problem.told for problem in problems), "; "))
            for line, problems in tally.sample
        )
        raise Refused(
            say(
                "{rejected:,} of {rows:,} rows cannot be imported; nothing was",
                rejected=tally.rejected,
                rows=tally.rows,
            ),
            reasons=reasons,
        )
    return tally


def _taker(
    act: Act, sheet: Sheet, mapping: ImportMap, mapping_name: str, trust: Trust | None
) -> tuple[Iterable[Any], Taker]:
    """What is read, and who takes it. Refused to who may not."""
    door, policy = act.door, act.policy
    columns = Columns(sheet.header, excel=sheet.excel, typed=sheet.typed)
    if mapping.kind in ROWS:
        taker = _taker_of(mapping.kind)
        fields = taker.fields(act, mapping)
        refuse_unfit(mapping, mapping_name, sheet, policy, fields)
        return sheet.rows(), taker(act, mapping, columns, fields)
    act.require("import", say("import {kind}", kind=Word("plural", mapping.kind)))
    people = People(door, dict(act.people), act.me)
    require_fields(door, [*mapping.fields, *mapping.deal])
    if trust is not None:
        trust.require(act)
    if mapping.kind == "requests":
        from oppcli.actions.imports.logs import log  # most imports have no need of it

        return log(act, sheet, mapping, mapping_name, people, trust)
    if mapping.kind == "visits":
        return sheet.rows(), _visits(act, sheet, mapping, mapping_name, columns, trust)
    if mapping.kind in RECORDS:
        from oppcli.actions.imports.record_fields import RecordFields
        from oppcli.actions.imports.records import RecordTaker

        to = RecordFields(mapping.kind, policy, people, zone_of(mapping, policy))
        refuse_unfit(mapping, mapping_name, sheet, policy, to)
        return sheet.rows(), RecordTaker(act, mapping, columns, to)
    deals = DealFields(policy, people, zone_of(mapping, policy))
    refuse_unfit(mapping, mapping_name, sheet, policy, deals)
    return sheet.rows(), DealTaker(act, mapping, DealReader(mapping, columns, deals, door.at), people, trust)


def _visits(
    act: Act, sheet: Sheet, mapping: ImportMap, mapping_name: str, columns: Columns, trust: Trust | None
) -> Taker:
    """Who takes the rows of stays. Refused for a mapping that does not fit."""
    from oppcli.actions.imports.visits import VisitFields, VisitTaker

    fields = VisitFields(act.policy, zone_of(mapping, act.policy))
    refuse_unfit(mapping, mapping_name, sheet, act.policy, fields)
    return VisitTaker(act, mapping, columns, fields, trust)


def _taker_of(kind: str) -> "type[RowTaker[Any]]":
    """Who takes the rows of a kind; no other kind is loaded."""
    module, name = ROWS[kind]
    taker: type[RowTaker[Any]] = getattr(import_module(f"oppcli.actions.imports.{module}"), name)
    return taker


def _all(
    door: WriteDoor,
    feed: Iterable[Any],
    taker: Taker,
    rejects: Rejects,
    tally: Tally,
    progress: Callable[[int], None],
    chunks: int,
) -> None:
    rest = iter(feed)
    while chunk := list(islice(rest, chunks)):
        drafts = taker.take(chunk, tally)
        for draft in drafts:
            if draft.problems:
                rejects.write(draft.line, draft.cells, [problem.told for problem in draft.problems])
                tally.kinds.add(draft.line, draft.cells, draft.problems)
                tally.rejected += 1
                if len(tally.sample) < SAMPLE:
                    tally.sample.append((draft.line, draft.problems))
        del door.entries[SHOWN_CHANGES:]
        tally.rows += len(drafts)
        progress(tally.rows)
