"""How a failure reads: `error: …`, its reasons, `hint: …` on stderr, or one JSON object when the output is JSON."""

import errno
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer

from oppcli.cli.context import JSON
from oppcli.cli.globals import typed_behind
from oppcli.config.machine import state_folder
from oppcli.errors import OppError, StoreError, UsageError
from oppcli.model.command import Command, command
from oppcli.model.said import Said, listed, of_system, say
from oppcli.speech import ENGLISH, PLAIN, Voice, spoken

if TYPE_CHECKING:
    from oppcli.cli.context import Context


def told(error: BaseException, argv: list[str], context: "Context") -> int:
    """Tell what ended the command, each kind in its way; the exit code. What is no error, a SystemExit, goes on."""
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return interrupted(context)
    if isinstance(error, OppError):
        code = refused(error, argv, context)
        if context.line is not None and context.line.meta:
            from oppcli.cli import answers

            answers.tell(context.line)
        return code
    if isinstance(error, BrokenPipeError):
        return reader_gone()
    if isinstance(error, OSError):
        return outside(error, argv, context.voice)
    if not isinstance(error, Exception):
        raise error
    if hasattr(error, "format_message"):  # what Typer refuses has no base that Typer names
        return usage(error, argv, context.voice)
    if (why := spoilt(context, error)) is not None:
        return show(why, argv, context.voice)
    return unexpected(error, argv, context.voice)


def _wants_json(argv: list[str]) -> bool:
    return "--json" in argv or any(value in JSON for value in typed_behind(argv, "-o", "--output"))


def show(error: OppError, argv: list[str], voice: Voice = PLAIN) -> int:
    """Print the error on stderr and return its exit code."""
    _flush_answer()
    if _wants_json(argv):
        import json

        _tell(json.dumps({"error": body(error, voice._replace(lang=ENGLISH))}, ensure_ascii=False))
        return error.code
    _tell("\n".join(lines(error, voice, terminal=sys.stderr.isatty())))
    return error.code


def body(error: OppError, voice: Voice) -> dict[str, Any]:
    """The error for a program."""
    hint = error.hint and spoken(error.hint, voice)
    reasons = [
        {name: spoken(text or "", voice) or text for name, text in reason._asdict().items()}
        | {"slug": reason.slug or None}
        for reason in error.reasons
    ]
    told = {"code": error.code, "kind": error.kind, "message": spoken(error.message, voice), "hint": hint}
    return told | {"reasons": reasons, "slug": error.slug or None}


def refused(error: OppError, argv: list[str], context: "Context") -> int:
    """A refusal as who acts may read it: hidden fields are named, and not what is in them."""
    if context.sight is not None and context.sight.hidden:
        from oppcli.cli.seeing import veiled_error

        error = veiled_error(error, context.sight)
    return show(error, argv, context.voice)


def _tell(text: str) -> None:
    """On stderr, without the passwords of addresses that were typed in the place of something else; where it cannot
    take any more, the exit code has to say it all."""
    if ":/" in text:
        from oppcli.words.secrets import in_addresses

        text = in_addresses(text)
    try:
        print(text, file=sys.stderr)  # noqa: T201
    except OSError:
        return


def lines(error: OppError, voice: Voice = PLAIN, *, terminal: bool = False) -> list[str]:
    """The error as people read it; reasons are aligned, each with the command that mends it. On a terminal sentences
    that are too wide go on below, and commands have lines of their own."""
    from oppcli.render import fitted
    from oppcli.render.screen import harmless, width

    def heard(text: str) -> str:
        return harmless(spoken(text, voice))

    def sentence(said: Said) -> str:
        return fitted(spoken(said, voice), terminal=terminal)

    found = [sentence(say("error: {message}", message=error.message))]
    what = max((width(heard(reason.what)) for reason in error.reasons), default=0)
    for reason in error.reasons:
        head = f"  {heard(reason.what)}{' ' * (what - width(heard(reason.what)))}  "
        found += _reason(head, *[heard(part) for part in (reason.detail, reason.fix) if part], terminal=terminal)
    if error.hint:
        found.append(sentence(say("hint: {hint}", hint=error.hint)))
    return found


def _reason(head: str, *parts: str, terminal: bool) -> list[str]:
    """One reason in a line, or with what mends it below."""
    from oppcli.render.screen import room, width

    line, cells = (head + "   ".join(parts)).rstrip(), room(terminal=True) if terminal else None
    if cells is None or width(line) <= cells:
        return [line]
    from oppcli.render.wrap import COMMAND, hanging

    said = [part for part in parts if not part.startswith(COMMAND)]
    return [*hanging(head, "   ".join(said), cells), *(f"    {part}" for part in parts if part not in said)]


