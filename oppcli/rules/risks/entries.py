"""Risks that entries tell by themselves: policies put back, clocks, restores, erasures, guesses, claims."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from oppcli.model.policy import PROOFS, Policy
from oppcli.model.risks import POLICY_MS
from oppcli.model.said import Said, listed, say
from oppcli.model.units import DAY_MS, HOUR_MS, MINUTE_MS
from oppcli.rules.pins import GUESSES, WINDOW_MS
from oppcli.rules.pipeline import passed
from oppcli.rules.risks.finding import Finding, Version
from oppcli.tuples import NamedTuple


class Claims(NamedTuple):
    """What one person decided on one basis, from one OS login."""

    actor: str
    os_user: str | None
    number: int
    first: int
    """The first entry."""
    since: int
    until: int
    """When the first and the last were."""
    role: str | None = None
    """The server's role they came through; None on a file."""


def claimed(found: Iterable[Claims], show: Callable[[int], str]) -> Iterator[Finding]:
    """Per person: decisions that nothing but a claim, or another's role, stands for. One finding that grows: its entry
    is the first of them, its time that of the last."""
    people: dict[str, list[Claims]] = {}
    for each in found:
        people.setdefault(each.actor, []).append(each)
    for login, parts in people.items():
        since, until = min(part.since for part in parts), max(part.until for part in parts)
        number = sum(part.number for part in parts)
        logins = sorted({part.os_user for part in parts if part.os_user})
        roles = sorted({part.role for part in parts if part.role})
        what = say(
            "{n} {n:decision|decisions}, first {first}, last {last}, by OS login {logins}{through}",
            through=say(" through the role {roles}", roles=listed(roles)) if roles else "",
            n=number,
            first=show(since),
            last=show(until),
            logins=listed(logins) or say("unknown"),
        )
        yield Finding("claimed", min(part.first for part in parts), until, what, who=login)


class Guess(NamedTuple):
    """A PIN that was refused."""

    seq: int
    at: int
    login: str
    actor: str


def guessed(found: Iterable[Guess]) -> Iterator[Finding]:
    """Five wrong PINs of one person within a quarter of an hour; the next five are another finding."""
    held: dict[str, list[Guess]] = {}
    for guess in sorted(found):
        before = [each for each in held.get(guess.login, ()) if each.at >= guess.at - WINDOW_MS]
        held[guess.login] = [*before, guess]
        if len(held[guess.login]) == GUESSES:
            tried = held.pop(guess.login)
            others = tuple(dict.fromkeys(each.actor for each in tried if each.actor != guess.login))
            what = say("{n} wrong PINs of {login}", n=GUESSES, login=guess.login)
            yield Finding("guess", guess.seq, guess.at, what, who=guess.login, others=others)


class Single(NamedTuple):
    """An entry that is a risk by being there."""

    risk: str
    seq: int
    at: int
    actor: str
    what: str
    customer: str | None = None


def single(found: Iterable[Single]) -> Iterator[Finding]:
    for each in found:
        yield Finding(each.risk, each.seq, each.at, each.what, who=each.actor, customer=each.customer)


class Apart(NamedTuple):
    """The first entry of a transaction whose time is not that of the machine."""

    seq: int
    at: int
    actor: str
    by: int
    """How far ahead, milliseconds; behind is negative."""


def apart(found: Sequence[Apart]) -> Iterator[Finding]:
    """Entries whose time is more than five minutes off the machine's clock, told once per hour of the journal: one
    wrong clock is one thing."""
    run: list[Apart] = []
    for each in sorted(found):
        if run and (each.at - run[-1].at > HOUR_MS or (each.by > 0) != (run[-1].by > 0)):
            yield _apart(run)
            run = []
        run.append(each)
    if run:
        yield _apart(run)


def _apart(run: Sequence[Apart]) -> Finding:
    most = max(run, key=lambda each: abs(each.by))
    told = {"n": len(run), "span": _span(abs(most.by))}
    ahead = say("{n} {n:command|commands} up to {span} ahead of the machine's clock", **told)
    behind = say("{n} {n:command|commands} up to {span} behind the machine's clock", **told)
    actors = tuple(dict.fromkeys(each.actor for each in run))
    what = ahead if most.by > 0 else behind
    return Finding("clock", run[0].seq, run[-1].at, what, who=actors[0], others=actors[1:])


def _span(ms: int) -> Said:
    for unit, size in ((say("d"), DAY_MS), (say("h"), HOUR_MS), (say("min"), MINUTE_MS)):
        if ms >= size:
            return say("{n} {unit}", n=ms // size, unit=unit)
    return say("{n} s", n=ms // 1000)


class Acts(NamedTuple):
    """What a policy was used for: the entries that decided a request, and those that moved a deal (was, now)."""

    decided: Sequence[int]
    moved: Sequence[tuple[int, str | None, str]]


def policies(versions: Sequence[Version], rules: Mapping[str, Policy], acts: Acts) -> Iterator[Finding]:
    """A version that was in force for less than the days, while requests were decided or gates passed."""
    for place, (version, following) in enumerate(pairwise(versions)):
        if following.at - version.at < POLICY_MS:
            decided = [seq for seq in acts.decided if version.seq < seq < following.seq]
            around = [each.hash for each in versions[max(place - 1, 0) : place + 2]]
            gates = frozenset(name for hash in around if hash in rules for name in gates_of(rules[hash]))
            passed = [
                seq
                for seq, was, now in acts.moved
                if version.seq < seq < following.seq and _passes(was, now, gates, rules.get(version.hash))
            ]
            if decided or passed:
                yield _short(version, following, len(decided), len(passed))


def gates_of(policy: Policy) -> frozenset[str]:
    """The stages that a deal needs something to enter, or to leave."""
    asked = {name for name, types in policy.gates.items() if types}
    fields = {stage.name for stage in policy.stages if stage.enter}
    behind = {
        after.name for stage, after in pairwise(policy.stages) if stage.leave and stage.pipeline == after.pipeline
    }
    return frozenset(asked | fields | behind)


def _passes(was: str | None, now: str, gates: frozenset[str], policy: Policy | None) -> bool:
    """Whether a move came through a gate: of the stage it ended in, or of one on the way."""
    if policy is None or policy.position(now) is None:
        return now in gates
    before = (
        {stage.name for stage in passed(was, policy)} if was else {stage.name for stage in passed(now, policy)[:-1]}
    )
    return any(stage.name in gates for stage in passed(now, policy) if stage.name not in before)


def _short(version: Version, following: Version, decided: int, passed: int) -> Finding:
    told = [say("{n} {n:decision|decisions}", n=decided)] if decided else []
    told += [say("{n} {n:gate|gates} passed", n=passed)] if passed else []
    what = say("in force for {span}: {what}", span=_span(following.at - version.at), what=listed(told))
    others = (following.actor,) if following.actor != version.actor else ()
    return Finding("policy", following.seq, following.at, what, who=version.actor, others=others)


def lowered(versions: Sequence[Version], rules: Mapping[str, Policy]) -> Iterator[Finding]:
    """A version that asks for less proof than the one before it."""
    for before, after in pairwise(versions):
        if before.hash in rules and after.hash in rules:
            was, now = rules[before.hash].proof, rules[after.hash].proof
            if PROOFS.index(now) < PROOFS.index(was):
                what = say("proof {was} → {now}", was=was, now=now)
                yield Finding("policy", after.seq, after.at, what, who=after.actor)
