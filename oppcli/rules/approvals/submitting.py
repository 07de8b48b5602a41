"""How a request begins, and goes on when it came back: submit and resubmit (transitions 1 and 9); the next one at once,
where the owner's change ended an approval and its type says `again` (transition 41)."""

from collections.abc import Mapping, Sequence

from oppcli.errors import Conflict, OppError, PolicyError, Refused
from oppcli.model.approver import CHOSEN
from oppcli.model.command import command
from oppcli.model.noun import NOTHING, replace
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, INVALIDATED, PENDING, RETURNED, Request
from oppcli.model.said import Word, listed, say
from oppcli.rules.approvals import planning, telling, time
from oppcli.rules.approvals.changing import restart
from oppcli.rules.approvals.covering import material
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.permitted import require, require_submitter
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.situation import at_end, held, next_command, require_state
from oppcli.rules.approvals.transition import Event, Transition
from oppcli.rules.approvals.world import World


def submit(
    world: World,
    actor: str,
    name: str | None,
    *,
    number: int,
    note: str | None = None,
    choice: Mapping[str, Sequence[str]] = NOTHING,
) -> Transition | None:
    """A new request of type `name` for the deal, its first group open; None where approval is not required.

    `number` is the id it gets, so that notices can name it; `choice` who decides steps that are chosen for.

    Refused for a closed deal, while one of the type is live, and with everything that is missing at once: needs, fields
    that decide who must approve, steps without anybody who could."""
    found = prepare(world, actor, name, note=note)
    if found is None:
        return None
    prepared = replace(found, id=number)
    if choice:
        from oppcli.rules.approvals import choosing

        prepared = choosing.chosen(prepared, world, choice)
    opened = Event("submit", actor, now=PENDING)  # the note is the request's own, where it can be erased
    copies = telling.copied(prepared, world, world.type_rule(prepared).cc, say("submitted by {actor}", actor=actor))
    done = Transition(prepared, copies, (opened,)).then(proceed(prepared, world, by=actor))
    if any(term.startswith(f"{CHOSEN}:") for step in prepared.plan for term in step.who):
        from oppcli.rules.approvals import choosing

        line = ("request", "submit", ref("deal", world.deal.id), prepared.type)
        choosing.require_chosen(prepared, done.request, world, line)
    return done


def prepare(
    world: World, actor: str, name: str | None, *, note: str | None = None, asking: bool = False
) -> Request | None:
    """The request before its first group opens: what `plan` shows and `submit` begins with. Refuses like `submit`;
    anybody may ask (`asking`) what would happen if `actor` submitted."""
    if not asking:
        require_submitter(world, actor)
    deal = ref("deal", world.deal.id)
    _require_live(world)
    rule = planning.type_named(world.policy, name) if name is not None else planning.which_type(world)
    name, named = rule.name, rule.named
    live = live_of_type(world, name)
    if live is not None:
        raise Conflict(
            say("{live}, {name} for {deal}, {held}", live=called(live), name=named, deal=deal, held=held(live, world)),
            hint=next_command(live, world),
            slug="duplicate_request",
        )
    facts = world.facts(world.policy)
    if planning.surely_not_required(rule, facts):
        return None
    gaps = planning.missing(rule, world.policy, world)
    if gaps:
        raise Refused(
            say(
                "{deal} is not ready for {name} yet: {things} missing", deal=deal, name=named, things=_things(len(gaps))
            ),
            reasons=gaps,
            slug="missing",
        )
    draft = replace(planning.draft(world, rule, world.policy, actor, note=note), previous=_previous(world, name))
    if not draft.steps:
        return None
    nobody = planning.people_missing(draft, world)
    if nobody:
        raise PolicyError(
            say("{name} for {deal} has a step that nobody could decide", name=named, deal=deal), reasons=nobody
        )
    return draft


def _require_live(world: World) -> None:
    """Refuse a deal that is over: lost, or won with no stage behind."""
    deal, stage = ref("deal", world.deal.id), world.policy.stage(world.deal.stage)
    if stage is not None and at_end(world):
        raise Conflict(
            say("{deal} is {kind} already", deal=deal, kind=Word("kind", stage.kind)),
            hint=command("deal", "reopen", deal, "-m", "…"),
        )


def _things(count: int) -> str:
    return say("{count} {count:thing is|things are}", count=count)


def live_of_type(world: World, name: str) -> Request | None:
    return next((request for request in world.requests if request.type == name and request.live), None)


def _previous(world: World, name: str) -> int | None:
    """The last request of the type for this deal: a new attempt names the one before it."""
    return max((request.id for request in world.requests if request.type == name), default=None)


def resubmit(request: Request, world: World, actor: str, *, note: str | None = None) -> Transition:
    """A returned request goes on: with nothing material changed the same steps, votes and remaining time; else, or
    where a rejection sent it back, the next revision. Refused for others, where it was not returned, and with
    everything that is missing."""
    require_state(request, world, (RETURNED,))
    require(request, world, actor, "resubmit")
    rule, policy = world.type_rule(request), world.rules(request)
    found = material(request, world)
    gaps = planning.missing(rule, policy, world)
    if gaps and not (found and planning.surely_not_required(rule, world.facts(policy))):
        raise Refused(
            say("{request} is not ready yet: {things} missing", request=called(request), things=_things(len(gaps))),
            reasons=gaps,
            slug="missing",
        )
    event = Event("resubmit", actor, reason=note, was=RETURNED, now=PENDING)
    request = _answered(request, world, actor, note)
    if found or not request.open_steps:
        why = listed((str(change) for change in found), "; ") or "sent back by a rejection"
        again = restart(request, world, actor, "resubmitted", editors=request.facts.next_editors, why=why)
        return Transition(request, events=(event,)).then(again)
    ready = replace(time.resume_all(request, world), state=PENDING, reason=None)
    told = tuple(
        notice for step in ready.open_steps for notice in telling.waiting(ready, step, telling.holding(step), world)
    )
    return Transition(ready, told, (event,)).then(settle(ready, world))


def _answered(request: Request, world: World, actor: str, note: str | None) -> Request:
    """With what was said on sending it on."""
    said = (note or "").strip()
    return (
        replace(request, answers=(*request.answers, {"by": actor, "at": world.now, "text": said})) if said else request
    )


def wanted_again(before: Request, after: Request, world: World, actor: str) -> bool:
    """Whether the next request follows: an approval just fell by what the owner changed."""
    fell = before.state == APPROVED and after.state == INVALIDATED
    rule = world.policy.types.get(before.type)
    return fell and rule is not None and rule.again and actor == world.deal.owner


def again(world: World, actor: str, name: str, *, number: int) -> Transition | OppError | None:
    """The next request, submitted by the owner; None where approval is not required any more, and what a submit would
    have been refused with where it cannot be."""
    try:
        return submit(world, actor, name, number=number)
    except OppError as refused:
        return refused
