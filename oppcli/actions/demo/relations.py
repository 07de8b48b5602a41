"""The made-up team and its customers: what is noted, promised, linked and merged, by the program's own actions."""

from datetime import date
from typing import Any

from oppcli.actions import claiming, contacts, customers, deals, links, merging, notes, tasks, values
from oppcli.actions.demo.team import Team
from oppcli.actions.notes import Noted
from oppcli.actions.places import Place
from oppcli.actions.task_terms import Asked
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import OPEN, Task
from oppcli.model.records import LIVE
from oppcli.model.refs import number, ref
from oppcli.model.units import DAY_MS
from oppcli.rules.dues import Due
from oppcli.words.kinds import PLAIN


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
