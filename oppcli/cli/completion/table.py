"""What may follow what on the command line: rows read from the command tree, of which every file is made."""

from typing import Any

from oppcli.cli import globals as global_flags
from oppcli.cli.field_words import MANY
from oppcli.cli.topics import summaries
from oppcli.config import SETTINGS
from oppcli.files.mapping_keys import KINDS as ROWS
from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.model.nouns import RECORDS
from oppcli.policy import TEMPLATES
from oppcli.reads import catalog
from oppcli.reads.index import MODULES
from oppcli.render import ALL
from oppcli.tuples import NamedTuple

FILE, FOLDER, NOTHING = "file", "folder", "nothing"
"""Kinds of value that the shell completes itself, and the one nobody can complete."""
KINDS = {
    "DEAL": "deal",
    "REQUEST": "request",
    "DELEGATION": "delegation",
    "TASK": "task",
    "ACTIVITY": "activity",
    "P-4": "contact",
    "FORECAST": "forecast",
    "LOGIN": "user",
    "STAGE": "stage",
    "TYPE": "type",
    "ROLE": "role",
    "TAG": "tag",
    "CUR": "currency",
    "FILE": FILE,
    "OLD": FILE,
    "NEW": FILE,
    "PATH": FILE,
    "PATH|URL": FILE,
    "DIR": FOLDER,
    "FORMAT": "=" + " ".join(ALL),
    "WHEN": "=auto always never",
    "KEY": "=" + " ".join(setting.key for setting in SETTINGS),
    "REF": "ref",
    "NOUN": "=" + " ".join(("visits", *(noun.plural for noun in RECORDS))),
    "NOUN|REF": "described",
    "TOPIC": "=" + " ".join(summaries()),
}
"""What a placeholder in the help stands for: a kind `opp __complete` knows, a shell's own, or `=` and the words."""
SPECIAL = {
    "--owner": "owner",
    "--waiting-on": "owner",
    "--customer": "customer",
    "--source": "source",
    "--reason": "reason",
    "--set": "set",
    "--mapping": "mapping",
    "--template": "=" + " ".join(TEMPLATES),
}
"""Options whose placeholder says too little."""

OF_FIELDS = {"columns": "columns", "sort": "sort", "where_": "where", "by_": "by"}
"""Options that are of a read's fields, with their kind: the place of the read in the tree follows it."""
EVIDENCE = {
    "deal attach": "evidence",
    "import": "=" + " ".join(ROWS),
    **dict.fromkeys(("note", "activity edit", "activity list"), "=" + " ".join(ACTIVITY_KINDS)),
}
"""Commands whose `--kind` is of a list."""
PLACES = {"view run": "view", "view drop": "view", "mapping show": "mapping", "mapping drop": "mapping"}
"""Commands whose argument is called NAME, with whose name it is."""


class Flag(NamedTuple):
    """One spelling of an option."""

    name: str
    help: str
    kind: str | None = None
    """What its value is; None for a switch."""


class Row(NamedTuple):
    """What may follow a command."""

    path: str
    """The words of the command, without `opp`; empty for the program."""
    verbs: tuple[tuple[str, str], ...] = ()
    """Subcommands with their help."""
    flags: tuple[Flag, ...] = ()
    places: tuple[str, ...] = ()
    """Kind of each positional argument; the last one may end in `...` and repeats."""


def rows() -> list[Row]:
    """One row per command, the program first, in the order of the help."""
    from oppcli.cli.app import root

    return list(_below(root(), ()))


def _below(command: Any, path: tuple[str, ...]) -> Any:
    verbs = _verbs(command)
    own = [param for param in command.params if param not in global_flags.of_the_program()]
    flags = tuple(_flag(param, spelling, command) for param in own for spelling in param.opts if _is_flag(param))
    places = tuple(_place(param, path) for param in own if not _is_flag(param))
    helped = Flag("--help", "show this help")
    yield Row(" ".join(path), tuple((name, _first_line(verb)) for name, verb in verbs), (*flags, helped), places)
    for name, verb in verbs:
        yield from _below(verb, (*path, name))


