"""The made-up team at work: each act is one of the program's own actions, by its person, at the time of its day."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path

from oppcli.actions import attaching, deals, delegations, due, lacking, leaving, moves, policies, setup, users, values
from oppcli.actions.act import Act
from oppcli.actions.attempts import attempted
from oppcli.actions.demo.cast import Cast
from oppcli.actions.demo.days import Days
from oppcli.actions.demo.scripts import Script
from oppcli.actions.requests import surroundings, verbs
from oppcli.errors import Reason, Refused
from oppcli.model.deals import LIVE_KINDS, Deal, File
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.model.policy import Policy, StageRule
from oppcli.model.refs import number, ref
from oppcli.model.requests import PENDING, Request
from oppcli.model.said import Word
from oppcli.model.units import DAY_MS
from oppcli.rules import pipeline
from oppcli.rules.approvals import gates, submitting
from oppcli.store import waiting
from oppcli.store.doors import WriteDoor
from oppcli.words.kinds import PLAIN

EPOCH = date(1970, 1, 1)


class Team:
    """Everybody's hands: what a person of the demo can do. All within the one transaction of `door`."""

    def __init__(self, door: WriteDoor, cast: Cast, policy: Policy, days: Days, folder: Path) -> None:
        self.door, self.cast, self.policy, self.days, self.folder = door, cast, policy, days, folder
        self.hours = {person.login: person.hours for person in cast.people}
        self.first_gate = next(iter(policy.gates.values()), ())
        """The types that the first gate asks for."""
        self._away: dict[str, tuple[str, int]] = {}
        """Who is on leave → who decides for them, until when."""
        self._heirs: dict[str, str] = {}
        """Who left → who took over."""
        self._people: dict[str, User] = {}
        """Everybody by login, once all are there: who acts is not read anew for each act."""
        self._seen: dict[int, Deal] = {}
        """Deals as they were read since somebody last did anything."""
        self._looks: Act | None = None
        """What only looks since then."""

    def acting(self, login: str, command: str) -> Act:
        """What follows is done by this person now, under a stamp of its own in the journal."""
        self._begin(Stamp(actor=login, now=self.days.at, channel="demo", by="demo", command=command, os_user=login))
        return self._act()

    def _begin(self, stamp: Stamp) -> None:
        """From here on something is done: what was seen before is read anew."""
        self._seen, self._looks = {}, None
        self.door.begin(stamp)

    def _act(self) -> Act:
        act = Act(self.door, rules=lambda _: self.policy)
        if self._people:
            act.people = self._people
        return act

    def _looking(self) -> Act:
        if self._looks is None:
            self._looks = self._act()
        return self._looks

    def today(self, plus: int = 0) -> str:
        """The day of the act, or so many days later, as typed."""
        return self._day(plus).isoformat()

    def workday(self, plus: int) -> str:
        """The day in so many days, as typed, or the last one before on which somebody works: nobody promises a
        Sunday."""
        calendar = self.policy.hours()
        return next(
            day for back in range(plus + 1) if calendar.hours_on(day := self._day(plus - back)) or back == plus
        ).isoformat()

    def _day(self, plus: int) -> date:
        return EPOCH + timedelta(days=self.days.at // DAY_MS + plus)

    # ---------- people ----------

    def found(self, text: str, source: str) -> None:
        """The first user, the policy, then everybody else."""
        admin = self.cast.admin
        self.door.begin(
            Stamp(actor=admin.login, now=self.days.at, channel="demo", by="demo", command="init", os_user=admin.login)
        )
        setup.first_user(self.door, admin.login, admin.name)
        policies.apply(self._act(), text, source=source)
        users.edit(self._act(), admin.login, roles=admin.roles)
        for person in self.cast.people:
            if person is not admin:
                told = {"name": person.name, "manager": person.manager}
                users.add(self.acting(admin.login, "user add"), person.login, roles=person.roles, **told)
        self._people = self._act().people

    def leave_for(self, login: str, to: str, days: int) -> None:
        """On leave for so many days, with somebody to decide meanwhile."""
        now, until = self.days.at, self.days.at + days * DAY_MS
        act = self.acting(login, "delegate add")
        delegations.add(act, frm=login, to=to, starts_at=now, ends_at=until)
        self._away[login] = (to, until)

    def resign(self, login: str, heir: str, reason: str) -> None:
        """Their open deals go to somebody else, then they are deactivated."""
        boss = self.cast.admin.login
        self._heirs[login] = heir
        for deal in self.door.find(Deal, owner=login):
            if self.live(deal):
                deals.assign(self.acting(boss, "deal assign"), deal, heir, note=reason)
        leaving.deactivate(self.acting(boss, "user deactivate"), login, successor=heir)
        self._people = {}
        self._people = self._act().people

    def tick(self) -> None:
        """The nightly run: reminders, escalations, expiry."""
        due.run(self.days.at, lambda: nullcontext(self.door), self._as_system)

    @contextmanager
    def _as_system(self) -> Iterator[Act]:
        self._begin(Stamp(actor="system", now=self.days.at, channel="demo", by="demo", command="tick"))
        yield self._act()

    # ---------- deals ----------

    def deal(self, key: int) -> Deal:
        if key not in self._seen:
            self._seen[key] = self.door.get(Deal, key)
        return self._seen[key]

    def live(self, deal: Deal) -> bool:
        """Neither won nor lost."""
        return pipeline.stage_of(deal, self.policy).kind in LIVE_KINDS

    def capture(self, script: Script) -> int:
        """The lead, with what is known at the beginning. Returns the number of the deal."""
        known = {"title": script.title, "customer": script.customer, "amount": str(script.amount)}
        known |= {name: script.values[name] for name in ("source", "region", "product") if name in script.values}
        seller = self._heirs.get(script.seller, script.seller)
        act = self.acting(seller, "lead add")
        done = deals.capture(act, values.Typed(tuple(known.items())), owner=seller, reading=PLAIN)
        return number("deal", done.ids[0]) or 0

    def edit(self, key: int, **typed: str) -> None:
        """What the owner types into the fields of a deal."""
        deal = self.deal(key)
        act = self.acting(self.owner(deal), "deal edit")
        deals.edit(act, deal, values.Typed(tuple(typed.items())), reading=PLAIN)

    def plan(self, key: int, step: str, days: int) -> None:
        """What comes next, on the day that was promised where there is one to come, else in so many days."""
        promised = self.deal(key).next_step_on
        on = promised if promised and promised >= self.today() else self.workday(days)
        self.edit(key, next_step=step, next_step_on=on)

    def owner(self, deal: Deal) -> str:
        return deal.owner or self.cast.admin.login

    def _target(self, deal: Deal) -> StageRule:
        """The next stage; from the last one, the won one."""
        last = deal.stage == self.policy.pipeline[-1].name
        return pipeline.winning_stage(deal, self.policy) if last else pipeline.onward(deal, self.policy)

    def missing(self, key: int) -> tuple[Reason, ...]:
        """Everything the deal still lacks for the next stage."""
        deal = self.deal(key)
        way = pipeline.route(deal, self._target(deal), self.policy)
        return lacking.missing(self._looking(), deal, way)

    def advance(self, key: int, note: str | None = None) -> bool:
        """Into the next stage. Where the gate says no, the attempt is remembered, as on the command line."""
        deal = self.deal(key)
        act = self.acting(self.owner(deal), "deal advance")
        try:
            moves.advance(act, deal, self._target(deal).name, note=note)
        except Refused as refusal:
            self.door.note("refused", "deal", str(key), attempted(refusal))
            return False
        return True

    def lose(self, key: int, reason: str, detail: str, competitor: str | None) -> None:
        deal = self.deal(key)
        known = self.policy.lost_reasons
        given = reason if reason in known or not known else known[0]
        act = self.acting(self.owner(deal), "deal lose")
        moves.lose(act, deal, reason=given, detail=detail, competitor=competitor)

    def reopen(self, key: int, why: str) -> None:
        deal = self.deal(key)
        moves.reopen(self.acting(self.owner(deal), "deal reopen"), deal, note=why)

    def attach(self, key: int, kind: str) -> None:
        """A small file of this kind, written beside the database and recorded with the deal."""
        deal = self.deal(key)
        version = 1 + len([file for file in self.door.find(File, deal_id=key) if file.kind == kind])
        path = self.folder / f"{ref('deal', key)}-{kind}-v{version}.txt"
        path.write_text(f"{kind} v{version}\n{deal.title}\n{deal.amount} {deal.currency}\n", encoding="utf-8")
        attaching.attach(self.acting(self.owner(deal), "deal attach"), deal, path, kind)

    # ---------- requests ----------

    def state_of(self, key: int, name: str) -> gates.GateState:
        """How the approval of a type stands for a deal."""
        return gates.gate_state(surroundings.around(self._looking(), self.deal(key)), name)

    def submit(self, key: int, name: str, note: str | None = None) -> Request | None:
        """None where approval is not required."""
        deal = self.deal(key)
        return verbs.submit(self.acting(self.owner(deal), "request submit"), deal, name, note=note).request

    def resubmit(self, key: int, note: str) -> Request | None:
        """By who submitted it, or by the admin when they have left."""
        submitter = self.door.get(User, self.request(key).submitted_by)
        actor = submitter.login if submitter.active else self.cast.admin.login
        return verbs.change(
            self.acting(actor, "request resubmit"),
            ref("request", key),
            "resubmit",
            lambda given, world: submitting.resubmit(given, world, actor, note=note),
            past=Word("past", "resubmitted"),
        ).request

    def decide(self, request: Request, login: str, verdict: str, reason: str, step: str) -> Request | None:
        """By the person, or by who decides for them while they are on leave."""
        delegate, until = self._away.get(login, ("", 0))
        act = self.acting(delegate if self.days.at < until else login, f"request {verdict}")
        return verbs.decide(act, ref("request", request.id), verdict, reason=reason, step=step).request

    def pending(self, key: int) -> list[Request]:
        """Requests of the deal that an approver has yet to decide."""
        return self.door.find(Request, deal_id=key, state=PENDING)

    def waits(self, key: int) -> bool:
        """The same question without the answer, for those who ask it every few hours."""
        return waiting.has_request(self.door, key, (PENDING,))

    def request(self, key: int) -> Request:
        return self.door.get(Request, key)
