"""`opp deal`: list show edit advance win lose reopen assign attach link unlink rival history similar recap.

Each command imports what it alone needs: a list must not pay for the rules of a move.
"""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each, each_deal
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer(help="Deals: from first contact to won or lost.")

To = Annotated[str | None, typer.Option("--to", metavar="STAGE", help="which stage; default: the next one")]


@app.command()
@writes
def edit(
    opp: Context,
    deal: options.DealRefs,
    title: Annotated[str | None, typer.Option("--title", metavar="TITLE", help="what it is about")] = None,
    customer: options.Customer = None,
    amount: options.Amount = None,
    currency: options.Currency = None,
    source: options.Source = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="as opp deal assign does")] = None,
    close: options.Close = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
    tag: options.Tags = None,
    untag: options.Untags = None,
    frm: options.FromRequest = None,
) -> Outcome:
    """Change fields, by the flags of `opp add` or by --set; approvals that saw other figures follow.

    opp deal edit D-142 --amount 815000 --set discount=12
    opp deal edit D-142 --close +2w
    opp deal edit D-142 --from R-31.2
    """
    from oppcli.actions import deals, find, values

    options.write_anyway(opp, message, asked=anyway)
    typed = options.typed(
        sets, title=title, customer=customer, amount=amount, currency=currency, source=source, expected_close=close
    )._replace(new=options.new_customers(opp, deal))
    if not typed.pairs and owner is None and not tag and not untag and not frm:
        raise UsageError(say("nothing to change"), hint=command("deal", "edit", deal[0], "--set", "amount=815000"))

    # Another owner is an assignment, whatever it is typed as.
    def one(ref: str) -> Outcome:
        with opp.act("deal edit", signed=None if owner is None else lambda door: True) as act:
            found = find.deal(act.door, ref, ids_only=not opp.interactive)
            given = typed if frm is None else values.shown_in(act, found, frm, typed)
            return deals.edit(
                act, found, given, owner=owner, reading=opp.reading, note=message, tags=tag or (), untags=untag or ()
            )

    return each(opp, deal, "deal", one)


@app.command()
@writes
def advance(opp: Context, deal: options.DealRefs, to: To = None, message: options.Message = None) -> Outcome:
    """Move on to the next stage, if every gate on the way lets it pass.

    opp advance D-142
    opp advance D-142 --to Negotiation
    opp deal list --stage Solution --ids | opp advance -
    """
    from oppcli.actions import moves

    return each_deal(opp, deal, "deal advance", lambda act, found: moves.advance(act, found, to, note=message))


@app.command()
@writes
def win(opp: Context, deal: options.DealRefs, message: options.Message = None) -> Outcome:
    """Won: every gate up to the end must let it pass.

    opp win D-142
    """
    from oppcli.actions import moves

    return each_deal(opp, deal, "deal win", lambda act, found: moves.win(act, found, note=message))


@app.command()
@writes
def lose(
    opp: Context,
    deal: options.DealRefs,
    reason: options.Reason = None,
    message: options.Message = None,
    competitor: Annotated[str | None, typer.Option("--competitor", metavar="NAME", help="who got it")] = None,
) -> Outcome:
    """Lost, for a reason of the policy; open requests end with it.

    opp lose D-142 --reason price -m "12% above the other offer"
    """
    from oppcli.actions import moves

    if reason is None and opp.interactive:
        from oppcli.cli import picking

        reason, message, competitor = picking.loss(opp, message, competitor)

    return each_deal(
        opp,
        deal,
        "deal lose",
        lambda act, found: moves.lose(act, found, reason=reason, detail=message, competitor=competitor),
    )


@app.command()
@writes
def reopen(opp: Context, deal: options.DealRefs, message: options.Message = None) -> Outcome:
    """Open again, in its last open stage.

    opp deal reopen D-142 -m "they start over"
    """
    from oppcli.actions import find, moves

    def one(ref: str) -> Outcome:
        with opp.act("deal reopen", signed=lambda door: moves.is_won(door, ref)) as act:
            return moves.reopen(act, find.deal(act.door, ref, ids_only=not opp.interactive), note=message or "")

    return each(opp, deal, "deal", one)


