"""Stages and gates: which stages a move passes, what is missing to pass them, and the deal after the move."""

from collections.abc import Callable, Collection, Mapping

from oppcli.errors import Conflict, Reason, Refused, UsageError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LIVE_KINDS, LOST, WON, Deal, Visit
from oppcli.model.fields import BANT, Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, StageRule
from oppcli.model.records import ARCHIVED, LIVE
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import fields
from oppcli.tuples import NamedTuple

Done = Callable[[], Collection[str]]
"""Looked up where a word asks for it."""


class Route(NamedTuple):
    """A move: the stages it leaves and enters on the way, in order. Backwards and to lost, it enters no gate."""

    target: StageRule
    left: tuple[StageRule, ...] = ()
    entered: tuple[StageRule, ...] = ()

    @property
    def forward(self) -> bool:
        return bool(self.entered)


def stage_of(deal: Deal, policy: Policy) -> StageRule:
    """The rule of the stage a deal is in. Refused where the policy dropped the stage."""
    found = policy.stage(deal.stage)
    if found is None:
        raise Conflict(
            say("{deal} is in {stage}, which the policy no longer has", deal=ref("deal", deal.id), stage=deal.stage),
            hint=command("deal", "advance", ref("deal", deal.id), "--to", "STAGE", ready=False),
        )
    return found


def stage_named(name: str, policy: Policy) -> StageRule:
    """The stage called so: exactly, by unique prefix, or whatever the case. Refused with the nearest name."""
    from oppcli.words.named import begun

    names = [stage.name for stage in policy.stages]
    meant = begun(name, names)
    found = None if meant is None else policy.stage(meant)
    if found is not None:
        return found
    from oppcli.errors import NotFound
    from oppcli.words.spelling import nearest

    raise NotFound(
        say("no such stage: {name}{nearest}", name=name, nearest=nearest(name, names)),
        hint=say("the stages are {names}", names=listed(names)),
    )


def onward(deal: Deal, policy: Policy) -> StageRule:
    """Where `advance` goes when no stage is named: the next of the pipeline, or the first the policy lets it go to.
    Refused for a closed deal and in the last stage."""
    here = stage_of(deal, policy)
    if here.kind not in LIVE_KINDS:
        raise closed(deal, policy)
    if here.next:
        return stage_named(here.next[0], policy)
    line = [stage for stage in policy.stages if stage.kind in LIVE_KINDS]
    after = line[line.index(here) + 1 :]
    if after:
        return after[0]
    name = ref("deal", deal.id)
    hint = say("{win}; or {lose}", win=command("win", name), lose=command("lose", name, "--reason", BLANK))
    raise Conflict(say("{name} is in {here_name}, the last stage", name=name, here_name=here.name), hint=hint)


def ahead(deal: Deal, policy: Policy) -> StageRule:
    """The stage whose gate a deal comes to next: in the last one that of won. Refused for a closed deal, and where the
    policy has several stages of kind won."""
    line = [stage for stage in policy.stages if stage.kind in LIVE_KINDS]
    here = stage_of(deal, policy)
    last = line[-1:] == [here] and not here.next
    return winning_stage(deal, policy) if last else onward(deal, policy)


def closed(deal: Deal, policy: Policy) -> Conflict:
    """The refusal for a deal that is won or lost."""
    stage = policy.stage(deal.stage)
    how = stage.kind if stage else "closed"
    name = ref("deal", deal.id)
    return Conflict(
        say("{name} is {how} already ({stage})", name=name, how=Word("kind", how), stage=deal.stage),
        hint=command("deal", "reopen", name, "-m", "…"),
    )


