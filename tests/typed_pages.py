"""The console blocks of a page: its commands, what it says they print, and the page with other answers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^\$ .*\n(?:> .*\n)*", re.MULTILINE)


class Typed(NamedTuple):
    """A command as the page shows it, with its prompts, and what the page says it prints."""

    command: str
    answer: str

    @property
    def lines(self) -> str:
        """What a shell is given: without the prompts."""
        return "\n".join(line[2:] for line in self.command.splitlines())


def tour(text: str) -> list[Typed]:
    """The commands of all console blocks of a page, in order; lines that go on begin with `> `."""
    found = []
    for block in BLOCK.findall(text):
        starts = [match.start() for match in TYPED.finditer(block)]
        for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
            said = TYPED.match(block, start)
            assert said is not None
            found.append(Typed(said[0], block[said.end() : end]))
    return found


def written(text: str, answers: Iterable[str]) -> str:
    """The page with these answers below its commands."""
    rest = iter(answers)

    def filled(block: re.Match[str]) -> str:
        commands = TYPED.findall(block[1])
        return "```console\n" + "".join(command + next(rest) for command in commands) + "```"

    return BLOCK.sub(filled, text)
