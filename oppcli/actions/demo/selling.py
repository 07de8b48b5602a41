"""What goes on between the team of the demo and its customers, as stories: beside the way of the deals, which it leaves
as it is. Each draws from a stream of its own, and does all by the program's own actions."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

from oppcli.actions import claiming, contacts, customers, deals, links, merging, notes, tasks, values
from oppcli.actions.demo.days import Story, hours
from oppcli.actions.demo.scripts import STALLS, Script
from oppcli.actions.demo.team import EPOCH, Team
from oppcli.actions.notes import Noted
from oppcli.actions.places import Place
from oppcli.actions.task_terms import Asked
from oppcli.model.deals import LEAD, WON, Customer, Deal
from oppcli.model.follow import FOLLOW, OPEN, RESCUE, STAGE, SURVEY, TODO, Task
from oppcli.model.records import LIVE
from oppcli.model.refs import number, ref
from oppcli.model.units import DAY_MS
from oppcli.rules import pipeline
from oppcli.rules.dues import Due
from oppcli.words.kinds import PLAIN

MOST = 9
"""How often somebody is in touch about a deal, at most."""
KEPT_WARM = 3
"""Of so many deals that stall, one is called all the same."""
LARGE = 7
"""So many of the usual amounts, from the largest, are those whose decision maker one has to know."""


class Relations:
    """What people of the demo do with customers. Each act is done by its person at the time of the day."""

    def __init__(self, team: Team) -> None:
        self.team, self.door = team, team.door
        self._contacts: dict[int, int] = {}
        """Customer → the contact that is known there."""

    def noted(self, key: int, text: str, *, by: str | None = None, days_ago: int = 0, **more: Any) -> None:
        """A call, visit or mail on a deal, by its owner unless said otherwise; `days_ago`: when it happened."""
        deal = self.team.deal(key)
        act = self.team.acting(by or self.team.owner(deal), "note")
        at = act.now - days_ago * DAY_MS if days_ago else None
        notes.note(act, Place(deal=deal), Noted(text, at=at, **more), date.fromisoformat)

    def met(self, key: int, name: str, title: str, *, role: str, attitude: str) -> None:
        """Somebody of the customer takes part in a deal; who is known there already is not entered twice."""
        deal = self.team.deal(key)
        owner = self.team.owner(deal)
        if deal.customer_id is None:
            return
        if deal.customer_id not in self._contacts:
            customer = self.door.get(Customer, deal.customer_id).name
            typed = values.Typed((("name", name), ("customer", customer), ("title", title)))
            act = self.team.acting(owner, "contact add")
            done = contacts.add(act, typed, reading=PLAIN, tags=(), note=None)
            self._contacts[deal.customer_id] = number("contact", done.ids[0]) or 0
        contact = ref("contact", self._contacts[deal.customer_id])
        links.link(self.team.acting(owner, "deal link"), deal, contact, role=role, attitude=attitude)

    def entered(self, login: str, name: str) -> int:
        """A customer, entered by somebody who does not know that it is there. Returns its number."""
        act = self.team.acting(login, "customer add")
        typed = values.Typed((("name", name),))
        done = customers.add(act, typed, reading=PLAIN, owner=None, tags=(), note=None)
        return number("customer", done.ids[0]) or 0

    def completed(self, login: str, customer: Customer, known: dict[str, str]) -> None:
        """What is known of a customer by now, typed into its fields."""
        act = self.team.acting(login, "customer edit")
        customers.edit(act, customer, values.Typed(tuple(known.items())), reading=PLAIN)

    def merged(self, login: str, first: int, other: int) -> None:
        merging.merge(self.team.acting(login, "merge"), [ref("customer", first), ref("customer", other)])

    def came_in(self, customer: str, title: str, amount: str, source: str) -> int:
        """A lead that nobody brought: whose it becomes is for the policy to say. Returns its number."""
        known = {"title": f"{customer} {title}", "customer": customer, "amount": amount, "source": source}
        act = self.team.acting(self.team.cast.admin.login, "lead add")
        done = deals.capture(act, values.Typed(tuple(known.items())), owner=None, reading=PLAIN)
        return number("deal", done.ids[0]) or 0

    def of_nobody(self) -> list[Deal]:
        """What may be claimed."""
        found = self.door.find(Deal, owner=None, standing=LIVE)
        return [deal for deal in found if self.team.live(deal)]

    def claimed(self, login: str, deal: Deal) -> None:
        claiming.claim(self.team.acting(login, "claim"), "deal", deal)

    def asked_to(self, login: str, to: str, title: str, *, on: str | None = None, repeat: str | None = None) -> None:
        """A task that one gives to another."""
        due = Due(date.fromisoformat(on)) if on else None
        tasks.add(self.team.acting(login, "task add"), Asked(title, to=to, due=due, repeat=repeat), None)

    def open_tasks(self, **where: Any) -> list[Task]:
        return self.door.find(Task, state=OPEN, **where)

    def done(self, login: str, task: Task) -> None:
        tasks.done(self.team.acting(login, "task done"), task, "", date.fromisoformat)


class Selling:
    """The stories about customers."""

    def __init__(self, team: Team) -> None:
        self.team, self.words = team, team.cast.customers
        self.relations = Relations(team)
        self._stalled = 0
        self._turns = Counter[str]()
        """How much each of them has written."""
        self._people = iter(self.words["people"] * 9)
        self._large = sorted(team.cast.amounts)[-LARGE]

    # ---------- a deal ----------

    def in_touch(self, key: int, script: Script) -> Story:
        """From the first contact, now and then late, until the deal ends or nobody calls any more."""
        random = Random(f"touch/{script.title}/{script.starts_at}")
        inbound = script.values["source"] in self.words["inbound"]
        yield hours(random.uniform(0.2, 1) if script.quick else random.choice((0.5, 1, 2, 3, 5, 5, 14)))
        for turn in range(random.randint(1, 2) if script.fate == STALLS else MOST):
            if not self._live(key):
                return
            self._touch(key, random)
            if inbound and not turn and random.random() < 0.75:
                yield hours(random.uniform(3, 20))
                self._proposes(key)
            if turn == 1 and self._live(key):
                self._meets(key, script, random)
            yield self._until_next(key, script, random)
        if script.fate == STALLS:
            self._stalled += 1
            if self._stalled % KEPT_WARM == 0:
                yield from self._kept_warm(key, random)

    def _until_next(self, key: int, script: Script, random: Random) -> int:
        """Mostly until what is planned next is due, else as it comes."""
        wait = hours(random.uniform(6, 16) if script.quick else random.uniform(18, 70))
        if random.random() < 0.1:
            return wait
        for task in self.relations.open_tasks(deal_id=key, kind=FOLLOW):
            if task.due_on is not None:
                opens = self.team.days.clock.opening((date.fromisoformat(str(task.due_on)) - EPOCH).days * DAY_MS)
                return max(self.team.days.clock.between(self.team.days.at, opens), hours(1))
        return wait

    def _live(self, key: int) -> bool:
        deal = self.team.deal(key)
        return deal.standing == LIVE and deal.owner is not None and self.team.live(deal)

    def _touch(self, key: int, random: Random) -> None:
        """A call, mail or visit; every other time with a date for the next one."""
        text = self._text(self.team.owner(self.team.deal(key)), again=random.random() < 0.04)
        more: dict[str, Any] = {"kind": random.choice(self.words["kinds"]), "inbound": random.random() < 0.25}
        if random.random() < 0.5:
            more |= {"next": self.team.workday(random.randint(3, 12)), "what": random.choice(self.words["next"])}
        self.relations.noted(key, text, days_ago=6 if random.random() < 0.03 and self._old(key) else 0, **more)

    def _text(self, login: str, *, again: bool) -> str:
        """What was said; not the same on the next deal, but where somebody copies what they wrote before."""
        heard, agreed, turn = self.words["heard"], self.words["agreed"], self._turns[login]
        if not again:
            self._turns[login] = turn = turn + 1
        return f"{heard[turn % len(heard)]}{self.words['comma']}{agreed[(turn + turn // len(heard)) % len(agreed)]}"

    def _old(self, key: int) -> bool:
        """Whether something may have happened on it a week ago."""
        return self.team.days.at - (self.team.deal(key).created_at or 0) > 2 * hours(24 * 6)

    def _proposes(self, key: int) -> None:
        if self._live(key):
            self.team.attach(key, self.words["proposal"])

    def _meets(self, key: int, script: Script, random: Random) -> None:
        """Who has a say at the customer; of large deals mostly who decides."""
        large = script.amount >= self._large
        if random.random() > (0.8 if large else 0.4):
            return
        role = self.words["decider"] if large else random.choice(self.words["roles"])
        attitude, title = random.choice(("for", "for", "neutral", "against")), random.choice(self.words["titles"])
        self.relations.met(key, next(self._people), title, role=role, attitude=attitude)

    def _kept_warm(self, key: int, random: Random) -> Story:
        """A call now and then, so that the lead stays with its seller."""
        while self._live(key) and pipeline.stage_of(self.team.deal(key), self.team.policy).kind == LEAD:
            self._touch(key, random)
            yield hours(random.uniform(90, 120))

    def won(self, key: int, script: Script) -> Story:
        """What the win asks for is done by most; the customer is asked, and who is angry is looked after."""
        random = Random(f"won/{script.title}/{script.starts_at}")
        yield hours(random.uniform(2, 14))
        owner = self.team.owner(self.team.deal(key))
        for task in self.relations.open_tasks(deal_id=key, kind=STAGE) if random.random() < 0.8 else ():
            self.relations.done(owner, task)
        yield hours(random.uniform(10, 60))
        if random.random() > 0.8 or not self.relations.open_tasks(deal_id=key, kind=SURVEY):
            return
        rating, text = random.choice(self.words["surveys"])
        self.relations.noted(key, text, kind="survey", rating=rating)
        yield hours(random.uniform(4, 30))
        for task in self.relations.open_tasks(deal_id=key, kind=RESCUE) if random.random() < 0.6 else ():
            manager = next(each.manager for each in self.team.cast.people if each.login == owner)
            self.relations.done(manager or owner, task)

    # ---------- everybody ----------

    def twins(self, key: int, *, merged: bool) -> Story:
        """Somebody enters a customer that is there; the manager makes one of the two, or has yet to look."""
        deal = self.team.deal(key)
        if deal.customer_id is None:
            return
        name = self.team.door.get(Customer, deal.customer_id).name
        other = next(each.login for each in self.team.cast.sellers if each.login != deal.owner)
        twin = self.relations.entered(other, f"{name}{self.words['twin']}")
        yield hours(5)
        if merged:
            self.relations.merged(self.team.cast.managers[0].login, deal.customer_id, twin)

    def book(self) -> Story:
        """Sales operations go through the book of customers: telephone, region, tier by what they bought."""
        won = self.team.policy.of_kind(WON)[0].name
        for customer in self.team.door.find(Customer, standing=LIVE):
            deals = self.team.door.find(Deal, customer_id=customer.id)
            wins = sum(deal.stage == won for deal in deals)
            known = {"phone": self.words["phone"].format(n=customer.id), "tier": "CBA"[min(wins, 2)]}
            if deals and deals[-1].region:
                known["region"] = deals[-1].region
            self.relations.completed(self.team.cast.admin.login, customer, known)
        yield hours(1)

    def pool(self) -> Story:
        """The first lead that nobody kept up is claimed by a colleague, who calls at once and goes on calling."""
        while not (found := self.relations.of_nobody()):
            yield hours(24)
        deal = found[0]
        former = deal.tenures[0].owner if deal.tenures else None
        self.relations.claimed(next(each.login for each in self.team.cast.sellers if each.login != former), deal)
        yield hours(1)
        yield from self._kept_warm(deal.id, Random(f"pool/{deal.title}"))

    def came_in(self, number: int) -> Story:
        """A lead from the website goes to whoever's turn it is; the first is called within the hour."""
        customer, title, amount = self.words["walk_ins"][number]
        key = self.relations.came_in(customer, title, amount, self.words["inbound"][-1])
        yield hours(0.7)
        if not number and self._live(key):
            self._touch(key, Random(f"came/{number}"))

    def mondays(self) -> Story:
        """A manager goes through the pipeline every week, and asks sellers for this and that."""
        manager = self.team.cast.managers[0].login
        self.relations.asked_to(manager, manager, self.words["review"], repeat="mon")
        for seller, title in zip(self.team.cast.sellers, self.words["todos"], strict=False):
            self.relations.asked_to(manager, seller.login, title, on=self.team.today(5))
        while True:
            yield hours(40)
            for task in self.relations.open_tasks(kind=TODO, assignee=manager):
                self.relations.done(manager, task)
