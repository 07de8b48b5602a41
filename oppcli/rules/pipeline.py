"""Stages and gates: which stages a move passes, what is missing to pass them, and the deal after the move."""

from collections.abc import Callable, Collection, Mapping

from oppcli.errors import Conflict, NotFound, Reason, Refused
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LIVE_KINDS, LOST, WON, Deal, Visit
from oppcli.model.fields import BANT, Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, StageRule
from oppcli.model.refs import ref
from oppcli.model.said import Word, label, listed, say
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
    from oppcli.words.spelling import nearest

    raise NotFound(
        say("no such stage: {text}{nearest}", text=name, nearest=nearest(name, names)),
        hint=say("the stages are {known}", known=listed(names)),
    )


def along(stage: StageRule, policy: Policy) -> tuple[StageRule, ...]:
    """The stages of the pipeline that a stage is in, in order."""
    return tuple(each for each in policy.stages if each.pipeline == stage.pipeline)


def passed(name: str, policy: Policy) -> tuple[StageRule, ...]:
    """A stage and those before it in its pipeline; nothing for one that the policy does not have."""
    here = policy.stage(name)
    line = () if here is None else along(here, policy)
    return line[: line.index(here) + 1] if here is not None else ()


def over(name: str, policy: Policy) -> bool:
    """Whether a deal in this stage is at its end: lost, or won with no stage of kind won behind."""
    here = policy.stage(name)
    return here is not None and here.kind not in LIVE_KINDS and not _behind(here, policy)


def _behind(here: StageRule, policy: Policy) -> tuple[StageRule, ...]:
    """The stages that a deal goes on to: those under way, of a won one those after the win."""
    kinds = LIVE_KINDS if here.kind in LIVE_KINDS else (WON,) if here.kind == WON else ()
    line = [stage for stage in along(here, policy) if stage.kind in kinds]
    return tuple(line[line.index(here) + 1 :]) if here in line else ()


def onward(deal: Deal, policy: Policy) -> StageRule:
    """Where `advance` goes when no stage is named: the next of the pipeline, or the first the policy lets it go to; of
    a won deal the next after the win. Refused at the end, and in the last stage before it."""
    here = stage_of(deal, policy)
    if here.kind == LOST or here.next == ():
        raise closed(deal, policy) if here.kind not in LIVE_KINDS else _last(deal, here)
    if here.next:
        return stage_named(here.next[0], policy)
    after = _behind(here, policy)
    if after:
        return after[0]
    raise closed(deal, policy) if here.kind == WON else _last(deal, here)


def _last(deal: Deal, here: StageRule) -> Conflict:
    name = ref("deal", deal.id)
    hint = say("won: {win}; lost: {lose}", win=command("win", name), lose=command("lose", name, "--reason", BLANK))
    return Conflict(say("{name} is in {here_name}, the last stage", name=name, here_name=here.name), hint=hint)


def ahead(deal: Deal, policy: Policy) -> StageRule:
    """The stage whose gate a deal comes to next: in the last one that of won. Refused at the end."""
    here = stage_of(deal, policy)
    last = here.kind in LIVE_KINDS and not here.next and not _behind(here, policy)
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
    """The way from where the deal is to `target`. Refused for a closed deal, but for one that is won and goes on, for a
    move the policy forbids, and into another pipeline."""
    here = policy.stage(deal.stage)
    if here is None:
        # Its stage was dropped from the policy: it may enter any stage, through that stage's own gate.
        return Route(target, entered=(target,))
    if here.kind not in LIVE_KINDS and (here.kind, target.kind) != (WON, WON):
        raise closed(deal, policy)
    if here.name == target.name:
        name = ref("deal", deal.id)
        raise (
            closed(deal, policy)
            if here.kind == WON
            else Conflict(say("{deal} is in {name} already", deal=name, name=here.name))
        )
    if here.pipeline != target.pipeline:
        allowed = listed(stage.name for stage in along(here, policy) if stage.name != here.name)
        raise forbidden(deal, here, target, say("of another pipeline; here there are {allowed}", allowed=allowed))
    if target.kind == LOST:
        return Route(target)
    if here.next is not None and target.name not in here.next:
        places = listed(here.next) or "nowhere"
        why = say("from {name} the policy lets a deal go to {allowed}", name=here.name, allowed=places)
        raise forbidden(deal, here, target, why)
    line = tuple(stage for stage in along(here, policy) if stage.kind != LOST)
    start, end = line.index(here), line.index(target)
    return Route(target) if end < start else Route(target, line[start:end], line[start + 1 : end + 1])


