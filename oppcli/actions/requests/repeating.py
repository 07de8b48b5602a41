"""The next request in the transaction in which the owner's change ended an approval."""

from oppcli.actions.act import Act
from oppcli.actions.requests.keeping import begin, seats_line
from oppcli.errors import OppError
from oppcli.model.command import command
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import say
from oppcli.rules.approvals import submitting
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.world import World
from oppcli.store import waiting


def repeated(act: Act, before: Request, fell: Request, world: World) -> tuple[str, ...]:
    """The next request where its type says `again`, in a line; a line with why not where it cannot be."""
    if not submitting.wanted_again(before, fell, world, act.by):
        return ()
    rest = tuple(fell if each.id == fell.id else each for each in world.requests)
    done = submitting.again(world._replace(requests=rest), act.by, fell.type, number=waiting.next_request(act.door))
    if done is None:
        return ()
    if isinstance(done, OppError):
        line = command("request", "submit", ref("deal", fell.deal_id), fell.type)
        return (
            say("{request} is not asked for again: {why}; {line}", request=called(fell), why=done.message, line=line),
        )
    return (seats_line(begin(act.door, done, world), world),)
