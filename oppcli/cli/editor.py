"""A text that is written in one's own editor: a reason, a policy. What was typed is kept until it has done its work."""

import os
import subprocess
import sys
import time
from shlex import split
from typing import TYPE_CHECKING, Any

from oppcli.cli.answers import answered, words
from oppcli.config.machine import lent, state_folder
from oppcli.errors import OppError, UsageError
from oppcli.model.command import command
from oppcli.model.said import of_system, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context

KEPT = "kept"
"""Among what Typer keeps of a line: the file with what was typed."""
SCISSORS = "# ------------------------ >8 ------------------------"
"""What stands below it is not taken."""


def compose(ctx: Any) -> None:
    """The text of `-m` from the editor. Refused (2) beside a text, without a terminal, and where nothing was typed."""
    opp = ctx.obj
    name = next(param.name for param in ctx.command.params if "-m" in param.opts)
    if ctx.params.get(name) is not None:
        raise UsageError(say("-e stands in place of -m TEXT"))
    line = command(*words(ctx, ctx.params))
    shown = opp.spoken(say("the text above is the reason; an empty one writes nothing: {line}", line=line))
    file = Draft(opp, "reason.txt")
    file.edited(f"\n{SCISSORS}\n# {shown}\n")
    text = file.text.partition(SCISSORS)[0].strip()
    if not text:
        file.drop()
        raise UsageError(say("the text is empty: nothing was written"))
    answered(ctx, name, text)
    ctx.meta[KEPT] = file


class Draft:
    """A file of one's own alone with a text that is being written, which is there until it is dropped."""

    def __init__(self, opp: "Context", name: str) -> None:
        """Refused (2) without a terminal: an editor in a script would wait for ever; and through `sudo`, for from an
        editor one does anything with the rights that were lent."""
        if not opp.interactive:
            raise UsageError(say("an editor needs a terminal"))
        if lent(os.environ):
            told = say("through sudo nothing is written in an editor, which would have the rights that sudo lends")
            raise UsageError(told, hint=say("write it in a file of your own, or give it in the command"))
        self.opp, self.begun, self.text, self.told = opp, "", "", False
        state = state_folder(os.environ)
        state.mkdir(parents=True, exist_ok=True)
        self.path = state / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{name}"

    def edited(self, text: str | None = None) -> None:
        """The text is what the editor leaves, which begins with `text`, or with what it left before. Refused where the
        editor fails; what was typed stays."""
        if text is not None:
            self.begun = text
            with os.fdopen(
                os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as f:
                f.write(text)
        words = self.opp.settings.editor
        sys.stdout.flush()
        try:
            ended = subprocess.run([*split(words), str(self.path)], stdout=2, check=False).returncode
        except OSError as error:
            self.tell()
            reason = of_system(error)
            raise OppError(say("{editor} cannot be started: {reason}", editor=words, reason=reason)) from None
        if ended:
            self.tell()
            raise OppError(say("{editor} ended with {code}: nothing was written", editor=words, code=ended))
        self.text = self.path.read_text(encoding="utf-8", errors="surrogateescape")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)

    def tell(self) -> None:
        """Say where it is kept, once; what nobody wrote anything into is dropped."""
        if self.told:
            return
        self.told = True
        if self.path.read_text(encoding="utf-8", errors="surrogateescape") == self.begun:
            return self.drop()
        print(self.opp.spoken(say("what you wrote is kept in {file}", file=str(self.path))), file=sys.stderr)  # noqa: T201


def minded(ctx: Any, run: Any) -> Any:
    """What a command answers with; what was typed for it is dropped once it is done, and kept where it is not."""
    file: Draft = ctx.meta.pop(KEPT)
    done = False
    try:
        code = run(ctx)
        done = not code and not ctx.obj.dry_run
        return code
    finally:
        file.drop() if done else file.tell()
