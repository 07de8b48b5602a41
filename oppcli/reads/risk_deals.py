"""Deals near a limit, won, changed after that, and imported: what risks of deals are found in."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from oppcli.model import money
from oppcli.model.deals import LOST, NEXT, WON, Deal
from oppcli.model.fields import is_part
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.requests import APPROVED, IMPORT
from oppcli.model.risks import NEAR
from oppcli.reads.table import Row
from oppcli.rules.approvals.gates import required
from oppcli.rules.approvals.planning import type_named
from oppcli.rules.approvals.world import World
from oppcli.rules.risks.deals import Changed, DealFact, Limit, limits, quarter
from oppcli.rules.risks.finding import Entries
from oppcli.rules.risks.imports import Row as Imported
from oppcli.rules.risks.imports import gated
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.patterns import place_of
from oppcli.words.zones import today

_STANDING = f"d.standing IN {COUNTED}"
_DEALS = f"""
SELECT d.id, d.customer_id, c.name, d.owner, d.amount, d.currency, d.created_at, d.closed_at, s.kind FROM deal d
JOIN stage s ON s.id = d.stage_id
LEFT JOIN customer c ON c.id = d.customer_id
WHERE {_STANDING} AND ((s.kind = '{WON}' AND d.closed_at >= :quarter)
   OR (s.kind <> '{LOST}' AND d.customer_id IS NOT NULL AND d.created_at IS NOT NULL AND d.currency = :currency
       AND {{near}}))
UNION ALL
SELECT 0, NULL, NULL, NULL, count(*), NULL, NULL, NULL, NULL FROM deal d
JOIN stage s ON s.id = d.stage_id
WHERE {_STANDING} AND s.kind <> '{LOST}' AND d.currency <> :currency AND d.amount IS NOT NULL AND d.created_at >= :since
ORDER BY 1
"""
"""In the first row the number of deals whose amount is in another currency than the limits."""
_HISTORY = """
SELECT noun_id, seq, at, channel, changes FROM journal
WHERE noun = 'deal' AND action <> 'refused' AND {these} AND ({amount} > 0 OR {customer} > 0 OR {closed} > 0)
ORDER BY seq
"""
_WON = f"""
SELECT d.id, e.seq, e.at, e.actor, e.action, e.channel, e.changes, e.meta, d.customer_id, c.name, d.owner, d.amount,
       d.currency, d.created_at, d.closed_at, s.kind
FROM journal e
JOIN deal d ON d.id = CAST(e.noun_id AS INTEGER)
JOIN stage s ON s.id = d.stage_id
LEFT JOIN customer c ON c.id = d.customer_id
WHERE e.noun = 'deal' AND ({{stage}} > 0 OR e.action IN ('edit', 'undo')) AND e.noun_id IN (
  SELECT j.noun_id FROM journal j WHERE j.noun = 'deal' AND j.at >= :since AND j.action IN ('edit', 'reopen', 'undo')
     AND ({{undone}} > 0 OR EXISTS (SELECT 1 FROM visit v JOIN stage s ON s.id = v.stage_id AND s.kind = '{WON}'
                                    WHERE v.deal_id = CAST(j.noun_id AS INTEGER))))
