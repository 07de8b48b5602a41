"""Every read, every write, every help and a hundred refusals in a language that nobody speaks: no Latin word stands
outside of the catalogues that is no datum, key, command or code.

The data are those of the Chinese demo, so that few of them are Latin."""

import re
from typing import Any

import pytest
from command_line import Answer, InProcess
from kept import Kept
from nobodys import latin
from test_bad_input import REFUSED
from test_every_command import ARGUMENTS, LINES, READS, commands, desk, named

from oppcli import render
from oppcli.config import SETTINGS
from oppcli.model.deals import CATEGORIES
from oppcli.model.fields import BUILT_IN, of
from oppcli.model.nouns import RECORDS
from oppcli.policy import TEMPLATES

__all__ = ["desk", "named"]
WORD = re.compile(r"[A-Za-z][A-Za-z-]+")
WIDE = {"COLUMNS": "400"}
"""So that no line is broken within a word."""
CHOICES = re.compile(r"ｏｎｅ ｏｆ|ｃｏｌｕｍｎｓ:|ｄｉｄ ｙｏｕ ｍｅａｎ|--[a-z-]+ [a-z]+[|]")
"""What stands beside keys that can be typed."""
KINDS = set("int bool instant date money percent number list object text".split())
OF_READS = {
    "policy explain": {"cn", "Asia", "Shanghai", "record"},  # a calendar and its zone, a sheet
    "policy templates": set(TEMPLATES),
    "report list": {path.removeprefix("report ") for path in READS},
    "mapping list": set("opp zoho hubspot pipedrive salesforce odoo fxiaoke xiaoshouyi".split()),
    "fields": KINDS
    | {name for noun in RECORDS for name in (noun.word, *(field.name for field in of(noun.word)))}
    | {"yes", "no", "unknown", "sha", *CATEGORIES},
    "config list": {word for each in SETTINGS for word in WORD.findall(f"{each.key} {each.default} {each.kind}")}
    | {"en", "true"},
    "sql": set("demo live lead open won lost true false".split()),
    "doctor": {"unset", "utf-", "claim", "root", "bash", "fish", "zsh", "powershell"},
}
"""Keys that reads are made of."""


OF_WRITES = {
    "mail": {"sha", "kim", "example", "com"},
    "contract sign": {"signed"},
    "fact set": {"credit", "credit_limit"},
    "fact fetch": {"credit", "credit_limit"},
}
"""By what a mail is known again, and who wrote it; kinds of files and names of facts."""


@pytest.fixture(scope="module")
def data(chinese: Kept) -> set[str]:
    """What people named in the demo with Latin letters, and what is called so everywhere: fields and currencies."""
    columns = ("login FROM user_account", "roles FROM user_account", "type FROM request", "title FROM deal")
    found = {word for sql in columns for (text,) in chinese.rows(f"SELECT {sql}") for word in WORD.findall(str(text))}
    return found | {*BUILT_IN, "CNY", "USD", "b2b", "BANT", "solution", "last-minute", "neu", "erased", "c-"}


def untold(answer: Answer, known: set[str]) -> list[str]:
    """The lines with a Latin word that is none of these. Beside keys that can be typed there are others."""
    lines = (line for line in (answer.out + answer.err).splitlines() if not CHOICES.search(line))
    return [line for line in lines if latin(line, known)]


OF_TASKS = """
SELECT 'T-' || min(id) FROM task GROUP BY kind, state, substr(coalesce(origin, ''), 1, 5) ORDER BY min(id)
"""
OF_ACTIVITIES = "SELECT 'A-' || min(id) FROM activity GROUP BY kind, direction ORDER BY min(id)"
OF_OTHERS = """
SELECT 'C-' || min(id) FROM customer UNION SELECT 'P-' || min(id) FROM contact UNION SELECT 'X-' || min(id) FROM file
UNION SELECT 'D-' || deal_id FROM tenure GROUP BY deal_id, how
"""


