"""Every submission and revision there was, as it can be planned once more: stored facts, the steps that were asked, the
times they took, who agreed and who said no."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from oppcli.model.requests import APPROVE, APPROVED, IMPORT, INVALIDATED, OPEN, REDONE, REJECT, REJECTED
from oppcli.reads.fates import STANDS
from oppcli.reads.replay_facts import Reader
from oppcli.reads.turnaround_figures import Waits
from oppcli.rules.approvals.replaying import Case, Past
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.tuples import NamedTuple

_REVISIONS = """
SELECT r.id, v.number, r.type, r.title, v.at, r.deal_id, v.snapshot, r.submitted_by, r.owner, v.editors, r.chosen,
       r.amount, r.currency
FROM revision v JOIN request r ON r.id = v.request_id JOIN deal d ON d.id = r.deal_id
WHERE v.at >= :since ORDER BY r.id, v.number
"""
_TITLES = """
SELECT r.type, r.title FROM request r
WHERE r.id IN (SELECT max(q.id) FROM request q JOIN deal d ON d.id = q.deal_id GROUP BY q.type)
"""
_ASKED = """
SELECT r.deal_id, r.type, r.submitted_at, r.decided_at, r.state, r.channel
FROM request r JOIN deal d ON d.id = r.deal_id ORDER BY r.id
"""
_VOTES = """FROM decision c WHERE c.request_id = p.request_id AND c.revision = p.revision AND c.step = p.position"""
_STEPS = f"""
SELECT p.request_id, p.revision, p.position, p.name, p."group", p.state, p.calendar, p.opened_at, p.closed_at,
       (SELECT max(c.at) {_VOTES} AND c.verdict = '{REJECT}'), (SELECT min(c.automatic) {_VOTES})
FROM step p JOIN revision v ON v.request_id = p.request_id AND v.number = p.revision
JOIN request r ON r.id = p.request_id JOIN deal d ON d.id = r.deal_id
WHERE p.added_by IS NULL AND v.at >= :since ORDER BY p.request_id, p.revision, p."group", p.position
"""
_AGREED = f"""
SELECT c.request_id, c.revision, c.step, c.actor
FROM decision c JOIN revision v ON v.request_id = c.request_id AND v.number = c.revision
JOIN request r ON r.id = c.request_id JOIN deal d ON d.id = r.deal_id
WHERE c.verdict = '{APPROVE}' AND c.automatic = 0 AND c.on_behalf_of IS NULL AND v.at >= :since
  AND {STANDS}
ORDER BY c.request_id, c.number
"""
Key = tuple[int, int]
"""Request and revision."""


class Revised(NamedTuple):
    """A revision of a request as it is stored."""

    request: int
    number: int
    type: str
    title: str
    at: int
    deal: int
    snapshot: str
    submitter: str
    owner: str | None
    editors: str
    chosen: str
    amount: int | None
    currency: str


class Asked(NamedTuple):
    """A request, for the gates that were passed with it."""

    deal: int
    type: str
    submitted: int
    decided: int | None
    state: str
    channel: str

    def lets_pass(self, at: int) -> bool:
        """Whether a gate that was passed then was passed with this request: it was on its way, or approved before."""
        if self.submitted > at or self.channel == IMPORT:
            return False
        return self.decided is None or self.decided > at or self.state in (APPROVED, INVALIDATED)


class Opened(NamedTuple):
    """A step of a revision as it is stored."""

    request: int
    revision: int
    position: int
    name: str
    group: int
    state: str
    calendar: str
    opened: int | None
    closed: int | None
    refused: int | None
    automatic: int | None
    """1 where all its votes repeat others, 0 where somebody gave one; None where nobody did."""


def titles_of(door: ReadDoor) -> dict[str, str]:
    """The types of the past by their names, called as they were last."""
    return dict(door.rows(_TITLES))


def submissions(
    door: ReadDoor, types: Collection[str], since: int, facts: Reader, waits: Waits, now: int
) -> Iterator[Case]:
    """Every revision of these types that began since then and that who asks sees, in order."""
    steps, agreed = _steps(door, since), _agreed(door, since)
    for each in map(Revised._make, door.rows(_REVISIONS, since=since)):
        if each.type not in types:
            continue
        key = each.request, each.number
        yield Case(
            type=each.type,
            title=each.title,
            at=each.at,
            deal=each.deal,
            facts=facts.shown(each.type, parsed(each.snapshot), each.currency, each.at),
            past=_past(steps.get(key, ()), agreed.get(key, {}), waits, now),
            request=each.request,
            revision=each.number,
            submitter=each.submitter,
            owner=each.owner,
            editors=tuple(parsed(each.editors)),
            chosen=parsed(each.chosen),
            amount=each.amount,
            currency=each.currency,
        )


def _steps(door: ReadDoor, since: int) -> dict[Key, list[Opened]]:
    found: dict[Key, list[Opened]] = defaultdict(list)
    for step in map(Opened._make, door.stream(_STEPS, since=since)):
        found[step.request, step.revision].append(step)
    return found


def _agreed(door: ReadDoor, since: int) -> dict[Key, dict[int, list[str]]]:
    """By position of the step who agreed in person."""
    found: dict[Key, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for request, revision, step, actor in door.stream(_AGREED, since=since):
        found[request, revision][step].append(actor)
    return found


def _past(steps: Iterable[Opened], agreed: Mapping[int, Sequence[str]], waits: Waits, now: int) -> tuple[Past, ...]:
    """The steps of the policy's, each once: one that was asked again took the time of all its turns."""
    found: dict[str, Past] = {}
    for step in steps:
        one = _one(step, tuple(agreed.get(step.position, ())), waits, now)
        before = found.get(step.name)
        found[step.name] = one if before is None else _both(before, one)
    return tuple(found.values())


def _one(step: Opened, yes: tuple[str, ...], waits: Waits, now: int) -> Past:
    ended = step.state in (APPROVED, REJECTED)
    spent = 0
    if step.opened is not None:
        until = now if step.state == OPEN or step.closed is None else step.closed
        spent = waits.timed(step.request, step.calendar, step.opened, max(until, step.opened), ()).business
    return Past(
        step.name,
        step.group,
        asked=step.automatic != 1,
        reached=step.opened is not None or ended,
        passed=step.state in (APPROVED, REDONE),
        spent=spent,
        refused=(step.refused or step.closed) if step.state == REJECTED else None,
        yes=yes,
    )


def _both(before: Past, again: Past) -> Past:
    """A step and its later turn."""
    return again._replace(
        group=before.group,
        asked=before.asked or again.asked,
        reached=before.reached or again.reached,
        spent=before.spent + again.spent,
    )


Passing = Callable[[int, str, int], bool]
"""Whether a deal passed a gate at an instant with a request of a type."""


def passing(door: ReadDoor) -> Passing:
    """The same of all requests that who asks sees."""
    known: dict[tuple[int, str], list[Asked]] = defaultdict(list)
    for each in map(Asked._make, door.stream(_ASKED)):
        known[each.deal, each.type].append(each)
    return lambda deal, name, at: any(each.lets_pass(at) for each in known.get((deal, name), ()))
