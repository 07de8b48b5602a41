"""The one loop of what is due at a time: each kind is woken once, a later kind hangs in by one entry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from oppcli import store
from oppcli.actions import due
from oppcli.actions.act import Act
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.store.doors import ReadDoor

NOW = 1_773_000_000_000


class Reminders:
    """A made-up noun: people are reminded once, at the time in their address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.transactions = 0

    def due(self, door: ReadDoor, now: int) -> Sequence[int]:
        waiting = [user for user in door.find(User) if user.email]
        return [int(user.login[1:]) for user in waiting if int(user.email or 0) <= now]

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
        kind = due.Kind("reminder", self.due, self.wake)
        return due.run(NOW, lambda: store.open_read(self.url), self.act, (kind,))


@pytest.fixture
def reminders(db_url: str) -> Reminders:
    with store.open_write(db_url, Stamp(actor="system", now=NOW)) as door:
        door.add_many(User(login=f"u{n}", name="x", email=str(NOW - n)) for n in range(1, 251))
        door.add(User(login="u999", name="x", email=str(NOW + 1)))
    return Reminders(db_url)


def test_everything_due_is_woken_once_in_transactions_of_a_hundred(reminders: Reminders) -> None:
    assert len(reminders.run()) == 250
    assert reminders.transactions == 3
    assert reminders.run() == ()
    assert reminders.transactions == 3, "nothing is due: no lock is taken"


def test_requests_are_woken_by_the_same_loop() -> None:
    assert [kind.noun for kind in due.kinds()] == ["request"]
