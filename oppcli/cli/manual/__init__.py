"""The manual: `opp(1)` with every command, and a page for each noun, of the same tree and catalogues as help.

`python -m oppcli.cli.manual --write` puts them into man/, from where they come into the wheel.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from oppcli.cli.app import root
from oppcli.cli.globals import help_lines
from oppcli.cli.manual import roff
from oppcli.cli.manual.page import Page
from oppcli.cli.tree import SECTIONS, SHORTCUTS, TREE
from oppcli.config import SETTINGS
from oppcli.errors import EXIT_CODES
from oppcli.model.command import command
from oppcli.speech import Voice

FOLDERS: Mapping[str, str] = {"en": "man1", "zh": "zh_CN/man1"}
"""Language → the folder of its pages, below `man`."""


def pages(lang: str) -> dict[str, str]:
    """File name → page, of everything that is told in one language."""
    tree = root()
    made = {f"opp-{name}.1": _of_noun(tree, name, lang) for name in TREE}
    return {"opp.1": _of_program(tree, lang)} | made


def _of_program(tree: Any, lang: str) -> str:
    page = Page(Voice(lang=lang))
    _head(page, "opp", tree.help)
    page.begin("SYNOPSIS")
    page.line(f"{roff.bold('opp')} {roff.typed('[OPTIONS] COMMAND [ARGS]...')}")
    for section in SECTIONS:
        page.write_heading(section)
        for name, place in TREE.items():
            if place.section == section:
                page.write_dl(list(_commands(page, tree, name, place.help)))
    page.write_heading("Shortcuts")
    page.write_dl([(f"opp {name}", str(command(*words))) for name, words in SHORTCUTS.items()])
    _told_of_all(page)
    _see_also(page, TREE)
    return page.getvalue()


def _commands(page: Page, tree: Any, name: str, help: str) -> Iterator[tuple[str, str]]:
    """A noun and its verbs, each with what it does."""
    yield f"opp {name}", help
    found = tree.get_command(None, name)
    for verb in found.list_commands(None) if hasattr(found, "list_commands") else ():
        one = found.get_command(None, verb)
        if not one.hidden:
            yield f"opp {name} {verb}", page.first_sentence(one.help or "")


def _told_of_all(page: Page) -> None:
    """What holds for every command."""
    page.write_heading("Flags for every command")
    page.write_dl(help_lines())
    page.begin("ENVIRONMENT")
    page.write_dl([(setting.env, page.spoken(setting.doc)) for setting in SETTINGS if setting.env])
    page.begin("EXIT STATUS")
    page.write_dl([(str(code), meaning) for code, meaning in EXIT_CODES.items()])


def _of_noun(tree: Any, name: str, lang: str) -> str:
    page = Page(Voice(lang=lang))
    above = typer.Context(tree, info_name="opp")
    noun = tree.get_command(above, name)
    _head(page, f"opp-{name}", noun.help if hasattr(noun, "list_commands") else TREE[name].help)
    ctx = typer.Context(noun, info_name=name, parent=above)
    if hasattr(noun, "list_commands"):
        _verbs(page, noun, ctx)
    else:
        noun.format_help(ctx, page)
    _see_also(page, ("",))
    return page.getvalue()


def _verbs(page: Page, noun: Any, ctx: Any) -> None:
    page.begin("SYNOPSIS")
    page.line(f"{roff.bold(ctx.command_path)} {roff.typed('COMMAND [ARGS]...')}")
    page.begin("DESCRIPTION")
    noun.format_help_text(ctx, page)
    page.write_heading("Commands")
    page.part = True
    for verb in noun.list_commands(ctx):
        found = noun.get_command(ctx, verb)
        if not found.hidden:
            page.line(roff.below(f"{ctx.command_path} {verb}"))
            found.format_help(typer.Context(found, info_name=verb, parent=ctx), page)


def _head(page: Page, name: str, help: str) -> None:
    page.line(r".\" made by python -m oppcli.cli.manual --write", roff.title(name))
    page.begin("NAME")
    page.line(f"{roff.escaped(name)} \\- {roff.escaped(page.told(help).rstrip('.。'))}")


def _see_also(page: Page, names: Any) -> None:
    """The pages of these nouns; without a noun that of the program."""
    page.begin("SEE ALSO")
    page.line(", ".join(f"{roff.bold(f'opp-{name}' if name else 'opp')}(1)" for name in names))
