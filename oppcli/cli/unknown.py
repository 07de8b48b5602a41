"""Words that are no commands, and the commands that were meant. A word that is like nothing is not guessed at."""

from collections.abc import Sequence

from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.said import say

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "edit": ("deal", "edit", "D-142"),
    "search": ("ls", "--text", BLANK),
    "find": ("ls", "--text", BLANK),
    "whoami": ("user", "whoami"),
    "list": ("ls",),
    "history": ("deal", "history", "D-142"),
    "assign": ("deal", "assign", "D-142", "--to", "LOGIN"),
    "attach": ("deal", "attach", "D-142", "FILE", "--kind", BLANK),
    "reopen": ("deal", "reopen", "D-142", "-m", BLANK),
    "qualify": ("lead", "qualify", "D-142"),
    "plan": ("request", "plan", "D-142", "TYPE"),
    "recall": ("request", "recall", "R-31"),
    "return": ("request", "return", "R-31", "-m", BLANK),
    "check": ("policy", "check", "FILE"),
    "backup": ("db", "backup", "FILE"),
    "upgrade": ("db", "upgrade"),
    "redo": ("undo", "--list"),
    "delete": ("withdraw", "D-142", "-m", BLANK),
    "remove": ("withdraw", "D-142", "-m", BLANK),
}
"""Words that people type where there is no such command, and what they mean, with examples of what it takes."""
SPELT = {"--message": "-m"}
"""Flags by the spelling that the lines above have."""


def no_such_command(known: list[str], *path: str, rest: Sequence[str] = (), below: Sequence[str] = ()) -> UsageError:
    """The refusal of a word that is no command, with what was probably meant: by the table, else as a verb that one
    noun alone has (of `below`), else by how it is spelt, else the help. What was typed behind the word stands in the
    line that is meant, too."""
    from oppcli.words.spelling import ALIKE, nearest_word

    *above, word = path
    near = nearest_word(word, known, alike=ALIKE)
    meant = ELSEWHERE.get(word) if not above else None
    if meant is None and len(below) == 1:
        above, near = [*below], word
    line = filled(meant, rest) if meant else (*above, near, *rest) if near else (*above, "--help")
    return UsageError(say("no such command: opp {words}", words=" ".join(path)), hint=command(*line))


def filled(meant: Sequence[str], rest: Sequence[str]) -> tuple[str, ...]:
    """The line that is meant, with what was typed in the place of its examples. What was not typed stays an example; of
    a line without examples only flags are kept."""
    flag = next((at for at, word in enumerate(meant) if word.startswith("-")), len(meant))
    begins = next((at for at, word in enumerate(rest) if word.startswith("-")), len(rest))
    typed, named = rest[:begins], [word for word in meant[:flag] if word.isupper()]
    behind = _lacking(meant[flag:], rest[begins:])
    if not named:  # it takes a text at most
        behind = [*behind[:-1], " ".join(typed)] if behind[-1:] == [BLANK] and typed else behind
        typed = ()
    return (*meant[: flag - len(named)], *typed, *named[len(typed) :], *behind, *rest[begins:])


def _lacking(flags: Sequence[str], typed: Sequence[str]) -> list[str]:
    """The flags with their examples but for those that were typed, by another spelling, too."""
    there = {SPELT.get(word.partition("=")[0], word.partition("=")[0]) for word in typed}
    pairs = [flags[at : at + 2] for at in range(0, len(flags), 2)]
    return [word for pair in pairs if pair[0] not in there for word in pair]
