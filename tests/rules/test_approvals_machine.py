"""Random people, policies, clocks and commands: after every command every invariant holds."""

from dataclasses import replace
from typing import Any

from approval_checks import Moment, problems
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from requests_made import HOUR, TEAM, kind, percent, policy, step, world

from oppcli.errors import OppError
from oppcli.model.approver import approver
from oppcli.model.people import Delegation
from oppcli.model.policy import Escalation, Policy, Reminder, Sod, StepRule, TypeRule
from oppcli.model.requests import Request
from oppcli.rules.approvals import (
    adding,
    asking,
    changing,
    deciding,
    ending,
    gates,
    handover,
    locking,
    rebasing,
    submitting,
    taking_over,
    terms,
    ticking,
)
from oppcli.rules.approvals.telling import seated
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World

LOGINS = [user.login for user in TEAM]
TERMS = ["manager", "manager+1", "role:finance", "role:tech", "user:chen", "user:lin", "user:zhou", "user:li"]
ASKING = [*TERMS, "chosen:role:tech", "chosen:role:finance", "field:source"]
AMOUNTS = [
    80_000_000,
    80_000_000,
    10_000_000,
    49_999_999,
    50_000_000,
    80_000_000,
    80_500_000,
    81_600_000,
    81_600_001,
    200_000_000,
]
DISCOUNTS = [50_000, 50_000, 50_000, 150_000, 150_001, 250_000]
CONDITIONS = ["always", "always", "amount >= 500000", "discount > 15", "amount >= 500000 or discount > 15"]
ROLES = ["finance", "tech", "ops", "sales"]

approvers = st.sampled_from(TERMS)
logins = st.sampled_from(LOGINS)


