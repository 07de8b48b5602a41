"""Decisions with the entries that have them, who owned and who changed their deals: what risks of votes rest on."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from oppcli.model.people import Delegation, User
from oppcli.model.requests import APPROVE, WITHDRAW
from oppcli.model.risks import PART_MS
from oppcli.reads.table import Row
from oppcli.rules.risks.finding import Entries
from oppcli.rules.risks.parts import Edited, Owned, Story
from oppcli.rules.risks.votes import Seated, Vote, counting, in_one_hand, personal
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.patterns import place_of

_DECIDED = """
SELECT d.request_id, d.number, d.revision, d.step, d.seat, d.actor, d.on_behalf_of, d.verdict, d.automatic, d.own,
       d.refers_to, d.at, d.reason, p.name, p.opened_at, v.editors, r.deal_id, r.type, r.state, r.revision,
       r.submitted_by, r.owner, e.owner, e.collaborators, r.amount, r.currency, r.policy, c.name
FROM decision d
JOIN request r ON r.id = d.request_id
JOIN deal e ON e.id = r.deal_id
LEFT JOIN customer c ON c.id = e.customer_id
LEFT JOIN step p ON p.request_id = d.request_id AND p.revision = d.revision AND p.position = d.step
LEFT JOIN revision v ON v.request_id = d.request_id AND v.number = d.revision
WHERE d.request_id IN (SELECT request_id FROM decision WHERE at >= :since)
   OR r.deal_id IN (SELECT CAST(noun_id AS INTEGER) FROM journal
                    WHERE noun = 'deal' AND at >= :since AND action <> 'create' AND {owner} > 0)
   OR {mutual}
ORDER BY d.request_id, d.number
"""
"""Of every request that was decided in the time, or whose deal changed hands then, all decisions."""
_MUTUAL = f"""
(d.verdict = '{APPROVE}' AND d.automatic = 0 AND d.on_behalf_of IS NULL AND d.actor <> r.submitted_by
 AND d.actor IN (SELECT submitted_by FROM request) AND r.submitted_by IN (SELECT actor FROM decision)
 AND NOT EXISTS (SELECT 1 FROM decision w WHERE w.request_id = d.request_id AND w.refers_to = d.number
                 AND w.verdict = '{WITHDRAW}'))
"""
"""And those of all times by who submits to who decides: people who may have approved each other's requests."""
_ENTRIES = """
SELECT seq, at, channel, action, noun_id, substr(changes, place + 12, 8),
       CASE WHEN action = 'transfer' THEN meta END, CASE WHEN {asked} AND {seats} > 0 THEN changes END
FROM (SELECT seq, at, channel, action, noun_id, changes, meta, coalesce(nullif({more}, 0), {first}) AS place
      FROM journal WHERE noun = 'request' AND {these}) AS told
WHERE place > 0 OR action IN ('resubmit', 'transfer') OR ({asked} AND {seats} > 0)
ORDER BY seq
"""
"""The entries that have decisions, each with the number of the first one; of a transfer what happened; and where seats
were made, of those requests that are asked about."""
_DEALS = """
SELECT noun_id, seq, at, actor, changes, NULL AS kind FROM journal
WHERE noun = 'deal' AND action <> 'refused' AND {these} AND ((at >= :since AND {voter}) OR {owner} > 0)
UNION ALL
SELECT f.number, j.seq, j.at, j.actor, j.changes, f.kind
FROM (SELECT id, CAST(deal_id AS TEXT) AS number, kind FROM file) f
JOIN journal j ON j.noun = 'file' AND j.noun_id = CAST(f.id AS TEXT) AND j.action = 'create' AND j.at >= :since
WHERE {theirs}
ORDER BY 2
"""
"""Who became the owner of deals at any time, what was changed of them lately, and which files were attached."""
_LENT = """
SELECT login, manager, NULL, NULL, NULL, NULL FROM user_account
UNION ALL
SELECT frm, "to", starts_at, ends_at, types, created_by FROM delegation
ORDER BY 1, 2, 3
"""
_OWNER = re.compile(r'[{,]"owner":\[(?:null|"(?:[^"\\]|\\.)*"),(null|"(?:[^"\\]|\\.)*"|[^"\]]*)\]')
FACTS = {"customer_id": "customer"}
"""What the journal calls a fact that a policy names otherwise."""


