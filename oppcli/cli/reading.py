"""A command for each read of the catalogue, made from its value when it is named."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from importlib import import_module
from itertools import chain, islice
from typing import Annotated, Any

import typer
from typer.models import CommandInfo

from oppcli.cli.context import Context
from oppcli.cli.framing import framed
from oppcli.cli.output import Answer, reads
from oppcli.model.records import COUNTED
from oppcli.reads import catalog
from oppcli.reads.table import NEEDED, WHERE, Frame, Param, Read, Table
from oppcli.store.doors import ReadDoor

ALARM = 10  # with `--exit-code`: the read has rows
GATHERED = {
    "": "home.next_",
    "audit anchor": "audit.anchor",
    "audit files": "audit.files",
    "audit verify": "audit.verify",
    "config list": "config.listed",
    "contact show": "people_cards.of_contact",
    "customer show": "people_cards.of_customer",
    "db check": "db.check",
    "db diff": "parting.diff",
    "db info": "db.info",
    "deal show": "deal_card.shown",
    "deal similar": "similar.similar",
    "doctor": "doctor.doctor",
    "dupes list": "dupes.listed_",
    "gate": "gate.gate",
    "inbox": "request.reading.inbox",
    "mapping list": "mapping.listed",
    "mapping show": "mapping.shown",
    "next": "home.next_",
    "pack": "pack.packed",
    "notices channels": "notices.channels",
    "policy check": "policy.check",
    "policy diff": "policy.diff",
    "policy replay": "replay.replay",
    "policy simulate": "policy.simulate",
    "policy templates": "policy.templates",
    "policy tune": "tuning.tune",
    "policy explain": "policy.explain",
    "proposal show": "proposal.shown",
    "report list": "report.listed",
    "request list": "request.reading.listed",
    "request plan": "request.submitting.plan",
    "request show": "request.reading.show",
    "request status": "request.reading.status",
    "request wait": "request.reading.wait",
    "show": "things.show",
    "sql": "sql.sql_",
    "user whoami": "user.whoami",
}
"""Reads that take more than the read door: the function below this package that puts the table together, given the
arguments as typed. It returns the table, or the table and the exit code."""


METAVARS = {
    "user": "LOGIN",
    "person": "LOGIN",
    "team": "LOGIN",
    "since": "DATE",
    "until": "DATE",
    "currency": "CUR",
    "stage": "STAGE",
    "customer": "NAME",
    "source": "S",
    "tag": "TAG",
    "ref": "REF",
    "type": "TYPE",
    "deal": "DEAL",
}


class Lazy(CommandInfo):
    """A command whose read is loaded when somebody asks for the function behind it."""

    def __init__(self, path: str) -> None:
        super().__init__(name=path.rpartition(" ")[2])
        self.path = path
        self._made: Callable[..., Any] | None = None

    @property
    def callback(self) -> Callable[..., Any]:
        if self._made is None:  # Typer asks four times
            self._made = command(catalog.read(self.path))
        return self._made

    @callback.setter
    def callback(self, _: object) -> None:
        """Typer's own constructor sets it to None."""


def command(read: Read) -> Callable[..., int | None]:
    """The function that Typer turns into the command of a read."""

    def run(opp: Context, **given: Any) -> Answer:
        alarm = given.pop("exit_code", False)
        typed = {param.word: given[param.word + "_"] for param in read.asks}
        if read.exports:  # its rows come while they are written
            from oppcli.cli.exporting import exported

            return exported(opp, read, typed, _answered)
        answered = _gathered if read.build is None else _built
        for param in read.params:
            if param.each and typed[param.word]:
                return _of_each(opp, read, param, typed, lambda one: answered(opp, read, one, alarm))
        return answered(opp, read, typed, alarm)

    parameters = [_option(param) for param in read.asks]
    if told := catalog.rings(read):
        parameters.append(_parameter("exit_code", bool, False, "--exit-code", help=told))
    run.__name__, run.__doc__ = read.name, _help(read)
    usual = partial(_usual, read)
    return reads(run, parameters, title=read.path, past=catalog.past(read.path), otherwise=usual)