def forbidden(deal: Deal, here: StageRule, target: StageRule, why: str) -> Refused:
    """The refusal of a move that the policy does not allow."""
    told = {"deal": ref("deal", deal.id), "name": here.name, "target_name": target.name}
    said = say("{deal} cannot go from {name} to {target_name}", **told)
    return Refused(said, reasons=(Reason(label("stage"), why),))


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
    if word.kind == CONDITION and not _beside(name, policy):
        condition = conditions.unchecked(name)
        read = {each: known[each] for each in conditions.reads(condition) if each in known}
        return conditions.decided(condition, fields.facts(deal, policy, among=read)) is True
    return name in done()


def _beside(name: str, policy: Policy) -> bool:
    """Whether a condition reads what is no field of the deal (`oppcli.model.spaces`)."""
    from oppcli.rules import conditions

    return bool(policy.spaced and conditions.dotted(name)) or _read(name, policy)


def _read(name: str, policy: Policy) -> bool:
    if not fields.beside(policy):
        return False
    from oppcli.model import spaces

    return bool(spaces.read_by(name) & spaces.named(policy))


def _named(policy: Policy) -> frozenset[str]:
    """What the policy names of payments, of the customer, of risk."""
    if not fields.beside(policy):
        return frozenset()
    from oppcli.model import spaces

    return spaces.named(policy)


LONGEST_CHOICE = 60
"""Letters of the values of a field that a command lists."""


def mend(of: Deal, name: str, policy: Policy) -> Command:
    """The command that supplies a missing field or file: with the values there are, `--set 'tier=A|B|C'`; where points
    are missing the card, which says what each rule wants."""
    deal = ref("deal", of.id)
    if policy.scores and not _read(name, policy):
        from oppcli.rules.gate_words import scored

        if scored(name, policy):
            return command("show", deal)
    field = fields.fields(policy).get(name)
    if field is None or (name == "risk" and name in _named(policy)):
        from oppcli.rules.gate_words import mended

        customer = ref("customer", of.customer_id) if of.customer_id else None
        asked = {short for short, rule in policy.facts.items() if rule.source}
        return mended(deal, name, customer, _named(policy), asked)
    values = "|".join(field.values)
    if not values or len(values) > LONGEST_CHOICE:
        return command("deal", "edit", deal, "--set", f"{name}={BLANK}")
    return command("deal", "edit", deal, "--set", f"{name}={values}", ready=False)


def moved(deal: Deal, target: StageRule, now: int, *, won: bool = False) -> Deal:
    """The deal in `target` since `now`: its visit closed, the next one opened. Closing keeps the last open stage; a
    probability and a category set by hand do not outlive the deal: a won one is not likely any more. One that was
    `won` already stays so: when, and where from, is the win's."""
    *earlier, last = deal.visits or (Visit(stage=deal.stage, entered_at=None),)
    visits = (*earlier, replace(last, left_at=now), Visit(stage=target.name, entered_at=now))
    there = replace(deal, stage=target.name, visits=visits, updated_at=now)
    if won and target.kind == WON:
        return there
    ends = target.kind not in LIVE_KINDS
    return replace(
        there,
        closed_at=now if ends else None,
        probability=None if ends else deal.probability,
        probability_reason=None if ends else deal.probability_reason,
        category=None if ends else deal.category,
        last_open_stage=deal.stage if ends else deal.last_open_stage,
    )


def winning_stage(deal: Deal, policy: Policy) -> StageRule:
    """The first stage of kind won of the deal's pipeline: those behind it are after the win."""
    return next(iter(_ending(policy, WON, deal)))


def only(policy: Policy, kind: str, deal: Deal) -> StageRule:
    """The stage of a kind in the deal's pipeline. Refused where there are several: the caller names one."""
    found = _ending(policy, kind, deal)
    if len(found) > 1:
        commands = [command("deal", "advance", ref("deal", deal.id), "--to", stage.name) for stage in found]
        raise Refused(
            say("the policy has {found} stages of kind {kind}", found=len(found), kind=kind),
            hint=say("name one: {commands}", commands=listed(commands, " or ")),
        )
    return found[0]


def _ending(policy: Policy, kind: str, deal: Deal) -> tuple[StageRule, ...]:
    here = policy.stage(deal.stage)
    line = policy.stages if here is None else along(here, policy)
    found = tuple(stage for stage in line if stage.kind == kind)
    if not found:
        raise Refused(say("the policy has no stage of kind {kind}", kind=kind), hint=command("policy", "show"))
    return found
