"""Deals through the stages: advance, win, lose, reopen. The check and the move are one transaction."""

from typing import Any

from oppcli.actions.act import CLOSED, MOVED, REOPENED, Act, Cause
from oppcli.actions.lacking import missing
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, Reason, Refused, UsageError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LEAD, LOST, OPEN, WON, Deal, Stage
from oppcli.model.policy import Policy, StageRule
from oppcli.model.refs import number, ref
from oppcli.model.said import say
from oppcli.rules import pipeline
from oppcli.rules.rights import may_do
from oppcli.store.doors import ReadDoor


def advance(act: Act, deal: Deal, to: str | None, *, note: str | None = None, verb: str = "deal advance") -> Outcome:
    """The deal in the next stage, or in `to`. Refused with everything missing for every gate on the way."""
    policy = act.policy
    named = any(stage.who for stage in policy.stages)
    act.require_kept(deal) if named else act.require_deal(verb, deal)
    target = pipeline.stage_named(to, policy) if to else pipeline.onward(deal, policy)
    if target.kind == LOST:
        raise UsageError(
            say("{name} is where lost deals go", name=target.name),
            hint=command("deal", "lose", ref("deal", deal.id), "--reason", "…"),
        )
    way = pipeline.route(deal, target, policy)
    here = policy.stage(deal.stage)
    won = here is not None and here.kind == WON
    if named:
        _require_mover(act, verb, deal, way)
    if not way.forward:
        from oppcli.rules.moving import require_back

        require_back(deal, way, policy, note)
    refuse_missing(deal, way, missing(act, deal, way))
    after, said = _saved(act, deal, pipeline.moved(deal, target, act.now, won=won), "advance", note)
    said += tuple(say("{type}: {why}", type=act.policy.named_type(name), why=why) for name, why in act.spared.items())
    from oppcli.actions.consequences import following

    follows = (*said, *following(act, Cause(CLOSED if target.kind == WON and not won else MOVED, after, deal)))
    return _moved(deal, after, target, follows, act.policy, won=won)


def _require_mover(act: Act, verb: str, deal: Deal, way: pipeline.Route) -> None:
    """Refuse who may not bring deals into a stage on the way; where none of these says who, who may not change it."""
    if not any(stage.who for stage in way.entered or (way.target,)):
        act.require_right(verb, deal)
        return
    from oppcli.rules.moving import require_movers

    require_movers(deal, way, act.me, act.policy, act.people)


def _saved(act: Act, before: Deal, after: Deal, action: str, note: str | None = None) -> tuple[Deal, tuple[str, ...]]:
    """The deal in its new stage, stored, with what that stage sets; and what it does to requests."""
    stage = act.policy.stage(after.stage)
    if stage is None or stage.on_enter is None or not stage.on_enter.set:
        return act.door.save(before, after, action=action, meta=_told(act, note)), ()
    from oppcli.actions.plans import replanned
    from oppcli.actions.requests import deal_changed
    from oppcli.actions.stage_entry import filled

    saved = replanned(act, before, filled(act, after), action=action, meta=_told(act, note))
    return saved, deal_changed(act, before, saved)


def _told(act: Act, note: str | None) -> dict[str, Any] | None:
    """Why it moved, and which approvals it did not need."""
    told: dict[str, Any] = {"reason": note} if note else {}
    if act.spared:
        from oppcli.model.kept import kept

        told["spared"] = {name: kept(why) for name, why in act.spared.items()}
    return told or None


def refuse_missing(deal: Deal, way: pipeline.Route, reasons: tuple[Reason, ...]) -> None:
    """One refusal for everything missing; the attempt is remembered in the journal."""
    if not reasons:
        return
    if all(reason.slug == "held" for reason in reasons):
        raise Conflict(say("{deal} is held where it is", deal=ref("deal", deal.id)), reasons=reasons, slug="held")
    count = say("{reasons} {reasons:thing is|things are}", reasons=len(reasons))
    refusal = Refused(
        say(
            "{deal} cannot enter {name} yet: {count} missing",
            deal=ref("deal", deal.id),
            name=way.target.name,
            count=count,
        ),
        reasons=reasons,
    )
    refusal.attempt = ("deal", str(deal.id))
    raise refusal


def _moved(
    before: Deal, after: Deal, target: StageRule, follows: tuple[str, ...], policy: Policy, *, won: bool
) -> Outcome:
    name = ref("deal", after.id)
    told = {"name": name, "title": after.title, "stage": before.stage, "target_name": target.name}
    guide = (say("{name}: {guide}", name=target.name, guide=target.guide),) if target.guide else ()
    details = (*guide, *follows)
    done = say("{name} {title}: {stage} → {target_name}", **told)
    if target.kind == WON and not won:
        done = say("{name} {title} is won: {stage} → {target_name}", **told)
    gate = command("gate", name, why=say("what the next stage needs"))
    closes = (_recap(name),) if target.kind == WON and not won else ()
    next_ = closes if pipeline.over(target.name, policy) else (*closes, gate)
    return Outcome(done=(done,), ids=(name,), details=details, next=next_)