def usage(error: Any, argv: list[str], voice: Voice = PLAIN) -> int:
    """A flag or value that Typer refused."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if (not message.strip() and context is not None) or type(error).__name__ == "NoArgsIsHelpError":
        _tell(context.get_help() if context else message)
        return UsageError.code
    hint = command(*context.command_path.split()[1:], "--help") if context is not None else None
    text = typers(_as_typed(message, argv).rstrip(".")) if message else say("cannot be understood")
    if type(error).__name__ == "NoSuchOption":
        text, hint = _no_option(error, argv)
    return show(UsageError(text, hint=hint), argv, voice)


def _no_option(error: Any, argv: list[str]) -> tuple[Said, Command | None]:
    """What is said of an option that the command does not have, and the line that was meant."""
    from oppcli.cli import no_option

    option, context = error.option_name, error.ctx
    if option == "--as-of" and context is not None:
        return no_option.about_now(context)
    near = no_option.near(option, error.possibilities or ())
    said = say("no such option: {option}", option=option)
    if near:
        said = say("no such option: {option} (Possible options: {options})", option=option, options=listed(near))
    if context is None:
        return said, None
    field = None if near else no_option.meant(context, option, argv)
    return said, field or no_option.spelt_right(context, option, near, argv)


_TYPERS: tuple[tuple[str, Callable[..., Said]], ...] = (
    ("option '(?P<option>.+)' requires an argument", lambda **v: say("option '{option}' requires an argument", **v)),
    ("option '(?P<option>.+)' does not take a value", lambda **v: say("option '{option}' does not take a value", **v)),
    (
        r"got unexpected extra argument\(s\) \((?P<words>.+)\)",
        lambda **v: say("got unexpected extra argument(s) ({words})", **v),
    ),
    ("invalid value for (?P<option>.+?): (?P<why>.+)", lambda **v: say("invalid value for {option}: {why}", **v)),
    ("(?P<value>'.*') is not a valid int", lambda **v: say("{value} is not a whole number", **v)),
    ("(?P<value>'.*') is not a valid int range", lambda **v: say("{value} is not a whole number", **v)),
    ("(?P<value>'.*') is not a valid float", lambda **v: say("{value} is not a number", **v)),
    ("(?P<value>.+) is not in the range (?P<range>.+)", lambda **v: say("{value} is not in the range {range}", **v)),
    ("(?P<value>'.*') is not one of (?P<choices>.+)", lambda **v: say("{value} is not one of {choices}", **v)),
)
"""What Typer refuses, and the same as it is said here; of values the last."""


def typers(message: str) -> str:
    """What Typer refused, as a text that each language tells; as Typer has it where it is none of these."""
    from re import DOTALL, fullmatch

    text = message[:1].lower() + message[1:]
    for pattern, said in _TYPERS:
        if found := fullmatch(pattern, text, DOTALL):
            values = found.groupdict()
            return said(**values | ({"why": typers(values["why"])} if "why" in values else {}))
    return text


def _as_typed(message: str, argv: list[str]) -> str:
    """A flag of several spellings by the one that was typed: `'-O'` for `'--out' / '-O'`."""
    import re

    from oppcli.cli.answers import is_flag

    def one(found: re.Match[str]) -> str:
        spellings = re.findall(r"'(-[^']+)'", found[0])
        typed = [word for word in argv for each in spellings if is_flag(word, each)]
        return found[0] if not typed else f"'{next(s for s in spellings if is_flag(typed[0], s))}'"

    return re.sub(r"'-[^' ]+'(?: / '-[^' ]+')+", one, message)


def interrupted(context: "Context") -> int:
    """Ctrl-C: what was not committed was rolled back on its way here; what was is said."""
    if context.run is None:
        _tell(context.spoken(say("Nothing was written.")))
        return 130
    done = command("log", "-L", "5")
    _tell(context.spoken(say("what was done until then stands: e{run}; {log} shows it", run=context.run, log=done)))
    if context.takes_back:
        _tell(context.spoken(say("Undo: {undo}", undo=context.takes_back)))
    return 130


def reader_gone() -> int:
    """The reader closed the pipe (`| head`): stop without a word."""
    silence()
    return 141


def silence() -> None:
    """Nobody can be told anything more: what is still unsaid goes nowhere."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)


_NAMES = (errno.ENAMETOOLONG, errno.ELOOP)
"""What is wrong with a name itself, wherever it is looked at."""


def outside(error: OSError, argv: list[str], voice: Voice = PLAIN) -> int:
    """A file or stream that the operating system refused."""
    what = of_system(error)
    said = say("{file}: {what}", file=error.filename, what=what) if error.filename else what
    return show((UsageError if error.errno in _NAMES else OppError)(said), argv, voice)


def spoilt(context: "Context", error: Exception) -> OppError | None:
    """A record that another tool has spoilt, where that may be why a value could not be worked with; None where every
    record can be read."""
    if not isinstance(error, (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)):
        return None
    from oppcli.store import open_read, unreadable

    try:
        with open_read(context.db) as door:
            fault = unreadable.first(door)
    except Exception:  # there is no database to look into: the error stands for itself
        return None
    return StoreError(fault, hint=say("which one: {check}", check=command("db", "check"))) if fault else None


def unexpected(error: BaseException, argv: list[str], voice: Voice = PLAIN) -> int:
    """A fault of the program: one line, and a log with the trace."""
    import time
    import traceback

    from oppcli.words.secrets import masked

    state = state_folder(os.environ)
    log = state / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    try:
        state.mkdir(parents=True, exist_ok=True)
        trace = "".join(traceback.format_exception(error))
        text = masked(f"opp {' '.join(argv)}\n\n{trace}")
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        hint: str = say(
            "the trace is in {log}; to check this installation: {doctor}", log=log, doctor=command("doctor")
        )
    except OSError:
        hint = command("doctor")
    said = say("unexpected {name}: {error}", name=type(error).__name__, error=masked(str(error)))
    return show(OppError(said, hint=hint), argv, voice)


def _flush_answer() -> None:
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        return
