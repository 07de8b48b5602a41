"""What hooks are asked of: entries that are about to be committed, told as a program reads them."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.in_units import in_units
from oppcli.errors import HooksWanted
from oppcli.model import events
from oppcli.model.deals import WON, Deal
from oppcli.model.hooking import Hook
from oppcli.model.journal import UNTYPED, Entry
from oppcli.model.nouns import BY_CLASS, BY_WORD
from oppcli.model.policy import ALWAYS
from oppcli.model.refs import named
from oppcli.model.requests import Request
from oppcli.rules import conditions
from oppcli.rules.fields import own_kinds
from oppcli.store.doors import WriteDoor
from oppcli.tuples import NamedTuple
from oppcli.words.shown import to_the_second

SCALARS = (str, int, float, bool)
MAKING = ("create", "submit")
"""The actions that make a record."""


class Call(NamedTuple):
    """One hook about one entry."""

    hook: Hook
    event: str
    noun: str
    noun_id: str
    new: bool
    """Made by what asks: it goes by no id before it is committed."""
    command: str
    body: Mapping[str, Any]
    """What the program is given."""
    mark: str
    """The same for the same change of the same deal and request; another once one of them moved."""


def mind(door: WriteDoor, cleared: Collection[str]) -> None:
    """Raise `HooksWanted`, which rolls back, where a hook was not asked of what is about to be committed; `cleared` are
    the marks of what hooks agreed to."""
    wanted = tuple(call for call in calls(Act(door)) if call.mark not in cleared)
    if wanted:
        raise HooksWanted(wanted)


def calls(act: Act) -> list[Call]:
    """Whom to ask before this act is committed; nobody of what time, an import or a made-up team does."""
    if act.door.stamp.channel in UNTYPED:
        return []
    won: frozenset[str] | None = None
    found: list[Call] = []
    for entry in act.door.entries:
        if won is None and entry.noun == "deal" and "stage" in entry.changes:
            won = frozenset(stage.name for stage in act.policy.of_kind(WON))
        called = events.names(entry.noun, entry.action, entry.changes, won or ())
        if events.wants(act.door.hooked, called):
            found += _of_entry(act, entry, called)
    return found


def _of_entry(act: Act, entry: Entry, called: tuple[str, ...]) -> list[Call]:
    thing = _thing(act, entry)
    deal, request = _deal(act, thing), _request(act, thing)
    found = []
    for hook in act.policy.hooks:
        event = next((each for each in called if events.wants(hook.on, (each,))), None)
        if event is not None and _meant(act, hook, deal):
            found.append(_call(act, hook, entry, event, (thing, deal, request)))
    return found


def _thing(act: Act, entry: Entry) -> Any:
    """The record as it would be stored."""
    noun = BY_WORD.get(entry.noun)
    for each in reversed(act.door.written):
        if BY_CLASS.get(type(each).__name__) is noun and noun and str(getattr(each, noun.key)) == entry.noun_id:
            return each
    return None


def _deal(act: Act, thing: Any) -> Deal | None:
    if isinstance(thing, Deal):
        return thing
    number = getattr(thing, "deal_id", None)
    return act.door.get(Deal, number) if number else None


def _request(act: Act, thing: Any) -> Request | None:
    if isinstance(thing, Request):
        return thing
    number = getattr(thing, "request_id", None)
    return act.door.get(Request, number) if number else None


def _meant(act: Act, hook: Hook, deal: Deal | None) -> bool:
    """Whether it is asked of this deal: not where its condition is false; where that cannot be told, it is."""
    if hook.when == ALWAYS or deal is None:
        return True
    from oppcli.actions import facts

    read = facts.of_deal(act, deal, conditions.reads(hook.when))
    return conditions.decided(hook.when, read) is not False


def _call(act: Act, hook: Hook, entry: Entry, event: str, of: tuple[Any, Deal | None, Request | None]) -> Call:
    thing, deal, request = of
    currency = getattr(thing, "currency", None) or (deal.currency if deal else "")
    made = {(each.noun, each.noun_id) for each in act.door.entries if each.action in MAKING}
    new = (entry.noun, entry.noun_id) in made
    versions = [getattr(each, "version", None) for each in (thing, deal, request)]
    told = [hook.name, event, "" if new else entry.noun_id, versions, _steady(entry.changes)]
    body = {
        "opp": 1,
        "event": event,
        "at": to_the_second(act.now),
        "actor": act.by,
        "noun": entry.noun,
        "ref": None if new else named(entry.noun, entry.noun_id),
        "deal": record(act, deal, made),
        "request": record(act, request, made),
        "changes": in_units(entry.noun, entry.changes, currency, own_kinds(act.policy)),
    }
    mark = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return Call(hook, event, entry.noun, entry.noun_id, new, act.door.stamp.command, body, mark)


def record(act: Act, thing: Deal | Request | None, made: Collection[tuple[str, str]]) -> dict[str, Any] | None:
    """A deal or request as it would be stored: its own values, in the units of exports; without an id where it is among
    what this act made."""
    if thing is None:
        return None
    noun, own = BY_CLASS[type(thing).__name__], own_kinds(act.policy)
    values = {name: getattr(thing, name) for name in type(thing).__dataclass_fields__}
    values |= values.pop("extra", None) or {}
    plain = {name: value for name, value in values.items() if value is None or isinstance(value, SCALARS)}
    currency = getattr(thing, "currency", "")
    told = in_units(noun.word, {name: [None, value] for name, value in plain.items()}, currency, own)
    new = (noun.word, str(thing.id)) in made
    return {"id": None if new else named(noun.word, thing.id), "version": thing.version} | {
        name: pair[1] for name, pair in told.items() if name not in ("id", "version")
    }


def _steady(value: Any) -> Any:
    """Changes without instants, which are others when the same is done a moment later."""
    if isinstance(value, Mapping):
        return {name: _steady(each) for name, each in value.items() if not _passing(name)}
    return [_steady(each) for each in value] if isinstance(value, list | tuple) else value


def _passing(path: str) -> bool:
    name = path.rpartition(".")[2]
    return name in ("at", "id") or name.endswith("_at")