def _recap(name: str) -> Command:
    """What closing is followed by: looking back."""
    return command("deal", "recap", name, why=say("what it took"))


def win(act: Act, deal: Deal, *, note: str | None = None) -> Outcome:
    """The deal won, if every gate up to the end lets it pass and nothing waits for approval. Refused for a won one."""
    here = act.policy.stage(deal.stage)
    if here is not None and here.kind == WON:
        raise pipeline.closed(deal, act.policy)
    return advance(act, deal, pipeline.winning_stage(deal, act.policy).name, note=note, verb="deal win")


def lose(
    act: Act, deal: Deal, *, reason: str | None, detail: str | None = None, competitor: str | None = None
) -> Outcome:
    """The deal lost for a reason of the policy; requests that were still open end with it."""
    from oppcli.rules import closing

    act.require_deal("deal lose", deal)
    after = closing.lost(deal, act.policy, act.now, reason=reason, detail=detail, competitor=competitor)
    saved, said = _saved(act, deal, after, "lose")  # the detail is the deal's own, where it can be erased
    from oppcli.actions.consequences import following
    from oppcli.actions.novelties import notes
    from oppcli.actions.requests import deal_lost

    details = (*said, *deal_lost(act, saved), *notes(act, deal, saved), *following(act, Cause(CLOSED, saved, deal)))
    name = ref("deal", deal.id)
    return Outcome(
        done=(
            say(
                "{name} {title} is lost from {stage}: {reason}",
                name=name,
                title=deal.title,
                stage=deal.stage,
                reason=reason,
            ),
        ),
        ids=(name,),
        details=details,
        next=(_recap(name),),
    )


def is_won(door: ReadDoor, text: str) -> bool:
    """Whether a reference as typed stands for a deal that is won; no for one that stands for nothing."""
    known = number("deal", text)
    won = {stage.name for stage in door.find(Stage, kind=WON)}
    return known is not None and any(deal.stage in won for deal in door.find(Deal, id=known))


def reopen(act: Act, deal: Deal, *, note: str) -> Outcome:
    """The deal back in its last open stage. A won deal only by a manager or an admin. Refused for others, without a
    reason, and while the deal is open."""
    stage = act.policy.stage(deal.stage)
    won = stage is not None and stage.kind == WON
    act.require_kept(deal)
    if not won:
        act.require_right("deal reopen", deal)
    elif not may_do("deal reopen won", deal, act.me, act.people):
        raise NotAllowed(
            say("{deal} is won; {by} may not reopen it", deal=ref("deal", deal.id), by=act.by),
            hint=say("a manager or an admin may"),
        )
    from oppcli.rules import closing

    after = closing.reopened(deal, act.policy, act.now)
    if not note.strip():
        raise UsageError(say("say why it is reopened"), hint=command("deal", "reopen", ref("deal", deal.id), "-m", "…"))
    saved, said = _saved(act, deal, after, "reopen", note)
    from oppcli.actions.consequences import following

    name = ref("deal", deal.id)
    return Outcome(
        done=(
            say(
                "{name} {title} is open again: {stage} → {saved_stage}",
                name=name,
                title=deal.title,
                stage=deal.stage,
                saved_stage=saved.stage,
            ),
        ),
        ids=(name,),
        details=(*said, *following(act, Cause(REOPENED, saved, deal))),
        next=(command("gate", name),),
    )


def qualify(act: Act, deal: Deal, *, note: str | None = None) -> Outcome:
    """The lead advanced into the first stage of kind open: same record, same id. Refused when it is a lead no more,
    and where the policy has no such stage."""
    here = act.policy.stage(deal.stage)
    line = act.policy.stages if here is None else pipeline.along(here, act.policy)
    first = next((stage for stage in line if stage.kind == OPEN), None)
    if first is None:
        raise Refused(say("the policy has no stage of kind open"), hint=command("policy", "show"))
    if here is not None and here.kind != LEAD:
        raise Conflict(
            say("{deal} is not a lead any more: it is in {stage}", deal=ref("deal", deal.id), stage=deal.stage)
        )
    return advance(act, deal, first.name, note=note)


def reject_lead(act: Act, deal: Deal, *, reason: str | None, detail: str | None = None) -> Outcome:
    """A lead that is not worth following, lost. Refused for a deal that was qualified: that one is lost or won."""
    here = act.policy.stage(deal.stage)
    if here is not None and here.kind == OPEN:
        raise Conflict(
            say("{deal} was qualified: it is in {stage}", deal=ref("deal", deal.id), stage=deal.stage),
            hint=command("deal", "lose", ref("deal", deal.id), "--reason", reason or BLANK),
        )
    return lose(act, deal, reason=reason, detail=detail)
