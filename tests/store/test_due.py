"""The one loop of what is due at a time: each kind is woken once, a later kind hangs in by one entry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from oppcli import store
from oppcli.actions import due
from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.store.doors import WriteDoor
from oppcli.store.fired import fire, when

NOW = 1_773_000_000_000


class Reminders:
    """A made-up noun: people are reminded once, at the time in their address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.transactions = 0

    def due(self, look: Look) -> Sequence[int]:
        waiting = [user for user in look.door.find(User) if user.email]
        return [int(user.login[1:]) for user in waiting if int(user.email or 0) <= look.now]

    def wake(self, act: Act, numbers: Sequence[int]) -> Iterator[str]:
        from dataclasses import replace

        for number in numbers:
            user = act.door.get(User, f"u{number}")
            if user.email:
                act.door.save(user, replace(user, email=None))
                yield f"{user.login} reminded"

    @contextmanager
    def act(self) -> Iterator[Act]:
        self.transactions += 1
        with store.open_write(self.url, Stamp(actor="system", now=NOW)) as door:
            yield Act(door)

    def run(self) -> tuple[str, ...]:
        kind = Kind("reminder", self.due, self.wake)
        return due.run(NOW, lambda: store.open_read(self.url), self.act, (kind,))


@pytest.fixture
def reminders(db_url: str) -> Reminders:
    with store.open_write(db_url, Stamp(actor="system", now=NOW)) as door:
        door.add_many(User(login=f"u{n}", name="x", email=str(NOW - n)) for n in range(1, 1201))
        door.add(User(login="u9999", name="x", email=str(NOW + 1)))
    return Reminders(db_url)


def test_everything_due_is_woken_once_in_transactions_of_five_hundred(reminders: Reminders) -> None:
    assert len(reminders.run()) == 1200
    assert reminders.transactions == 3
    assert reminders.run() == ()
    assert reminders.transactions == 3, "nothing is due: no lock is taken"


def test_requests_are_woken_by_the_same_loop() -> None:
    assert due.kinds()[0].noun == "request"


class Chain(Reminders):
    """Two watches: what the first does is due for the second at the same instant."""

    def run(self) -> tuple[str, ...]:
        first = Kind("first", self.due, self.wake)
        second = Kind("second", self._reminded, self._told)
        return due.run(NOW, lambda: store.open_read(self.url), self.act, (first, second))

    def _reminded(self, look: Look) -> Sequence[int]:
        return [1] if any(user.login == "u1" and user.email is None for user in look.door.find(User)) else []

    def _told(self, act: Act, numbers: Sequence[int]) -> Iterator[str]:
        if fire(act.door, "user", 1, "told", at=NOW):
            yield "u1 told"


def test_what_one_watch_does_is_due_for_the_next_in_the_same_run(reminders: Reminders) -> None:
    chain = Chain(reminders.url)
    assert chain.run()[-1] == "u1 told"
    assert chain.run() == (), "what has fired for a turn does not fire again"


def test_a_mark_fires_once_for_each_turn_and_keeps_the_instant_it_was_for(door: WriteDoor) -> None:
    assert [fire(door, "task", 7, "escalate 1", cycle=NOW, at=NOW - 5) for _ in range(2)] == [True, False]
    assert fire(door, "task", 7, "escalate 1", cycle=NOW + 1, at=NOW)
    assert when(door, "task", 7, "escalate 1", cycle=NOW) == NOW - 5
    assert when(door, "task", 8, "escalate 1", cycle=NOW) is None


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("[follow]\n", True),
        ("follow = { touch = ['call'] }", True),
        ("  [ follow.survey ]", True),
        ("[[follow]]", True),
        ("name = 'follow'", False),
        ("# follow", False),
        ("[followers]", False),
    ],
)
def test_a_policy_is_not_read_for_a_table_that_it_cannot_have(text: str, has: bool) -> None:
    assert due.may_have(text, "follow") == has
