"""Risks that one decision shows by itself: how fast, by whom, in whose place, past whom."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from oppcli.model.people import Delegation, User
from oppcli.model.requests import APPROVE, APPROVED, INVALIDATED, OVERRIDE, WITHDRAW
from oppcli.model.risks import FAST_MS
from oppcli.model.said import Said, listed, say
from oppcli.rules.approvals.counting import VOTES
from oppcli.rules.rights import superiors
from oppcli.rules.risks.finding import Entries, Finding
from oppcli.tuples import NamedTuple


class Vote(NamedTuple):
    """A decision that somebody gave here, with the request and the deal it is about. Imported ones are none."""

    seq: int
    """The entry that has it."""
    at: int
    request: int
    number: int
    revision: int
    step: int
    seat: int
    actor: str
    behalf: str | None
    verdict: str
    automatic: bool
    own: bool
    refers_to: int | None
    reason: str | None
    step_name: str | None
    opened_at: int | None
    editors: tuple[str, ...]
    """Of the revision that was decided."""
    deal: int
    type: str
    state: str
    """Of the request, and its present revision."""
    latest: int
    submitter: str
    owner: str | None
    """The deal's when it was submitted; and now, with the collaborators of now."""
    owner_now: str | None
    collaborators: tuple[str, ...]
    amount: int | None
    currency: str
    policy: str
    customer: str | None

    @property
    def part(self) -> frozenset[str]:
        """Who has a part in it: submitter, owner, collaborator, editor of the revision."""
        people = (self.submitter, self.owner, self.owner_now, *self.collaborators, *self.editors)
        return frozenset(login for login in people if login)

    @property
    def excused(self) -> bool:
        """Whether only a softened separation of duties let this person vote."""
        return self.own or self.actor in self.editors

    def finding(self, risk: str, what: str, others: Iterable[str | None] = ()) -> Finding:
        """Something found about this vote."""
        return Finding(
            risk=risk,
            seq=self.seq,
            at=self.at,
            what=what,
            who=self.actor,
            others=tuple(dict.fromkeys(login for login in others if login and login != self.actor)),
            deals=(self.deal,),
            requests=(self.request,),
            customer=self.customer,
            amount=self.amount,
            currency=self.currency,
        )


def personal(votes: Iterable[Vote]) -> Iterator[Vote]:
    """Yes or no, given by a person: an automatic one only repeats it."""
    return (vote for vote in votes if vote.verdict in VOTES and not vote.automatic)


def withdrawn(votes: Iterable[Vote]) -> frozenset[tuple[int, int | None]]:
    """(request, number) of what was taken back."""
    return frozenset((vote.request, vote.refers_to) for vote in votes if vote.verdict == WITHDRAW)


