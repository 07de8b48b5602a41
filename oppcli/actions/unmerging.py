"""A merge taken back: what it moved and filled returns, where nobody has changed it since."""

from collections.abc import Iterable, Iterator
from typing import Any

from oppcli.actions import conflicts
from oppcli.actions.act import Act
from oppcli.actions.merging import MERGE, reference
from oppcli.actions.outcome import Outcome
from oppcli.actions.requests import deal_changed
from oppcli.errors import Conflict, NotFound
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.follow import OPEN
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import MERGED, WITHDRAWN
from oppcli.model.refs import named, ref
from oppcli.model.said import label, listed, say
from oppcli.store.alike import NAMES, survivor
from oppcli.store.changes import apply, plain, put_back, value_at
from oppcli.store.mapping import shape_of
from oppcli.store.queries import visible
from oppcli.store.reading import absent
from oppcli.store.runs import of_transaction

CREATE, UNMERGE = "create", "unmerge"
PASSED_OVER = ("version", "updated_at")


def unmerge(act: Act, text: str) -> Outcome:
    """The record that was merged is one of its own again, with what was moved to the survivor or filled in it and not
    changed since; the rest is listed and stays. Only managers. Refused (5) for what was not merged."""
    act.require(UNMERGE, say("take a merge back"))
    noun, number = reference(text)
    if not visible(act.door, noun, number):
        raise absent(act.door, noun, number)
    thing: Any = act.door.get(class_of(BY_WORD[noun]), number)
    name = ref(noun, number)
    if thing.standing != MERGED:
        raise Conflict(say("{name} was not merged", name=name), hint=command("show", name))
    stands = survivor(act.door, noun, number)
    into = ref(noun, stands)
    meta = {"unmerged": name, "from": into}
    merged = act.door.get(Deal, stands) if noun == "deal" else None
    stays: list[str] = []
    for entry in reversed(list(_entries(act, noun, number))):
        for each in (*_carried(act, noun, thing.merged_into, entry), entry):
            stays += _back(act, noun, each, meta)
    _opened(act, noun, number, meta)
    follows = () if merged is None else _again(act, thing, merged)
    line = say("{name} {called} is one of its own again", name=name, called=getattr(thing, NAMES[noun]))
    details = [say("stays with {into}: {what}", into=into, what=each) for each in stays]
    return Outcome(done=(line,), ids=(name,), details=(*details, *follows), undo=command(MERGE, into, name))


def _entries(act: Act, noun: str, number: int) -> Iterable[Entry]:
    """What the last merge of a record did."""
    name = ref(noun, number)
    return [
        each
        for each in _run(act, noun, number)
        if each.meta.get("merged") == name and each.noun in BY_WORD and each.changes
    ]


def _run(act: Act, noun: str, number: int) -> list[Entry]:
    """All that was written together with the last merge of a record."""
    name = ref(noun, number)
    told = [each for each in act.door.find(Entry, noun=noun, noun_id=str(number)) if each.action == MERGE]
    gone = [each for each in told if each.changes.get("merged_into") and each.meta.get("merged") == name]
    if not gone:
        raise NotFound(say("the journal does not tell of a merge of {name}", name=name), hint=command("log", name))
    return of_transaction(act.door, gone[-1].txn)


def _opened(act: Act, noun: str, number: int, meta: dict[str, str]) -> None:
    """What the merge let appear to be one is not asked about any more, but where it still appears so."""
    made = [int(each.noun_id) for each in _run(act, noun, number) if (each.noun, each.action) == ("match", CREATE)]
    if made:
        from oppcli.actions.duplicates import outdated

        outdated(act, made, meta)


def _carried(act: Act, noun: str, into: int, entry: Entry) -> Iterator[Entry]:
    """What an entry brought into a record that was merged itself since, as those brought it on into others; the last
    of them first."""
    if (entry.noun, entry.noun_id) != (noun, str(into)):
        return
    thing: Any = act.door.get(class_of(BY_WORD[noun]), into)
    if thing.standing != MERGED:
        return
    above = str(thing.merged_into)
    for each in _entries(act, noun, into):
        if (each.noun, each.noun_id) == (noun, above) and (shared := _shared(entry, each)):
            carried = replace(each, changes=shared)
            yield from _carried(act, noun, thing.merged_into, carried)
            yield carried


def _shared(one: Entry, next_one: Entry) -> dict[str, Any]:
    """What of the changes of an entry another one made, too."""
    found: dict[str, Any] = {}
    for path, (old, new) in next_one.changes.items():
        was, brought = one.changes.get(path, (None, None))
        if path in PASSED_OVER or brought is None:
            continue
        if isinstance(new, list) and isinstance(brought, list):
            more = [each for each in new if each in brought and each not in (was or ()) and each not in (old or ())]
            if more:
                found[path] = (old, [*(old or ()), *more])
        elif new == brought:
            found[path] = (old, new)
    return found


def _back(act: Act, noun: str, entry: Entry, meta: dict[str, str]) -> list[str]:
    """Put back what an entry changed of a thing; what is no longer so stays, and is listed. What the merge opened is
    withdrawn where nothing has come of it."""
    kind = class_of(BY_WORD[entry.noun])
    shape = shape_of(kind)
    before: Any = act.door.get(kind, int(entry.noun_id))
    if entry.action == CREATE:
        if getattr(before, "state", OPEN) == OPEN and before.standing != WITHDRAWN:
            act.door.save(before, replace(before, standing=WITHDRAWN), action=UNMERGE, meta=meta)
        return []
    whole = plain(shape, before)
    changes, stays = dict[str, Any](), list[str]()
    for path, (old, new) in entry.changes.items():
        now = value_at(shape, whole, path)
        if path in PASSED_OVER:
            continue
        if now == new or (path == f"{noun}_id" and new is not None and now == survivor(act.door, noun, new)):
            changes[path] = (now, old)
        elif isinstance(now, list) and isinstance(new, list):
            added = [each for each in new if each not in (old or ())]
            changes[path] = (now, [each for each in now if each not in added] or None)
        elif now != old and not _parted(act, entry, path):
            stays.append(say("{what} {field}", what=named(entry.noun, entry.noun_id), field=label(path)))
    apply(shape, whole, changes)
    after = put_back(shape, before, whole)
    if after != before:
        act.door.save(before, after, action=UNMERGE, meta=meta)
    return [listed(stays)] if stays else []


def _parted(act: Act, entry: Entry, path: str) -> bool:
    """Whether a field went where it is when another merge was taken back."""
    told = act.door.find(Entry, noun=entry.noun, noun_id=entry.noun_id)
    return [each.action for each in told if path in each.changes][-1] == UNMERGE


def _again(act: Act, thing: Deal, merged: Deal) -> tuple[str, ...]:
    """What follows from what two deals are by now: conflicts, requests that saw the deal as it was `merged`, what is
    computed."""
    both = {deal.id: deal for deal in act.door.find(Deal, id=[thing.id, merged.id])}
    conflicts.settle_of(act, both.values())
    lines = [line for deal in both.values() for line in deal_changed(act, replace(merged, id=deal.id), deal)]
    if act.policy.scores or act.policy.tags:
        from oppcli.actions.scores import computed_again

        computed_again(act, act.door.find(Deal, id=list(both)))
    return tuple(lines)
