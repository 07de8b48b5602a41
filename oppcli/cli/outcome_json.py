"""What a write answers with `-o json`: one object for a thing, an array for several, keys that stay."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from oppcli.actions.in_units import in_units
from oppcli.actions.outcome import Outcome, Result
from oppcli.cli.context import Context
from oppcli.cli.failure import body
from oppcli.model.command import Command
from oppcli.model.contracts import Contract
from oppcli.model.journal import Entry
from oppcli.model.nouns import BY_CLASS, BY_WORD
from oppcli.model.quotes import Quote
from oppcli.model.refs import meant, named
from oppcli.rules.fields import own_kinds
from oppcli.rules.undoing import PASSED_OVER, TOLD
from oppcli.speech import ENGLISH, Voice, spoken

STATES = ("stage", "state", "standing")
"""What says where a thing stands: the first of these that it has."""
NOTE = "note: "
"""How a line begins that is said beside what follows."""


def text_of(context: Context, outcome: Outcome) -> str:
    """The whole answer as JSON."""
    alone = Result("", outcome, None, tuple(context.entries), tuple(context.written), tuple(context.notes))
    told = [_object(context, result) for result in outcome.several or (alone,)]
    return json.dumps(told if outcome.several else told[0], ensure_ascii=False)


def _object(context: Context, result: Result) -> dict[str, Any]:
    outcome = result.outcome or Outcome(done=())
    entry = _subject(result.entries, outcome.ids)
    thing = _thing(entry, result.written)
    number = _numbered(outcome.ids[0])[1] if outcome.ids else ""
    undo = None if context.dry_run or result.error else outcome.undo or context.takes_back
    first, *more = _plain(context, (*outcome.done, *outcome.details)) or [""]
    return {
        "verb": entry.action if entry else None,
        "id": _id(entry, outcome.ids) or result.one or None,
        "state": _of_version(context, thing, number) or _state(thing),
        "version": getattr(thing, "version", None),
        "changes": _changed(context, result, entry, thing, number) if entry else {},
        "follows": [each for each in more if not each.startswith(NOTE)],
        "notes": [
            *_plain(context, result.notes),
            *(each.removeprefix(NOTE) for each in more if each.startswith(NOTE)),
        ],
        "undo": _command(context, undo),
        "text": first,
        "next": [] if context.dry_run else [_command(context, each) for each in outcome.next],
        "error": body(result.error, _voice(context)) if result.error else None,
        "dry_run": context.dry_run,
    }


def _voice(context: Context) -> Voice:
    return context.voice._replace(lang=ENGLISH)


def _plain(context: Context, texts: Iterable[str]) -> list[str]:
    """Texts as they were said, without what who acts does not have."""
    said = [spoken(text, _voice(context)) for text in texts]
    if context.sight is None or not context.sight.hidden:
        return said
    from oppcli.cli.seeing import unveiler

    return list(map(unveiler(context.sight), said))


def _command(context: Context, given: str | None) -> dict[str, Any] | None:
    """A command as a line, as words for a program, and whether nothing is to be filled in. Where it is several in a
    pipe, a shell is the program."""
    if given is None:
        return None
    voice = _voice(context)
    if not isinstance(given, Command):
        line = spoken(given, voice)
        return {"command": line, "argv": ["sh", "-c", line], "ready": True}
    flags = voice.flags_of(given)
    return {"command": spoken(given, voice), "argv": ["opp", *flags, *given.words], "ready": given.ready}


def _subject(entries: Sequence[Entry], ids: Sequence[str]) -> Entry | None:
    """The entry of what the line was about: of the thing that is named first, else of its kind, else the first that
    tells of one."""
    about = [each for each in entries if each.action not in PASSED_OVER and each.noun not in TOLD]
    named_first = meant(ids[0]) if ids else None
    alike = [each for each in about if named_first and each.noun == named_first[0]]
    same = (each for each in about if ids and _called(each) == _numbered(ids[0])[0])
    return next(same, next(iter(alike or about), None))


def _id(entry: Entry | None, ids: Sequence[str]) -> str:
    """What state, version and changes are of: what the line names first, but where all that changed is a record of its
    own, as a file of the deal that is named."""
    apart = entry is not None and ids and meant(ids[0]) and _called(entry) != _numbered(ids[0])[0]
    if ids and not (apart and entry is not None and meant(_called(entry))):
        return ids[0]
    return _called(entry)


def _called(entry: Entry | None) -> str:
    if entry is None:
        return ""
    bare = entry.noun in BY_WORD and not BY_WORD[entry.noun].prefix
    return str(entry.noun_id) if bare else named(entry.noun, entry.noun_id)


def _thing(entry: Entry | None, written: Sequence[Any]) -> Any:
    """The record after the change; None where it was not kept in mind."""
    if entry is None:
        return None
    noun = BY_WORD.get(entry.noun)
    same = (
        each
        for each in reversed(written)
        if BY_CLASS.get(type(each).__name__) is noun and noun and str(getattr(each, noun.key)) == str(entry.noun_id)
    )
    return next(same, None)


def _state(thing: Any) -> str | None:
    return next((getattr(thing, name) for name in STATES if hasattr(thing, name)), None)


def _changes(context: Context, entry: Entry, thing: Any, number: str = "") -> dict[str, list[Any]]:
    """Field → what it was and what it is, in the units of exports; the team's own fields by their names. What its parts
    became (stays, steps) is told by the lines that follow."""
    if context.sight is not None and context.sight.hidden:
        from oppcli.cli.seeing import veiled_entries

        entry = veiled_entries([entry], context.sight)[0]
    unit = getattr(thing, "currency", None) or _currency(thing, number)
    return in_units(entry.noun, entry.changes, unit, own_kinds(context.applied), number)


def _changed(context: Context, result: Result, entry: Entry, thing: Any, number: str) -> dict[str, list[Any]]:
    """The changes of what the line was about, and of a deal those of its next step: that is a task, which has an entry
    of its own."""
    about = meant(result.outcome.ids[0]) if result.outcome and result.outcome.ids else None
    if about is None or about[0] != "deal" or not any(each.noun == "task" for each in result.entries):
        return _changes(context, entry, thing, number)
    from oppcli.actions.plans import told

    hidden = context.sight.hidden if context.sight is not None else ()
    found = told(int(about[1]), result.entries, result.written)
    own = _changes(context, entry, thing) if entry.noun == "deal" else {}
    return own | {name: pair for name, pair in found.items() if name not in hidden}


def _numbered(called: str) -> tuple[str, str]:
    """`Q-142.2` as the thing and the number of its version; "" for what is no version."""
    thing, _, number = called.partition(".")
    return thing, number if number.isdecimal() else ""


def _of_version(context: Context, thing: Any, number: str) -> str | None:
    """Where the version stands; None for what has no versions."""
    if isinstance(thing, Contract):
        from oppcli.rules import contracts

        return next((contracts.state(thing, each) for each in thing.versions if str(each.number) == number), None)
    if isinstance(thing, Quote):
        from oppcli.rules.quotes import versions
        from oppcli.words.zones import today

        zone = context.tz if context.applied is None else context.applied.hours().timezone
        day = today(context.now, zone).isoformat()
        return next((versions.state(thing, each, day) for each in thing.versions if str(each.number) == number), None)
    return None


def _currency(thing: Any, number: str) -> str:
    """The currency of the version; "" for what has no versions."""
    found = (each.currency for each in getattr(thing, "versions", ()) if str(each.number) == number)
    return str(next(found, ""))