def route(deal: Deal, target: StageRule, policy: Policy) -> Route:
    """The way from where the deal is to `target`. Refused for a closed deal and for a move the policy forbids."""
    here = policy.stage(deal.stage)
    if here is None:
        # Its stage was dropped from the policy: it may enter any stage, through that stage's own gate.
        return Route(target, entered=(target,))
    if here.kind not in LIVE_KINDS:
        raise closed(deal, policy)
    if here.name == target.name:
        raise Conflict(say("{deal} is in {name} already", deal=ref("deal", deal.id), name=here.name))
    if target.kind == LOST:
        return Route(target)
    if here.next is not None and target.name not in here.next:
        allowed = listed(here.next) or "nowhere"
        reason = Reason(
            "stage", say("from {name} the policy lets a deal go to {allowed}", name=here.name, allowed=allowed)
        )
        raise Refused(
            say(
                "{deal} cannot go from {name} to {target_name}",
                deal=ref("deal", deal.id),
                name=here.name,
                target_name=target.name,
            ),
            reasons=(reason,),
        )
    return _along(here, target, policy)


def _along(here: StageRule, target: StageRule, policy: Policy) -> Route:
    line = [stage for stage in policy.stages if stage.kind in LIVE_KINDS]
    start = line.index(here)
    if target.kind == WON:
        return Route(target, left=tuple(line[start:]), entered=(*line[start + 1 :], target))
    end = line.index(target)
    if end < start:
        return Route(target)
    return Route(target, left=tuple(line[start:end]), entered=tuple(line[start + 1 : end + 1]))


def missing_fields(
    deal: Deal, way: Route, policy: Policy, file_kinds: Collection[str], done: Done = tuple
) -> tuple[Reason, ...]:
    """Everything that the stages left and entered ask for and the deal does not have. `done` looks up the words that
    tell of what happened, and hold: `task:…`, `activity:…`, `touch`, `survey`."""
    wanted: dict[str, str] = {}
    for stage in way.left:
        wanted |= {name: say("needed to leave {name}", name=stage.name) for name in stage.leave if name not in wanted}
    for stage in way.entered:
        wanted |= {name: say("needed to enter {name}", name=stage.name) for name in stage.enter if name not in wanted}
    return tuple(
        Reason(
            fields.word(name, policy),
            why if len(way.entered) > 1 or why.startswith("needed to leave") else "",
            mend(deal, name, policy),
        )
        for name, why in wanted.items()
        if not has(deal, name, policy, file_kinds, done)
    )


def has(deal: Deal, name: str, policy: Policy, file_kinds: Collection[str], done: Done = tuple) -> bool:
    """Whether the deal has what a gate or a request needs: a field that is not empty or unknown, or what another word
    of a gate asks for (`rules.gate_words`)."""
    if name.startswith("file:"):
        return name.removeprefix("file:") in file_kinds
    known = fields.fields(policy)
    field = known.get(name)
    if field is None:
        return _happened(deal, name, policy, known, done)
    value = fields.stored(deal, field)
    return value is not None and value != () and not (name in BANT and value == "unknown")


def _happened(deal: Deal, name: str, policy: Policy, known: Mapping[str, Field], done: Done) -> bool:
    """Of a word that is no field: a contact's role, a stage it was in, a condition; else whether it is done."""
    from oppcli.rules import conditions
    from oppcli.rules.gate_words import CONDITION, CONTACT, STAGE, wanted

    word = wanted(name, known)
    if word.kind == CONTACT:
        return any(contact.role == word.name for contact in deal.contacts)
    if word.kind == STAGE:
        return any(visit.stage == word.name for visit in deal.visits)
    if word.kind == CONDITION and (policy.quote is None or not conditions.dotted(name)):
        condition = conditions.unchecked(name)
        read = {each: known[each] for each in conditions.reads(condition) if each in known}
        return conditions.decided(condition, fields.facts(deal, policy, among=read)) is True
    return name in done()


LONGEST_CHOICE = 60
"""Letters of the values of a field that a command lists."""


def mend(of: Deal, name: str, policy: Policy) -> Command:
    """The command that supplies a missing field or file: with the values there are, `--set 'tier=A|B|C'`."""
    deal = ref("deal", of.id)
    field = fields.fields(policy).get(name)
    if field is None:
        from oppcli.rules.gate_words import mended

        return mended(deal, name, ref("customer", of.customer_id) if of.customer_id else None)
    values = "|".join(field.values)
    if not values or len(values) > LONGEST_CHOICE:
        return command("deal", "edit", deal, "--set", f"{name}={BLANK}")
    return command("deal", "edit", deal, "--set", f"{name}={values}", ready=False)


