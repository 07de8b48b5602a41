"""`opp request plan submit resubmit recall nudge`: what the people who ask for approval do."""

import os

from oppcli.actions.outcome import Outcome
from oppcli.cli import options as shared
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.acting import act, choice_of
from oppcli.cli.request.options import Choose, RequestRefs, TypeName, Why
from oppcli.config.files import has_adapters
from oppcli.model.deals import Deal
from oppcli.model.said import Word
from oppcli.reads.table import Footnote, Table


def plan(opp: Context, deal: str, name: str | None) -> Table:
    """The steps a submit would start."""
    from oppcli.actions import find
    from oppcli.actions.requests.previews import preview
    from oppcli.reads.request import plan as shown

    with opp.read() as door, opp.truth(door) as true:
        about = find.deal(door, deal)
        found = preview(opp.look(true), true.get(Deal, about.id) if door.hidden else about, name, hidden=door.hidden)
        savings = [each for each in found.savings if each.field not in door.hidden]
    table = shown(found.expected, found.title, found.policy, savings, found.skipped)
    return table._replace(notes=tuple(Footnote("state", None, note) for note in found.notes))


@writes
def submit(
    opp: Context, deal: shared.DealRef, name: TypeName = None, message: Why = None, choose: Choose = None
) -> Outcome:
    """Ask for approval; refused with everything that is missing, and done when none is required.

    opp request submit D-142 quote
    opp submit D-142 quote -m 'wanted by Friday'
    opp submit D-142 quote --choose Review=lin,gao
    """
    from oppcli.actions import find
    from oppcli.actions.requests.previews import expected
    from oppcli.actions.requests.verbs import submit as verb
    from oppcli.cli.batch import once, one_by_one
    from oppcli.cli.request.lines import submitted_lines

    deals, choice = once(opp, [deal], "deal"), choice_of(opp, choose)
    if name is None and deals and opp.interactive:
        from oppcli.cli import picking

        name = picking.type_of(opp, deals)

    def one(ref: str) -> Outcome:
        if has_adapters(os.environ):
            from oppcli.cli.adapters import before_submit

            before_submit(opp, ref, name)
        with opp.act("request submit") as act:
            found = find.deal(act.door, ref, ids_only=not opp.interactive)
            done = verb(act, found, name, note=message, choice=choice)
            if done.request is None:
                return done.outcome
            lines = submitted_lines(done.request, expected(done.request, done.world), done.world, opp.spoken)
            return done.outcome._replace(details=lines)

    return one_by_one(opp, deals, one)


@writes
def resubmit(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Send a returned request on: where it was if nothing material changed, else as the next revision.

    opp request resubmit R-31 -m 'terms of payment added'
    """
    from oppcli.rules.approvals import submitting

    if has_adapters(os.environ):
        from oppcli.cli.adapters import before_resubmit

        for each in request:
            before_resubmit(opp, each)
    return act(opp, request, "resubmit", Word("past", "resubmitted"), submitting.resubmit, note=message)


@writes
def recall(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Take a request back; a new one starts from the beginning.

    opp request recall R-31
    """
    from oppcli.rules.approvals import ending

    return act(opp, request, "recall", Word("past", "recalled"), ending.recall, reason=message)


@writes
def nudge(opp: Context, request: RequestRefs) -> Outcome:
    """Remind the people it waits for, once in four business hours.

    opp request nudge R-31
    """
    from oppcli.rules.approvals import handover

    return act(opp, request, "nudge", Word("past", "nudged"), handover.nudge)
