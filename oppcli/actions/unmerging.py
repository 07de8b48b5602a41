"""A merge taken back: what it moved and filled returns, where nobody has changed it since."""

from collections.abc import Iterable
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.merging import MERGE, reference
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotFound
from oppcli.model.command import command
from oppcli.model.journal import Entry
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import MERGED
from oppcli.model.refs import named, ref
from oppcli.model.said import label, listed, say
from oppcli.store.alike import NAMES
from oppcli.store.changes import apply, plain, put_back, value_at
from oppcli.store.mapping import shape_of
from oppcli.store.queries import visible
from oppcli.store.reading import absent
from oppcli.store.runs import of_transaction

UNMERGE = "unmerge"
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
    into = ref(noun, thing.merged_into)
    stays: list[str] = []
    back = 0
    for entry in reversed(list(_entries(act, noun, number, name))):
        kept = _back(act, entry, {"unmerged": name, "from": into})
        back += not kept
        stays += kept
    line = say("{name} {called} is one of its own again", name=name, called=getattr(thing, NAMES[noun]))
    details = [say("stays with {into}: {what}", into=into, what=each) for each in stays]
    return Outcome(done=(line,), ids=(name,), details=tuple(details), undo=command(MERGE, into, name))


def _entries(act: Act, noun: str, number: int, name: str) -> Iterable[Entry]:
    """What the last merge of a record did."""
    told = [each for each in act.door.find(Entry, noun=noun, noun_id=str(number)) if each.action == MERGE]
    gone = [each for each in told if each.changes.get("merged_into") and each.meta.get("merged") == name]
    if not gone:
        raise NotFound(say("the journal does not tell of a merge of {name}", name=name), hint=command("log", name))
    return [
        each
        for each in of_transaction(act.door, gone[-1].txn)
        if each.action == MERGE and each.meta.get("merged") == name and each.noun in BY_WORD and each.changes
    ]


def _back(act: Act, entry: Entry, meta: dict[str, str]) -> list[str]:
    """Put back what an entry changed of a thing; what is no longer so stays, and is listed."""
    kind = class_of(BY_WORD[entry.noun])
    shape = shape_of(kind)
    before: Any = act.door.get(kind, int(entry.noun_id))
    whole = plain(shape, before)
    changes, stays = dict[str, Any](), list[str]()
    for path, (old, new) in entry.changes.items():
        now = value_at(shape, whole, path)
        if path in PASSED_OVER:
            continue
        if now == new:
            changes[path] = (now, old)
        elif isinstance(now, list) and isinstance(new, list):
            added = [each for each in new if each not in (old or ())]
            changes[path] = (now, [each for each in now if each not in added] or None)
        elif now != old:
            stays.append(say("{what} {field}", what=named(entry.noun, entry.noun_id), field=label(path)))
    apply(shape, whole, changes)
    after = put_back(shape, before, whole)
    if after != before:
        act.door.save(before, after, action=UNMERGE, meta=meta)
    return [listed(stays)] if stays else []