def _usual(read: Read, given: Mapping[str, Any]) -> str:
    """The format of an answer where nobody named one: what is drawn is drawn."""
    if not read.exports or given[f"{read.params[0].word}_"] in read.drawn:
        return "table"
    from oppcli.cli.exporting import of_objects

    return "jsonl" if of_objects(read, given, "_") else "csv"


def _of_each(
    opp: Context, read: Read, param: Param, typed: dict[str, Any], one: Callable[[dict[str, Any]], Answer]
) -> Answer:
    """Of the thing that was named, or of each of several."""
    texts: Sequence[str] = typed[param.word] if param.many else [typed[param.word]]
    if len(texts) == 1 and texts[0] != "-" and "," not in texts[0]:
        return one({**typed, param.word: list(texts) if param.at_once else texts[0]})
    from oppcli.cli.severally import read_each, wanted

    known = wanted(opp, param, texts)
    if param.at_once and known:
        return one({**typed, param.word: known})
    if len(known) == 1:
        return one({**typed, param.word: known[0]})
    return read_each(opp, read, param, known, lambda text: one({**typed, param.word: text}))


def _gathered(opp: Context, read: Read, typed: dict[str, Any], alarm: bool) -> Answer:
    where = _chosen(opp, read, typed)
    given = {name: value for name, value in typed.items() if name != "where"}
    found = gatherer(read.path)(opp, **given, **({"exit_code": alarm} if read.alarm else {}))
    found = _of_gathered(opp, read, found, where) if where else found
    return _rung(opp, read, found, alarm and not read.alarm) if isinstance(found, Table) else found


def _built(opp: Context, read: Read, typed: dict[str, Any], alarm: bool) -> Answer:
    with _opened(opp, read, typed) as door:
        if read.grows and opp.newest is None and not alarm:
            from oppcli.cli.pieces import in_pieces, may_be

            if may_be(opp, typed):
                return in_pieces(opp, read, typed, door, _opened, _answered)
        return _rung(opp, read, _answered(opp, read, door, typed), alarm)


def _rung(opp: Context, read: Read, table: Table, alarm: bool) -> Answer:
    """The table, with the code of an alarm where it has rows."""
    found = _filled(opp, read, table)
    return (found._replace(rows=rows), ALARM) if alarm and (rows := list(found.rows)) else found


def answer_of(opp: Context, read: Read, given: Mapping[str, Any]) -> Table:
    """What a read answers to these arguments, as if they were typed; the others are not."""
    typed = {param.word: False if param.kind == "flag" else param.default for param in read.asks} | dict(given)
    found = (_gathered if read.build is None else _built)(opp, read, typed, False)
    return found if isinstance(found, Table) else found[0]


def _filled(opp: Context, read: Read, table: Table) -> Table:
    """The table; a person at a terminal is told where nothing is in it."""
    if not opp.screen or table.single or table.prose:
        return table
    rows = iter(table.rows) if isinstance(table.rows, Iterator) else list(table.rows)
    if first := list(islice(rows, 1)):
        return table._replace(rows=chain(first, rows) if isinstance(rows, Iterator) else rows)
    from oppcli.cli.nothing import nothing

    return nothing(read, opp.line, table, opp.argv)


def _opened(opp: Context, read: Read, typed: Mapping[str, Any]) -> AbstractContextManager[ReadDoor]:
    if not read.whole:
        put_away = typed.get("archived") or typed.get("any")
        return opp.read(COUNTED if put_away else read.standing)
    from oppcli.cli.seeing import read_all

    return read_all(opp, read.whole)


def _require_fields(door: ReadDoor, read: Read, typed: Mapping[str, Any]) -> None:
    """Refuse to filter by what they do not have."""
    from oppcli.rules.scopes import require_fields

    require_fields(door.sight, [param.name for param in read.params if typed[param.word]])


