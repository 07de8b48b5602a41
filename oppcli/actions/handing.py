"""A deal in other hands, whoever gives it and why: its owner, the history of its owners, and what follows."""

from typing import Any

from oppcli.actions.act import ASSIGNED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.model.deals import Deal
from oppcli.model.follow import DEADLINE, FOLLOW
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import tenures
from oppcli.rules.tenures import Hand


def handed(
    act: Act, deal: Deal, owner: str | None, *, how: str = tenures.ASSIGN, why: str | None = None
) -> tuple[Deal, tuple[str, ...]]:
    """(The deal with its new owner, or nobody's; lines of what follows from that). Stage, history, requests and tasks
    stay as they are; but what is nobody's keeps no follow-up and no deadline. `how` is that of the tenure, and what the
    journal calls it but for rules."""
    details = _nobodys(act, deal) if owner is None else ()
    if details:
        deal = act.door.get(Deal, deal.id)
    after = tenures.passed(deal, owner, Hand(act.by, act.now, how, why))
    action = how if how in (tenures.CLAIM, tenures.RETURN) else tenures.ASSIGN
    saved = act.door.save(deal, after, action=action, meta=_meta(how, why))
    from oppcli.actions.requests import deal_changed

    return saved, (*details, *deal_changed(act, deal, saved), *following(act, Cause(ASSIGNED, saved, deal)))


def _nobodys(act: Act, deal: Deal) -> tuple[str, ...]:
    from oppcli.actions.promises import cancelled

    return cancelled(act, deal, (FOLLOW, DEADLINE), say("it is nobody's"))


def _meta(how: str, why: str | None) -> dict[str, Any] | None:
    if why:
        from oppcli.actions import attempts

    told = attempts.why(why) if why else {}
    return told | ({"rule": how.removeprefix(tenures.RULE)} if how.startswith(tenures.RULE) else {}) or None


def passed(before: Deal, after: Deal) -> str:
    """`D-142 上海精密 MES 二期: owner li → wes`."""
    return say(
        "{name} {title}: owner {owner} → {login}",
        name=ref("deal", after.id),
        title=after.title,
        owner=before.owner or "-",
        login=after.owner or "-",
    )