def moved(deal: Deal, target: StageRule, now: int) -> Deal:
    """The deal in `target` since `now`: its visit closed, the next one opened. Closing keeps the last open stage; a
    probability set by hand does not outlive the deal: a won one is not likely any more."""
    *earlier, last = deal.visits or (Visit(stage=deal.stage, entered_at=None),)
    visits = (*earlier, replace(last, left_at=now), Visit(stage=target.name, entered_at=now))
    ends = target.kind not in LIVE_KINDS
    return replace(
        deal,
        stage=target.name,
        visits=visits,
        updated_at=now,
        closed_at=now if ends else None,
        probability=None if ends else deal.probability,
        probability_reason=None if ends else deal.probability_reason,
        last_open_stage=deal.stage if ends else deal.last_open_stage,
    )


def lost(
    deal: Deal, policy: Policy, now: int, *, reason: str | None, detail: str | None, competitor: str | None
) -> Deal:
    """The deal lost for a reason of the policy. Refused with the reasons there are, or where a text is required."""
    target = _only(policy, LOST, deal)
    route(deal, target, policy)
    if reason is None:
        fix = command("deal", "lose", ref("deal", deal.id), "--reason", BLANK)
        known = listed(policy.lost_reasons) or say("any text")
        raise UsageError(
            say("say why {deal} is lost", deal=ref("deal", deal.id)), reasons=(Reason("--reason", known, fix),)
        )
    problems = loss_problems(policy, reason, detail)
    if problems:
        raise Refused(say("{deal} cannot be lost yet", deal=ref("deal", deal.id)), reasons=problems)
    after = moved(deal, target, now)
    after = replace(after, close_reason=reason, close_detail=detail)
    if not competitor:
        return after
    from oppcli.rules.rivals import beaten

    return beaten(after, competitor)


def loss_problems(policy: Policy, reason: str, detail: str | None) -> tuple[Reason, ...]:
    """What is wrong with a reason for losing."""
    found = []
    if not reason.strip():
        found.append(Reason("reason", say("is empty"), "--reason …"))
    elif policy.lost_reasons and reason not in policy.lost_reasons:
        from oppcli.words.spelling import nearest

        known = listed(policy.lost_reasons)
        found.append(
            Reason(
                "reason",
                say(
                    "{reason!r} is not one of {known}{nearest}",
                    reason=reason,
                    known=known,
                    nearest=nearest(reason, policy.lost_reasons),
                ),
            )
        )
    if reason in policy.lost_detail_required and not (detail or "").strip():
        found.append(Reason("detail", say("{reason} needs a text", reason=reason), "-m TEXT"))
    return tuple(found)


def winning_stage(deal: Deal, policy: Policy) -> StageRule:
    """The stage of kind won. Where the policy has several, the caller names one."""
    return _only(policy, WON, deal)


def _only(policy: Policy, kind: str, deal: Deal) -> StageRule:
    found = policy.of_kind(kind)
    if not found:
        raise Refused(say("the policy has no stage of kind {kind}", kind=kind), hint=command("policy", "show"))
    if len(found) > 1:
        commands = [command("deal", "advance", ref("deal", deal.id), "--to", stage.name) for stage in found]
        raise Refused(
            say("the policy has {found} stages of kind {kind}", found=len(found), kind=kind),
            hint=say("name one: {commands}", commands=listed(commands, " or ")),
        )
    return found[0]


def reopened(deal: Deal, policy: Policy, now: int) -> Deal:
    """The deal back in its last open stage. Refused while it is open."""
    here = policy.stage(deal.stage)
    if here is not None and here.kind in LIVE_KINDS:
        raise Conflict(say("{deal} is open, in {stage}", deal=ref("deal", deal.id), stage=deal.stage))
    back = policy.stage(deal.last_open_stage) if deal.last_open_stage else None
    target = back or policy.pipeline[0]
    after = moved(deal, target, now)
    # Reason, detail and competitor say how it ended, and it has not.
    if after.standing == ARCHIVED:  # what goes on is put away no longer
        after = replace(after, standing=LIVE)
    return replace(after, close_reason=None, close_detail=None, competitor=None, last_open_stage=deal.last_open_stage)
