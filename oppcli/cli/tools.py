"""Commands as tools of an agent: which there are, what each takes, and a call of one, which is the command itself."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from oppcli.cli import described
from oppcli.cli.context import Context
from oppcli.cli.failure import body
from oppcli.errors import OppError
from oppcli.model.journal import AGENT
from oppcli.reads.index import MODULES
from oppcli.rules import rights, verbs
from oppcli.speech import ENGLISH, PLAIN
from oppcli.tuples import NamedTuple

NAMES = "ls show gate inbox board report fields add edit advance attach note submit".split()
"""What an agent is offered, where there is a command of that name, or one of deals: `edit` is `deal edit`."""
UNASKED = frozenset("output out json csv ids no_header excel watch interval since_last exit_code answer editor".split())
"""Parameters that an agent does not give: how it is answered is fixed, and nothing goes to a file or an editor."""
OF_TEXT, OF_WHOLE, OF_FLAG = (str, int, float), (int,), (bool,)
KINDS: Mapping[Any, str] = {OF_TEXT: "text", OF_WHOLE: "a whole number", OF_FLAG: "true or false"}
INTERRUPTED = 130


class Wrong(Exception):
    """A call that is none: there is no such tool or argument, or a value of another kind."""


class Tool(NamedTuple):
    """A command, or those below a noun, as an agent sees them."""

    name: str
    commands: Mapping[str, Any]
    """By what chooses between them; the only one by nothing."""
    params: Mapping[str, Mapping[str, Any]]
    """By the name of the argument: what `described` says of the parameter."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return all(each.path in MODULES for each in self.commands.values())


def found(tree: Any) -> dict[str, Tool]:
    """The tools there are, by name. One whose command there is not is left out until there is."""
    named = ((name, tree.get_command(None, name) or _of_deals(tree, name)) for name in NAMES)
    return {name: _tool(name, found) for name, found in named if found is not None}


def _of_deals(tree: Any, name: str) -> Any:
    return tree.get_command(None, "deal").get_command(None, name)


def _tool(name: str, command: Any) -> Tool:
    if not hasattr(command, "list_commands"):
        return Tool(name, {"": command}, _params(name, command))
    below = {verb: command.get_command(None, verb) for verb in command.list_commands(None)}
    chosen = {"name": name, "place": True, "help": "", "metavar": "", "type": "text", "values": list(below)}
    params: dict[str, dict[str, Any]] = {name: {**chosen, "required": True, "many": False}}
    for verb, each in below.items():
        for key, param in _params(verb, each).items():
            known = params.setdefault(key, {**param, "values": []})
            known["values"] = list(dict.fromkeys([*known["values"], *param["values"]]))
    return Tool(name, below, params)


def _params(name: str, command: Any) -> dict[str, dict[str, Any]]:
    """`waiting_on` of `--waiting-on`."""
    told = described.described([name], command, without=UNASKED)
    places = [{**each, "place": True} for each in told["arguments"]]
    return {each["name"].lstrip("-").replace("-", "_"): each for each in [*places, *told["flags"]]}


def listed(tool: Tool, opp: Context) -> dict[str, Any]:
    """The tool for `tools/list`: its help, in the language of who is answered, and the schema of its arguments."""
    properties = {key: _schema(param, opp) for key, param in tool.params.items()}
    return {
        "name": tool.name,
        "description": _help(tool, opp),
        "inputSchema": {
            "type": "object",
            "properties": properties,
            "required": [key for key, param in tool.params.items() if param["required"]],
            "additionalProperties": False,
        },
        "annotations": {"readOnlyHint": tool.reads},
    }


def _help(tool: Tool, opp: Context) -> str:
    """What the command does; what each below a noun does, by its name. Examples are lines of a shell, left out."""
    lines = []
    for verb, command in tool.commands.items():
        parts = [part for part in (command.help or "").split("\n\n") if not part.lstrip("\b\n").startswith("opp ")]
        text = " ".join(_told(opp, " ".join(part.split())) for part in parts)
        lines.append(f"{verb}: {text}" if verb else text)
    return "\n".join(lines)


def _told(opp: Context, text: str) -> str:
    from oppcli.cli.helping import Spoken

    return text if opp.voice.lang == ENGLISH or not text else Spoken(opp.voice, 80).told(text)


def _schema(param: Mapping[str, Any], opp: Context) -> dict[str, Any]:
    one: dict[str, Any] = {"type": {"bool": "boolean", "int": "integer"}.get(param["type"], "string")}
    if param["values"]:
        one["enum"] = param["values"]
    told = [_told(opp, param["help"]), param["metavar"]]
    about = {"description": " · ".join(filter(None, told))} if any(told) else {}
    return {"type": "array", "items": one} | about if param["many"] else one | about


