"""Which open deals two policies would treat differently: read in a handful of queries, however many deals there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from oppcli.model.deals import LIVE_KINDS, Deal, File
from oppcli.model.fields import BUILT_IN
from oppcli.model.policy import Policy
from oppcli.model.requests import APPROVED, CANCELLED, LIVE_STATES, RECALLED, Request
from oppcli.policy import read
from oppcli.policy.comparing import (
    ADDED,
    DROPPED,
    NO_RENAMES,
    ORDER,
    THRESHOLD,
    WHEN,
    Change,
    changes,
    renamed,
)
from oppcli.rules.approvals import gates
from oppcli.rules.approvals.policy_effects import Difference, differences, side
from oppcli.rules.approvals.world import World
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import ELSEWHERE, looked_up, parsed
from oppcli.store.patterns import quoted
from oppcli.store.queries import policy_text
from oppcli.tuples import NamedTuple

_PLAIN = [field.name for field in BUILT_IN.values() if not field.own and field.name not in ("customer", "stage")]
_STORED = (looked_up("Deal", name, "d.id") if name in ELSEWHERE["Deal"] else f"d.{name}" for name in _PLAIN)
_DEALS = f"""
SELECT s.name, c.name, d.extra, d.customer_id, d.id, {", ".join(_STORED)}
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
WHERE s.kind IN ({quoted(LIVE_KINDS)}) ORDER BY d.id
"""
_REQUESTS = f"""
SELECT r.deal_id, r.type, r.id, r.state FROM request r
JOIN deal d ON d.id = r.deal_id JOIN stage s ON s.id = d.stage_id
WHERE s.kind IN ({quoted(LIVE_KINDS)}) AND r.state NOT IN ({quoted((RECALLED, CANCELLED))}) ORDER BY r.id
"""


Pair = tuple[int, str]
"""A deal and a type of request."""
Entries = list[tuple[int, str]]
"""(id, state) of the requests of one deal and type that were not taken back, oldest first."""


class Case(NamedTuple):
    """One deal and type that would be treated differently."""

    deal: Deal
    customer: str | None
    difference: Difference
    running: int | None = None
    """The live request."""

    @property
    def pair(self) -> "Pair":
        return self.deal.id, self.difference.type


class Compared(NamedTuple):
    """Everything two policies differ in for the deals of a database."""

    changes: tuple[Change, ...]
    cases: tuple[Case, ...] = ()
    deals: int | None = None
    """Open deals looked at; None where there is no database."""
    affected: Mapping[tuple[str, str | None], int] = {}
    """(type, step) → open deals that need the type, or have the step, under either policy."""
    unknown: Mapping[str, int] = {}
    """Type → open deals of which facts are missing that decide whether the newer policy asks for it."""
    homeless: Mapping[str, int] = {}
    """Stage that the newer policy does not have → open deals in it."""
    approved: int = 0
    """Cases left out because the deal has its approval, which goes on to hold."""


def compared(
    door: ReadDoor, old: Policy, new: Policy, now: int, *, renames: Mapping[str, str] = NO_RENAMES
) -> Compared:
    """The differences for the deals that are open now; an approval that was given and holds is no difference."""
    found = changes(old, new, renames)
    types = _touched(found, old, new)
    changed = _changed(found)
    before, after = side(renamed(old, renames), types), side(new, types)
    affected, unknown, homeless = Counter[tuple[str, str | None]](), Counter[str](), Counter[str]()
    cases, seen = [], 0
    requests = _requests(door) if types else {}
    for deal, customer in _open_deals(door):
        seen += 1
        place = renames.get(deal.stage, deal.stage)
        homeless.update([place] if new.stage(place) is None else [])
        for each in differences(before, after, deal, types, place=place, customer=customer, changed=changed):
            affected.update(_touching(each))
            unknown.update([each.type] if each.after.required is None else [])
            if each.matters:
                cases.append(Case(deal, customer, each, _running(requests.get((deal.id, each.type), ()))))
    held = _held(door, old, now, cases, requests)
    kept = tuple(case for case in cases if case.pair not in held)
    return Compared(found, kept, seen, affected, unknown, homeless, len(cases) - len(kept))


def _touched(found: Iterable[Change], old: Policy, new: Policy) -> tuple[str, ...]:
    """The types that a change could make a difference to: its own, or all where conditions of any type may read it.
    People and calendars decide by whom and until when, never whether something is needed."""
    own = {change.type for change in found if change.type is not None}
    everywhere = any(
        change.about.startswith(("stage", "gate", "field")) or (change.about, change.what) == ("policy", "currency")
        for change in found
    )
    types = {**old.types, **new.types}
    return tuple(types[name].named for name in dict.fromkeys((*new.types, *old.types)) if everywhere or name in own)


def _changed(found: Iterable[Change]) -> dict[str, dict[str | None, tuple[str, ...]]]:
    """Type → step, or None for the type itself → the keys that have other values. A title changes nothing; what an
    other condition changes is seen in the steps of each deal."""
    rules: dict[str, dict[str | None, tuple[str, ...]]] = {}
    for change in found:
        if change.type is not None and change.what not in (ADDED, DROPPED, ORDER, THRESHOLD, WHEN, "title"):
            keys = rules.setdefault(change.type, {})
            keys[change.step] = (*keys.get(change.step, ()), change.what)
    return rules


def _open_deals(door: ReadDoor) -> Iterator[tuple[Deal, str | None]]:
    """(deal without its visits, name of the customer) of every open deal, by id."""
    for stage, customer, extra, customer_id, number, *plain in door.rows(_DEALS):
        known = dict(zip(_PLAIN, plain, strict=True))
        yield Deal(id=number, stage=stage, customer_id=customer_id, extra=parsed(extra), **known), customer


def _requests(door: ReadDoor) -> dict[Pair, Entries]:
    found: dict[Pair, Entries] = {}
    for deal, name, number, state in door.rows(_REQUESTS):
        found.setdefault((deal, name), []).append((number, state))
    return found


def _running(entries: Iterable[tuple[int, str]]) -> int | None:
    return next((number for number, state in entries if state in LIVE_STATES), None)


def _touching(each: Difference) -> Iterator[tuple[str, str | None]]:
    if each.before.required or each.after.required:
        yield each.type, None
    yield from ((each.type, step) for step in dict.fromkeys((*each.before.steps, *each.after.steps)))


# --- approvals that hold -------------------------------------------------------------------------------------------


def _held(
    door: ReadDoor, policy: Policy, now: int, cases: Iterable[Case], requests: Mapping[Pair, Entries]
) -> set[Pair]:
    """The deals and types whose approval holds: it opens its gates under either policy, and nothing is asked again."""
    given = {case.pair: case for case in cases if any(state == APPROVED for _, state in requests.get(case.pair, ()))}
    if not given:
        return set()
    known: dict[Pair, tuple[Request, ...]] = {}
    for request in door.find(Request, id=[number for pair in given for number, _ in requests[pair]]):
        pair = (request.deal_id, request.type)
        known[pair] = (*known.get(pair, ()), request)
    others = {request.policy for every in known.values() for request in every} - {policy.hash}
    frozen = {hash: read(policy_text(door, hash)) for hash in sorted(others)}
    files = _files(door, sorted({number for number, _ in given}))
    worlds = {
        pair: World(
            now=now,
            deal=case.deal,
            policy=policy,
            users={},
            frozen=frozen,
            files=files.get(case.deal.id, {}),
            requests=known[pair],
            customer=case.customer,
        )
        for pair, case in given.items()
    }
    return {pair for pair, world in worlds.items() if _holds(world, pair[1])}


def _holds(world: World, name: str) -> bool:
    request = gates.speaks_for(world, name)
    return request is not None and gates.holds(request, world)


def _files(door: ReadDoor, deals: list[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Deal → kind → fingerprints."""
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for file in door.find(File, deal_id=deals):
        kinds = found.setdefault(file.deal_id, {})
        kinds[file.kind] = (*kinds.get(file.kind, ()), file.sha256)
    return found
