"""Risks of people with a part in the deal: who votes on what was theirs, who makes their approvers, who approve each
other."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from oppcli.model.requests import APPROVE
from oppcli.model.risks import FRESH_MS, PART_MS, RECIPROCAL, RECIPROCAL_MS
from oppcli.model.said import Said, listed, say
from oppcli.rules.risks.finding import Finding
from oppcli.rules.risks.votes import Vote, personal, withdrawn
from oppcli.tuples import NamedTuple


class Owned(NamedTuple):
    """Somebody became the owner of a deal."""

    seq: int
    at: int
    login: str | None


class Edited(NamedTuple):
    """Somebody changed fields of a deal; a file is `file:KIND`."""

    seq: int
    at: int
    actor: str
    fields: frozenset[str]


class Story(NamedTuple):
    """Who owned a deal and who changed it, in order."""

    owners: list[Owned]
    edits: list[Edited]


Material = Callable[[Vote], Collection[str]]
"""The facts that a request rests on, under the rules it was submitted by."""


def part(votes: Iterable[Vote], stories: Mapping[int, Story], material: Material) -> Iterator[Finding]:
    """A vote by who owned the deal or changed a material fact in the days before, or owns it after. What only [sod]
    allows is told as `self`."""
    for vote in personal(votes):
        story = stories.get(vote.deal) or Story([], [])
        before = [] if vote.excused else _before(vote, story, material)
        if before:
            yield vote.finding("part", listed(before, "; "), [vote.owner])
        after = [each for each in story.owners if each.seq > vote.seq and each.login == vote.actor]
        if after and not vote.own:
            # The vote was in order; who took the deal over is what completes it.
            found = vote.finding("part", say("owns the deal after the vote"), [vote.owner])
            yield found._replace(seq=after[0].seq, at=after[0].at)


def _before(vote: Vote, story: Story, material: Material) -> list[Said]:
    since, found = vote.at - PART_MS, list[Said]()
    for place, owned in enumerate(story.owners):
        until = next((each for each in story.owners[place + 1 :] if each.login != owned.login), None)
        ended = until is not None and until.seq < vote.seq and until.at <= since
        if owned.login == vote.actor and owned.seq < vote.seq and not ended:
            found.append(say("owned the deal before"))
            break
    changed = {
        name
        for edit in story.edits
        if edit.actor == vote.actor and edit.seq < vote.seq and edit.at > since
        for name in edit.fields
    }
    changed &= set(material(vote)) if changed else set()
    if changed:
        found.append(say("changed {fields} before", fields=listed(sorted(changed))))
    return found


class Hand(NamedTuple):
    """Something an account was given: by whom, and what."""

    seq: int
    at: int
    actor: str
    login: str
    what: Said
    recovered: bool = False
    """A PIN that was recovered past everybody."""


def fresh(votes: Iterable[Vote], hands: Mapping[str, Sequence[Hand]]) -> Iterator[Finding]:
    """A vote by an account that one with a part in the deal made, moved or let in during the days before, or whose PIN
    was recovered then."""
    for vote in personal(votes):
        near = [
            hand
            for hand in hands.get(vote.actor, ())
            if hand.seq < vote.seq
            and hand.at > vote.at - FRESH_MS
            and (hand.recovered or (hand.actor != vote.actor and hand.actor in vote.part))
        ]
        if near:
            told = [say("{what} by {who}", what=hand.what, who=hand.actor) for hand in near]
            yield vote.finding("fresh", listed(dict.fromkeys(told), "; "), [hand.actor for hand in near])


class Favour(NamedTuple):
    """A request of one person that another approved, personally; the first such vote on it."""

    seq: int
    at: int
    actor: str
    submitter: str
    request: int


def favours(votes: Sequence[Vote]) -> list[Favour]:
    """The requests that people approved themselves, of others who approved some of theirs; each person once per
    request, in order."""
    given = [vote for vote in personal(votes) if vote.verdict == APPROVE and vote.behalf is None]
    pairs = {(vote.actor, vote.submitter) for vote in given if vote.actor != vote.submitter}
    mutual = {(one, other) for one, other in pairs if (other, one) in pairs}
    gone, found = withdrawn(votes) if mutual else (), dict[tuple[int, str], Favour]()
    for vote in given:
        if (vote.actor, vote.submitter) in mutual and (vote.request, vote.number) not in gone:
            favour = Favour(vote.seq, vote.at, vote.actor, vote.submitter, vote.request)
            found.setdefault((vote.request, vote.actor), favour)
    return sorted(found.values())


def reciprocal(given: Iterable[Favour]) -> Iterator[Finding]:
    """Two people of whom each approved several requests of the other within the days. What goes on without a break is
    one finding: its entry is the approval that first made it so, its time that of the last."""
    pairs: dict[tuple[str, str], list[Favour]] = {}
    for favour in given:
        pairs.setdefault((min(favour[2:4]), max(favour[2:4])), []).append(favour)
    for (one, other), between in pairs.items():
        if len({favour.actor for favour in between}) == 2:
            for run in _runs(between):
                yield _mutual(one, other, run)


def _runs(between: Sequence[Favour]) -> Iterator[list[Favour]]:
    """The stretches in which both did enough for each other: what counted, from the first to the last."""
    held: list[Favour] = []
    run: list[Favour] = []
    completed: Favour | None = None
    for favour in between:
        held = [each for each in held if each.at > favour.at - RECIPROCAL_MS] + [favour]
        enough = all(sum(each.actor == who for each in held) >= RECIPROCAL for who in (favour.actor, favour.submitter))
        if enough:
            completed = completed or favour
            run = list(dict.fromkeys([*run, *held]))
        elif completed:
            yield [completed, *run]
            run, completed = [], None
    if completed:
        yield [completed, *run]


def _mutual(one: str, other: str, run: Sequence[Favour]) -> Finding:
    completed, *counted = run
    times = {who: sum(favour.actor == who for favour in counted) for who in (one, other)}
    what = say(
        "{one} approved {n} of {other}'s requests, {other} {m} of {one}'s",
        one=one,
        other=other,
        n=times[one],
        m=times[other],
    )
    return Finding(
        "reciprocal",
        completed.seq,
        counted[-1].at,
        what,
        who=completed.actor,
        others=(completed.submitter,),
        requests=tuple(favour.request for favour in counted),
    )
