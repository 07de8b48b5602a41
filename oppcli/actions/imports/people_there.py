"""Contacts, activities and tasks of another database: with their customers and deals, under the references they had."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from oppcli.actions.act import Act
from oppcli.model.deals import Contact, Deal
from oppcli.model.follow import FOLLOW, OPEN, Activity, Task
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED, KEPT
from oppcli.model.refs import ref
from oppcli.model.requests import IMPORT
from oppcli.model.said import Word, say

Lined = Sequence[tuple[int, Any]]
"""Things of one noun, each with its line in the file."""

APART = {"contact": ("created_by",), "activity": ("created_by", "channel"), "task": ("created_by", "wake_at")}
"""Fields that tell nothing of whether a record is the same."""


class Into(Protocol):
    """What takes everything in, as far as it is needed here."""

    act: Act
    policy: Policy
    system: str
    customers: dict[int, int]
    deals: dict[int, int]
    made: int
    same: int
    behind: Counter[str]

    def login(self, login: str | None) -> Any: ...
    def compare(self, here: Any, there: Any, apart: Sequence[str]) -> None: ...


class Relations:
    """What belongs to the customers and deals that came, by their numbers there."""

    def __init__(self, into: Into) -> None:
        self.into, self.door = into, into.act.door
        self.contacts: dict[int, int] = {}
        self.activities: dict[int, int] = {}

    def take(self, word: str) -> Callable[[Lined], None]:
        """What takes the things of one of these nouns."""
        return {"contact": self._contacts, "activity": self._activities, "task": self._tasks}[word]

    def of_deal(self, deal: Deal) -> dict[str, Any]:
        """The fields of a deal that name contacts, people and deals, as they are here."""
        login, known = self.into.login, self.contacts
        here = (replace(each, contact_id=known[each.contact_id]) for each in deal.contacts if each.contact_id in known)
        return {
            "contacts": tuple(here),
            "team": tuple(replace(each, login=login(each.login)) for each in deal.team),
            "tenures": tuple(
                replace(each, owner=login(each.owner), given_by=login(each.given_by)) for each in deal.tenures
            ),
            "renewal_of": self.into.deals.get(deal.renewal_of or 0),
            "origin": self.into.deals.get(deal.origin or 0),
            "merged_into": None,
        }

    def _contacts(self, things: Lined) -> None:
        fresh = {
            contact.id: replace(
                contact, customer_id=self.into.customers.get(contact.customer_id or 0), merged_into=None
            )
            for contact in self._counted("contact", things)
        }
        keys = sorted({contact.key for contact in fresh.values()})
        named = self.door.find(Contact, key=keys, standing=KEPT) if keys else []
        here = {(each.key, each.customer_id): each.id for each in named}
        for number, contact in fresh.items():
            found = here.get((contact.key, contact.customer_id))
            if found is not None:
                self.contacts[number] = found
                self.into.same += 1
        rest = {n: contact for n, contact in fresh.items() if n not in self.contacts}
        self.contacts |= self._stored(Contact, "contact", rest)

    def _activities(self, things: Lined) -> None:
        fresh: dict[int, Activity] = {}
        for each in self._placed("activity", things):
            known = tuple(self.contacts[number] for number in each.contacts if number in self.contacts)
            fresh[each.id] = replace(each, contacts=known, who=self.into.login(each.who), channel=IMPORT)
        self.activities |= self._stored(Activity, "activity", fresh)

    def _tasks(self, things: Lined) -> None:
        fresh = {each.id: self._task(each) for each in self._placed("task", things)}
        busy = self._busy(fresh.values())
        blocked = [n for n, task in fresh.items() if _plan(task) and (task.deal_id, task.title) in busy]
        for number in blocked:
            self.into.behind[Word("plural", "tasks")] += 1
            del fresh[number]
        self._stored(Task, "task", fresh)

    def _task(self, task: Task) -> Task:
        login = self.into.login
        stage = task.must if task.must is None or self.into.policy.stage(task.must) is not None else None
        return replace(
            task,
            assignee=login(task.assignee),
            done_by=login(task.done_by),
            late_by=login(task.late_by),
            activity_id=self.activities.get(task.activity_id or 0),
            must=stage,
        )

    def _busy(self, tasks: Any) -> set[tuple[int | None, str]]:
        """(deal, title) of the open next steps that cannot come: their deal has another one."""
        plans = [task for task in tasks if _plan(task)]
        deals = [task.deal_id for task in plans]
        found = self.door.find(Task, deal_id=deals, kind=FOLLOW, state=OPEN, standing=KEPT) if deals else []
        others = {each.deal_id for each in found if each.system != self.into.system}
        return {(task.deal_id, task.title) for task in plans if task.deal_id in others}

    def _counted(self, word: str, things: Lined) -> list[Any]:
        """Those that count; the others stay behind, counted by what they are."""
        kept = [each for _, each in things if each.standing in COUNTED]
        if lost := len(things) - len(kept):
            self.into.behind[Word("plural", BY_WORD[word].plural)] += lost
        return kept

    def _placed(self, word: str, things: Lined) -> list[Any]:
        """The same with deal and customer as they are here; what belongs to a deal that is left out stays behind."""
        found = []
        for each in self._counted(word, things):
            deal, customer = self.into.deals.get(each.deal_id or 0), self.into.customers.get(each.customer_id or 0)
            if (each.deal_id and deal is None) or (each.customer_id and customer is None):
                self.into.behind[say("what belongs to deals that are left out")] += 1
            else:
                found.append(replace(each, deal_id=deal, customer_id=customer))
        return found

    def _stored(self, noun: type[Any], word: str, fresh: Mapping[int, Any]) -> dict[int, int]:
        """Number there → number here, of those that came before and those that are added now."""
        names: Sequence[str] = [ref(word, number) for number in fresh]
        system = self.into.system
        found = self.door.find(noun, system=system, external_id=names, standing=KEPT) if names else []
        here = {each.external_id: each for each in found}
        numbers = {}
        for number, each in fresh.items():
            name = ref(word, number)
            made = replace(each, id=0, version=1, system=system, external_id=name, created_by=self._by(each))
            if name in here:
                self.into.compare(here[name], made, APART[word])
                numbers[number] = here[name].id
            else:
                numbers[number] = self.door.add(made).id
                self.into.made += 1
        return numbers

    def _by(self, each: Any) -> str:
        return self.into.login(each.created_by) or ""


def _plan(task: Task) -> bool:
    return task.kind == FOLLOW and task.state == OPEN
