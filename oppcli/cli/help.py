"""`opp help`: topics, commands, and both for programs."""

from collections.abc import Sequence
from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.cli.topics import TOPICS, find, listed, meant, no_topic, summaries
from oppcli.cli.topics.fitting import fitted
from oppcli.cli.topics.pages import PAGES, page
from oppcli.render.screen import room
from oppcli.speech import ENGLISH
from oppcli.speech.compiled import with_help

app = typer.Typer(help="Pages on what many commands share.")
SINGLE = True


@app.command("help")
def show(
    ctx: typer.Context,
    topic: Annotated[list[str] | None, typer.Argument(metavar="TOPIC", help="a topic, or a command")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs, in English")] = False,
) -> None:
    """Pages on what many commands share; without a name, the list of them.

    opp help dates
    opp help commands
    opp help deal edit --json
    """
    opp: Context = ctx.obj
    with_help()
    words = meant(opp, ctx.find_root().command, topic or ())
    if as_json:
        from oppcli.cli.topics import data

        opp.voice = opp.voice._replace(lang=ENGLISH)
        typer.echo(data.text(opp, ctx.find_root().command, words))
    elif not words:
        typer.echo("\n".join(listed(opp)))
    elif len(words) == 1 and words[0] in summaries():
        typer.echo(whole(opp, ctx, words[0]))
    else:
        typer.echo(_of_a_command(ctx, words))


def whole(opp: Context, ctx: typer.Context, topic: str) -> str:
    """All there is under a name: its short page or what the command of that name does, then its page."""
    parts, columns = [], room(terminal=opp.screen)
    if topic in TOPICS:
        told = "\n".join(TOPICS[topic][1](opp))
        parts.append("\n".join(fitted(told, columns)) if columns else told)
    elif (found := find(ctx.find_root().command, (topic,))) is not None:
        parts.append(typer.Context(found, info_name=topic, parent=ctx.find_root(), obj=opp).get_help())
    if topic in PAGES:
        parts.append(page(topic, opp.voice.lang, columns))
    return "\n\n".join(parts)


def _of_a_command(ctx: typer.Context, words: Sequence[str]) -> str:
    """What `opp WORDS --help` shows."""
    above = ctx.find_root()
    for word in words:
        found = find(above.command, (word,))
        if found is None:
            raise no_topic(ctx.obj, " ".join(words))
        above = typer.Context(found, info_name=word, parent=above)
    return above.get_help()
