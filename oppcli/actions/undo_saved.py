"""Taking back what a run did to what a team keeps for itself: mappings, views, proposals."""

from typing import Any

from oppcli.actions import conflicts
from oppcli.actions.act import Act
from oppcli.model.follow import DIFFERENT, DONE, OPEN
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import say

Told = tuple[str, tuple[str, ...]]
"""A line, and what follows."""


def mapping(act: Act, step: Any, meta: dict[str, Any], note: str | None) -> Told:
    """A mapping as it was. Refused to who may not change mappings."""
    act.require("mapping drop", say("change mappings"))
    saved = act.door.save(step.before, step.after, action="undo", meta=meta)
    state = say("dropped") if saved.standing == WITHDRAWN else say("as before")
    return say("mapping {name} {state}", name=saved.name, state=state), ()


def view(act: Act, step: Any, meta: dict[str, Any], note: str | None) -> Told:
    """A view as it was. Refused to who may not change it."""
    own = step.before.owner == act.by
    act.require("view drop" if own else "view drop other", say("change views of others"))
    saved = act.door.save(step.before, step.after, action="undo", meta=meta)
    state = say("dropped") if saved.standing == WITHDRAWN else say("as before")
    return say("view {name} {state}", name=saved.name, state=state), ()


def rate(act: Act, step: Any, meta: dict[str, Any], note: str | None) -> Told:
    """A rate as it was before it was corrected, or none. Refused to who may not enter rates."""
    act.require("rate add", say("enter rates"))
    saved = act.door.save(step.before, step.after, action="undo", meta=meta)
    told = {"base": saved.base, "currency": saved.currency, "day": saved.day}
    if saved.standing == WITHDRAWN:
        return say("no rate of {base} in {currency} on {day}", **told), ()
    return say("1 {base} = {currency} {rate} since {day}, as before", **told, rate=saved.rate), ()


def proposal(act: Act, step: Any, meta: dict[str, Any], note: str | None) -> Told:
    """A proposal that is open again, or that came with what is taken back."""
    saved = act.door.save(step.before, step.after, action="undo", meta=meta)
    state = say("withdrawn") if saved.standing == WITHDRAWN else say("as before")
    return say("{proposal} {state}", proposal=ref("proposal", saved.id), state=state), ()


def match(act: Act, step: Any, meta: dict[str, Any], note: str | None) -> Told:
    """Two records that may be one again, or are different again. Refused to who may not say so."""
    act.require("dupes keep", say("say that records are different"))
    saved = act.door.save(step.before, step.after, action="undo", meta=meta)
    names = {"one": ref(saved.noun, saved.first), "other": ref(saved.noun, saved.second)}
    if saved.state == DIFFERENT and saved.standing != WITHDRAWN:
        conflicts.end(act, [saved], DONE, saved.reason)
        return say("{one} and {other} are different again", **names), ()
    if saved.state == OPEN:
        conflicts.revive(act, saved, meta)
    return say("{one} and {other} may be one again", **names), ()