def test_cards_journal_and_timeline_tell_no_code(chinese: Kept, data: set[str], nobody_speaks: None) -> None:
    """Of one thing of each kind, and of each way it came about. A refused attempt names its command."""
    things = [str(name) for sql in (OF_TASKS, OF_ACTIVITIES, OF_OTHERS) for (name,) in chinese.rows(sql) if name]
    lines = [f"{verb} {name}" for name in things for verb in ("show", "log", "timeline")]
    lines = [line for line in lines if not line.startswith("timeline") or line.split()[1][0] in "DCP"]
    said = {line: chinese.opp(f"{line} -v", user="sun", env=WIDE) for line in lines}
    found = {line: bare for line, answer in said.items() if (bare := untold(answer, data | {"deal", "advance"}))}
    assert (len(lines) > 40, found) == (True, {})


def test_a_calendar_tells_kinds_in_words(chinese: Kept, nobody_speaks: None) -> None:
    pytest.importorskip("icalendar")
    answer = chinese.opp("export ics", user="sun").out
    kinds = {line for line in answer.splitlines() if line.startswith("CATEGORIES:")}
    assert (len(kinds) > 2, {kind for kind in kinds if "⟦" not in kind}) == (True, set())


WRITTEN = ("policy show", "policy templates", "mapping show")
"""They give back a text as somebody wrote it."""


def test_reads_tell_nothing_outside_of_the_catalogue(
    chinese: Kept, named: dict[str, str], data: set[str], nobody_speaks: None
) -> None:
    found: dict[str, Any] = {}
    for read in [read for read in READS if read not in WRITTEN]:
        line = f"{read} {ARGUMENTS.get(read, '').format(**named)} -v".replace("export deals", "export deals -o table")
        answer = chinese.opp(line, user="sun", env=WIDE)
        known = data | set(re.findall(r"\w+", line)) | OF_READS.get(read, set())
        found |= {read: lines} if (lines := untold(answer, known)) else {}
    assert found == {}


def test_what_writes_say_is_told_by_the_catalogue(
    desk: tuple[InProcess, dict[str, str]], data: set[str], nobody_speaks: None
) -> None:
    opp, names = desk
    found: dict[str, Any] = {}
    ended: dict[str, Any] = {}
    for name, (user, typed, code) in LINES.items():
        line = typed.format(**names)
        answer = opp(
            line.replace(" -- ", " --dry-run -- ") if " -- " in line else f"{line} --dry-run", user=user, env=WIDE
        )
        ended |= {name: (answer.code, answer.err)} if answer.code != code else {}
        known = data | set(re.findall(r"\w+", typed)) | set(TEMPLATES) | OF_WRITES.get(name, set())
        found |= {name: lines} if (lines := untold(answer, known)) else {}
    assert (ended, found) == ({}, {})


def test_refusals_are_told_by_the_catalogue(
    desk: tuple[InProcess, dict[str, str]], data: set[str], nobody_speaks: None
) -> None:
    opp, _ = desk
    found: dict[str, Any] = {}
    for typed in dict.fromkeys(line for line, _, _ in REFUSED):
        line = typed if typed.startswith(("db ", "init", "config")) else f"{typed}".replace("99", "999")
        answer = opp(line, user="tang", env=WIDE)
        known = data | set(re.findall(r"\w+", line)) | {*TEMPLATES, "DEAL"}
        found |= {line: lines} if (lines := untold(answer, known)) else {}
    assert found == {}


def names_of(command: Any) -> set[str]:
    """What stands for a value in the help of a command, and the words that can be chosen."""
    given = (f"{param.metavar or ''} {param.name} {getattr(param.type, 'choices', '')}" for param in command.params)
    return {word for text in given for word in (*WORD.findall(text), *WORD.findall(text.upper()))}


def test_help_is_told_by_the_catalogue(opp: InProcess, nobody_speaks: None) -> None:
    found: dict[str, Any] = {}
    for path, command in commands():
        examples = {line.strip() for part in (command.help or "").split("\n\n") for line in part.splitlines()[1:]}
        answer = opp(f"{path} --help", env={"COLUMNS": "80"})
        told = Answer(
            answer.code, "\n".join(x for x in answer.out.splitlines() if x.strip() not in examples).encode(), ""
        )
        known = names_of(command) | set(path.split()) | set(render.ALL)
        found |= {path: lines} if (lines := untold(told, known)) else {}
    assert found == {}
