"""What `opp --help` lists, and `opp help commands`."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.cli.globals import help_lines
from oppcli.model.command import command
from oppcli.model.said import say

START: dict[str, str] = {
    "init": "make a database with a policy and you as its first user",
    "add": "capture a lead: title, customer, amount",
    "note": "a call or mail in one line, and when to be in touch again",
    "next": "what waits for you, the most urgent first",
    "ls, show": "the deals; one deal or request: what it is and what it needs",
    "gate, advance": "what the next stage wants; on to it, if its gate lets it",
    "submit": "ask for an approval",
    "inbox, approve": "what waits for your decision; say yes to a request",
    "board, report": "who has what now; how many, how long, how often won",
    "import": "read another program's file of deals, people, approvals",
}
"""What somebody types first, with what it is for."""
FIRST_WEEK, HELP = command("help", "first-week"), command("help")
Sections = Mapping[str, Sequence[tuple[str, str]]]


def sections(names: Sequence[str], tree: Mapping[str, Any]) -> Sections:
    """The nouns of `tree` by their section (`names`, in order), each with what is said of it."""
    return {name: [(noun, place.help) for noun, place in tree.items() if place.section == name] for name in names}


def brief(opp: Any, formatter: Any, sections: Sections) -> None:
    """24 lines: where to start, then the nouns by section."""
    formatter.write_usage("opp", "COMMAND")
    with formatter.section("Start here"):
        formatter.write_dl(list(START.items()))
    formatter.write_paragraph()
    told = getattr(formatter, "told", str)
    with formatter.indentation():
        formatter.write_dl([(told(section), " ".join(name for name, _ in rows)) for section, rows in sections.items()])
    formatter.write_paragraph()
    tried = say("{demo}: see it at work; {week}: a team's first week", demo=command("demo"), week=FIRST_WEEK)
    every = say("{all}: every command and flag; {help}: all topics", all=command("help", "commands"), help=HELP)
    formatter.write(f"{opp.spoken(tried)}\n{opp.spoken(every)}\n")


def whole(formatter: Any, sections: Mapping[str, Sequence[Any]], shortcuts: Mapping[str, tuple[str, str]]) -> None:
    """Every command by its section, the shortcuts, the flags for every command. `sections`: words and command."""
    for section, found in sections.items():
        with formatter.section(section):
            formatter.write_dl([(" ".join(path), formatter.first_sentence(verb.help or "")) for path, verb in found])
    with formatter.section("Shortcuts"):
        formatter.write_dl([(name, f"opp {noun} {verb}") for name, (noun, verb) in shortcuts.items()])
    with formatter.section("Flags for every command"):
        formatter.write_dl(help_lines())
