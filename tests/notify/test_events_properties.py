"""However a receiver behaves: it is told of each change that was committed, in order, at least once, under one id."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from office import HOUR, MINUTE, Office
from test_outbox_properties import DOWN, KILLED, NO, SILENT, YES, Killed

from oppcli import store
from oppcli.actions.outbox import events
from oppcli.errors import Undelivered
from oppcli.model.deals import Deal, Stage

GONE = "rolled back"


class Scripted:
    """A channel of events that does what the test says, and yes when that is used up."""

    limit = 1.0

    def __init__(self, name: str, script: list[str]) -> None:
        self.name, self.script = name, script
        self.taken: list[tuple[str, str]] = []

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        move = self.script.pop(0) if self.script else YES
        if move in (YES, SILENT, KILLED):
            self.taken.append((key, body["changes"]["title"][1]))
        if move == KILLED:
            raise Killed
        if move != YES:
            raise Undelivered(move, down=move != NO)


class Firm(Office):
    """An office that adds deals and tells."""

    def run(self, channels: list[Scripted], *, after: int) -> None:
        self.now += after
        read = partial(store.open_read, self.url)
        with suppress(Killed):
            events.tell(read, self.writing, [(each, ("deal.*",)) for each in channels], {})

    def add(self, title: str, *, kept: bool) -> None:
        with suppress(Killed), self.writing() as door:
            door.add(Deal(title=title, stage="Lead", owner="wang"))
            if not kept:
                raise Killed


moves = st.lists(st.sampled_from([YES, NO, DOWN, SILENT, KILLED]), max_size=8)
steps = st.lists(st.sampled_from(["deal", GONE, 0, MINUTE, HOUR]), max_size=16)


@settings(max_examples=40, deadline=None)
@given(first=moves, second=moves, story=steps)
def test_each_channel_is_told_of_all_that_was_committed_in_order_and_of_nothing_else(
    new_file: Path, first: list[str], second: list[str], story: list[str | int]
) -> None:
    firm = Firm(str(shutil.copy(new_file, new_file.with_name("events.db"))))
    with firm.writing() as door:
        door.add(Stage(name="Lead", kind="lead", position=1))
    channels = [Scripted("a", list(first)), Scripted("b", list(second))]
    firm.run(channels, after=0)
    committed: list[str] = []
    for number, step in enumerate([*story, *[6 * HOUR] * 16]):
        if isinstance(step, int):
            firm.run(channels, after=step)
        else:
            firm.add(f"{step} {number}", kept=step != GONE)
            committed += [f"{step} {number}"] if step != GONE else []
    for channel in channels:
        once = list(dict.fromkeys(channel.taken))
        assert [title for _, title in once] == committed
        assert len({key for key, _ in once}) == len(committed)
        assert [int(key[1:]) for key, _ in once] == sorted(int(key[1:]) for key, _ in once)
