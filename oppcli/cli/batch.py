"""The same verb on several things: one transaction and one result line each; exit 9 when only some succeed."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import IO, TYPE_CHECKING, AnyStr, cast

from oppcli.cli.context import Context
from oppcli.errors import HooksWanted, OppError, PartlyDone, UsageError
from oppcli.model.said import say

if TYPE_CHECKING:
    from io import TextIOWrapper
    from typing import BinaryIO

    from oppcli.actions.act import Act
    from oppcli.actions.outcome import Outcome
    from oppcli.cli.ask import Option
    from oppcli.model.deals import Deal

NOTHING = say("nothing to do")
RECAP = ("deal", "recap")
"""What closing is followed by."""


def each_deal(opp: Context, refs: Iterable[str], command: str, verb: "Callable[[Act, Deal], Outcome]") -> "Outcome":
    """A verb on each deal, each in an act of its own."""
    from oppcli.actions import find

    ids_only = not opp.interactive
    found = each_act(
        opp, refs, "deal", command, lambda act, text: verb(act, find.deal(act.door, text, ids_only=ids_only))
    )
    return _recapped(opp, found) if sys.stdout.isatty() else found


def _recapped(opp: Context, outcome: "Outcome") -> "Outcome":
    """Who closes one deal at a terminal is told what it took at once; others the line that tells it."""
    asked = [each for each in outcome.next if each.words[:2] == RECAP]
    if opp.dry_run or opp.quiet or opp.given.get("answer") == "json" or not asked or len(outcome.ids) != 1:
        return outcome
    from oppcli.cli.looked_back import lines

    rest = tuple(each for each in outcome.next if each not in asked)
    return outcome._replace(details=(*outcome.details, "", *lines(opp, outcome.ids[0]), ""), next=rest)


def each_act(
    opp: Context, refs: Iterable[str], noun: str, command: str, verb: "Callable[[Act, str], Outcome]"
) -> "Outcome":
    """The same on what the references of a noun stand for."""

    def one(text: str) -> "Outcome":
        with opp.act(command) as act:
            return verb(act, text)

    return each(opp, refs, noun, one)


def each(context: Context, refs: Iterable[str], noun: str, verb: "Callable[[str], Outcome]") -> "Outcome":
    """The outcomes together. A single thing that is refused raises as it is. A list of ids with commas is several, `-`
    those that stand on standard input; refused (2) where there is none."""
    return one_by_one(context, once(context, refs, noun), verb)


def one_by_one(context: Context, wanted: Sequence[str], verb: "Callable[[str], Outcome]") -> "Outcome":
    """The same of things that are called so."""
    if len(wanted) == 1:
        return one_of(context, verb, wanted[0])
    from oppcli.actions.outcome import Outcome, Result

    if not wanted:
        return Outcome(done=(NOTHING,))
    outcomes: list[Outcome] = []
    failed: list[OppError] = []
    several: list[Result] = []
    of_line = tuple(context.notes)
    for one in wanted:
        context.entries, context.written, context.notes = [], [], [*of_line]
        try:
            outcomes.append(one_of(context, verb, one))
            made = tuple(context.entries), tuple(context.written)
            several.append(Result(one, outcomes[-1], None, *made, tuple(context.notes)))
        except OppError as error:
            failed.append(error)
            several.append(Result(one, None, error, notes=tuple(context.notes)))
            line, *more = refused(context, one, error)
            outcomes.append(Outcome(done=(line,), details=tuple(more)))
    code = 0
    if failed:
        code = PartlyDone.code if len(failed) < len(wanted) else failed[0].code
    done = tuple(line for outcome in outcomes for line in (*outcome.done, *outcome.details))
    ids = tuple(key for outcome in outcomes for key in outcome.ids)
    context.say(say("{n} of {all} done", n=len(wanted) - len(failed), all=len(wanted)))
    return Outcome(done=done, ids=ids, code=code, several=tuple(several))


def once(context: Context, refs: Iterable[str], noun: str, *, ids_only: bool | None = None) -> list[str]:
    """What the references of a noun (`cli.named_once`) name, each thing by the first of them. Refused as `each` says.
    A write without a terminal takes ids only."""
    wanted = [each for text in refs for each in named(text)]
    if len(wanted) < 2:
        return wanted
    from oppcli.cli import named_once

    return named_once.once(context, noun, wanted, ids_only=not context.interactive if ids_only is None else ids_only)


def refused(context: Context, one: str, error: OppError) -> list[str]:
    """What is said of one of several things that was refused: the error behind its name, and below its reasons."""
    from oppcli.cli.failure import lines

    text = lines(error, context.voice)
    return [say("{one}: {text}", one=one, text=text[0]), *text[1:]]


def one_of(context: Context, verb: "Callable[[str], Outcome]", one: str) -> "Outcome":
    """A verb on one thing; once more, after hooks were asked that want to be."""
    try:
        return verb(one)
    except HooksWanted as wanted:
        from oppcli.cli import hooked

        return hooked.again(context, wanted, lambda: verb(one))


def named(text: str) -> list[str]:
    """The references that one word stands for: `D-1,D-2` two, `-` the words on standard input. A name with a comma is
    one."""
    if text == "-":
        return standard_input().split()
    parts = [part.strip() for part in text.split(",")] if "," in text else []
    return parts if parts and all(map(_is_id, parts)) else [text]


def together(opp: Context, refs: Iterable[str], command: str, verb: "Callable[[Act, list[str]], Outcome]") -> "Outcome":
    """A verb of several things at once, in one act."""
    wanted = [each for text in refs for each in named(text)]
    if not wanted:
        from oppcli.actions.outcome import Outcome

        return Outcome(done=(NOTHING,))
    with opp.act(command) as act:
        return verb(act, wanted)


def names(texts: Iterable[str], known: "Callable[[], Sequence[Option]]") -> list[str]:
    """The same of what goes by a name, each once: on standard input a line each. A `known` name with a comma is one."""
    found: list[str] = []
    for text in texts:
        if text == "-":
            found += standard_input().splitlines()
        else:
            found += [text] if "," not in text or text in {each.value for each in known()} else text.split(",")
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def things(texts: Iterable[str]) -> list[str]:
    """The same of many, each once. Words of which none is a reference are together those of one deal: `opp show boleto
    pagamento`."""
    from oppcli.model.refs import meant, number

    found = list(dict.fromkeys(one for text in texts for one in named(text)))
    if found and not any(meant(text) is not None or number("deal", text) is not None for text in found):
        return [" ".join(found)]
    return found


MOST = 1 << 28
"""Bytes or characters that are read in one piece."""
_READ: "list[tuple[TextIOWrapper, bytes | str]]" = []
"""What was read of standard input, by its stream: a line that is done again after hooks were asked has it still."""


def standard_bytes() -> bytes:
    """All of standard input as it comes. Refused (2) where there is none, or it does not end."""
    return cast("bytes", _once(lambda stdin: whole(cast("BinaryIO", stdin.buffer), "stdin")))


def bytes_of(file: str) -> bytes:
    """All of a file that somebody named. Refused (2) for one that does not end; raises OSError."""
    with open(file, "rb") as stream:  # noqa: PTH123 - as it was typed
        return whole(stream, file)


def whole(stream: IO[AnyStr], name: str) -> AnyStr:
    """All of what is read in one piece. Refused (2) for more than that may be: a device has no end."""
    found = stream.read(MOST + 1)
    if len(found) > MOST:
        raise UsageError(say("{file} is larger than {most} MB; give it in parts", file=name, most=MOST >> 20))
    return found


def _once(read: "Callable[[TextIOWrapper], bytes | str]") -> bytes | str:
    stdin = _there()
    if not _READ or _READ[0][0] is not stdin:
        _READ[:] = [(stdin, read(stdin))]
    return _READ[0][1]


def _there() -> "TextIOWrapper":
    if sys.stdin is None:
        raise UsageError(say("{file}: there is none", file="stdin"))
    return cast("TextIOWrapper", sys.stdin)


def standard_input() -> str:
    """All of it, without the mark some editors put in front. Refused (2) where there is none, or it is no UTF-8."""
    try:
        return cast("str", _once(lambda stdin: whole(stdin, "stdin"))).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise UsageError(say("{file}: not UTF-8 at byte {byte}", file="stdin", byte=wrong.start)) from None


def _is_id(text: str) -> bool:
    from oppcli.model.refs import meant

    return text.isdecimal() or meant(text) is not None


def logins(texts: Iterable[str]) -> list[str]:
    """The same of people, whose logins have no commas."""
    return [part.strip() for text in texts for part in (named(text) if text == "-" else text.split(","))]
