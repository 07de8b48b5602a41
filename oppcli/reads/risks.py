"""`audit risks`: what would make a careful auditor look twice, computed from what happened and never stored."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.policy import RISK_KINDS, Policy
from oppcli.model.records import ANY
from oppcli.model.risks import LISTED_MS
from oppcli.model.said import listed, say
from oppcli.reads.risk_deals import Deals
from oppcli.reads.risk_entries import Told
from oppcli.reads.risk_votes import Votes
from oppcli.reads.table import WITH_ROWS, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.risks import deals, entries, imports, parts, votes
from oppcli.rules.risks.finding import Finding, merged
from oppcli.store.doors import ReadDoor
from oppcli.words.zones import today

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("risk", Kind.REF, wide=False),
        Column("at", Kind.INSTANT),
        Column("who", Kind.REF),
        Column("with", Kind.REF),
        Column("deal", Kind.REF),
        Column("request", Kind.REF),
        Column("customer", cut=True),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("what"),
    ),
    "id 1, at 2, who 1, with 3, deal 1, request 2, customer 4, amount 2, what 3",
)


class Facts:
    """What findings are made of, each looked up when a kind first asks for it."""

    def __init__(self, door: ReadDoor, policy: Policy, since: int, now: int, kinds: Collection[str]) -> None:
        self.policy, self.now, self.since = policy, now, since
        self.tz = policy.calendars[policy.calendar].timezone
        self.votes = Votes(door, since, mutual="reciprocal" in kinds)
        self.deals = Deals(door, since, now, policy, self.tz)
        self.told = Told(door, since)

    @cached_property
    def material(self) -> parts.Material:
        return lambda vote: self.told.rules.material(vote.policy, vote.type)

    def day(self, at: int) -> str:
        """A day as the policy's zone has it."""
        return today(at, self.tz).isoformat()


def _handed(facts: Facts) -> Iterable[Finding]:
    of = facts.votes
    return votes.handed(of.votes, of.moved, of.delegations, of.people)


def _imported(facts: Facts) -> Iterable[Finding]:
    late = facts.deals.late(facts.told.first)
    beyond = imports.beyond(late, facts.deals.missing(late), facts.policy.currency)
    return [*_singles("import")(facts), *imports.trusted(facts.told.trusted), *beyond]


def _policies(facts: Facts) -> Iterable[Finding]:
    versions = facts.told.versions
    ended = sum(version.at < facts.since for version in versions)
    of_late = versions[max(ended - 2, 0) :]
    rules = facts.told.rules
    return [*entries.policies(of_late, rules, facts.told.acts()), *entries.lowered(of_late, rules)]


def _singles(risk: str) -> Callable[[Facts], Iterable[Finding]]:
    return lambda facts: entries.single(each for each in facts.told.singles if each.risk == risk)


def _burst(facts: Facts) -> Iterable[Finding]:
    of = facts.deals
    return deals.burst(of.facts, facts.policy.currency, facts.tz, facts.now, of.wins)


FINDERS: Mapping[str, Callable[[Facts], Iterable[Finding]]] = {
    "split": lambda facts: deals.split(facts.deals.facts, facts.policy, facts.deals.made),
    "reciprocal": lambda facts: parts.reciprocal(parts.favours(facts.votes.votes)),
    "fast": lambda facts: votes.fast(facts.votes.votes, facts.votes.resumed),
    "burst": _burst,
    "part": lambda facts: parts.part(facts.votes.votes, facts.votes.stories, facts.material),
    "one_hand": lambda facts: votes.one_hand(facts.votes.one_handed, facts.votes.first_holders),
    "fresh": lambda facts: parts.fresh(facts.votes.votes, facts.told.hands),
    "handed": _handed,
    "claimed": lambda facts: entries.claimed(facts.told.claims, facts.day),
    "self": lambda facts: votes.own(facts.votes.votes),
    "override": lambda facts: [*votes.override(facts.votes.votes), *_singles("override")(facts)],
    "won": lambda facts: deals.changed_won(facts.deals.changed, facts.deals.won_stages, facts.deals.won_once),
    "policy": _policies,
    "import": _imported,
    "backdated": lambda facts: imports.backdated(facts.deals.imported, facts.policy.currency, facts.tz),
    "restore": _singles("restore"),
    "clock": lambda facts: [*_singles("clock")(facts), *entries.apart(facts.told.apart)],
    "erased": _singles("erased"),
    "guess": lambda facts: entries.guessed(facts.told.guesses),
}
"""How each kind of `RISK_KINDS` is found."""


