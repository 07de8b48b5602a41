"""The mappings that are there already: kept ones, ready ones, those of what `opp export` writes."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from oppcli.errors import NotFound
from oppcli.files import mapping as maps
from oppcli.files import ready
from oppcli.model.command import command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.said import say
from oppcli.model.saved import Mapping
from oppcli.words.names import key
from oppcli.words.spelling import nearest

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.store.doors import ReadDoor

Kept = Mapping | tuple[str, str, bool]


def named(door: "ReadDoor", name: str) -> Kept:
    """The mapping kept under a name, else the ready one called so: (name, text, verified). Refused (3) for neither."""
    from oppcli.actions.mappings import kept

    known = {each.name: each for each in kept(door)}
    if name in known:
        return known[name]
    found = ready.ready(name)
    if found is None:
        said = say("there is no mapping {name}{nearest}", name=name, nearest=nearest(name, [*known, *ready.names()]))
        raise NotFound(said, hint=command("mapping", "list"))
    return found.name, found.text, found.verified


def own_export(opp: "Context", door: "ReadDoor", header: Sequence[str]) -> str | None:
    """The mapping of a file that `opp export` wrote, of deals, stays, people or records; None for any other."""
    from oppcli.actions.imports.deal_fields import known_fields
    from oppcli.files.ready import own
    from oppcli.reads.deal_row import STABLE
    from oppcli.reads.exports import EXPORTS

    for noun, text in (("visits", own.VISITS), ("people", own.PEOPLE), ("payments", own.PAYMENTS)):
        if tuple(header) == tuple(column.name for column in EXPORTS[noun].columns):
            return text
    for noun in own.RECORDS:
        there = tuple(column.name for column in EXPORTS[noun].columns)
        if tuple(header[: len(there)]) == there:
            return own.of_records(noun, header, header[len(there) :])
    if tuple(header[: len(STABLE)]) != STABLE:
        return None
    policy = opp.policy(door)
    ended = {rule.kind: [each.name for each in policy.stages if each.kind == rule.kind] for rule in policy.stages}
    return own.of_deals(header, known_fields(policy), {k: v for k, v in ended.items() if k not in LIVE_KINDS})


def remembered(door: "ReadDoor", header: Collection[str]) -> Mapping | None:
    """The mapping all of whose columns are there: the one that names the most, of these the one used last."""
    from oppcli.actions.mappings import kept

    there = {key(name) for name in header}
    read = [(each, maps.load(each.text, each.name).columns) for each in kept(door)]
    fitting = [(each, columns) for each, columns in read if columns and {key(name) for name in columns} <= there]
    return max(fitting, key=lambda pair: len(pair[1]))[0] if fitting else None