@st.composite
def step_rules(draw: st.DrawFn, number: int) -> StepRule:
    who = tuple(draw(st.lists(st.sampled_from(ASKING), min_size=1, max_size=3, unique=True)))
    form = draw(st.sampled_from(["any", "all", "at least 1", "at least 2", "at least 3", "at least 50%"]))
    special = st.lists(st.sampled_from([term for term in who if term in TERMS] or ["manager"]), max_size=1)
    votes = form.startswith("at least")
    return step(
        f"S{number}",
        who,
        form,
        when=draw(st.sampled_from(CONDITIONS)),
        sla_ms=draw(st.sampled_from([HOUR // 4, 4 * HOUR, 8 * HOUR, 13 * HOUR])),
        must=tuple(draw(special)) if votes else (),
        veto=tuple(draw(special)) if votes else (),
        fresh=draw(st.booleans()),
        together=draw(st.sampled_from([None, None, "T"])),
        fills=draw(st.sampled_from([(), (), ("discount",)])),
        stand_in=tuple(draw(st.lists(approvers, max_size=1))),
        on_timeout=draw(st.sampled_from(["escalate", "escalate", "return", "reject"])),
        on_reject=draw(st.sampled_from(["reject", "reject", "return"])),
        remind=tuple(draw(st.sampled_from([(), (Reminder("2h before", before_ms=2 * HOUR),)]))),
        escalate=tuple(draw(st.lists(escalations, max_size=3))),
    )


escalations = st.builds(
    Escalation,
    after_ms=st.sampled_from([0, 4 * HOUR, 8 * HOUR]),
    to=st.sampled_from([*map(approver, ["manager", "role:ops", "user:ma", "role:tech"])]),
    do=st.sampled_from(["notify", "add", "reassign"]),
)


@st.composite
def type_rules(draw: st.DrawFn, name: str) -> TypeRule:
    steps = [draw(step_rules(number)) for number in range(1, draw(st.integers(1, 4)) + 1)]
    return kind(
        *steps,
        name=name,
        when=draw(st.sampled_from(CONDITIONS[:2] * 3 + CONDITIONS[2:3])),
        needs=("amount",),
        tolerance={"amount": percent("2")} if draw(st.booleans()) else {},
        valid_days=draw(st.sampled_from([None, 1, 30])),
        reasons=draw(st.sampled_from([(), (), ("price",)])),
        max_rounds=draw(st.sampled_from([None, None, 1, 2])),
        again=draw(st.booleans()),
        require=draw(st.sampled_from([(), (), ("role:finance",), ("role:tech", "role:finance")])),
        lock=draw(st.sampled_from([(), (), (), ("pending",), ("approved",), ("rejected",), ("approved", "moves")])),
    )


@st.composite
def policies(draw: st.DrawFn, name: str) -> Policy:
    distinct = draw(st.sampled_from([(), (("S1", "S2"),), (("S1", "S3"), ("S2", "S4"))]))
    sod = Sod(
        submitter_may_approve=draw(st.sampled_from([False, False, False, True])),
        editor_may_approve=draw(st.sampled_from([False, False, True])),
        repeat=draw(st.sampled_from(["consecutive", "none", "all"])),
        distinct=distinct,
    )
    fallback = draw(st.sampled_from([("role:ops",), ("user:tang", "user:ma"), ("user:li",)]))
    return policy(draw(type_rules("quote")), draw(type_rules("risk")), sod=sod, fallback=fallback, hash=name)


def in_state(*states: str) -> Any:
    """Only while some request is in one of these states: a walk that does nothing finds nothing."""
    return precondition(lambda machine: any(request.state in states for request in machine.world.requests))


LIVING = in_state("pending", "returned", "approved")
PENDING = in_state("pending")
TERMS_ASKED = [
    terms.Asked(texts=("in writing",)),
    terms.Asked(tests=("discount <= 15",)),
    terms.Asked(tests=("discount <= 15",), before="签约"),
    terms.Asked(texts=("a",), tests=("amount <= 900000",), before="赢单"),
    terms.Asked(tests=("nonsense <",)),
]
PEOPLE_OF = {"chosen:role:tech": ("lin", "gao"), "chosen:role:finance": ("chen",)}


def chosen_for(steps: tuple[StepRule, ...]) -> dict[str, tuple[str, ...]]:
    """Who is chosen for the steps that ask for it; somebody who lost the role is refused."""
    found = {step.name: [p for term in step.who for p in PEOPLE_OF.get(term, ())] for step in steps}
    return {name: tuple(people) for name, people in found.items() if people}


RARELY = st.sampled_from([False] * 7 + [True])


class Approvals(RuleBasedStateMachine):
    """One deal, two types of request, eleven people, and everything they might do."""

    @initialize(rules=policies("p0"))
    def begin(self, rules: Policy) -> None:
        start = world(rules)._replace(frozen={rules.hash: rules})
        self.before = self.after = Moment(start)

    @property
    def world(self) -> World:
        return self.after.world

    def happened(self, verb: str, actor: str, world: World, done: list[Transition], refused: bool = False) -> None:
        news = {transition.request.id: transition.request for transition in done}
        kept = tuple(news.pop(request.id, request) for request in world.requests)
        entries = tuple((t.request.id, t.request.revision, event) for t in done for event in t.events)
        after = world._replace(requests=(*kept, *news.values()))
        known = {number: len(request.decisions) for number, request in self.after.requests.items()}
        carried = {
            (t.request.id, decision.number, role)
            for t in done
            for decision in t.request.decisions[known.get(t.request.id, 0) :]
            for role in ROLES
            if decision.actor in world.members(role)
        }
        moment = Moment(after, verb, actor, refused, self.after.log + entries, self.after.carried | carried)
        self.before, self.after = self.after, moment

    def attempt(self, verb: str, actor: str, request: Request, *given: Any, **more: Any) -> None:
        """One command about one request; a refusal changes nothing."""
        try:
            self.happened(verb, actor, self.world, [VERBS[verb](request, self.world, actor, *given, **more)])
        except OppError:
            self.happened(verb, actor, self.world, [], refused=True)

    def all(self, verb: str, actor: str, world: World, one: Any) -> None:
        """A change of the world that every request follows in the same transaction."""
        self.happened(verb, actor, world, [one(request) for request in world.requests])

    def one_of(self, data: st.DataObject, *states: str) -> Request:
        found = [request for request in self.world.requests if request.state in states or not states]
        return data.draw(st.sampled_from(found[::-1]), label="request")

    def somebody(self, data: st.DataObject, request: Request) -> str:
        """Mostly somebody it waits for or their delegate, sometimes anybody."""
        holders = list(seated(request))
        acting = [item.to for item in self.world.delegations if item.to and item.frm in holders]
        return data.draw(st.sampled_from([*(holders + acting) * 8, *LOGINS]), label="actor")

    @precondition(lambda self: self.world.deal.stage not in ("赢单", "输单"))
    @rule(name=st.sampled_from(["quote", "risk"]), actor=st.sampled_from(["li"] * 6 + ["root", "wang"]))
    def submit(self, name: str, actor: str) -> None:
        """With who decides what is chosen for, or the first of it."""
        actor = (self.world.deal.owner or actor) if actor == "li" else actor
        number, wanted = len(self.world.requests) + 1, chosen_for(self.world.policy.types[name].steps)
        try:
            done = submitting.submit(self.world, actor, name, number=number, choice=wanted)
        except OppError:
            return self.happened("submit", actor, self.world, [], refused=True)
        self.happened("submit", actor, self.world, [done] if done else [])

    @PENDING
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        request = self.one_of(data, "pending")
        places = [None, *(place.name for place in request.open_steps)]
        named = data.draw(st.sampled_from(places), label="step") if len(places) > 2 else None
        self.attempt("approve", self.somebody(data, request), request, step=named)

    @PENDING
    @rule(data=st.data())
    def approve_with_terms(self, data: st.DataObject) -> None:
        request = self.one_of(data, "pending")
        asked = data.draw(st.sampled_from(TERMS_ASKED), label="terms")
        self.attempt("approve", self.somebody(data, request), request, terms=asked)

    @precondition(lambda self: any(request.terms for request in self.world.requests))
    @rule(data=st.data(), waive=st.booleans())
    def close_term(self, data: st.DataObject, waive: bool) -> None:
        found = [request for request in self.world.requests if request.terms]
        request = data.draw(st.sampled_from(found[::-1]), label="request")
        term = data.draw(st.sampled_from(request.terms), label="term")
        setter = next(d.actor for d in request.decisions if d.number == term.decision)
        actor = data.draw(st.sampled_from([setter, "li", "root", *LOGINS]), label="actor")
        self.attempt("met", actor, request, term.number, why="x", waive=waive)

    @precondition(lambda self: any(term.test and term.waits for r in self.world.requests for term in r.terms))
    @rule(discount=st.sampled_from(DISCOUNTS), actor=st.sampled_from(["li", "chen", "root"]))
    def do_as_asked(self, discount: int, actor: str) -> None:
        """What a condition asks for, or not quite."""
        if self.world.deal.stage not in ("赢单", "输单"):
            self.follow("edit", actor, self.world._replace(deal=replace(self.world.deal, discount=discount)))

    @PENDING
    @rule(data=st.data())
    def approve_too(self, data: st.DataObject) -> None:
        self.approve(data)

    @PENDING
    @rule(data=st.data())
    def approve_again(self, data: st.DataObject) -> None:
        self.approve(data)

    @PENDING
    @rule(data=st.data(), verb=st.sampled_from(["reject", "return", "return"]))
    def say_no(self, data: st.DataObject, verb: str) -> None:
        request = self.one_of(data, "pending")
        self.attempt(verb, self.somebody(data, request), request)

    @PENDING
    @rule(data=st.data())
    def return_to(self, data: st.DataObject) -> None:
        request = self.one_of(data, "pending")
        done = [step.name for step in request.plan if step.state == "approved"]
        name = data.draw(st.sampled_from([*done * 4, *(step.name for step in request.plan)]), label="to")
        self.attempt("return", self.somebody(data, request), request, to=name)

    @LIVING
    @rule(
        data=st.data(),
        verb=st.sampled_from(["recall", "cancel", "revoke", "override", "rebase", "rebase", "resubmit", "nudge"]),
    )
    def manage(self, data: st.DataObject, verb: str) -> None:
        actor = data.draw(st.sampled_from(["li", "root", "root", "ma"]), label="actor")
        if verb not in ("recall", "cancel", "override") or data.draw(RARELY, label="really"):
            self.attempt(verb, actor, self.one_of(data))

    @in_state("returned")
    @rule(data=st.data())
    def resubmit(self, data: st.DataObject) -> None:
        request = self.one_of(data, "returned")
        self.attempt("resubmit", request.submitted_by, request)

    @PENDING
    @rule(data=st.data(), verb=st.sampled_from(["withdraw", "withdraw", "recuse"]))
    def step_back(self, data: st.DataObject, verb: str) -> None:
        request = self.one_of(data, "pending")
        voters = [decision.actor for decision in request.decisions[::-1]]
        actor = data.draw(st.sampled_from([*voters[:3], *seated(request), "li"]), label="actor")
        self.attempt(verb, actor, request)

    @PENDING
    @rule(data=st.data(), to=logins)
    def transfer(self, data: st.DataObject, to: str) -> None:
        request = self.one_of(data, "pending")
        self.attempt("transfer", self.somebody(data, request), request, to)

    @PENDING
    @rule(data=st.data(), to=logins, where=st.sampled_from(["before", "after", "beside"]))
    def add_approver(self, data: st.DataObject, to: str, where: str) -> None:
        request = self.one_of(data, "pending")
        self.attempt("add-approver", self.somebody(data, request), request, to, where)

    @rule(
        amount=st.sampled_from(AMOUNTS),
        discount=st.sampled_from([*DISCOUNTS, None]),
        actor=st.sampled_from(["li", "li", "chen", "root", "lin"]),
    )
    def edit(self, amount: int, discount: int | None, actor: str) -> None:
        if self.world.deal.stage in ("赢单", "输单"):
            return
        actor = (self.world.deal.owner or actor) if actor == "li" else actor
        after = self.world._replace(deal=replace(self.world.deal, amount=amount, discount=discount))
        self.follow("edit", actor, after)

    @PENDING
    @rule(data=st.data(), discount=st.sampled_from(DISCOUNTS))
    def fill(self, data: st.DataObject, discount: int) -> None:
        """Whoever decides fills in what the step lets them."""
        actor = self.somebody(data, self.one_of(data, "pending"))
        if self.world.deal.stage not in ("赢单", "输单"):
            self.follow("edit", actor, self.world._replace(deal=replace(self.world.deal, discount=discount)))

    @LIVING
    @rule(login=st.sampled_from(["chen", "gao", "li", "nobody", None]))
    def name_somebody(self, login: str | None) -> None:
        """Who stands in the field that says who decides."""
        self.follow("edit", "li", self.world._replace(deal=replace(self.world.deal, source=login)))

    @PENDING
    @rule(data=st.data(), to=st.sampled_from([None, None, *LOGINS]))
    def ask(self, data: st.DataObject, to: str | None) -> None:
        request = self.one_of(data, "pending")
        self.attempt("ask", self.somebody(data, request), request, "why?", to=to)

    @precondition(lambda self: any(request.questions for request in self.world.requests))
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        found = [request for request in self.world.requests if request.questions]
        request = data.draw(st.sampled_from(found[::-1]), label="request")
        asked = [question.to for question in request.questions]
        actor = data.draw(st.sampled_from([*asked * 4, "li", *LOGINS]), label="actor")
        number = data.draw(st.sampled_from([None, *(each.number for each in request.questions)]), label="question")
        self.attempt("reply", actor, request, "so", question=number)

    @LIVING
    @rule(owner=st.sampled_from(["li", "wang", "chen", "gao"]))
    def assign(self, owner: str) -> None:
        self.follow("edit", "root", self.world._replace(deal=replace(self.world.deal, owner=owner)))

    @LIVING
    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        """Somebody who decided gets the deal, or works on it."""
        voters = [decision.actor for request in self.world.requests for decision in request.decisions]
        login = data.draw(st.sampled_from([login for login in voters if login in LOGINS] or ["wang"]), label="who")
        part: Any = data.draw(st.sampled_from([{"owner": login}, {"collaborators": (login,)}]), label="part")
        self.follow("edit", "root", self.world._replace(deal=replace(self.world.deal, **part)))

    def follow(self, verb: str, actor: str, after: World) -> None:
        """What a change of the deal does to its requests; refused where one of them locks it."""
        before, done = self.world, list[Transition]()
        wanted: list[Request] = []
        for request in before.requests:
            touched = changing.touches(request, before, after)
            try:
                one = changing.deal_changed(request, after, actor, touched=touched, reason="x")
            except OppError:
                return self.happened(verb, actor, before, [], refused=True)
            wanted += [one.request] if submitting.wanted_again(request, one.request, after, actor) else []
            done.append(one.then(taking_over.parts_changed(one.request, after, before, actor)))
        rest = tuple(each.request for each in done)
        for request in wanted:
            number = len(rest) + 1
            more = submitting.again(after._replace(requests=rest), actor, request.type, number=number)
            if isinstance(more, Transition):
                done.append(more)
                rest = (*rest, more.request)
        self.happened(verb, actor, after, done)

    @LIVING
    @rule(hours=st.sampled_from([1, 4, 9, 20, 24, 72, 200]))
    def wait(self, hours: int) -> None:
        self.happened("wait", "", self.world._replace(now=self.world.now + hours * HOUR), [])

    @LIVING
    @rule()
    def tick(self) -> None:
        self.all("tick", "system", self.world, lambda request: ticking.tick(request, self.world))

    @PENDING
    @rule(login=logins, heir=st.sampled_from([None, *LOGINS]), active=st.booleans())
    def leave(self, login: str, heir: str | None, active: bool) -> None:
        before, successor = self.world, None if active or heir == login else heir
        person = replace(before.users[login], active=active, successor=successor)
        after = before._replace(users={**before.users, login: person})
        self.all("people", "root", after, lambda request: handover.people_changed(request, after, before))

    @PENDING
    @rule(login=logins, roles=st.lists(st.sampled_from(ROLES), unique=True), boss=st.sampled_from([None, *LOGINS]))
    def reorganize(self, login: str, roles: list[str], boss: str | None) -> None:
        user = replace(self.world.users[login], roles=tuple(roles), manager=None if boss == login else boss)
        if login == "root":
            return
        after = self.world._replace(users={**self.world.users, login: user})
        self.all("people", "root", after, lambda request: handover.people_changed(request, after))

    @PENDING
    @rule(role=st.sampled_from(["finance", "tech"]))
    def dissolve(self, role: str) -> None:
        """Everybody loses the role at once, managers and their people."""
        before = self.world
        kept = {login: tuple(r for r in user.roles if r != role) for login, user in before.users.items()}
        users = {login: replace(user, roles=kept[login]) for login, user in before.users.items()}
        after = before._replace(users=users)
        self.all("people", "root", after, lambda request: handover.people_changed(request, after, before))

    @PENDING
    @rule(data=st.data(), to=logins, hours=st.sampled_from([4, 48]), types=st.sampled_from([(), (), ("risk",)]))
    def delegate(self, data: st.DataObject, to: str, hours: int, types: tuple[str, ...]) -> None:
        now = self.world.now
        frm = self.somebody(data, self.one_of(data, "pending"))
        given = Delegation(frm=frm, to=to, starts_at=now, ends_at=now + hours * HOUR, types=types)
        self.happened("delegate", frm, self.world._replace(delegations=(*self.world.delegations, given)), [])

    @LIVING
    @rule(data=st.data(), sure=RARELY)
    def apply_policy(self, data: st.DataObject, sure: bool) -> None:
        if not sure:
            return
        rules = data.draw(policies(f"p{len(self.world.frozen)}"), label="policy")
        frozen = {**self.world.frozen, rules.hash: rules}
        self.happened("policy", "root", self.world._replace(policy=rules, frozen=frozen), [])

    @LIVING
    @rule(sure=RARELY)
    def lose(self, sure: bool) -> None:
        after = self.world._replace(deal=replace(self.world.deal, stage="输单"))
        if sure and self.world.deal.stage not in ("赢单", "输单"):
            self.all("lose", "li", after, lambda request: ending.deal_gone(request, after))

    @precondition(lambda self: self.world.deal.stage in ("输单", "赢单"))
    @rule()
    def reopen(self) -> None:
        self.happened("reopen", "li", self.world._replace(deal=replace(self.world.deal, stage="方案")), [])

    @rule()
    def advance(self) -> None:
        stage = {"方案": "谈判", "谈判": "签约", "签约": "赢单"}.get(self.world.deal.stage)
        if stage is None:
            return
        missing = gates.gate_reasons(self.world, self.world.policy.gates.get(stage, ()))
        missing += locking.held_by(self.world) + terms.move_reasons(self.world, stage)
        if missing or (stage == "赢单" and ending.winning_objections(self.world)):
            return self.happened("advance", "li", self.world, [], refused=True)
        self.happened("advance", "li", self.world._replace(deal=replace(self.world.deal, stage=stage)), [])

    @invariant()
    def every_invariant_holds(self) -> None:
        if hasattr(self, "after"):
            found = problems(self.before, self.after)
            assert not found, "\n".join(found)


VERBS: dict[str, Any] = {
    "approve": lambda r, w, a, **more: deciding.decide(r, w, a, "approve", **more),
    "reject": lambda r, w, a, **more: deciding.decide(r, w, a, "reject", reason="no", code="price", **more),
    "return": lambda r, w, a, **more: deciding.decide(r, w, a, "return", reason="why", code="price", **more),
    "withdraw": deciding.withdraw,
    "recuse": handover.recuse,
    "nudge": handover.nudge,
    "resubmit": submitting.resubmit,
    "recall": ending.recall,
    "cancel": lambda r, w, a: ending.cancel(r, w, a, reason="x"),
    "revoke": lambda r, w, a: ending.revoke(r, w, a, reason="x"),
    "override": lambda r, w, a: ending.override(r, w, a, reason="x"),
    "rebase": lambda r, w, a: rebasing.rebase(r, w, a, reason="x"),
    "transfer": lambda r, w, a, to: handover.transfer(r, w, a, to, reason="x"),
    "add-approver": adding.add_approver,
    "ask": asking.ask,
    "met": terms.met,
    "reply": asking.reply,
}

Approvals.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestApprovals = Approvals.TestCase
