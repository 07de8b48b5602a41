"""What is taken back of one thing, and what stands against it: what was changed since, and by whom; what others built
on it; who may take a run back, and until when."""

from collections.abc import Container, Iterable
from typing import Any

from oppcli.actions import lacking, moves
from oppcli.actions.act import Act, Look
from oppcli.errors import Conflict, NotAllowed, Reason
from oppcli.model.command import command
from oppcli.model.deals import LIVE_KINDS, LOST, WON, Deal
from oppcli.model.journal import Entry
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ARCHIVED, WITHDRAWN
from oppcli.model.refs import named, ref
from oppcli.model.requests import Request
from oppcli.model.said import Said, Word, listed, say
from oppcli.rules import pipeline, undoing
from oppcli.rules.rights import superiors
from oppcli.rules.undoing import YOUNG_MS, Net
from oppcli.store import dealings, resting, runs
from oppcli.tuples import NamedTuple

Told = tuple[str, tuple[str, ...]]
"""A line, and what follows."""


class Step(NamedTuple):
    """What an undo does to one thing."""

    net: Net
    before: Any
    after: Any
    """Equal to `before` where nothing is left to take back."""
    conflicts: tuple[Reason, ...] = ()

    def saved(self, act: Act, meta: dict[str, Any]) -> Any:
        """What was stored."""
        return act.door.save(self.before, self.after, action="undo", meta=meta)

    @property
    def withdraws(self) -> bool:
        """Whether it takes away what was there."""
        return bool(self.after.standing == WITHDRAWN != self.before.standing)

    def state(self, gone: Said | None = None) -> Said:
        """How the thing stands after it; `gone` says that it was taken away."""
        return (gone or say("withdrawn")) if self.withdraws else say("as before")


def conflict(look: Look, net: Net, path: str) -> Reason:
    """`D-142 amount   changed by wang on Mon 9 Mar 10:00 (e330)`."""
    last = net.entries[-1].seq
    since = [e for e in runs.of_noun(look.door, net.noun, net.key, last) if any(_same(path, p) for p in e.changes)]
    what = say("{name} {path}", name=net.name, path=path)
    log = command("log", net.name)
    if not since:
        return Reason(what, say("is not what the run left"), log)
    return Reason(what, changed(look, since[-1]), log)


def changed(look: Look, entry: Entry) -> str:
    when = look.when(entry.at)
    return say("changed by {who} on {when} (e{seq})", who=entry.actor, when=when, seq=entry.seq)


