"""Take a run back: every path gets its old value where it still has the run's; what was made is withdrawn.

An undo is a run of its own, with the consequences of an edit; undoing it is the redo. An import's is in `unimport`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from oppcli.actions import deals, requests, undo_saved, undo_tasks
from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.actions.standings import require_unclaimed
from oppcli.actions.undo_conflicts import (
    Step,
    Told,
    conflict,
    referring,
    require_importer,
    require_line,
    require_reversible,
    require_stage,
    require_young,
    resting_on,
    verb_of,
)
from oppcli.errors import Conflict, NotFound, OppError
from oppcli.model.command import command
from oppcli.model.deals import LOST, SOLD, Deal, File
from oppcli.model.journal import Entry
from oppcli.model.notices import Notice, undone
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import ARCHIVED, LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import undoing
from oppcli.rules.undoing import Net
from oppcli.store import runs
from oppcli.store.changes import apply, plain, put_back, value_at
from oppcli.store.mapping import shape_of
from oppcli.store.queries import visible


def undo(act: Act, run: int | None, *, keep_edited: bool = False, note: str | None = None) -> Outcome:
    """The run taken back (by default one's own last). Refused with every conflict, unless the rest is enough: then what
    was edited since is kept and listed; refused for what stands for good, naming the verb that helps."""
    number = found(act, run)
    begun = runs.first(act.door, number)
    _require_open(act, number)
    if of_import(act, begun):
        from oppcli.actions.unimport import unimport

        require_importer(act, begun)
        return unimport(act, begun)
    entries, steps = planned(act, begun)
    conflicts = tuple(reason for step in steps for reason in step.conflicts)
    if conflicts and not keep_edited:
        raise Conflict(say("e{run} cannot be undone: it was changed since", run=number), reasons=conflicts)
    if all(step.after == step.before for step in steps):
        raise Conflict(say("nothing of e{run} is left to undo", run=number), reasons=conflicts)
    meta = {"undoes": number, **({"reason": note} if note else {})}
    lines, details = _done(act, steps, meta, note)
    _take_notices_back(act, entries, number)
    kept = tuple(say("kept: {what} {detail}", what=each.what, detail=each.detail) for each in conflicts)
    names = tuple(step.net.name for step in steps if step.after != step.before)
    return Outcome(done=tuple(lines), ids=names, details=(*details, *kept))


def of_import(look: Look, begun: Entry) -> bool:
    """Whether a run is an import, or took one back or forth: then it is read a page at a time."""
    while begun.action == "undo":
        begun = runs.first(look.door, int(begun.meta["undoes"]))
    return begun.channel == "import"


def planned(look: Look, begun: Entry) -> tuple[list[Entry], list[Step]]:
    """The entries of a run, and what taking it back does to each thing. Refused to who may not, and for what stands."""
    require_line(look, begun)
    entries = [entry for page in reversed(list(runs.pages(look.door, begun.seq))) for entry in page]
    require_reversible(begun.seq, entries)
    nets = undoing.nets(entries)
    along = undoing.along(nets)
    return entries, [_step(look, net, begun, along) for net in nets]


def found(look: Look, run: int | None) -> int:
    """The run meant by an entry of it; without one, the person's own last. Refused where there is none."""
    seen = run is None or visible(look.door, "entry", run)
    number = runs.last_of(look.door, look.by) if run is None else runs.run_of(look.door, run) if seen else None
    if number is None and run is None:
        raise NotFound(say("there is nothing of {login} to undo", login=look.by), hint=command("undo", "--list"))
    if number is None:
        raise NotFound(say("there is no entry e{seq}", seq=run), hint=command("undo", "--list"))
    return number


def _require_open(look: Look, run: int) -> None:
    by = runs.undone(look.door, run)
    if by is not None:
        when = look.when(by.at)
        raise Conflict(
            say("e{run} is already undone: by {who} on {when}", run=run, who=by.actor, when=when),
            hint=say("to do it again: {redo}", redo=command("undo", ref("entry", by.seq))),
        )


def _step(look: Look, net: Net, begun: Entry, along: undoing.Along) -> Step:
    """What is to be done to one thing. Refused to who may not do its verb now."""
    noun = class_of(BY_WORD[net.noun])
    shape = shape_of(noun)
    before: Any = look.door.get(noun, int(net.key) if shape.auto else net.key)
    undo_saved.require_open(net, before)
    if net.made:
        require_young(look, begun, net.name)
        return _withdrawn(look, net, before, along)
    if net.moved:
        require_young(look, begun, net.name)
    whole, back, conflicts = plain(shape, before), dict[str, Any](), dict[str, Any]()
    for path, (old, new) in net.changes.items():
        now = value_at(shape, whole, path)
        if path in undoing.ALWAYS_NEW or now == old:
            continue
        (back if now == new else conflicts)[path] = (now, old)
    if any(path == "stage" or path.startswith("visits.") for path in conflicts):
        moved = [path for path in back if undoing.of_move(path)]
        conflicts |= {path: back.pop(path) for path in moved}
    apply(shape, whole, back)
    after = put_back(shape, before, whole)
    told = tuple(conflict(look, net, path) for path in conflicts if not path.startswith("visits."))
    if conflicts and not told:
        told = (conflict(look, net, "stage"),)
    if net.noun == "deal" and back:
        after = replace(after, updated_at=look.now)
        require_stage(look, before, after)
    if net.noun == "task" and (another := undo_tasks.another_open(look, net, before, after, along.tasks)):
        return Step(net, before, before, (*told, *another))
    return Step(net, before, after if back else before, told)


def _withdrawn(look: Look, net: Net, before: Any, along: undoing.Along) -> Step:
    """What the run made, withdrawn; refused while others refer to it. A customer made on the way stays while used."""
    if before.standing == WITHDRAWN:
        return Step(net, before, before)
    if net.noun == "customer" and along.given:
        return Step(net, before, replace(before, standing=WITHDRAWN))  # unless used, asked when its deal is withdrawn
    conflicts = referring(look, net, before) if net.noun == "deal" else ()
    if net.noun in ("customer", "contact"):
        conflicts = resting_on(look, net, before, along.given)
    if net.noun == "task":
        conflicts = undo_tasks.since_made(look, net, before, with_deal=("deal", before.deal_id) in along.made)
    return Step(net, before, before if conflicts else replace(before, standing=WITHDRAWN), conflicts)


def _save(act: Act, step: Step, meta: dict[str, Any]) -> Any:
    """Store it. Refused where another has the external id or name of what is to come back."""
    if step.after.standing != step.before.standing == WITHDRAWN:
        require_unclaimed(act, step.before)
    return step.saved(act, meta)


def _done(act: Act, steps: Sequence[Step], meta: dict[str, Any], note: str | None) -> tuple[list[str], list[str]]:
    """Store it: files before their deal, customers last. (Lines, what follows)."""
    lines: list[str] = []
    details: list[str] = []
    whole = {
        each.before.id for each in steps if each.net.noun == "deal" and each.after.standing != each.before.standing
    }
    # A next step goes before another one comes back in its place.
    for step in sorted(steps, key=lambda step: (tuple(_ONE).index(step.net.noun), undo_tasks.is_plan(step.after))):
        if step.after == step.before:
            continue
        if step.net.noun == "task" and step.before.deal_id in whole:
            step.saved(act, meta)  # with its deal, which says so
        elif step.net.noun != "customer" or not step.withdraws or not resting_on(act, step.net, step.before):
            line, follows = _ONE[step.net.noun](act, step, meta, note)
            lines.append(line)
            details += follows
    if act.policy.scores or act.policy.tags or act.policy.tiers:
        from oppcli.actions.scores import computed_again

        computed_again(act, [step.after for step in steps])
    return lines, details


def _customer(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A customer withdrawn, given back, or as it was."""
    if not step.withdraws:
        from oppcli.actions import customers

        customers.require(act, "customer edit", step.before)
    _save(act, step, meta)
    return say("{ref} {name} {state}", ref=step.net.name, name=step.after.name, state=step.state()), ()


def _file(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    deal = act.door.get(Deal, step.before.deal_id)
    act.require_deal("deal attach", deal)
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    step.saved(act, meta)
    details = requests.deal_changed(act, deal, deal, had=had)
    name, now = ref("deal", deal.id), step.after
    return say("{deal}: {file} {standing}", deal=name, file=now.name, standing=now.standing), details


def _deal(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    before, after = step.before, step.after
    _require_deal(act, step)
    if before.stage == after.stage and any(getattr(before, name) != getattr(after, name) for name in (*SOLD, "owner")):
        deals.require_unlocked(act, before, note)
    saved: Deal = _save(act, step, meta)
    name = step.net.name
    if saved.standing != before.standing:
        state = Word("standing", saved.standing) if saved.standing in (WITHDRAWN, ARCHIVED) else say("restored")
        return say("{name} {title} {state}", name=name, title=saved.title, state=state), ()
    changes = deals.differences(act.door, before, saved, act.policy)
    parts = deals.said_changes(change for change in changes if change[0] != "stage")
    if saved.stage != before.stage:
        parts.insert(0, say("{old} → {new}", old=before.stage, new=saved.stage))
    target = act.policy.stage(saved.stage)
    lost = target is not None and target.kind == LOST and saved.stage != before.stage
    details = requests.deal_lost(act, saved) if lost else requests.deal_changed(act, before, saved)
    return say(
        "{name} {title}: {changes}", name=name, title=saved.title, changes=listed(parts, "; ") or say("as before")
    ), details


_ONE = {
    **{"proposal": undo_saved.proposal, "quote": undo_saved.quote, "contract": undo_saved.contract},
    **{"file": _file, "activity": undo_tasks.activity, "task": undo_tasks.saved},
    **{"deal": _deal, "contact": undo_saved.contact, "customer": _customer},
    **{"judgement": undo_saved.judgement, "mapping": undo_saved.mapping, "view": undo_saved.view},
    **{"match": undo_saved.match, "rate": undo_saved.rate, "cost": undo_saved.cost, "target": undo_saved.target},
    "price": undo_saved.price,
}
"""What takes back things of a noun, in the order in which they are taken back: files and tasks before their deal,
customers after it."""


def _require_deal(look: Look, step: Step) -> None:
    """Refuse who may not do now what was done to it, and to change what stays withdrawn."""
    if step.net.made and step.net.entries[0].actor == look.by:
        return  # whoever made it takes it back within a day, whosever a rule has made it
    if step.after.standing == step.before.standing:
        look.require_kept(step.before)
    look.require_right(verb_of(look, step.net), step.before)


def _take_notices_back(act: Act, entries: Iterable[Entry], run: int) -> None:
    """Notices of the run that have not gone out go nowhere."""
    keys = [int(entry.noun_id) for entry in entries if entry.noun == "notice" and entry.action == "notice"]
    if keys:
        from oppcli.actions.outbox.gathering import withdraw

        withdraw(act.door, act.door.find(Notice, id=keys), undone(run), {"undoes": run})


def verdict(look: Look, run: int) -> str | None:
    """Why the acting person could not undo a run now; None when nothing is known against it."""
    begun = runs.first(look.door, run)
    try:
        _require_open(look, run)
        if of_import(look, begun):
            from oppcli.actions import unimport

            require_importer(look, begun)
            unimport.require_reversible(look, run)
            return None
        steps = planned(look, begun)[1]
        for step in steps:
            if step.net.noun == "deal":
                _require_deal(look, step)
            elif step.net.noun == "task":
                undo_tasks.require(look, step.net, step.before)
    except OppError as refusal:
        return refusal.message
    told = next((each for step in steps for each in step.conflicts), None)
    if told is not None:
        return say("{what} {detail}", what=told.what, detail=told.detail)
    return None if any(step.after != step.before for step in steps) else say("nothing of it is left")
