"""Filters as typed (`--owner me --stage '!谈判'`) → the values a report's SQL compares with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oppcli.cli.context import Context
from oppcli.model.said import listed, say
from oppcli.reads.deals import Filters
from oppcli.store.doors import ReadDoor

Pair = tuple[list[str], list[str]]


def halves(texts: Sequence[str] | None) -> Pair:
    """The wanted values and, behind `!`, the unwanted ones."""
    wanted = [text for text in texts or () if not text.startswith("!")]
    return wanted, [text[1:] for text in texts or () if text.startswith("!")]


def owners(context: Context, door: ReadDoor, texts: Sequence[str] | None) -> Pair:
    """Logins; `me` is the acting person. Refused for nobody's name."""
    if not texts:
        return [], []
    from oppcli.actions import find

    return _each(texts, lambda text: context.actor if text == "me" else find.user(door, text, active=False).login)


def stages(door: ReadDoor, texts: Sequence[str] | None) -> Pair:
    """Stage names, also of stages the policy dropped; a unique prefix will do."""
    if not texts:
        return [], []
    from oppcli.errors import NotFound
    from oppcli.model.deals import Stage
    from oppcli.words.spelling import nearest

    known = [stage.name for stage in door.find(Stage)]

    def named(text: str) -> str:
        folded = text.casefold()
        same = [name for name in known if name.casefold() == folded] or [
            name for name in known if name.casefold().startswith(folded)
        ]
        if len(same) != 1:
            raise NotFound(
                say("no such stage: {text}{nearest}", text=text, nearest=nearest(text, known)),
                hint=say("the stages are {known}", known=listed(known)),
            )
        return same[0]

    return _each(texts, named)


def customers(door: ReadDoor, texts: Sequence[str] | None) -> tuple[list[int], list[int]]:
    """Customer numbers; the beginning of a name will do. Refused for a name nobody has, or several."""
    if not texts:
        return [], []
    from oppcli.actions import find

    wanted, unwanted = halves(texts)
    return [find.known_customer(door, text) for text in wanted], [find.known_customer(door, text) for text in unwanted]


def _each(texts: Sequence[str] | None, read: Callable[[str], str]) -> Pair:
    wanted, unwanted = halves(texts)
    return [read(text) for text in wanted], [read(text) for text in unwanted]


def deals(
    context: Context,
    door: ReadDoor,
    chosen: Mapping[str, Any],
    *,
    kinds: Sequence[str] = (),
    text: str | None = None,
) -> Filters:
    """What `options.DEAL_FILTERS` hold as typed, looked up."""
    return Filters(
        owners=owners(context, door, chosen["owner"]),
        stages=stages(door, chosen["stage"]),
        customers=customers(door, chosen["customer"]),
        sources=halves(chosen["source"]),
        kinds=kinds,
        tags=list(chosen["tag"] or ()),
        since=context.since(chosen["since"]),
        until=context.until(chosen["until"]),
        text=text,
    )
