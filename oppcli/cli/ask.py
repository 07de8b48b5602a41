"""Questions on a terminal: a numbered choice, a text, yes or no.

They stand on stderr, answers come from stdin and never from `/dev/tty`, so that a pipe keeps the answer of the command
alone. Lines and no arrows: input methods and screen readers can work with them. Who calls asks `opp.interactive` first.
The end of the input or Ctrl-C ends the command (130), with nothing written.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from oppcli.errors import UsageError
from oppcli.model.said import listed, say
from oppcli.render import fitted
from oppcli.render.screen import harmless, pad, room, width
from oppcli.render.wrap import hanging
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings

_NEEDED = say("something has to stand here")


class Option(NamedTuple):
    """One of what there is to choose from."""

    value: str
    """What is taken, and what one may type for it."""
    title: str = ""
    """Said behind it; may be typed as well."""


def choice(
    opp: "Surroundings",
    question: str,
    options: Iterable[Option | str],
    default: str | None = None,
    *,
    free: bool = False,
) -> str:
    """The value of the option that was chosen by its number, its name, its title, or the only one that begins so; the
    `default` by Enter, where there is one; what was typed where it is `free`. Else asked again."""
    offered = [option if isinstance(option, Option) else Option(option) for option in options]
    _tell(opp, question)
    _tell_options(opp, offered)
    asked = say("number or name: ") if default is None else say("number or name [{default}]: ", default=default)
    while True:
        typed = _line(opp, asked)
        found = meant(typed, offered) if typed else [default] if default is not None else []
        if len(found) == 1:
            return found[0]
        if found:
            _tell(opp, say("{typed} could be {found}", typed=typed, found=listed(found, " or ")))
        elif typed and free:
            return typed
        else:
            _tell(opp, say("no such choice: {typed}", typed=typed) if typed else _NEEDED)


def text(opp: "Surroundings", question: str, default: str = "", *, needed: bool = False) -> str:
    """What was typed, without blanks around it; the `default` by Enter. Asked again while it is `needed` and empty."""
    asked = say("{question} [{default}]: ", question=question, default=default)
    while True:
        typed = _line(opp, asked if default else say("{question}: ", question=question)) or default
        if typed or not needed:
            return typed
        _tell(opp, _NEEDED)


def yes_no(opp: "Surroundings", question: str, *, default: bool = False) -> bool:
    """Whether yes was said, in either language; the `default` by Enter. Asked again until it is one of them."""
    from oppcli.words import yes_no as words
    from oppcli.words.invalid import Invalid

    asked = say("{question} [Y/n]: ", question=question) if default else say("{question} [y/N]: ", question=question)
    while True:
        typed = _line(opp, asked)
        try:
            return words.parse(typed) if typed else default
        except Invalid as wrong:
            _tell(opp, wrong.message)


def key(opp: "Surroundings", question: str, letters: Sequence[tuple[str, str]]) -> str:
    """The letter that was typed, or whose word begins as what was typed: `[a]pprove [s]kip`. `letters` are (letter,
    word). Asked again until it is one of them."""
    while True:
        typed = _line(opp, question)
        begun = {letter for letter, word in letters if typed and _folded(word).startswith(_folded(typed))}
        found = {letter for letter, _ in letters if letter == _folded(typed)} or begun
        if len(found) == 1:
            return found.pop()
        _tell(opp, say("no such choice: {typed}", typed=typed) if typed else _NEEDED)


def meant(typed: str, options: Sequence[Option]) -> list[str]:
    """The values that what was typed may stand for: a number as shown, else a name or title, else all that begin so."""
    if typed.isdecimal() and 0 < int(typed) <= len(options):
        return [options[int(typed) - 1].value]
    wanted = _folded(typed)
    named = [(option.value, [_folded(option.value), _folded(option.title)]) for option in options]
    exact = [value for value, names in named if wanted in names]
    return exact or [value for value, names in named if any(name.startswith(wanted) for name in names)]


def _folded(text: str) -> str:
    """Full and half width, case and runs of blanks make no difference."""
    from oppcli.words.names import key as folded

    return folded(text)


def _tell_options(opp: "Surroundings", options: Sequence[Option]) -> None:
    values = [harmless(opp.spoken(option.value)) for option in options]
    widest = max(map(width, values), default=0)
    for number, (value, option) in enumerate(zip(values, options, strict=True), 1):
        head, title = f"{number:>3}  {pad(value, widest)}  ", harmless(opp.spoken(option.title))
        _print("\n".join(hanging(head, title, room(terminal=True) or 0)))


def _tell(opp: "Surroundings", text: str) -> None:
    _print(fitted(opp.spoken(text), terminal=True, newlines=True))


def _print(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def _line(opp: "Surroundings", prompt: str) -> str:
    """One line as typed, in one form of its letters. Raises KeyboardInterrupt at the end of the input, too."""
    from unicodedata import normalize

    sys.stdout.flush()
    sys.stderr.flush()
    try:
        typed = _edited(harmless(opp.spoken(prompt)))
    except (EOFError, KeyboardInterrupt):
        _print("")
        raise KeyboardInterrupt from None
    except UnicodeDecodeError as wrong:
        raise UsageError(say("{file}: not UTF-8 at byte {byte}", file="stdin", byte=wrong.start)) from None
    return normalize("NFC", typed).strip()


def _edited(prompt: str) -> str:
    """One line with the keys of readline. `input` writes its prompt to stdout and edits only there: for so long that is
    stderr."""
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        with _letters():
            with suppress(ImportError):
                import readline  # noqa: F401  # the keys of `input` follow from it
            return input(prompt)
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def _letters() -> Iterator[None]:
    """Under `LC_ALL=C`, or a locale that is not installed, readline takes each byte of a Chinese letter for a key,
    though Python reads UTF-8 there. It asks the environment before each line, hence the variable, not `setlocale`."""
    from locale import LC_CTYPE, setlocale

    named = os.environ.get("LC_ALL")
    if named is None or setlocale(LC_CTYPE) not in {"C", "POSIX"} or sys.stdin.encoding != "utf-8":
        yield
        return
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        yield
    finally:
        os.environ["LC_ALL"] = named