@app.command()
@writes
def assign(
    opp: Context,
    deal: options.DealRefs,
    to: Annotated[
        str,
        typer.Option("--to", metavar="LOGIN", help="the new owner; none gives it back to the pool", show_default=False),
    ],
    by_rule: Annotated[
        bool, typer.Option("--by-rule", help="whose it is by the policy; without a deal all that are nobody's")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="with --by-rule: which rule, and why not whom; writes nothing")
    ] = False,
    handover: Annotated[
        bool, typer.Option("--handover", help="a task with its card; it is theirs once they say that it is done")
    ] = False,
    message: options.Message = None,
) -> Outcome:
    """Another owner, and nothing else: stage, history and requests stay.

    opp deal assign D-142 D-143 --to wes -m "lea is on leave"
    opp deal assign D-142 --to none
    opp deal assign D-142 --to zhou --handover -m "the contract is with their lawyer"
    opp deal assign --by-rule --explain
    """
    if by_rule:
        return _by_rule(opp, deal or [], explain=explain, to=to)
    if handover:
        from oppcli.cli.handed_over import handed_over

        return handed_over(opp, deal, to, message)
    from oppcli.actions import deals

    return each_deal(opp, deal, "deal assign", lambda act, found: deals.assign(act, found, to, note=message))


@app.command()
@writes
def archive(
    opp: Context,
    deal: options.DealRefs,
    waive: Annotated[bool, typer.Option("--waive", help="without what the policy needs; -m says why")] = False,
    message: options.Message = None,
) -> Outcome:
    """Put closed deals away, out of the lists; figures count them as before, opp restore gives them back.

    opp deal archive D-142
    opp deal archive D-142 --waive -m "the contract is with the parent company"
    """
    from oppcli.actions import archiving

    return each_deal(
        opp, deal, "deal archive", lambda act, found: archiving.archive(act, found, waive=waive, why=message)
    )


def _by_rule(opp: Context, refs: list[str], *, explain: bool, to: str | None) -> Outcome:
    """These deals, or all that are nobody's, by the rules of the policy. Refused (2) with an owner named besides."""
    if to:
        raise UsageError(say("--to or --by-rule, not both"))
    from oppcli.actions import given_by_rule

    opp.dry_run = opp.dry_run or explain
    if refs:
        return each_deal(opp, refs, "deal assign", lambda act, found: given_by_rule.one(act, found, explain=explain))
    with opp.act("deal assign") as act:
        return given_by_rule.every(act, explain=explain)


@app.command()
@writes
def attach(
    opp: Context,
    deal: options.DealRef,
    file: Annotated[Path | None, argument("FILE", "the evidence; it stays where it is")],
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="what it is: quote, contract …", show_default=False)
    ],
    link: Annotated[str | None, typer.Option("--link", metavar="URL", help="where it lies, in place of a file")] = None,
    message: options.Message = None,
) -> Outcome:
    """Record a file as evidence: name, size and SHA-256; or where one lies that is not here.

    opp deal attach D-142 quote-v3.pdf --kind quote
    opp deal attach D-142 --link https://docs.example.com/quote-v3 --kind quote
    """
    from oppcli.actions.attaching import evidence

    return each_deal(opp, [deal], "deal attach", lambda act, at: evidence(act, at, file, link, kind, note=message))


@app.command()
@writes
def link(
    opp: Context,
    deal: options.DealRef,
    who: options.Part,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="as what: decider, tech …")] = None,
    attitude: options.Attitude = None,
    read: Annotated[bool, typer.Option("--read", help="of a colleague: sees it and notes on it, no more")] = False,
    message: options.Message = None,
) -> Outcome:
    """Say who has to do with a deal besides its owner: contacts of the customer, colleagues.

    opp deal link D-142 P-4 --role decider --attitude for
    opp deal link D-142 lin --role tech
    """
    from oppcli.actions import links

    return each_deal(
        opp,
        [deal],
        "deal link",
        lambda act, found: links.link(act, found, who, role=role, attitude=attitude, read=read, note=message),
    )


@app.command()
@writes
def unlink(opp: Context, deal: options.DealRef, who: options.Part, message: options.Message = None) -> Outcome:
    """Take a contact or a colleague from a deal.

    opp deal unlink D-142 P-4
    """
    from oppcli.actions import links

    return each_deal(opp, [deal], "deal unlink", lambda act, found: links.unlink(act, found, who, note=message))


@app.command()
@writes
def rival(
    opp: Context,
    deal: options.DealRef,
    name: Annotated[str, argument("NAME", "who else offers")],
    price: Annotated[str | None, typer.Option("--price", metavar="N", help="for how much: 480k")] = None,
    off: Annotated[bool, typer.Option("--off", help="offers no more")] = False,
    message: options.Message = None,
) -> Outcome:
    """Say who else offers, and for how much; `lose --competitor` says which of them won.

    opp deal rival D-142 Globex --price 480k
    """
    from oppcli.actions import links

    return each_deal(
        opp,
        [deal],
        "deal rival",
        lambda act, found: links.rival(act, found, name, price=price, off=off, reading=opp.reading, note=message),
    )