def _help(read: Read) -> str:
    first = f"{read.title}: {read.help}." if read.path.startswith(catalog.REPORT) else f"{read.help}."
    return "\n\n".join([first, *([read.more] if read.more else []), "\n".join(read.examples)])


def _answered(opp: Context, read: Read, door: ReadDoor, typed: Mapping[str, Any]) -> Table:
    from oppcli.cli import filters

    typed = _of_version(read, typed)
    args = {param.word: filters.value(opp, door, _one_of(param), typed[param.word]) for param in read.asks}
    if door.hidden:
        _require_fields(door, read, typed)
    chosen = _chosen(opp, read, typed)
    frame = framed(opp, door)
    table = catalog.run(read, door, args, frame)
    if chosen:
        table = _narrowed(table, chosen, door, frame)
    if not any(param.kind == "user" and args[param.word] for param in read.params):
        return table
    from oppcli.cli.teams import empty_note

    table = table if read.exports else table._replace(rows=list(table.rows))
    return table._replace(notes=(*table.notes, *empty_note(door, read, opp.line, args, table, frame)))


def _of_version(read: Read, typed: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the version that the id of a paper names, `Q-142.2`, where none is asked for otherwise."""
    param = read.params[0] if read.params else None
    if param is None or param.kind not in ("quote", "contract") or typed.get("version"):
        return typed
    from oppcli.model.refs import meant

    paper, dot, _ = str(typed[param.word] or "").rpartition(".")
    named = dot and (meant(paper) or ("",))[0] == param.kind
    return {**typed, "version": typed[param.word]} if named else typed


def _chosen(opp: Context, read: Read, typed: Mapping[str, Any]) -> Sequence[str]:
    """The conditions by which the rows are chosen once they are there; of these all are read then."""
    where = typed.get("where") if WHERE not in read.params else None
    if where:
        opp.newest = opp.first = None
    return where or ()


def _one_of(param: Param) -> Param:
    """What is read one at a time."""
    return param._replace(many=False) if param.each and not param.at_once else param


def _of_gathered(opp: Context, read: Read, answer: Answer, where: Sequence[str]) -> Answer:
    """The rows of the answer that meet the conditions; the code stays."""
    with opp.read(read.standing) as door:
        if isinstance(answer, Table):
            return _narrowed(answer, where, door, framed(opp, door))
        table, code = answer
        return _narrowed(table, where, door, framed(opp, door)), code


def _narrowed(table: Table, where: Sequence[str], door: ReadDoor, frame: Frame) -> Table:
    """The rows that meet the conditions. What sentences and lines around them say is about all of them: left out."""
    from oppcli.reads.narrowing import narrowed

    return narrowed(table, where, door, frame)._replace(prose="", above=(), below=())


def gatherer(path: str) -> Callable[..., Answer]:
    """What puts the table of this read together."""
    module, _, function = GATHERED[path].rpartition(".")
    found: Callable[..., Answer] = getattr(import_module(f"oppcli.cli.{module}"), function)
    return found


def _option(param: Param) -> inspect.Parameter:
    """The option of a parameter; its name in Python ends with _ because `in` is a word of the language."""
    name, metavar = f"{param.word}_", param.metavar or "|".join(param.choices) or METAVARS.get(param.kind, "TEXT")
    if param.place:
        kind: Any = list[str] if param.many else str
        kind = kind if param.default == NEEDED else kind | None
        default: Any = inspect.Parameter.empty if param.default == NEEDED else param.default
        annotation = Annotated[kind, typer.Argument(metavar=metavar, help=param.help, show_default=False)]
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
    flags = [f"--{param.name}", *([param.short] if param.short else [])]
    if param.kind == "flag":
        return _parameter(name, bool, False, *flags, help=param.help)
    kind = (list[str] | None) if param.many else (str | None)
    return _parameter(name, kind, param.default, *flags, help=param.help, metavar=metavar)


def _parameter(name: str, kind: Any, default: Any, *flags: str, **more: Any) -> inspect.Parameter:
    annotation = Annotated[kind, typer.Option(*flags, **more)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
