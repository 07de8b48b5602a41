"""The flags every command knows (`--db`, `--as`, `--now` …): one table, accepted before or after the command."""

from oppcli.errors import UsageError
from oppcli.model.command import BLANK
from oppcli.model.said import say

VALUED = {
    "--db": ("db", "PATH|URL", "database file, or postgresql:// address (OPP_DB)"),
    "--as": ("actor", "LOGIN", "act as this person; the journal keeps the OS login too (OPP_USER)"),
    "--now": ("now", "INSTANT", "pretend it is this time, ISO 8601 with offset (OPP_NOW)"),
    "--tz": ("tz", "ZONE", "time zone of dates typed and shown (OPP_TZ)"),
    "--color": ("color", "WHEN", "auto, always or never"),
    "--wait": ("wait", "SECONDS", "how long to wait for another writer (default 10)"),
}
SWITCHES = {
    "--quiet": ("quiet", "print ids only, no notices"),
    "-q": ("quiet", ""),
    "--verbose": ("verbose", "say more on stderr"),
    "-v": ("verbose", ""),
    "--no-input": ("no_input", "never ask (OPP_NO_INPUT)"),
}
FREE_TEXT = {"-m", "--message", "--set", "--title", "--name", "--next-step", "--detail"}
"""What follows these is text and never a flag of ours."""


def refuse_blanks(argv: list[str]) -> None:
    """Refuse a printed command that was pasted with its blanks: `-m …` is no reason, and would be kept as one."""
    for before, word in zip(["opp", *argv], argv, strict=False):
        if word == BLANK or word.endswith(f"={BLANK}"):
            raise UsageError(say("{word} is still to be filled in", word=f"{before} {word}" if word == BLANK else word))


def split(argv: list[str]) -> tuple[dict[str, str | bool], list[str]]:
    """The global flags found in `argv`, and the words that remain for the command. Words after `--` are left alone."""
    flags: dict[str, str | bool] = {}
    rest: list[str] = []
    words = iter(argv)
    previous = ""
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest.append(word)
            rest.extend(words)
        elif previous in FREE_TEXT:
            rest.append(word)
        elif word in SWITCHES:
            flags[SWITCHES[word][0]] = True
        elif name in VALUED:
            given = value if equals else next(words, None)
            if given is None:
                raise UsageError(say("{name} needs a value: {name} {valued}", name=name, valued=VALUED[name][1]))
            flags[VALUED[name][0]] = given
        else:
            rest.append(word)
        previous = word
    return flags, rest


def help_lines() -> list[tuple[str, str]]:
    """Rows for `opp --help`."""
    rows = [(f"{name} {metavar}", text) for name, (_, metavar, text) in VALUED.items()]
    short = {"--quiet": "-q, --quiet", "--verbose": "-v, --verbose", "--no-input": "--no-input"}
    switches = [(short[name], text) for name, (_, text) in SWITCHES.items() if text]
    return [*rows, *switches, ("--version", "print the version")]
