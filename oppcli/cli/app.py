"""The tree of commands, loaded when named, and the one place where an error becomes text and an exit code."""

import importlib
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typer.main import get_callback

from oppcli.cli import globals as global_flags
from oppcli.cli.line import Told, command_of
from oppcli.cli.tree import SECTIONS, SHORTCUTS, SYNONYMS, TREE

if TYPE_CHECKING:
    from oppcli.cli.context import Context


class Verbs(Told, TyperGroup):
    """The verbs of one noun, each turned into a command only when it is named."""

    source: typer.Typer

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        from oppcli.cli import helping

        if isinstance(formatter, helping.Spoken):
            helping.write_verbs(self, ctx, formatter)
        else:
            super().format_commands(ctx, formatter)

    def _known(self) -> dict[str, Any]:
        return _reads(self.name or "") | self.own()

    def own(self) -> dict[str, Any]:
        """The commands that are written out, without the reads of the catalogue."""
        from typer.main import get_command_name

        return {
            # A command with a name of its own may load its function only when it is asked for (see `cli.request`).
            info.name or get_command_name(getattr(info.callback, "__name__", "")): info
            for info in self.source.registered_commands
        }

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self._known())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        known = self.own()
        if cmd_name not in known and SYNONYMS.get(cmd_name) not in known:
            known = self._known()
        name = cmd_name if cmd_name in known else SYNONYMS.get(cmd_name, cmd_name)
        if name in known and name not in self.commands:  # Typer would read the signature of every command of a group
            self.commands[name] = command_of(known[name], f"{self.name} {name}")
        return self.commands.get(name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from oppcli.cli.unknown import no_such_command

            raise no_such_command(self.list_commands(ctx), str(self.name), args[0], rest=args[1:])
        return super().resolve_command(ctx, args)


class Tree(Told, TyperGroup):
    """The root: nouns and shortcuts, each module imported only when its name is typed."""

    of_rows: dict[str, Any] | None = None
    """Flags of reads, which `opp` itself knows where one may have been typed: name → option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0][:1] == "-" and _of_rows(args, self.params):
            from oppcli.cli import home

            home.with_flags(self)
        return list(super().parse_args(ctx, args))

    def list_commands(self, ctx: Any) -> list[str]:
        return [*TREE, *SHORTCUTS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = cmd_name if cmd_name in TREE or cmd_name in SHORTCUTS else SYNONYMS.get(cmd_name, cmd_name)
        found = self.commands.get(name) or self._found(ctx, name)  # Typer asks twice
        return self.commands.setdefault(name, found) if found else None

    def _found(self, ctx: Any, name: str) -> Any:
        if name in SHORTCUTS:
            noun, verb = SHORTCUTS[name]
            return self.get_command(ctx, noun).get_command(ctx, verb)
        return load(name) if name in TREE else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.of_rows is not None:
            from oppcli.cli import home

            home.require_no_command(self.of_rows, ctx.params, args, ctx.obj.argv)
        if args[0] == "dupes" and args[1:2] not in (["keep"], ["list"], ["-h"], ["--help"]):
            args = ["dupes", "list", *args[1:]]
        if args[0] == "export" and len(args) > 1:
            args = ["bundle", *args[1:]] if _of_deal(args[1:]) else args
        if SYNONYMS.get(args[0]) == "show":
            from oppcli.cli.saved_line import meant

            args = meant(ctx.obj, args)
        named = args[:2] == ["view", "run"] and len(args) > 2 and not args[2].startswith("-")
        if (named or self.get_command(ctx, args[0]) is None) and not args[0].startswith("-"):
            from oppcli.cli.saved_line import spelt_out
            from oppcli.cli.unknown import no_such_command

            line = spelt_out(ctx.obj, args, SHORTCUTS, SYNONYMS)
            if line is None:
                below = self._below(ctx, args[0])
                raise no_such_command(self.list_commands(ctx), args[0], rest=args[1:], below=below)
            return self.resolve_command(ctx, line)
        return super().resolve_command(ctx, args)

    def _below(self, ctx: Any, verb: str) -> list[str]:
        """The nouns that have such a verb."""
        found = {name: self.get_command(ctx, name) for name in TREE}
        return [name for name, group in found.items() if isinstance(group, Verbs) and verb in group.list_commands(ctx)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """From the table: help must not import every module."""
        from oppcli.cli import overview

        overview.brief(ctx.obj, formatter, overview.sections(SECTIONS, TREE))


def _of_rows(args: list[str], params: list[Any]) -> bool:
    """Whether a flag stands before any command that is none of the program's own."""
    known = {spelling: param for param in params for spelling in param.opts}
    words = iter(args)
    for word in words:
        if word[:1] != "-" or word in ("--", "-h", "--help"):
            return False
        param = known.get(word.partition("=")[0])
        if param is None:
            return True
        if not param.is_flag and "=" not in word:
            next(words, None)
    return False


def _of_deal(words: list[str]) -> bool:
    """Whether a line of `opp export` is about one deal: the first word that is no flag is the reference of one; what
    stands behind `-O` is a file."""
    from oppcli.model.refs import meant

    places = (word for before, word in pairwise(["", *words]) if before not in ("-O", "--out") and word[:1] != "-")
    return (meant(next(places, "")) or ("",))[0] == "deal"


def _reads(noun: str) -> dict[str, Any]:
    """Verb → command, of the reads of the catalogue that stand below a noun."""
    from oppcli.cli.reading import Lazy
    from oppcli.reads import catalog

    return {verb: Lazy(path) for verb, path in catalog.below(noun).items()}


def load(name: str) -> Any:
    """The command or group called `name`."""
    if not TREE[name].module:
        from oppcli.cli.reading import Lazy

        return command_of(Lazy(name), name)
    module = importlib.import_module(f"oppcli.cli.{TREE[name].module}")
    source: typer.Typer = module.app
    alone = getattr(module, "SINGLE", False)
    group = Verbs(
        name=name,
        help=source.info.help if isinstance(source.info.help, str) else TREE[name].help,
        no_args_is_help=not alone,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
        params=list(global_flags.options()),
    )
    group.source = source
    if not alone:
        return group
    command = command_of(group.own()[name], name)
    command.name = name
    return command


def root() -> Tree:
    """The whole program as one Typer group."""
    return Tree(
        name="opp",
        callback=get_callback(callback=_home, context_param_name="ctx", pretty_exceptions_short=False),
        params=list(global_flags.of_the_program()),
        invoke_without_command=True,
        help="Sales pipelines with gates and approvals: leads, deals, sign-offs, deadlines, proof.",
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
        epilog="opp demo shows it all on made-up data; opp help TOPIC explains dates, filters, formats, exit codes.",
    )


def _home(ctx: typer.Context) -> None:
    """`opp` alone: your next steps."""
    if ctx.invoked_subcommand is None:
        from oppcli.cli.home import show

        show(ctx)


def run(argv: list[str], context: "Context | None" = None) -> int:
    """Run one command line and return its exit code, in surroundings of its own or in those of an agent's call. Every
    error of the program ends here."""
    from oppcli.cli.context import Context

    global_flags.prepare_streams()
    context = context or Context({})
    context.argv = argv
    try:
        global_flags.refuse_blanks(argv)
        context.flags |= global_flags.language(argv, os.environ)
        tree = root()
        with _pages(argv), tree.make_context("opp", list(argv), obj=context) as ctx:
            code = tree.invoke(ctx)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.Exit as leave:
        return leave.exit_code
    except BaseException as error:
        from oppcli.cli import failure

        return failure.told(error, argv, context)


def _pages(argv: list[str]) -> "AbstractContextManager[object]":
    """Where help goes that has more lines than a terminal: through a pager."""
    if not sys.stdout.isatty() or not (argv[:1] == ["help"] or {"-h", "--help"} & set(argv)):
        return nullcontext()
    from oppcli.cli.paging import stdout_paged

    return stdout_paged()
