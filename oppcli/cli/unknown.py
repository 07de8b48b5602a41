"""Words that are no commands, and the commands that were meant. A word that is like nothing is not guessed at."""

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
"""Words that people type where there is no such command, and what they mean."""


def no_such_command(known: list[str], *path: str) -> UsageError:
    """The refusal of a word that is no command, with what was probably meant: by the table, else by how it is spelt,
    else the help."""
    from oppcli.words.spelling import ALIKE, nearest_word

    *above, word = path
    near = nearest_word(word, known, alike=ALIKE)
    meant = ELSEWHERE.get(word) if not above else None
    hint = command(*(meant or (*above, near or "--help")))
    return UsageError(say("no such command: opp {words}", words=" ".join(path)), hint=hint)