def found(facts: Facts, kinds: Iterable[str]) -> list[Finding]:
    """Every finding of these kinds since the instant that the facts begin at, the newest first, then by id."""
    every = (one for kind in kinds for one in FINDERS[kind](facts))
    return merged(one for one in every if one.at >= facts.since)


def untold(door: ReadDoor, policy: Policy, now: int) -> list[Finding]:
    """What `opp tick` looks through: all that the list shows by default."""
    kinds = [kind for kind in RISK_KINDS if kind not in policy.risks_ignored]
    return found(Facts(door, policy, now - LISTED_MS, now, kinds), kinds)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per finding."""
    policy, since = frame.policy(), args.get("since")
    if since is None:
        since = 0 if args.get("all") else frame.now - LISTED_MS
    asked = args.get("risk") or RISK_KINDS
    kinds = [kind for kind in RISK_KINDS if kind in asked and kind not in policy.risks_ignored]
    facts = Facts(door, policy, since, frame.now, kinds)
    rows = found(facts, kinds)
    notes = (*_ignored(policy), *_unrated(facts, kinds, rows))
    return Table(COLUMNS, [_row(one) for one in rows], READ.title, notes)


def _row(one: Finding) -> Row:
    deal, request = PREFIXES["deal"], PREFIXES["request"]
    return (
        one.id,
        one.risk,
        one.at,
        one.who or None,
        listed(one.others) or None,
        _refs(deal, one.deals),
        _refs(request, one.requests),
        one.customer,
        one.amount,
        None if one.amount is None else one.currency,
        one.what,
    )


SHOWN = 10
"""References in one cell; more are counted."""


def _refs(prefix: str, numbers: Collection[int]) -> str | None:
    named = [f"{prefix}{number}" for number in numbers][:SHOWN]
    more = len(numbers) - len(named)
    return listed([*named, *([f"+{more}"] if more else [])]) or None


def _ignored(policy: Policy) -> tuple[Footnote, ...]:
    left = policy.risks_ignored
    said = say("left out, as [risk] says: {kinds}", kinds=listed(left))
    return (Footnote("ignored", len(left), said),) if left else ()


def _unrated(facts: Facts, kinds: Collection[str], rows: Iterable[Finding]) -> tuple[Footnote, ...]:
    number = sum(one.unrated for one in rows) + (facts.deals.unrated if "split" in kinds else 0)
    said = say("{n} {n:amount|amounts} without a rate to {currency} left out", n=number, currency=facts.policy.currency)
    return (Footnote("no_rate", number, said),) if number else ()


READ = Read(
    path="audit risks",
    whole=say("list the risks"),
    title=say("Risks"),
    help="What would make a careful auditor look twice, the newest first; of the last 90 days",
    standing=ANY,
    columns=COLUMNS,
    params=(
        Param("since", "on or after", "since"),
        Param("all", "of all times", "flag"),
        Param("risk", "only this kind", "choice", choices=RISK_KINDS, many=True, metavar="NAME"),
    ),
    build=build,
    alarm=WITH_ROWS,
    more="Computed from the journal each time. opp help trust says what each kind is; [risk] leaves kinds out.",
    examples=(
        "opp audit risks",
        "opp audit risks --since yesterday --exit-code",
        "opp audit risks --risk split --risk part --all",
    ),
)
READS = (READ,)
