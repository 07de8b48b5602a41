"""One verb on one request, in the transaction of the door it is given: read, ask a rule, keep, say what follows."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from oppcli.actions.act import Act, Look
from oppcli.actions.find import by_id
from oppcli.actions.outcome import Outcome
from oppcli.actions.requests import deal_changed
from oppcli.actions.requests.keeping import begin, keep
from oppcli.actions.requests.surroundings import around
from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.deals import Deal, File
from oppcli.model.noun import NOTHING
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVE, APPROVED, PENDING, Request
from oppcli.model.said import listed, say
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.situation import PAST, described, standing
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World
from oppcli.store import waiting
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

Rule = Callable[[Request, World], Transition]


class Done(NamedTuple):
    """What a verb did: for a person, and as values for whoever shows more of it."""

    outcome: Outcome
    world: World
    request: Request | None = None
    """None where approval was not required."""


def find(door: ReadDoor, text: str) -> Request:
    """The request `R-31` or `31`. Refused where there is none."""
    listing = say("requests are named like R-31: {list}", list=command("request", "list"))
    return by_id(door, Request, text, say("no such request: {text}", text=text), listing)


def read(look: Look, text: str) -> tuple[Request, World]:
    """A request and the world it stands in."""
    request = find(look.door, text)
    return request, around(look, look.door.get(Deal, request.deal_id), requests=(request,))


def submit(
    act: Act,
    deal: Deal,
    name: str | None,
    *,
    note: str | None = None,
    choice: Mapping[str, Sequence[str]] = NOTHING,
) -> Done:
    """A new request, its first steps open; nothing where approval is not required."""
    from oppcli.rules.approvals import submitting

    act.require_kept(deal)
    door, world = act.door, around(act, deal)
    if act.policy.contract is not None and name is not None and name in act.policy.types:
        from oppcli.actions.agreed import require_same_files

        require_same_files(act, deal, act.policy.types[name])
    done = submitting.submit(world, act.by, name, number=waiting.next_request(door), note=note, choice=choice)
    if done is None:
        line = say(
            "approval not required: {name} for {deal} {title}", name=name, deal=ref("deal", deal.id), title=deal.title
        )
        return Done(Outcome(done=(line,)), world)
    saved = begin(door, done, world)
    line = say("{saved} submitted: {headline}", saved=called(saved), headline=headline(saved, world, door.hidden))
    undo = command("request", "recall", called(saved))
    return Done(Outcome(done=(line,), ids=(called(saved),), undo=undo), world, saved)


def headline(request: Request, world: World, hidden: Sequence[str] = ()) -> str:
    """`quote for D-142 上海精密仪器, CNY 800,000.00, discount 5 %`, without what is `hidden` from who is not asked."""
    told = None if "amount" in hidden else request.amount
    money_of = told if told is None else money.shown(told, request.currency)
    amount = "" if money_of is None else say(", {amount}", amount=money_of)
    discount = None if "discount" in hidden else request.facts.snapshot.get("discount")
    rest = say(", discount {discount} %", discount=discount) if discount is not None else ""
    return say(
        "{type} for {deal} {title}{amount}{rest}",
        type=request.named_type,
        deal=ref("deal", request.deal_id),
        title=world.deal.title,
        amount=amount,
        rest=rest,
    )


def decide(
    act: Act,
    text: str,
    verdict: str,
    *,
    step: str | None = None,
    file: tuple[Path, str] | None = None,
    bulk: bool = False,
    **given: Any,
) -> Done:
    """The actor's decision, with all that the rule is `given` (`deciding.decide`). Saying the same again changes
    nothing. `bulk`: one of several at once, which a type may forbid; `file` and its kind come with it. Refused as the
    rules refuse it, and in bulk for a type that is decided one by one."""
    from oppcli.rules.approvals import deciding

    request, world = read(act, text)
    if bulk and not world.type_rule(request).bulk:
        name = called(request)
        raise UsageError(
            say("{name} is a {type}, which is decided one by one", name=name, type=request.named_type),
            hint=command("request", verdict, name),
        )
    evidence = None if file is None else _evidence(world.deal, *file)
    if evidence is not None:
        given["files"] = {evidence.kind: evidence.sha256}
    done = deciding.decide(request, world, act.by, verdict, step=step, **given)
    if verdict == APPROVE and act.policy.contract is not None and done.request != request:
        from oppcli.actions.agreed import require_same_files

        require_same_files(act, world.deal, world.type_rule(request), request)
    if done.request == request:
        said = deciding.said_already(request, act.by, verdict, step=step)
        what = say("{described} already", described=described(request, said, world)) if said else say("unchanged")
        line = say("{request}: {what}", request=called(request), what=what)
        return Done(_outcome(request, world, line), world, request)
    decided = _decided(request, keep(act.door, request, done, world, verdict), world, verdict)
    if evidence is not None:
        _attach(act, world.deal, evidence)
    if act.door.watched:
        from oppcli.actions.watches import tell

        text = say("{who}: {what}", who=act.by, what=decided.outcome.done[0])
        tell(act, world.deal, None, text, besides={notice.to for notice in done.notices})
    return decided


def _evidence(deal: Deal, path: Path, kind: str) -> File:
    from oppcli.actions import evidence

    return evidence.file_of(deal, path, kind)


def _attach(act: Act, deal: Deal, made: File) -> None:
    """What came with a decision is a file of the deal, too; other requests follow."""
    from oppcli.actions import evidence

    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    evidence.keep(act, made)
    deal_changed(act, deal, deal, had=had)


def _decided(request: Request, saved: Request, world: World, verdict: str) -> Done:
    """What is said of a decision that was kept, and of the later steps it is repeated in."""
    made = next(d for d in saved.decisions[len(request.decisions) :] if not d.automatic)
    step_name = next(s.name for s in saved.steps if (s.revision, s.position) == (made.revision, made.step))
    behalf = say(" for {on_behalf_of}", on_behalf_of=made.on_behalf_of) if made.on_behalf_of else ""
    line = say(
        "{saved} {past} at {step_name}{behalf}: {headline}",
        saved=called(saved),
        past=PAST[verdict],
        step_name=step_name,
        behalf=behalf,
        headline=headline(saved, world),
    )
    repeated = [
        say("{actor}'s approval is repeated", actor=d.actor) for d in saved.decisions[made.number :] if d.automatic
    ]
    return Done(_outcome(saved, world, line, tuple(repeated)), world, saved)


def _outcome(request: Request, world: World, line: str, details: tuple[str, ...] = ()) -> Outcome:
    """The line, where the request stands now, and what it opens."""
    where: str = listed((called(request), standing(request, world)), " ")
    due = min((step.due_at for step in request.open_steps if step.due_at is not None), default=None)
    if request.state == PENDING and due is not None:
        where = say("{where}, due {due}", where=where, due=world.say(due))
    following = (command("gate", ref("deal", request.deal_id)),) if request.state == APPROVED else ()
    return Outcome(done=(line,), ids=(called(request),), details=(*details, where), next=following)


def change(act: Act, text: str, verb: str, rule: Rule, *, past: str) -> Done:
    """Any other verb: `rule` is the transition, `past` what is said of it (`recalled`)."""
    request, world = read(act, text)
    done = rule(request, world)
    saved = keep(act.door, request, done, world, verb)
    told = headline(saved, world, act.door.hidden)
    line = say("{request} {past}: {headline}", request=called(saved), past=past, headline=told)
    return Done(_outcome(saved, world, line), world, saved)
