"""Whose a deal becomes that nobody was named for: by the rules of `[assign]`, the first that is true; with a new lead
the customer that was made on the way."""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from oppcli.actions import facts, telling
from oppcli.actions.act import Act, Look
from oppcli.model.approver import ROLE, Approver
from oppcli.model.deals import Customer, Deal
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE, Delegation, User
from oppcli.model.policy import Condition
from oppcli.model.refs import ref
from oppcli.model.relations import Assign, AssignRule
from oppcli.model.said import Said, listed, say
from oppcli.rules import absence, assigning, conditions, tenures
from oppcli.rules.assigning import CUSTOMER, Candidate, Choice
from oppcli.store import owning
from oppcli.store.owning import Turn
from oppcli.tuples import NamedTuple
from oppcli.words import zones


class Table:
    """Who might be given something now: read once, and kept up to date while it deals out."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.assign: Assign = look.policy.assign or Assign()
        self.zone = look.calendar.timezone
        self._live: dict[str, int] = {}
        self._turns: dict[str, dict[str, Turn]] = {}
        self._more: dict[str, int] = {}

    @cached_property
    def _absences(self) -> list[Delegation]:
        """Those that hold at some time of today."""
        since = zones.midnight(zones.today(self.look.now, self.zone), self.zone)
        return owning.absences(self.look.door, since, max(self.look.now, since + absence.NOON))

    def _read(self, rule: AssignRule, logins: Collection[str]) -> None:
        """What these people have, and when it was their turn; of each once."""
        if rule.name not in self._turns:
            midnight = zones.midnight(zones.today(self.look.now, self.zone), self.zone)
            self._turns[rule.name] = dict(owning.turns(self.look.door, tenures.RULE + rule.name, logins, midnight))
        if unknown := [login for login in logins if login not in self._live]:
            self._live |= {**dict.fromkeys(unknown, 0), **owning.live_deals(self.look.door, unknown)}

    def choice(self, deal: Deal, besides: str | None = None) -> Choice | None:
        """By which rule, and to whom but this person; None where none is true."""
        known = of_deal(self.look, deal)
        rule = assigning.rule_for(self.assign, known)
        if rule is None:
            return None
        owner = self._customers_owner(deal) if rule.by == CUSTOMER else None
        people = [user for user in among(rule, self.look, owner) if user.login != besides]
        self._read(rule, [user.login for user in people])
        order = {login: place for place, login in enumerate(self._order(rule))}
        candidates = [self._candidate(user, rule, order.get(user.login)) for user in people]
        titles = self.look.policy.role_titles
        return assigning.choice(rule, candidates, self.assign.people, known, customers_owner=owner, titles=titles)

    def _order(self, rule: AssignRule) -> list[str]:
        """Those who had a turn by a rule, the one whose turn was longest ago first."""
        had = [(turn.last, login) for login, turn in self._turns[rule.name].items() if turn.last is not None]
        return [login for _, login in sorted(had)]

    def _candidate(self, user: User, rule: AssignRule, turn: int | None) -> Candidate:
        known = self._turns[rule.name].get(user.login)
        return Candidate(
            user.login,
            active=user.active,
            away=absence.away(absence.absences(self._absences, user.login), self.look.now, self.zone),
            live_deals=self._live[user.login],
            given_today=(known.today if known else 0) + self._more.get(user.login, 0),
            last_turn=turn,
        )

    def _customers_owner(self, deal: Deal) -> str | None:
        if deal.customer_id is None:
            return None
        return self.look.door.get(Customer, deal.customer_id).owner or owning.newest_owner(
            self.look.door, deal.customer_id
        )

    def gave(self, choice: Choice, deal: int) -> None:
        """Somebody has one more now, and it was their turn."""
        login, rule = choice.login, choice.rule
        if login is None or rule is None:
            return
        self._live[login] += 1
        self._more[login] = self._more.get(login, 0) + 1
        known = self._turns[rule]
        known[login] = Turn((self.look.now, deal), known[login].today if login in known else 0)


def among(rule: AssignRule, look: Look, customers_owner: str | None) -> list[User]:
    """Those of a rule's `to`, also who left; of `customer` the owner of the customer."""
    people = look.people
    if rule.by == CUSTOMER:
        return [people[customers_owner]] if customers_owner and customers_owner in people else []
    of_roles = {login for one in rule.to if one.kind == ROLE for login in look.policy.roles.get(one.name, ())}
    return [
        user
        for user in people.values()
        if SERVICE not in user.roles and (user.login in of_roles or any(_is(user, one) for one in rule.to))
    ]


def _is(user: User, one: Approver) -> bool:
    return one.name in user.roles if one.kind == ROLE else one.name == user.login


def of_deal(look: Look, deal: Deal) -> facts.Facts:
    """What the conditions of `[assign]` read of a deal."""
    assign = look.policy.assign or Assign()
    return facts.of_deal(look, deal, {name for each in _conditions(assign) for name in conditions.reads(each)})


