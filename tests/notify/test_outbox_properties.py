"""Whatever is told and however a receiver behaves: nothing is lost, nothing that was answered for goes out again."""

import shutil
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from office import HOUR, MINUTE, Office, points

from oppcli.errors import Undelivered
from oppcli.model.deliveries import Letter
from oppcli.model.people import User

PEOPLE = ("chen", "li", "wang")
YES, NO, DOWN, SILENT, KILLED = "yes", "no", "down", "silent", "killed"
"""silent: took it and was gone before it said so. killed: took it, and so were we."""


class Killed(BaseException):
    """The end of the process."""


class Scripted:
    """A channel that does what the test says, and yes when that is used up."""

    quiet = False
    by_mail = False
    limit = 1.0

    def __init__(self, name: str, script: list[str]) -> None:
        self.name, self.script = name, script
        self.taken: list[Letter] = []
        self.answered: list[str] = []

    def gap(self, person: User, roles: frozenset[str]) -> str | None:
        return None

    def carries(self, kind: str) -> bool:
        return True

    def send(self, letter: Letter) -> None:
        move = self.script.pop(0) if self.script else YES
        if move in (YES, SILENT, KILLED):
            self.taken.append(letter)
        if move == KILLED:
            raise Killed
        if move != YES:
            raise Undelivered(move, down=move != NO)
        self.answered.append(letter.key)

    def close(self) -> None:
        """Nothing is open."""


moves = st.lists(st.sampled_from([YES, NO, DOWN, SILENT, KILLED]), max_size=12)
steps = st.lists(st.one_of(st.sampled_from(PEOPLE), st.sampled_from([0, MINUTE, HOUR])), max_size=14)


@settings(max_examples=20, deadline=None)
@given(first=moves, second=moves, story=steps)
def test_nothing_is_lost_and_nothing_answered_is_repeated(
    new_file: Path, first: list[str], second: list[str], story: list[str | int]
) -> None:
    url = str(shutil.copy(new_file, new_file.with_name("property.db")))
    channels = Scripted("a", list(first)), Scripted("b", list(second))
    office = Office(url, *channels)
    told: dict[str, list[str]] = {login: [] for login in PEOPLE}
    for step in [*story, *[6 * HOUR] * 16]:
        if isinstance(step, str):
            told[step].append(f"{step} {len(told[step])}")
            office.tell(step, told[step][-1])
        else:
            with suppress(Killed):
                office.deliver(after=step)
    for channel in channels:
        letters = {letter.key: letter for letter in channel.taken}
        arrived = {
            login: [text for letter in letters.values() if letter.login == login for text in points([letter.text])[0]]
            for login in PEOPLE
        }
        # Each notice in one digest, in the order told, and each digest as it was the first time.
        assert arrived == told
        assert all(letter == letters[letter.key] for letter in channel.taken)
        # Answered for once, and never sent again after that.
        assert sorted(channel.answered) == sorted(letters)
        last = {letter.key: place for place, letter in enumerate(channel.taken)}
        assert sorted(last, key=lambda key: last[key]) == channel.answered
    assert set(office.states().values()) <= {"sent"}