def line(tool: Tool, given: Mapping[str, Any]) -> list[str]:
    """The words of the command with these arguments. Raises `Wrong` with all that is wrong: no such argument, another
    kind of value, one behind a place that is empty; what is missing and what a value means the command itself says."""
    given = {name: value for name, value in given.items() if value is not None}
    if faults := list(_faults(tool, given)):
        raise Wrong("; ".join(faults))
    verb = "" if "" in tool.commands else given.pop(tool.name)
    typed = [(param, _words(param, given[name])) for name, param in tool.params.items() if name in given]
    options = [word for param, words in typed if not param.get("place") for word in words]
    places = [word for param, words in typed if param.get("place") for word in words]
    return [*tool.commands[verb].path.split(), "--output=json", *options, "--", *places]


def _faults(tool: Tool, given: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong with the arguments of a call."""
    if unknown := [name for name in given if name not in tool.params]:
        yield f"{tool.name} has no argument {', '.join(map(repr, unknown))}; it has {', '.join(tool.params)}"
    verb = given.get(tool.name)
    chosen = "" not in tool.commands
    if chosen and not (isinstance(verb, str) and verb in tool.commands):
        yield f"{tool.name} has to be one of {', '.join(tool.commands)}"
    params = {name: param for name, param in tool.params.items() if not (chosen and name == tool.name)}
    for name, param in params.items():
        if not all(_fits(param, each) for each in _each(param, given.get(name))):
            yield f"{name} has to be {KINDS[_kinds(param)]}"
    places = [name for name, param in params.items() if param.get("place")]
    last = max((place for place, name in enumerate(places) if name in given), default=0)
    yield from (f"{name} is missing before {places[last]}" for name in places[:last] if name not in given)


def _kinds(param: Mapping[str, Any]) -> tuple[type, ...]:
    return {"bool": OF_FLAG, "int": OF_WHOLE}.get(param["type"], OF_TEXT)


def _fits(param: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is of the parameter's kind: a yes or no is no number, as Python has it."""
    kinds = _kinds(param)
    return isinstance(value, kinds) and isinstance(value, bool) == (kinds is OF_FLAG)


def _each(param: Mapping[str, Any], value: Any) -> list[Any]:
    if value is None:
        return []
    return value if param["many"] and isinstance(value, list) else [value]


def _words(param: Mapping[str, Any], value: Any) -> list[str]:
    """A value as it is typed: bound to its flag, so that no value is ever read as a flag."""
    several = _each(param, value)
    if param.get("place"):
        return list(map(str, several))
    if _kinds(param) is OF_FLAG:
        return [param["name"]] if any(several) else []
    return [f"{param['name']}={each}" for each in several]


def call(opp: Context, words: Sequence[str]) -> dict[str, Any]:
    """Run the command as whoever acts, through the channel `agent`, and answer with what it says: its JSON, or with
    `isError` the object of its error. Nothing of it reaches the streams of this process."""
    from oppcli.cli.app import run

    context = Context({**opp.flags, "no_input": True})
    context.channel = AGENT
    with _streams() as (out, err):
        code = run(list(words), context)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    answer, beside = out.getvalue().strip(), err.getvalue().strip()
    if code and not answer:
        return told(beside.splitlines()[-1] if beside else str(code), error=True)
    return told(answer, *filter(None, [beside]), error=bool(code))


def told(*texts: str, error: bool = False) -> dict[str, Any]:
    """The result of a call; what was said beside the answer is a text of its own behind it."""
    return {"content": [{"type": "text", "text": text} for text in texts], "isError": error}


def refused(error: OppError) -> dict[str, Any]:
    """The result of a call that is refused before any command runs, as the command tells it."""
    return told(json.dumps({"error": body(error, PLAIN)}, ensure_ascii=False), error=True)


@contextmanager
def _streams() -> Iterator[tuple[StringIO, StringIO]]:
    """Streams of its own for one command: it reads nothing, and what it writes is kept."""
    stdin, sys.stdin = sys.stdin, StringIO()
    try:
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            yield out, err
    finally:
        sys.stdin = stdin


def for_people(name: str) -> OppError | None:
    """The refusal of a verb that decides or moves authority, whatever a tool of that name would be called; None for
    any other name."""
    spelt = " ".join(name.replace("_", " ").replace(".", " ").split())
    for verb in filter(verbs.signed, verbs.names()):
        short = verb.partition(" ")[2]
        if spelt in (verb, short, verb.replace("-", " "), short.replace("-", " ")) or verb.startswith(f"{spelt} "):
            return rights.not_by_agent(verb)
    return None
