"""Closed deals that are put away: out of the lists, and in every figure as before."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial

from oppcli.actions import requests
from oppcli.actions.act import Act, Look
from oppcli.actions.follow_ups import is_touch
from oppcli.actions.outcome import Outcome
from oppcli.actions.requests.surroundings import of_customer
from oppcli.actions.telling import tell
from oppcli.errors import Conflict, Reason, Refused, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import CLOSED_KINDS, Deal, File
from oppcli.model.follow import Activity, Task
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.records import ARCHIVED, LIVE
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import fields, gate_words, pipeline
from oppcli.store import closing, fired
from oppcli.words import zones

VERB = "deal archive"
TOLD = "not archived"
"""The mark of what was told of a deal that is not complete."""


def archive(act: Act, deal: Deal, *, waive: bool = False, why: str | None = None) -> Outcome:
    """A closed deal put away; its owner and managers may. Refused (5) for an open one, (7) with everything that the
    policy's `[archive]` needs and it has not, unless that is waived, (2) to waive without a reason."""
    act.require_deal(VERB, deal)
    name = ref("deal", deal.id)
    if deal.standing == ARCHIVED:
        return Outcome(done=(say("{name} is archived already", name=name),), ids=(name,))
    stage = act.policy.stage(deal.stage)
    if stage is None or stage.kind not in CLOSED_KINDS:
        raise Conflict(say("{name} is open: only closed deals are archived", name=name), hint=command("show", name))
    held = requests.held(act, deal)
    if held:
        raise Conflict(say("{deal} is held where it is", deal=name), reasons=held, slug="held")
    if waive and not (why or "").strip():
        raise UsageError(
            say("say why it is archived all the same"), hint=command("deal", "archive", name, "--waive", "-m", BLANK)
        )
    lacking = missing(act, [deal]).get(deal.id, ())
    if lacking and not waive:
        raise Refused(
            say("{deal} cannot be archived yet: {n} {n:thing is|things are} missing", deal=name, n=len(lacking)),
            reasons=_reasons(act, deal, lacking),
            hint=command("deal", "archive", name, "--waive", "-m", BLANK),
        )
    told = {**({"reason": why} if why else {}), **({"waived": list(lacking)} if lacking else {})}
    act.door.save(deal, replace(deal, standing=ARCHIVED), action="archive", meta=told or None)
    waived = (say("waived: {what}", what=listed(fields.word(word, act.policy) for word in lacking)),) if lacking else ()
    return Outcome(
        done=(say("{name} {title} archived", name=name, title=deal.title),),
        ids=(name,),
        details=waived,
    )


def _reasons(look: Look, deal: Deal, lacking: Iterable[str]) -> tuple[Reason, ...]:
    policy = look.policy
    return tuple(Reason(fields.word(word, policy), "", pipeline.mend(deal, word, policy)) for word in lacking)


def missing(look: Look, deals: Iterable[Deal]) -> Mapping[int, tuple[str, ...]]:
    """Deal → what `[archive]` needs and it has not; those that lack nothing are not there. Read for all at once."""
    policy, found = look.policy, list(deals)
    needs = policy.archive.needs if policy.archive else ()
    if not needs or not found:
        return {}
    numbers = [deal.id for deal in found]
    kinds: dict[int, set[str]] = {number: set() for number in numbers}
    for file in look.door.find(File, deal_id=numbers, standing=LIVE):
        kinds[file.deal_id].add(file.kind)
    done = _done(look, found) if any(_happened(look, word) for word in needs) else {}
    lacking = {
        deal.id: tuple(
            word
            for word in needs
            if not pipeline.has(deal, word, policy, kinds[deal.id], lambda deal=deal: done.get(deal.id, ()))  # type: ignore[misc]
        )
        for deal in found
    }
    return {number: words for number, words in lacking.items() if words}


def _happened(look: Look, word: str) -> bool:
    """Whether a word asks for what was done on a deal."""
    kind = gate_words.wanted(word, fields.fields(look.policy)).kind
    asked = (gate_words.TASK, gate_words.ACTIVITY, gate_words.TOUCH, gate_words.SURVEY, gate_words.CUSTOMER)
    return kind in asked


def _done(look: Look, deals: list[Deal]) -> dict[int, frozenset[str]]:
    touches, numbers = partial(is_touch, look), [deal.id for deal in deals]
    tasks: dict[int, list[Task]] = {}
    activities: dict[int, list[Activity]] = {}
    for task in look.door.find(Task, deal_id=numbers):
        tasks.setdefault(task.deal_id or 0, []).append(task)
    for activity in look.door.find(Activity, deal_id=numbers):
        activities.setdefault(activity.deal_id or 0, []).append(activity)
    return {
        deal.id: gate_words.done(tasks.get(deal.id, ()), activities.get(deal.id, ()), touches) | of_customer(look, deal)
        for deal in deals
    }


def due(look: Look) -> list[int]:
    """Deals closed for as long as the policy says: those that lack nothing, and those of which nobody was told yet."""
    rule = look.policy.archive
    if rule is None or rule.after_days is None:
        return []
    zone = look.policy.hours().timezone
    until = zones.midnight(zones.today(look.now, zone) - timedelta(days=rule.after_days - 1), zone)
    going_on = [stage.name for stage in look.policy.stages if not pipeline.over(stage.name, look.policy)]
    told = fired.told(look.door, "deal", TOLD)
    deals = look.door.find(Deal, id=closing.closed_before(look.door, until, going_on))
    lacking = missing(look, deals)
    return [deal.id for deal in deals if deal.id not in lacking or (deal.id, str(deal.closed_at)) not in told]


def woken(act: Act, numbers: Iterable[int]) -> Iterator[str]:
    """The complete are put away; who owns one of the rest is told once what it lacks."""
    deals = [deal for deal in act.door.find(Deal, id=list(numbers)) if deal.standing == LIVE]
    lacking = missing(act, deals)
    for deal in deals:
        name = ref("deal", deal.id)
        if deal.id not in lacking:
            act.door.save(deal, replace(deal, standing=ARCHIVED), action="archive")
            yield say("{name} {title} archived", name=name, title=deal.title)
        elif fired.fire(act.door, "deal", deal.id, TOLD, cycle=deal.closed_at, at=act.now):
            yield _tell(act, deal, name, lacking[deal.id])


def _tell(act: Act, deal: Deal, name: str, lacking: Iterable[str]) -> str:
    what = listed(fields.word(word, act.policy) for word in lacking)
    said = say("{deal} {title} cannot be archived yet, it lacks {what}", deal=name, title=deal.title, what=what)
    tell(act, [deal.owner], Notice(to="", kind="archive", deal_id=deal.id, text=said), myself=True)
    return said
