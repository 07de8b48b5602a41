"""What a request showed, as if it were typed again: `opp deal edit D-1 --from R-31.2`."""

from oppcli.actions.act import Act
from oppcli.actions.requests.surroundings import around
from oppcli.actions.requests.verbs import find
from oppcli.errors import NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.requests import Request, Revision
from oppcli.model.said import say
from oppcli.rules import fields
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.figures import shown_fact


def typed(act: Act, deal: Deal, text: str) -> tuple[tuple[str, str], ...]:
    """(field, value) of every fact of `R-31`, or of its revision 2 (`R-31.2`), that is another now and that people
    type. Refused for another deal's request, and for a revision it does not have."""
    name, dot, number = text.partition(".")
    request = find(act.door, name)
    if request.deal_id != deal.id:
        other, own = ref("deal", request.deal_id), ref("deal", deal.id)
        raise UsageError(say("{request} is of {other}, not of {deal}", request=name, other=other, deal=own))
    shown = _revision(request, number if dot else str(request.revision))
    world = around(act, deal, requests=(request,))
    policy = act.policy
    raw, kinds, known = world.raw_facts(policy), fields.field_kinds(policy), fields.fields(policy)
    wanted = (name for name in shown.snapshot if name in known and known[name].editable)
    changed = [each for each in wanted if shown_fact(each, raw, kinds, world) != shown.snapshot[each]]
    return tuple((each, str(shown.snapshot[each] or "")) for each in changed)


def _revision(request: Request, number: str) -> Revision:
    found = next((each for each in request.revisions if str(each.number) == number), None)
    if found is None:
        told = say("{request} has no revision {number}", request=called(request), number=number)
        raise NotFound(told, hint=command("request", "show", called(request)))
    return found
