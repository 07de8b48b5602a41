"""Customers and contacts that an undo takes back or changes back: what rests on them, and whose right it takes."""

from collections.abc import Container
from typing import Any

from oppcli.actions.act import Act, Look
from oppcli.errors import Reason
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Word, say
from oppcli.rules.undoing import Net
from oppcli.store import dealings


def resting(look: Look, net: Net, thing: Any, made: Container[tuple[str, int]] = ()) -> tuple[Reason, ...]:
    """The deals, and of a customer the contacts, for which a record that the run made has to stay; those that the run
    `made`, too, go with it."""
    return tuple(
        Reason(ref(noun, number), say("{title}, {noun} of {name}", title=title, noun=Word("noun", noun), name=net.name))
        for noun, number, title in dealings.resting_on(look.door, net.noun, thing.id)
        if (noun, number) not in made
    )


def require(act: Act, noun: str, thing: Any) -> None:
    """Refuse to change one back to who may not change it."""
    from oppcli.actions import contacts, customers

    (customers if noun == "customer" else contacts).require(act, f"{noun} edit", thing)


def contact(act: Act, name: str, before: Any, after: Any, meta: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """A contact withdrawn, given back, or as it was."""
    require(act, "contact", before)
    saved = act.door.save(before, after, action="undo", meta=meta)
    state = say("withdrawn") if saved.standing == WITHDRAWN else say("as before")
    return say("{ref} {name} {state}", ref=name, name=saved.name, state=state), ()
