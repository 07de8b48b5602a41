"""The flags every command knows (`--db`, `--as`, `--now` …): options of the program and of each of its commands,
accepted before and behind it, and kept by the context."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise, zip_longest
from typing import Annotated, Any

import typer
from typer.core import TyperOption
from typer.main import get_params_convertors_ctx_param_name_from_function

from oppcli import __version__
from oppcli.config.settings import ONE_LANGUAGE, known_language
from oppcli.errors import UsageError
from oppcli.model.command import BLANK
from oppcli.model.said import say


def _keep(ctx: Any, param: Any, value: Any) -> None:
    """What was typed; of a flag that was typed twice the last."""
    if value not in (None, False):
        ctx.obj.flags[param.name] = value


def _flag(*spellings: str, metavar: str | None = None, help: str) -> Any:
    """Kept (`options`) before anything else is read, so that whatever is refused is told with it."""
    return typer.Option(*spellings, metavar=metavar, help=help, is_eager=True, expose_value=False, hidden=True)


def _typed(
    db: Annotated[
        str | None, _flag("--db", metavar="PATH|URL", help="database file, or postgresql:// address (OPP_DB)")
    ] = None,
    actor: Annotated[
        str | None,
        _flag("--as", metavar="LOGIN", help="act as this person; the journal keeps the OS login too (OPP_USER)"),
    ] = None,
    now: Annotated[
        str | None, _flag("--now", metavar="INSTANT", help="pretend it is this time, ISO 8601 with offset (OPP_NOW)")
    ] = None,
    tz: Annotated[str | None, _flag("--tz", metavar="ZONE", help="time zone of dates typed and shown (OPP_TZ)")] = None,
    lang: Annotated[str | None, _flag("--lang", metavar="en|zh", help="language of the answer (OPP_LANG)")] = None,
    color: Annotated[str | None, _flag("--color", metavar="WHEN", help="auto, always or never")] = None,
    wait: Annotated[
        str | None, _flag("--wait", metavar="SECONDS", help="how long to wait for another writer (default 10)")
    ] = None,
    quiet: Annotated[bool, _flag("--quiet", "-q", help="print ids only, no notices")] = False,
    verbose: Annotated[bool, _flag("--verbose", "-v", help="say more on stderr")] = False,
    no_input: Annotated[bool, _flag("--no-input", help="never ask (OPP_NO_INPUT)")] = False,
    clock_ok: Annotated[
        bool, _flag("--clock-ok", help="the machine's clock is right, over a year after the last entry")
    ] = False,
) -> None:
    """The signature of which Typer makes the options."""


def _version(asked: bool) -> None:
    if asked:
        print(f"opp {__version__}")  # noqa: T201
        raise typer.Exit


def _alone(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="print the version", callback=_version, is_eager=True, expose_value=False, hidden=True
        ),
    ] = False,
) -> None:
    """What the program alone knows."""


@cache
def options() -> tuple[TyperOption, ...]:
    """One option per flag, the same object wherever it may stand."""
    made = _made(_typed)
    for option in made:
        option.callback = _keep  # given to Typer it would be looked into anew for each of them
    return made


def _compose(ctx: typer.Context, asked: bool) -> None:
    if asked:
        ctx.meta["compose"] = True


def _written(
    editor: Annotated[
        bool,
        typer.Option("--editor", "-e", help="write TEXT in your editor", callback=_compose, expose_value=False),
    ] = False,
) -> None:
    """What every command with `-m TEXT` knows as well."""


@cache
def in_editor() -> tuple[TyperOption, ...]:
    """The option `-e`."""
    return _made(_written)


def of_the_program() -> tuple[TyperOption, ...]:
    """The same, and what stands before any command."""
    return (*options(), *_made(_alone))


def _made(signature: Callable[..., None]) -> tuple[TyperOption, ...]:
    made = get_params_convertors_ctx_param_name_from_function(signature)[0]
    return tuple(option for option in made if isinstance(option, TyperOption))


SOMEBODYS = (("user", "add"), ("user", "edit"))
"""Commands behind which `--lang` is another's: the language of their letters."""


def language(argv: list[str], environ: Mapping[str, str]) -> dict[str, Any]:
    """The flag that says the language, which is to be known before anything is told: help and refusals come while the
    words are still being read. Refuses, of flag and variable, a language that there is not."""
    theirs = [at for at, pair in enumerate(pairwise(argv)) if pair in SOMEBODYS]
    flagged = typed_behind(argv[: theirs[0]] if theirs else argv, "--lang")
    origin, value = ("--lang", flagged[-1]) if flagged else ("OPP_LANG", environ.get("OPP_LANG", ""))
    if value and known_language(value) is None:
        raise UsageError(say("{origin}: there is no language {value!r}", origin=origin, value=value), hint=ONE_LANGUAGE)
    return {"lang": value} if flagged else {}


def typed_behind(line: Sequence[str], *flags: str) -> list[str]:
    """The values of a flag on a line that was not read yet, in order: `--as kim`, `--as=kim`, of a short one `-ocsv`,
    too. What stands behind `--` are no flags."""
    words = line[: line.index("--")] if "--" in line else line
    found = []
    for word, behind in zip_longest(words, words[1:]):
        if word in flags:
            found += [behind] if behind is not None else []
            continue
        glued = next((flag for flag in flags if word.startswith(f"{flag}=" if flag[:2] == "--" else flag)), None)
        found += [word[len(glued) :].removeprefix("=")] if glued else []
    return found


def refuse_blanks(argv: list[str]) -> None:
    """Refuse a printed command that was pasted with its blanks: `-m …` is no reason, and would be kept as one."""
    for before, word in zip(["opp", *argv], argv, strict=False):
        if word == BLANK or word.endswith(f"={BLANK}"):
            raise UsageError(say("{word} is still to be filled in", word=f"{before} {word}" if word == BLANK else word))


def help_lines() -> list[tuple[str, str]]:
    """Rows for `opp --help`."""
    rows = [(", ".join(sorted(option.opts, key=len)), option) for option in of_the_program()]
    return [(f"{names} {option.metavar or ''}".strip(), option.help or "") for names, option in rows]


def prepare_streams() -> None:
    """Characters a terminal cannot show become escapes instead of an error; a closed stream becomes a silent one."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