Noted = tuple[int, int, int, bool]
"""An entry with decisions: from which number on, its seq and time, whether an import brought them."""


class Votes:
    """What was decided since an instant, looked up when it is first asked for."""

    def __init__(self, door: ReadDoor, since: int, *, mutual: bool) -> None:
        self.door, self.since = door, since
        self._mutual = mutual
        """Whether approvals of all times are wanted, too, of people who approve each other's requests."""

    @cached_property
    def _standing_in(self) -> list[Row]:
        """Whom everybody reports to, and all delegations; nothing where nobody decided for somebody else."""
        return self.door.rows(_LENT) if any(vote.behalf for vote in self.votes) else []

    @property
    def people(self) -> Mapping[str, User]:
        rows = (row for row in self._standing_in if row[2] is None)
        return {login: User(login=login, name=login, manager=manager) for login, manager, *_ in rows}

    @property
    def delegations(self) -> Sequence[Delegation]:
        return [
            Delegation(frm=frm, to=to, starts_at=start, ends_at=end, types=tuple(parsed(types)), created_by=maker)
            for frm, to, start, end, types, maker in self._standing_in
            if start is not None
        ]

    @cached_property
    def _drafts(self) -> Sequence[Vote]:
        """What was decided, before it is known which entry has it."""
        owner = place_of(self.door, "changes", '"owner":[')
        sql = _DECIDED.format(owner=owner, mutual=_MUTUAL if self._mutual else "1 = 0")
        return [_vote(row) for row in self.door.rows(sql, since=self.since)]

    @cached_property
    def _alone(self) -> Mapping[int, Sequence[Vote]]:
        return in_one_hand(counting(self._drafts))

    @property
    def one_handed(self) -> Mapping[int, Sequence[Vote]]:
        """The votes of requests that one person approved alone."""
        return in_one_hand(counting([vote for vote in self.votes if vote.request in self._alone]))

    @cached_property
    def _entries(self) -> list[Row]:
        wanted = [str(number) for number in self._alone]
        asked, about = self.door.any_of("noun_id", "asked", wanted)
        places = {"more": ',"decisions.', "first": '{"decisions.', "seats": '"holders":'}
        numbers = {vote.request for vote in self._drafts}
        return self._of(numbers, _ENTRIES.replace("{asked}", asked), places, asked=about)

    def _of(self, ids: Iterable[int], sql: str, places: Mapping[str, str], **given: Any) -> list[Row]:
        """Rows of these, by their numbers as the journal has them; `places` are texts that are looked for in the
        changes."""
        numbers = [str(number) for number in sorted(ids)]
        if not numbers:
            return []
        these, bound = self.door.any_of("noun_id", "ids", numbers)
        found = {name: place_of(self.door, "changes", text) for name, text in places.items()}
        return self.door.rows(sql.format(these=these, **found), ids=bound, **given)

    @cached_property
    def _noted(self) -> Mapping[int, list[Noted]]:
        found: dict[int, list[Noted]] = defaultdict(list)
        for seq, at, channel, _, number, text, *_ in self._entries:
            first = str(text).partition('"')[0]
            if first.isdecimal():
                found[int(number)].append((int(first), seq, at, channel == "import"))
        return found

    def _noting(self, request: int, number: int) -> tuple[int, int] | None:
        """(entry, time) of a decision. None for one that an import brought."""
        for first, seq, at, imported in reversed(self._noted.get(request, ())):
            if first <= number:
                return None if imported else (seq, at)
        return None

    @cached_property
    def votes(self) -> Sequence[Vote]:
        found = []
        for draft in self._drafts:
            noted = self._noting(draft.request, draft.number)
            if noted is not None:
                found.append(Vote._make((noted[0], *draft[1:])))
        return found

    @cached_property
    def resumed(self) -> Entries:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for seq, at, _, action, number, *_ in self._entries:
            if action == "resubmit":
                found[int(number)].append((seq, at))
        return Entries(found)

    @cached_property
    def moved(self) -> Mapping[Seated, Sequence[tuple[int, str]]]:
        """Seats that somebody else than who sat there handed over: by which entry, and who."""
        found: dict[Seated, list[tuple[int, str]]] = defaultdict(list)
        for seq, _, _, _, number, _, meta, _ in self._entries:
            told = parsed(meta) if meta else {}
            for event in told.get("events", ()):
                if event["verb"] == "transfer" and event["actor"] != event.get("was"):
                    seat = Seated(int(number), told.get("revision", 1), event.get("step"), event.get("seat", 1))
                    found[seat].append((seq, event["actor"]))
        return found

    @cached_property
    def stories(self) -> Mapping[int, Story]:
        """Who owned and who changed the deals that were voted on; of the changes those of voters."""
        voters: dict[int, set[str]] = defaultdict(set)
        for vote in personal(self.votes):
            voters[vote.deal].add(vote.actor)
        found: dict[int, Story] = {deal: Story([], []) for deal in voters}
        for number, seq, at, actor, changes, kind in self._told(voters):
            story, asked = found[int(number)], voters[int(number)]
            if kind is None:
                _tell(story, seq, at, actor, changes, asked)
            elif actor in asked:
                story.edits.append(Edited(seq, at, actor, frozenset((f"file:{kind}",))))
        return found

    def _told(self, voters: Mapping[int, Collection[str]]) -> list[Row]:
        numbers = [str(number) for number in voters]
        everybody = sorted({login for logins in voters.values() for login in logins})
        theirs, files = self.door.any_of("f.number", "ids", numbers)
        voter, people = self.door.any_of("actor", "voters", everybody)
        sql = _DEALS.replace("{theirs}", theirs).replace("{voter}", voter)
        given = {"since": self.since - PART_MS, "voters": people}
        return self._of(voters, sql, {"owner": '"owner":['}, **given) if files else []

    @cached_property
    def first_holders(self) -> Mapping[int, frozenset[str]]:
        """Everybody who held a seat when it was made, by the request that one person approved alone."""
        found: dict[int, set[str]] = defaultdict(set)
        for _, _, _, _, number, _, _, changes in self._entries:
            for path, (_, new) in parsed(changes).items() if changes else ():
                if path.startswith("steps."):
                    found[int(number)].update(_seated(path.count("."), new))
        return {number: frozenset(logins) for number, logins in found.items()}