ORDER BY e.seq
"""
"""The stages and the edits of deals that were changed lately and have been won."""
_IMPORTED = f"""
SELECT j.seq, j.txn, j.at, j.actor, d.id, j.changes, d.amount, d.currency, c.name FROM journal j
JOIN deal d ON d.id = CAST(j.noun_id AS INTEGER)
LEFT JOIN customer c ON c.id = d.customer_id
WHERE j.noun = 'deal' AND j.channel = 'import' AND j.at >= :since AND {_STANDING} AND ({{stage}} > 0 OR {{closed}} > 0)
ORDER BY j.seq
"""
_APPROVED = f"""
SELECT r.type, s.name, {{columns}} FROM deal d
JOIN stage s ON s.id = d.stage_id
LEFT JOIN request r ON r.deal_id = d.id AND r.state = '{APPROVED}' AND r.channel <> '{IMPORT}'
WHERE {{these}} ORDER BY d.id, r.id
"""
_NO_COLUMNS = ("stage", "last_open_stage", *NEXT)
FLAT = tuple(
    name for name, type_ in Deal.__annotations__.items() if name not in (*_NO_COLUMNS, "version") and not is_part(type_)
)
"""The fields of a deal that are columns of the same name."""
_STAGE = re.compile(r'[{,]"stage":\[(?:null|"(?:[^"\\]|\\.)*"),("(?:[^"\\]|\\.)*")\]')
_CLOSED = re.compile(r'[{,]"closed_at":\[(?:null|-?\d+),(-?\d+)\]')
_QUIET = frozenset(("updated_at", "version", "closed_at"))


class Deals:
    """What became of deals since an instant, looked up when it is first asked for."""

    def __init__(self, door: ReadDoor, since: int, now: int, policy: Policy, tz: str) -> None:
        self.door, self.since, self.now, self.policy, self.tz = door, since, now, policy, tz

    @cached_property
    def _near_or_won(self) -> list[Row]:
        params: dict[str, Any] = {"quarter": quarter(self.since, self.tz).start, "currency": self.policy.currency}
        near = []
        for place, limit in enumerate(limits(self.policy)):
            low, high = limit.number * (1 - NEAR), limit.number
            params |= {f"low{place}": money.to_minor(low, self.policy.currency)}
            params |= {f"high{place}": money.to_minor(high, self.policy.currency)}
            near.append(f"d.amount BETWEEN :low{place} AND :high{place}")
        sql = _DEALS.format(near=f"({' OR '.join(near) or '1 = 0'})")
        return self.door.rows(sql, since=self.since, **params)

    @cached_property
    def facts(self) -> Sequence[DealFact]:
        """Those near a limit, of all times, and those won in the quarter of the instant or later."""
        return [DealFact._make((*row[:8], row[8] == WON)) for row in self._near_or_won if row[0]]

    @property
    def unrated(self) -> int:
        """Deals whose amount is in another currency than the limits."""
        return int(self._near_or_won[0][4])

    @cached_property
    def _history(self) -> Mapping[int, Sequence[Row]]:
        """What the journal says of amount, customer and end of those among them that can be part of a finding."""
        customers: dict[int | None, int] = defaultdict(int)
        for deal in self.facts:
            customers[deal.customer_id] += 1
        ids = [str(deal.id) for deal in self.facts if deal.won or customers[deal.customer_id] > 1]
        if not ids:
            return {}
        these, bound = self.door.any_of("noun_id", "ids", ids)
        keys = {"amount": '"amount":[', "customer": '"customer_id":[', "closed": '"closed_at":['}
        places = {name: place_of(self.door, "changes", key) for name, key in keys.items()}
        found: dict[int, list[Row]] = defaultdict(list)
        for number, *row in self.door.rows(_HISTORY.format(these=these, **places), ids=bound):
            found[int(number)].append(tuple(row))
        return found

    def made(self, deal: DealFact) -> tuple[int, int]:
        """(entry, time) since when a deal has its customer, and an amount as near to a limit as it is now; of an
        imported one the time is that of its creation."""
        found, at, near = 0, deal.created_at or 0, False
        customer, amount = None, None
        for seq, when, channel, changes in self._history.get(deal.id, ()):
            new = parsed(changes)
            customer = new["customer_id"][1] if "customer_id" in new else customer
            amount = new["amount"][1] if "amount" in new else amount
            fits = customer == deal.customer_id and any(_like(amount, deal, limit) for limit in limits(self.policy))
            if fits and not near:
                found, at = seq, at if channel == "import" else max(at, when)
            near = fits
        return found, at

    @cached_property
    def wins(self) -> Entries:
        """The entries that closed the deals."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, rows in self._history.items():
            found[number] = [(seq, at) for seq, at, _, changes in rows if _CLOSED.search(changes)]
        return Entries(found)

    @cached_property
    def _changes(self) -> list[Row]:
        stage = place_of(self.door, "e.changes", '"stage":[')
        undone = place_of(self.door, "CASE WHEN j.action = 'undo' THEN j.changes ELSE '' END", '"stage":[')
        return self.door.rows(_WON.format(stage=stage, undone=undone), since=self.since)

    @property
    def changed(self) -> Mapping[int, Sequence[Changed]]:
        """The stages of deals that were won once, and what people changed of them."""
        found: dict[int, list[Changed]] = defaultdict(list)
        for number, seq, at, actor, action, channel, changes, meta, *_ in self._changes:
            typed = action in ("edit", "undo", "reopen") and channel != "import"
            found[number].append(_changed(seq, at, actor, typed, parsed(changes), parsed(meta)))
        return found

    @property
    def won_once(self) -> Mapping[int, DealFact]:
        """Those deals as they are now."""
        return {row[0]: DealFact._make((row[0], *row[8:15], row[15] == WON)) for row in self._changes}

    @property
    def won_stages(self) -> frozenset[str]:
        """What stages of kind won are called now, and were while these deals came into them."""
        stories, named = self.changed, {stage.name for stage in self.policy.of_kind(WON)}
        for number, deal in self.won_once.items():
            moves = [entry.stage[1] for entry in stories[number] if entry.stage]
            named.update(moves[-1:] if deal.won else ())
        return frozenset(named)

    @cached_property
    def imported(self) -> Sequence[Imported]:
        """What imports did to stages and ends of deals that count."""
        places = {"stage": '"stage":[', "closed": '"closed_at":['}
        sql = _IMPORTED.format(**{name: place_of(self.door, "j.changes", text) for name, text in places.items()})
        found = []
        for seq, txn, at, actor, number, changes, *about in self.door.rows(sql, since=self.since):
            stage, closed = _STAGE.search(changes), _CLOSED.search(changes)
            put, ended = json.loads(stage[1]) if stage else None, int(closed[1]) if closed else None
            found.append(Imported(seq, txn, at, actor, number, put, ended, *about))
        return found

    def late(self, first: int) -> list[Imported]:
        """Of what was imported after the database's first day: what was put beyond a gate."""
        day = today(first, self.tz)
        gates = {stage.name: gated(stage.name, self.policy) for stage in self.policy.stages if stage.kind != LOST}
        return [row for row in self.imported if gates.get(row.stage or "") and today(row.at, self.tz) > day]

    def missing(self, rows: Sequence[Imported]) -> Mapping[int, Collection[str]]:
        """The approvals that these deals lack for the gates before the stage they were put into."""
        if not rows:
            return {}
        deals, given = self._with_approvals(sorted({row.deal for row in rows}))
        found: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            world = World(now=self.now, deal=deals[row.deal], policy=self.policy, users={}, customer=row.customer)
            asked = set(gated(row.stage or "", self.policy)) - given[row.deal]
            found[row.deal] |= {name for name in asked if required(type_named(self.policy, name), world) is not False}
        return found

    def _with_approvals(self, ids: Sequence[int]) -> tuple[Mapping[int, Deal], Mapping[int, set[str]]]:
        """These deals without their stays, and the types of request that are approved of each."""
        these, bound = self.door.any_of("d.id", "ids", ids)
        columns = ", ".join(f"d.{name}" for name in FLAT)
        deals: dict[int, Deal] = {}
        given: dict[int, set[str]] = defaultdict(set)
        for kind, stage, *values in self.door.rows(_APPROVED.format(columns=columns, these=these), ids=bound):
            told = dict(zip(FLAT, values, strict=True))
            lists = {name: tuple(parsed(told[name])) for name in ("tags", "collaborators")}
            deal = Deal(**told | lists | {"extra": parsed(told["extra"]), "stage": stage})
            deals[deal.id] = deal
            given[deal.id].update((kind,) if kind else ())
        return deals, given


def _like(amount: int | None, deal: DealFact, limit: Limit) -> bool:
    """Whether an amount was near the same limit as the deal's is."""
    both = (amount, deal.amount)
    return all(each is not None and limit.just_above(money.to_major(each, deal.currency)) for each in both)


def _changed(
    seq: int, at: int, actor: str, typed: bool, changes: Mapping[str, Any], meta: Mapping[str, Any]
) -> Changed:
    stage = changes.get("stage")
    fields = (name.removeprefix("extra.") for name in changes if name not in _QUIET and "visits." not in name)
    return Changed(seq, at, actor, stage and (stage[0], stage[1]), tuple(fields), meta.get("reason"), typed)
