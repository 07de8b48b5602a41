"""The command of one verb: its help in the language of who asks, all it lacks before anything is refused or asked."""

from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand

from oppcli.cli import globals as global_flags
from oppcli.errors import Ambiguous, Lacking, Unchosen

EXPLAINED = frozenset(
    (
        *(f"request {verb}" for verb in "reject return transfer revoke cancel override rebase ask reply".split()),
        "deal reopen",
        "payment void",
        "points give",
        "withdraw",
        "customer erase",
        "db clock",
        "dupes keep",
        *(f"task {verb}" for verb in ("decline", "waive")),
    )
)
"""The verbs that are not done without a reason: what `rules.verbs` says of them, known without reading its table."""


class Told:
    """What has help, told in the language of who asks."""

    def get_help(self, ctx: Any) -> str:
        from oppcli.cli import helping

        if helping.spoken_elsewhere(ctx.obj):
            return helping.text(self, ctx)
        told: str = super().get_help(ctx)  # type: ignore[misc]
        return told


class Line(Told, TyperCommand):
    """A command of which all that is lacking is known before anything is refused or asked."""

    path: str
    """`deal advance`, whatever was typed for it."""

    needed: Sequence[Any] = ()
    """What it has to be given, while that is still being read."""

    @property
    def explained(self) -> bool:
        """Whether it is not done without a reason."""
        return self.path in EXPLAINED

    def get_help(self, ctx: Any) -> str:
        for param in self.needed:  # help comes while the words are being read
            param.required = True
        return super().get_help(ctx)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`[OPTIONS] DEAL [TYPE]`: Typer 0.28 puts braces around what has to be given, which nobody is to type."""
        return [piece[1:-1] if piece[0] == "{" else piece for piece in super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        self.needed = needed = [param for param in self.params if param.required]
        for param in needed:
            param.required = False
        try:
            rest = super().parse_args(ctx, args)
        finally:
            for param in needed:
                param.required = True
        ctx.obj.line = ctx
        lacks = any(ctx.params[param.name] in (None, (), []) for param in needed)
        if lacks or (self.explained and ctx.params["message"] is None):
            from oppcli.cli import lacking

            lacking.fill(ctx, needed)
        if ctx.meta.pop("compose", False):
            from oppcli.cli import editor

            editor.compose(ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        try:
            code = self._minded(ctx) if "kept" in ctx.meta else super().invoke(ctx)
        except (Ambiguous, Lacking, Unchosen) as several:
            if not several.askable or ctx.obj.run is not None or not ctx.obj.interactive:
                raise
            from oppcli.cli import picking

            picking.settle(ctx, several)
            return self.invoke(ctx)
        if ctx.meta:
            from oppcli.cli import answers

            answers.tell(ctx)
        return code

    def _minded(self, ctx: Any) -> Any:
        from oppcli.cli import editor

        return editor.minded(ctx, super().invoke)


def command_of(info: Any, path: str) -> Any:
    """One Typer command, which is called so from the root. The examples below its help keep their lines."""
    from typer.main import get_command_from_info

    info.cls = Line
    command: Any = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
    command.path = path
    if any("-m" in param.opts for param in command.params):
        command.params.extend(global_flags.in_editor())
    own = {param.name for param in command.params}
    command.params.extend(option for option in global_flags.options() if option.name not in own)
    paragraphs = (command.help or "").split("\n\n")
    command.help = "\n\n".join(f"\b\n{text}" if text.startswith("opp ") else text for text in paragraphs)
    return command