def fast(votes: Sequence[Vote], resumed: Entries) -> Iterator[Finding]:
    """Approved sooner than a minute after the step opened, or went on after it was returned."""
    gone = withdrawn(votes)
    for vote in personal(votes):
        if vote.verdict != APPROVE or vote.opened_at is None or (vote.request, vote.number) in gone:
            continue
        again = resumed.last(vote.request, vote.seq)
        since = vote.opened_at if again is None else max(vote.opened_at, again[1])
        if 0 <= vote.at - since < FAST_MS:
            took = {"step": vote.step_name, "n": (vote.at - since) // 1000}
            on = again is not None and since == again[1] and since != vote.opened_at
            what = say("{step} approved {n} s after it went on", **took) if on else None
            yield vote.finding("fast", what or say("{step} approved {n} s after it opened", **took), [vote.submitter])


def own(votes: Iterable[Vote]) -> Iterator[Finding]:
    """A vote on what one submitted, owned or changed: only [sod] allows it."""
    for vote in personal(votes):
        if vote.excused:
            what = say("own request or deal") if vote.own else say("changed what revision {n} shows", n=vote.revision)
            yield vote.finding("self", what, [vote.submitter, vote.owner])


def override(votes: Iterable[Vote]) -> Iterator[Finding]:
    """An admin's approval past the people who were asked."""
    for vote in votes:
        if vote.verdict == OVERRIDE:
            yield vote.finding("override", vote.reason or say("without a reason"), [vote.submitter])


class Seated(NamedTuple):
    """Where a seat is: request, revision, name of the step, number of the seat."""

    request: int
    revision: int
    step: str | None
    seat: int


def handed(
    votes: Iterable[Vote],
    moved: Mapping[Seated, Sequence[tuple[int, str]]],
    delegations: Collection[Delegation],
    people: Mapping[str, User],
) -> Iterator[Finding]:
    """A vote on a seat that somebody else than its holder moved (`moved`: entry and who), by a delegation that was
    made for another, or by a delegate who stands below the owner."""
    for vote in personal(votes):
        seat = Seated(vote.request, vote.revision, vote.step_name, vote.seat)
        movers = [who for seq, who in moved.get(seat, ()) if seq < vote.seq]
        makers = _made_for_another(vote, delegations) if vote.behalf else ()
        above = vote.owner or vote.owner_now
        below = bool(vote.behalf and above and above in superiors(vote.actor, people))
        reasons = _reasons(vote, movers, makers, above if below else None)
        if reasons:
            yield vote.finding("handed", listed(reasons, "; "), (vote.behalf, *movers, *makers))


def _reasons(vote: Vote, movers: Collection[str], makers: Collection[str], above: str | None) -> list[Said]:
    found = [say("{who} moved the seat of {step}", who=listed(movers), step=vote.step_name)] if movers else []
    if makers:
        found.append(say("{who} made the delegation for {frm}", who=listed(makers), frm=vote.behalf))
    if above:
        found.append(
            say("{actor} for {frm}, and below the owner {owner}", actor=vote.actor, frm=vote.behalf, owner=above)
        )
    return found


def _made_for_another(vote: Vote, delegations: Collection[Delegation]) -> tuple[str, ...]:
    """Who made the delegations that a vote was given by, where none was made by the principal."""
    found = [
        item
        for item in delegations
        if (item.frm, item.to) == (vote.behalf, vote.actor)
        and item.starts_at <= vote.at <= item.ends_at
        and (not item.types or vote.type in item.types)
    ]
    makers = dict.fromkeys(item.created_by for item in found)
    return () if vote.behalf in makers else tuple(makers)


AGREED = (APPROVED, INVALIDATED)
"""Approved, be it no longer."""


def counting(votes: Sequence[Vote]) -> dict[int, list[Vote]]:
    """The approvals that made each approved request so, by request; of an overridden one there are none."""
    gone, found = withdrawn(votes), dict[int, list[Vote]]()
    passed_by = {vote.request for vote in votes if vote.verdict == OVERRIDE}
    for vote in votes:
        current = vote.verdict == APPROVE and vote.revision == vote.latest and vote.state in AGREED
        if current and (vote.request, vote.number) not in gone and vote.request not in passed_by:
            found.setdefault(vote.request, []).append(vote)
    return found


def in_one_hand(approved: Mapping[int, Sequence[Vote]]) -> dict[int, Sequence[Vote]]:
    """Of the approved requests those of two steps or more whose personal votes are all of one person."""
    return {
        number: votes
        for number, votes in approved.items()
        if len({vote.step for vote in votes}) > 1 and len({vote.actor for vote in votes if not vote.automatic}) == 1
    }


def one_hand(candidates: Mapping[int, Sequence[Vote]], first: Mapping[int, Collection[str]]) -> Iterator[Finding]:
    """One person approved every step, although several were asked: `first` are all who held a seat when it opened."""
    for number, votes in candidates.items():
        asked = first.get(number, ())
        if len(asked) > 1:
            given = [vote for vote in votes if not vote.automatic]
            last = max(given, key=lambda vote: vote.seq)
            steps = len({vote.step for vote in votes})
            yield last.finding("one_hand", say("all {n} steps", n=steps), sorted(asked))
