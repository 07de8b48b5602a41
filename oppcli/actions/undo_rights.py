"""Who may take a run back, and until when: each refusal names who else may, or the verb that helps instead."""

from collections.abc import Iterable

from oppcli.actions.act import Look
from oppcli.errors import Conflict, NotAllowed
from oppcli.model.deals import WON
from oppcli.model.journal import Entry
from oppcli.model.refs import named
from oppcli.model.said import Word, listed, say
from oppcli.rules import undoing
from oppcli.rules.rights import superiors
from oppcli.rules.undoing import YOUNG_MS, Net


def require_reversible(run: int, entries: Iterable[Entry]) -> None:
    """Refuse a run with an act that stands for good."""
    told = list(entries)
    if (verb := undoing.back(told)) is not None:
        raise Conflict(
            say("e{run} is not undone: a merge has a verb of its own that takes it back", run=run), hint=verb
        )
    for entry in told:
        if not undoing.reversible(entry):
            what = say("{action} {name}", action=Word("action", entry.action), name=named(entry.noun, entry.noun_id))
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
    raise NotAllowed(
        say("{what} is more than 24 hours old", what=what), hint=say("{who} may still take it back", who=who)
    )


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