def _vote(row: Row) -> Vote:
    request, number, revision, step, seat, actor, behalf, verdict, automatic, own, refers, at, reason, *rest = row
    name, opened, editors, deal, kind, state, latest, submitter, owner, owner_now, beside, *about = rest
    return Vote(
        *(0, at, request, number, revision, step, seat, actor, behalf, verdict, bool(automatic), bool(own)),
        *(refers, reason, name, opened, _logins(editors), deal, kind, state, latest, submitter, owner, owner_now),
        *(_logins(beside), *about),
    )


def _logins(text: str | None) -> tuple[str, ...]:
    return () if text in (None, "[]") else tuple(parsed(str(text)))


def _tell(story: Story, seq: int, at: int, actor: str, changes: str, voters: Collection[str]) -> None:
    """Put an entry of a deal into its story."""
    if actor in voters:
        told: Mapping[str, Any] = parsed(changes)
        fields = frozenset(FACTS.get(name, name.removeprefix("extra.")) for name in told)
        story.edits.append(Edited(seq, at, actor, fields))
    found = _OWNER.search(changes)
    if found is not None:
        # Some entries of the first version lack the quotes.
        login = parsed(found[1]) if found[1] == "null" or found[1].startswith('"') else found[1]
        story.owners.append(Owned(seq, at, login))


def _seated(depth: int, new: Any) -> Iterable[str]:
    """Who holds the seats of a step (`steps.1.2`) or of a seat (`steps.1.2.seats.1`) that an entry made."""
    if not isinstance(new, dict):
        return ()
    seats = new.get("seats", {}).values() if depth == 2 else (new,)
    return [holder["login"] for seat in seats for holder in seat.get("holders", {}).values()]
