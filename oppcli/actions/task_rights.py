"""Which task is meant, whose it is, and who may do what to it: each refusal says who may, or what helps instead."""

from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.errors import Conflict, NotAllowed, UsageError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import CONFLICT, DEADLINE, OPEN, SURVEY, Task
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import holders, promising
from oppcli.rules.rights import relations
from oppcli.rules.verbs import verb


def named(act: Act, text: str) -> Task:
    """The task `T-7`, or 7. Refused for what is none, and for one that was withdrawn."""
    found = find.by_id(act.door, Task, text, say("no such task: {text}", text=text))
    find.require_kept("task", found)
    return found


def deal_of(act: Act, task: Task) -> Deal | None:
    return act.door.get(Deal, task.deal_id) if task.deal_id else None


def customer_of(act: Act, task: Task) -> Customer | None:
    return act.door.get(Customer, task.customer_id) if task.customer_id else None


def held_by(act: Act, task: Task, deal: Deal | None) -> tuple[str, ...]:
    """The logins of who has to do what is on this deal."""
    return holders.holders(task, deal, customer_of(act, task), act.policy, act.people)


def require(act: Act, name: str, task: Task) -> None:
    """Refuse what is over, and whoever has nothing to do with it, saying who may."""
    require_open(task)
    deal = deal_of(act, task)
    people = held_by(act, task, deal)
    beside = (*people, *(deal.collaborators if deal else ()))
    owner = people[0] if people else None
    held = relations(act.me, act.people, owner=owner, collaborators=beside, submitters=(task.created_by,))
    if verb(name).allows(held, unowned=not people):
        return
    able = listed(login for login in dict.fromkeys((*people, task.created_by)) if login in act.people)
    raise NotAllowed(
        say("{login} may not change {task}", login=act.by, task=promising.named(task)),
        hint=say("{who} may", who=listed(filter(None, (able, say("a manager or an admin"))))),
    )


def require_open(task: Task) -> None:
    """Refuse what is over."""
    if task.state != OPEN:
        raise Conflict(
            say("{task} is {state} already", task=promising.named(task), state=Word("task", task.state)),
            hint=command("show", ref("task", task.id)),
        )


def require_by_hand(act: Act, task: Task) -> None:
    """Refuse to say done what is met by something else: an answer, a merge, the words of a deadline."""
    deal = ref("deal", task.deal_id) if task.deal_id else BLANK
    hint: Command | None = None
    if task.kind == SURVEY:
        hint = command("note", deal, BLANK, "--rating", "4")
    elif task.kind == CONFLICT:
        hint = command("dupes", "list", "deal")
    elif words := _met_by(act, task):
        from oppcli.rules.gate_words import mended

        hint = mended(deal, words[0])
    if hint is not None:
        raise Conflict(say("{task} is not done by saying so", task=promising.named(task)), hint=hint)


def _met_by(act: Act, task: Task) -> tuple[str, ...]:
    """The words that meet a deadline."""
    if task.kind != DEADLINE:
        return ()
    from oppcli.rules.deadlines import rule_of

    rule: Any = rule_of(task, act.policy)
    return rule.done if rule else ()


def require_reason(why: str, verb: str, task: Task) -> None:
    """Refuse (2) what wants a reason without one."""
    if not why.strip():
        raise UsageError(say("say why"), hint=command("task", verb, ref("task", task.id), "-m", BLANK))


def waived_by(task: Task) -> Command:
    """What a manager types in its place."""
    return command("task", "waive", ref("task", task.id), "-m", BLANK)