def _same(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def referring(look: Look, net: Net, deal: Deal) -> tuple[Reason, ...]:
    """Requests and files of a deal, and what others wrote on it: none of it is the run's."""
    found = [
        Reason(
            ref("request", request.id),
            say(
                "{type} of {deal}, {state}", type=request.named_type, deal=net.name, state=Word("state", request.state)
            ),
        )
        for request in look.door.find(Request, deal_id=deal.id)
    ]
    found += [
        Reason(ref(noun, number), say("{name}, by {who}", name=title, who=who))
        for noun, number, title, who in resting.beside(look.door, deal.id, net.entries[0].actor)
    ]
    since = runs.of_noun(look.door, "deal", net.key, net.entries[-1].seq)
    other = [entry for entry in since if entry.actor != look.by and entry.action not in undoing.PASSED_OVER]
    if other:
        found.append(Reason(net.name, changed(look, other[-1]), command("log", net.name)))
    return tuple(found)


def resting_on(look: Look, net: Net, thing: Any, made: Container[tuple[str, int]] = ()) -> tuple[Reason, ...]:
    """The deals, and of a customer the contacts, for which a record that the run made has to stay; those that the run
    `made`, too, go with it."""
    return tuple(
        Reason(ref(noun, number), say("{title}, {noun} of {name}", title=title, noun=Word("noun", noun), name=net.name))
        for noun, number, title in dealings.resting_on(look.door, net.noun, thing.id)
        if (noun, number) not in made
    )


def require_stage(look: Look, before: Deal, after: Deal) -> None:
    """Refuse a stage there is no more, one of those under way for what was archived, and a way forward that its gates
    would not let pass now."""
    target = look.policy.stage(after.stage)
    if before.stage == after.stage:
        return
    if target is None:
        raise Conflict(say("the policy has no stage {stage} any more", stage=after.stage))
    if after.standing == ARCHIVED and target.kind in LIVE_KINDS:
        name = ref("deal", after.id)
        raise Conflict(say("{deal} was archived since", deal=name), hint=command("restore", name))
    here = look.policy.stage(before.stage)
    goes_on = here is not None and (here.kind, target.kind) == (WON, WON)
    if here is None or (here.kind in (WON, LOST) and not goes_on) or target.kind == LOST:
        return
    line = [stage.name for stage in look.policy.stages]
    if line.index(target.name) > line.index(here.name):
        way = pipeline.route(before, target, look.policy)
        moves.refuse_missing(before, way, lacking.missing(look, before, way))


def _called(entry: Entry) -> str:
    """`D-142`, or of what has no id of that kind its noun in the reader's language and its key: `user wang`."""
    if entry.noun in PREFIXES:
        return named(entry.noun, entry.noun_id)
    return say("{noun} {key}", noun=Word("noun", entry.noun), key=entry.noun_id)


def require_reversible(run: int, entries: Iterable[Entry]) -> None:
    """Refuse a run with an act that stands for good."""
    told = list(entries)
    if (verb := undoing.back(told)) is not None:
        raise Conflict(
            say("e{run} is not undone: a merge has a verb of its own that takes it back", run=run), hint=verb
        )
    for entry in told:
        if not undoing.reversible(entry):
            what = say("{action} {name}", action=Word("action", entry.action), name=_called(entry))
            raise Conflict(say("e{run} is not undone: {what} stands", run=run, what=what), hint=undoing.instead(entry))


def _above(look: Look, login: str) -> bool:
    """Whether the acting person leads this one, or is an admin."""
    return look.me.is_admin or look.by in superiors(login, look.people)


def require_line(look: Look, begun: Entry) -> None:
    """Refuse the runs of people whom the acting person does not lead."""
    if look.by == begun.actor or _above(look, begun.actor):
        return
    who = listed((begun.actor, *superiors(begun.actor, look.people)))
    raise NotAllowed(
        say("{me} may not undo e{run}: it is {who}'s", me=look.by, run=begun.seq, who=begun.actor),
        hint=say("{who} or an admin may", who=who),
    )


def require_young(look: Look, begun: Entry, what: str) -> None:
    """Refuse to take back what is older than a day, to anybody but a manager of the line."""
    if look.now - begun.at <= YOUNG_MS or (look.by != begun.actor and _above(look, begun.actor)) or look.me.is_admin:
        return
    who = listed(superiors(begun.actor, look.people)) or say("an admin")
    told = say("what e{run} did to {what} is more than 24 hours old", run=begun.seq, what=what)
    raise NotAllowed(told, hint=say("{who} may still take it back", who=who))


def require_importer(look: Look, begun: Entry) -> None:
    """Refuse who neither imported it within a day nor is an admin, and who may not import now."""
    look.require("import", say("undo an import"))
    if look.me.is_admin or (look.by == begun.actor and look.now - begun.at <= YOUNG_MS):
        return
    late = say("{who} imported it, more than 24 hours ago", who=begun.actor)
    other = say("{who} imported it", who=begun.actor)
    raise NotAllowed(
        say(
            "{me} may not undo e{run}: {why}", me=look.by, run=begun.seq, why=late if look.by == begun.actor else other
        ),
        hint=say("{who} may for 24 hours, an admin always", who=begun.actor),
    )


def verb_of(look: Look, net: Net) -> str:
    """The verb that did it, whose right taking it back needs now."""
    if "owner" in net.changes and not net.made:
        return "deal assign"
    here = look.policy.stage((net.changes.get("stage") or ("",))[0] or "")
    if net.entries[-1].action == "reopen" and here is not None and here.kind == WON:
        return "deal reopen won"
    return "deal edit"
