"""What a policy says of the values that deals hold already, where it changes what a field of the team's own holds."""

import json

from oppcli.model.policy import Policy
from oppcli.model.said import Said, say
from oppcli.rules.faults import kind_words
from oppcli.rules.fields import own_fields, word
from oppcli.store import queries
from oppcli.store.doors import ReadDoor


def notes(door: ReadDoor, old: Policy | None, new: Policy) -> tuple[Said, ...]:
    """A line for each field that held another kind of value under the old policy and that deals have a value of."""
    before = {name: kind for name, kind, _ in own_fields(old)} if old is not None else {}
    changed = [(name, kind) for name, kind, _ in own_fields(new) if before.get(name, kind) != kind]
    if not changed:
        return ()
    extras = [json.loads(text) for text in queries.kept_beside(door)]
    counted = [(name, kind, sum(extra.get(name) is not None for extra in extras)) for name, kind in changed]
    return tuple(
        say(
            "note: field {field} was {was} and is {now} now; {n:,} {n:deal holds a value|deals hold values}",
            field=word(name, new),
            was=kind_words(before[name]),
            now=kind_words(kind),
            n=number,
        )
        for name, kind, number in counted
        if number
    )
