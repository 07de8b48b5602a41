"""A small team with a database, channels, and a clock that the test sets."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from oppcli import store
from oppcli.actions import outbox
from oppcli.model.approver import user
from oppcli.model.deliveries import Delivery
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.model.people import User
from oppcli.model.policy import Calendar, Policy
from oppcli.store.doors import WriteDoor

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MONDAY = 1_772_413_200_000
"""2026-03-02 09:00 in Shanghai, when the office opens."""
CALENDAR = Calendar(name="cn", timezone="Asia/Shanghai", week=(((540, 1080),),) * 5 + ((), ()))
POLICY = Policy(
    name="team",
    currency="CNY",
    calendar="cn",
    fallback=(user("wang"),),
    stages=(),
    types={},
    calendars={"cn": CALENDAR},
    roles={"finance": ("chen",)},
)
PEOPLE = (
    User(login="chen", name="陈晨", email="chen@example.com"),
    User(login="li", name="李雷", email="li@example.com"),
    User(login="wang", name="王芳", email="wang@example.com"),
)


class Office:
    """Tell people things, and deliver."""

    def __init__(self, url: str, *channels: outbox.Channel) -> None:
        self.url, self.channels, self.now = url, list(channels), MONDAY + HOUR
        self.wait_ms = 10_000
        with self.writing() as door:
            for person in PEOPLE:
                door.add(person)

    def writing(self) -> AbstractContextManager[WriteDoor]:
        stamp = Stamp(actor="system", now=self.now, channel="tick", command="tick")
        return store.open_write(self.url, stamp, wait_ms=self.wait_ms)

    def tell(self, to: str, *texts: str, kind: str = "opened") -> None:
        with self.writing() as door:
            for text in texts:
                door.add(Notice(to=to, kind=kind, text=text, at=door.at))

    def deliver(self, *, after: int = 0) -> outbox.Summary:
        """What `opp tick` does, so many milliseconds later."""
        self.now += after
        return outbox.deliver(self.writing, self.channels, POLICY)

    def change(self, login: str, **fields: Any) -> None:
        from dataclasses import replace

        with self.writing() as door:
            before = door.get(User, login)
            door.save(before, replace(before, **fields))

    def notices(self) -> list[Notice]:
        with store.open_read(self.url) as door:
            return door.find(Notice)

    def deliveries(self) -> list[Delivery]:
        with store.open_read(self.url) as door:
            return door.find(Delivery)

    def states(self) -> dict[str, str]:
        """Text of each notice → sent, queued, waiting, or why it goes nowhere."""
        return {each.text: state(each) for each in self.notices()}

    def journal(self) -> int:
        with store.open_read(self.url) as door:
            return int(door.rows("SELECT count(*) FROM journal")[0][0])


def state(notice: Notice) -> str:
    if notice.sent_at is not None:
        return "sent"
    return notice.unsent or ("waiting" if notice.queued_at is None else "queued")


def lines(failures: Iterable[outbox.Failure]) -> list[tuple[str, str, str]]:
    return [(failure.channel, failure.to, failure.error) for failure in failures]


def points(texts: Sequence[str]) -> list[list[str]]:
    """The lines of digests that stand for notices."""
    return [[line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")] for text in texts]
