"""`opp note REF TEXT…`: what happened, in one line; of many, a file of lines."""

from functools import partial
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True

At = Annotated[
    str | None, typer.Option("--at", metavar="INSTANT", help="when it happened: yesterday 14:00; default: now")
]


@app.command()
@writes
def note(
    opp: Context,
    ref: Annotated[str, argument("REF", "D-142, 142, C-9, P-4")],
    text: Annotated[list[str], argument("TEXT...", "what happened; - reads stdin")],
    kind: Annotated[
        str | None, typer.Option("--kind", "-k", metavar="KIND", help="call visit meeting mail message note, or yours")
    ] = None,
    next_: Annotated[str | None, typer.Option("--next", metavar="DATE", help="when to be in touch again")] = None,
    what: Annotated[str | None, typer.Option("--what", metavar="W", help="what is to be done then")] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="P-4", help="a contact who took part; may be repeated")
    ] = None,
    at: At = None,
    inbound: Annotated[bool, typer.Option("--inbound", help="they came to us")] = False,
    minutes: Annotated[int | None, typer.Option("--minutes", metavar="N", min=0, max=100_000)] = None,
    rating: Annotated[
        int | None, typer.Option("--rating", metavar="N", help="what the survey was answered with")
    ] = None,
    lines: Annotated[
        str | None, typer.Option("--lines", metavar="F", help="a file of [DATE[ TIME]] REF TEXT lines; - reads stdin")
    ] = None,
) -> Outcome:
    """Record a call, a visit, a mail: KIND: in front says what it was, -> DATE behind when to be in touch again.

    opp note 142 'call: budget is approved -> next fri send the offer'
    opp note --lines monday.txt
    """
    from oppcli.actions.notes import Noted
    from oppcli.actions.notes import note as verb
    from oppcli.actions.places import place
    from oppcli.cli import dates_typed

    if lines is not None:
        return _lines(opp, lines, ref)
    typed = Noted(
        text=words(text),
        kind=kind,
        next=next_,
        what=what,
        contacts=tuple(with_ or ()),
        inbound=inbound,
        minutes=minutes,
        rating=rating,
    )
    if not typed.text.strip():
        raise UsageError(say("there is nothing to note"), hint=command("note", ref, BLANK))
    with opp.act("note") as act:
        _ = act.policy  # its business days count in what is typed
        typed = typed._replace(at=None if at is None else dates_typed.instant(opp, at, past=True))
        return verb(act, place(act, ref, ids_only=not opp.interactive), typed, partial(dates_typed.read, opp))


def _lines(opp: Context, name: str, ref: str | None) -> Outcome:
    """A file of lines. Refused (2) where something to note on was typed besides."""
    from oppcli.cli.noted_lines import note_lines

    if ref is not None:
        raise UsageError(say("a file of lines names what each is on"), hint=command("note", "--lines", name))
    return note_lines(opp, name)


def words(texts: list[str]) -> str:
    """The text of all words, or what stands on standard input."""
    if texts != ["-"]:
        return " ".join(texts)
    from oppcli.cli.batch import standard_input

    return standard_input()
