"""The `:names` that a typed SQL statement asks for, outside of its texts, names in quotes and comments."""

import re

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Said, say

_PARTS = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<cast>::)
    |(?P<name>(?<![\w:]):(?P<word>[A-Za-z_]\w*))
    |(?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)
READING = ("select", "with", "values", "table", "explain")


def names(sql: str) -> list[str]:
    """Every name that has to be given a value, once, in order."""
    return list(dict.fromkeys(match["word"] for match in _PARTS.finditer(sql) if match["word"]))


def spelt(sql: str, name: str) -> str:
    """The statement with its names as a driver spells them: `%({})s` makes `:day` `%(day)s`. Other `%` are doubled."""

    def written(match: re.Match[str]) -> str:
        return name.format(match["word"]) if match["word"] else match[0].replace("%", "%%")

    pieces, place = [], 0
    for match in _PARTS.finditer(sql):
        pieces += [sql[place : match.start()].replace("%", "%%"), written(match)]
        place = match.end()
    return "".join((*pieces, sql[place:].replace("%", "%%")))


def single(sql: str) -> str:
    """The one statement there is, without the semicolon behind it. Refused for none, for several, and for one that does
    anything but read."""
    ends = [match.start() for match in _PARTS.finditer(sql) if match["end"]]
    text = sql[: ends[0]] if ends else sql
    rest = _PARTS.sub(lambda match: "" if match["comment"] or match["end"] else match[0], sql[len(text) :])
    plain = _PARTS.sub(lambda match: " " if match["comment"] else match[0], text).strip()
    if not plain:
        raise _refused(say("there is no statement"))
    if rest.strip():
        raise _refused(say("one statement at a time"))
    first = first_word(plain)
    if first not in READING:
        word = first or plain[:1]
        raise _refused(
            say("only reading is allowed: a statement begins with SELECT or WITH, not with {word}", word=word)
        )
    if re.search(r"\bcredential\b", _without_texts(text), re.IGNORECASE):
        raise _refused(say("what PINs are checked against is nobody's to read"))
    return text.strip()


def first_word(sql: str) -> str:
    """The word a statement begins with, brackets and comments before it left out; empty where it is none."""
    begins = re.match(r"[\s(]*(\w*)", _PARTS.sub(lambda match: " " if match["comment"] else match[0], sql))
    return begins[1].lower() if begins else ""


def _without_texts(sql: str) -> str:
    return _PARTS.sub(lambda match: match[0] if match[0].startswith('"') else " ", sql)


def _refused(said: Said) -> UsageError:
    return UsageError(said, hint=command("sql", "--help"))