def _verbs(command: Any) -> list[tuple[str, Any]]:
    if not hasattr(command, "list_commands"):
        return []
    found = [(name, command.get_command(None, name)) for name in command.list_commands(None)]
    return [(name, verb) for name, verb in found if verb is not None and not verb.hidden]


def _is_flag(param: Any) -> bool:
    return str(param.param_type_name) == "option"


def _flag(param: Any, spelling: str, command: Any = None) -> Flag:
    told = EVIDENCE.get(getattr(command, "path", ""), "") if spelling == "--kind" else SPECIAL.get(spelling)
    kind = told or _of_fields(param, command) or _kind(param)
    return Flag(spelling, param.help or "", None if param.is_flag else kind)


def _of_fields(param: Any, command: Any) -> str:
    """Columns, conditions and the like, of the read that the command is: what `opp __complete` knows of its fields."""
    path = getattr(command, "path", "")
    kind = OF_FIELDS.get(param.name, "")
    if path not in MODULES or not kind:
        return ""
    read = catalog.read(path)
    if kind == "by" and not any(each.name == "by" and each.choices for each in read.params):
        return ""
    return f"{kind} {path}" if read.columns or path in MANY else ""


def _place(param: Any, path: tuple[str, ...]) -> str:
    """Kind of an argument. What `add` names is new: nothing known can complete it."""
    kind = NOTHING if path[-1] == "add" else PLACES.get(" ".join(path)) or _kind(param)
    return kind + ("..." if param.nargs == -1 else "")


def _kind(param: Any) -> str:
    choices = getattr(param.type, "choices", None)
    if choices:
        return "=" + " ".join(str(choice) for choice in choices)
    shown = (param.metavar or "").removesuffix("...").strip("[] ")
    if shown not in KINDS and "|" in shown and shown.islower():
        return "=" + shown.replace("|", " ")
    return KINDS.get(shown, NOTHING)


def _first_line(command: Any) -> str:
    return (command.help or "").strip().split("\n", 1)[0].rstrip(".")


def global_row() -> tuple[Flag, ...]:
    """The flags that may stand anywhere."""
    return tuple(_flag(option, spelling) for option in global_flags.options() for spelling in option.opts)


class Values(NamedTuple):
    """Which options take a value, and of what kind."""

    anywhere: dict[str, str]
    """Options that mean the same wherever they stand."""
    somewhere: dict[tuple[str, str], str]
    """(path, option) for those that do not."""


def values(table: list[Row]) -> Values:
    """The kinds of all options: said once where every command agrees."""
    kinds: dict[str, set[str | None]] = {}
    for flag in (*global_row(), *(flag for row in table for flag in row.flags)):
        kinds.setdefault(flag.name, set()).add(flag.kind)
    agreed = {name: kind for name, found in kinds.items() if len(found) == 1 and (kind := next(iter(found)))}
    differing = {
        (row.path, flag.name): flag.kind
        for row in table
        for flag in row.flags
        if flag.kind is not None and flag.name not in agreed
    }
    return Values(agreed, differing)


def kinds(table: list[Row], opening: str) -> str:
    """What sets the kind of a flag's value, for shells with `case … esac`; `opening` stands before a pattern."""
    found = values(table)
    cases = [f"    {opening}'{path} {flag}') kind='{kind}' ;;\n" for (path, flag), kind in found.somewhere.items()]
    cases += [f"    {opening}*' {flag}') kind='{kind}' ;;\n" for flag, kind in found.anywhere.items()]
    return (
        "# Sets the kind of a flag's value; fails for a flag that takes none.\n"
        f'_opp_kind() {{\n    case "$1 $2" in\n{"".join(cases)}    {opening}*) return 1 ;;\n    esac\n}}\n'
    )
