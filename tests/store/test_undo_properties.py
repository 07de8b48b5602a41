"""undo∘do = identity, and undo∘undo∘do = do, on what is stored, versions aside; on both engines."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from oppcli.actions import attaching, deals, moves, policies, values
from oppcli.actions.act import Act
from oppcli.actions.standings import restore, withdraw
from oppcli.actions.undo import undo
from oppcli.errors import OppError
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.policy import template
from oppcli.store.doors import WriteDoor
from oppcli.words.kinds import PLAIN

POLICY = template("blank", "en")
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = some.sampled_from(["", "a", "$(b) 'c'", "两 个", "[x] {y}", "  z"])
FIELDS = {
    "title": some.sampled_from(["A", "B b", "$(c)"]),
    "amount": some.sampled_from(["", "0", "5000", "12.50"]),
    "discount": some.sampled_from(["", "0", "12.5"]),
    "tier": TEXTS,
    "product": TEXTS,
    "tags": some.sampled_from(["", "vip", "vip, new"]),
    "expected_close": some.sampled_from(["", "2026-12-31"]),
    "customer": some.sampled_from(["", "Acme", "Bolt & Co"]),
}
EDITS = some.dictionaries(some.sampled_from(sorted(FIELDS)), some.none(), min_size=1).flatmap(
    lambda chosen: some.fixed_dictionaries({name: FIELDS[name] for name in chosen})
)
Verb = Callable[[Act, Deal], Any]
VERBS: some.SearchStrategy[Verb] = some.one_of(
    EDITS.map(lambda sets: lambda act, deal: deals.edit(act, deal, values.Typed(tuple(sets.items())), reading=PLAIN)),
    some.sampled_from(["ann", "bob"]).map(lambda to: lambda act, deal: deals.assign(act, deal, to)),
    some.sampled_from(["Lead", "Open", "Won"]).map(lambda to: lambda act, deal: moves.advance(act, deal, to)),
    some.just(lambda act, deal: moves.lose(act, deal, reason="Price")),
    some.just(lambda act, deal: moves.reopen(act, deal, note="again")),
    some.just(lambda act, deal: attaching.attach(act, deal, Path(__file__), "test")),
    some.just(lambda act, deal: withdraw(act, f"D-{deal.id}", why="twice")),
    some.just(lambda act, deal: restore(act, f"D-{deal.id}")),
)


class Office:
    """One deal, and ann, an admin, who does everything a minute later than the last."""

    def __init__(self, door: WriteDoor) -> None:
        self.door, self.minutes = door, count(1)
        for login in ("ann", "bob"):
            door.add(User(login=login, name=login, roles=("admin", "sales")))
        self.start = door.at
        policies.apply(self.act(), POLICY)
        deals.capture(self.act(), values.Typed((("title", "A"),)), owner=None, reading=PLAIN)

    def act(self) -> Act:
        now = self.start + next(self.minutes) * 60_000
        self.door.begin(Stamp(actor="ann", now=now, command="test", os_user="ann"))
        return Act(self.door)

    def stored(self) -> Any:
        """What there is, but for versions and when something was touched last."""
        found = self.door.find(Deal)
        live = [replace(deal, version=0, updated_at=0) for deal in found]
        files = [replace(file, version=0) for file in self.door.find(File, standing="live")]
        customers = [replace(customer, version=0) for customer in self.door.find(Customer, standing="live")]
        return live, files, customers

    def do(self, verb: Verb) -> bool:
        """Whether the rules allowed it, and it wrote something."""
        act = self.act()
        try:
            with self.door.whole():
                verb(act, self.door.get(Deal, 1))
        except OppError:
            return False
        return bool(self.door.entries)


@pytest.fixture
def office(door: WriteDoor) -> Office:
    return Office(door)


@FEW
@given(earlier=some.lists(VERBS, max_size=4), last=VERBS)
def test_an_undo_puts_everything_back_and_an_undo_of_it_does_it_again(
    office: Office, earlier: list[Verb], last: Verb
) -> None:
    for verb in earlier:
        office.do(verb)
    before = office.stored()
    if not office.do(last):
        return
    after = office.stored()
    undo(office.act(), None, note="why")
    undone, run = office.stored(), office.door.run
    undo(office.act(), run, note="why")
    assert (undone, office.stored()) == (before, after)