def _conditions(assign: Assign) -> Iterator[Condition]:
    for rule in assign.rules:
        yield from (rule.when, *([rule.unless] if rule.unless is not None else []))
    yield from (person.when for person in assign.people.values())
    yield from (each.when for each in assign.returns)


def taken_away(look: Look, deal: Deal) -> bool:
    """Whether the rule by which a deal is somebody's has an `unless` that is true now."""
    name = tenures.by_rule(deal)
    rules = look.policy.assign.rules if look.policy.assign else ()
    rule = next((each for each in rules if each.name == name), None)
    return rule is not None and rule.unless is not None and assigning.withdrawn(rule, of_deal(look, deal))


def explained(look: Look, deal: Deal, choice: Choice | None) -> tuple[Said, ...]:
    """`D-7: rule 华东A`, then why not whom, in the order they were asked; before that which rules leave it out."""
    name, rules = ref("deal", deal.id), look.policy.assign or Assign()
    before = tuple(
        say("{deal}: not by rule {rule}, unless {unless}", deal=name, rule=rule.name, unless=rule.unless.text)
        for rule in assigning.withheld(rules, of_deal(look, deal))
        if rule.unless is not None
    )
    return (*before, *_chosen(name, choice))


def _chosen(deal: str, choice: Choice | None) -> tuple[Said, ...]:
    if choice is None:
        return (say("{deal}: no rule is true", deal=deal),)
    return (
        say("{deal}: rule {rule}", deal=deal, rule=choice.rule),
        *(say("{login}: {why}", login=login, why=why) for login, why in choice.passed_over),
    )


def nobody(choice: Choice) -> Said:
    """Why a deal stays without an owner."""
    if choice.nobody is not None:
        return say("rule {rule}: {why}", rule=choice.rule, why=choice.nobody)
    if not choice.passed_over:
        return say("rule {rule} leaves it to the pool", rule=choice.rule)
    why = listed(say("{login} {why}", login=login, why=why) for login, why in choice.passed_over)
    return say("rule {rule}: nobody may take it ({why})", rule=choice.rule, why=why)


class Captured(NamedTuple):
    """A new deal with the owner that a rule gives it, or with nobody."""

    deal: Deal
    choice: Choice

    def told(self, act: Act, kept: Deal) -> tuple[str, ...]:
        """What is said of it once it is stored; its owner hears of it."""
        if kept.owner is None:
            return (say("nobody's yet: {why}", why=nobody(self.choice)),)
        tell(act, kept, self.choice.rule)
        return (say("{login}'s by rule {rule}", login=kept.owner, rule=self.choice.rule),)


def captured(act: Act, lead: Deal) -> Captured | None:
    """A lead that nobody was named for, before it is stored; None where no rule is true."""
    choice = Table(act).choice(_as_it_will_be(act, lead))
    if choice is None:
        return None
    hand = tenures.Hand(act.by, act.now, f"{tenures.RULE}{choice.rule}")
    return Captured(tenures.begun(lead, choice.login, hand), choice)


def _as_it_will_be(act: Act, lead: Deal) -> Deal:
    """The lead with what follows from it once it is stored, and what rules may ask for: its customer's tier, its
    scores, its tags."""
    if act.policy.tiers and lead.tier is None and lead.customer_id is not None:
        lead = replace(lead, tier=act.door.get(Customer, lead.customer_id).tier)
    if not act.policy.scores and not act.policy.tags:
        return lead
    from oppcli.rules import computed

    return computed.computed(lead, act.policy, facts.of_deal(act, lead, computed.read_by(act.policy)))[0]


def tell(act: Act, deal: Deal, rule: str | None) -> None:
    """Whoever was given a deal by a rule hears of it, unless they did it themselves."""
    if deal.owner is None or deal.owner == act.by:
        return
    name = ref("deal", deal.id)
    text = say("{deal} {title} is yours now, by rule {rule}", deal=name, title=deal.title, rule=rule)
    telling.tell(act, [deal.owner], Notice(to="", kind="assigned", deal_id=deal.id, text=text))


class _MadeOnTheWay(Exception):
    """A customer was made before it was known whose it is."""


def ruled(act: Act, lead: Deal, filled: Callable[[Deal], Deal]) -> tuple[Deal, Captured | None]:
    """The lead as `filled` makes it, and what the rules say of it; None where none is true. They are asked about the
    deal with its customer; one that is new is made again for whom they name, so that it is theirs from its first entry
    on. What `filled` refuses is refused."""
    made: Customer | None = None
    try:
        with act.door.whole():
            before = len(act.door.written)
            lead = replace(filled(replace(lead, owner=None)), owner=lead.owner)
            found = captured(act, lead)
            owner = found.deal.owner if found is not None else lead.owner
            made = next((each for each in act.door.written[before:] if type(each) is Customer), None)
            if made is None or owner is None:
                return lead, found
            raise _MadeOnTheWay
    except _MadeOnTheWay:
        assert made is not None
        act.door.add(replace(made, owner=owner))
    return lead, found
