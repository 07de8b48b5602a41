"""Correcting what was noted."""

from collections.abc import Sequence
from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.notes import LONGEST, contacts_named, happened_at
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.follow import IN, OUT, Activity
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules.idling import kind_named
from oppcli.rules.rights import relations, superiors
from oppcli.rules.verbs import verb
from oppcli.tuples import NamedTuple


class Asked(NamedTuple):
    """What was typed; None for what was not."""

    text: str | None = None
    kind: str | None = None
    at: int | None = None
    minutes: int | None = None
    contacts: Sequence[str] | None = None
    inbound: bool | None = None


def named(act: Act, text: str) -> Activity:
    """The activity `A-7`, or 7. Refused for what is none, and for one that was withdrawn."""
    found = find.by_id(act.door, Activity, text, say("no such activity: {text}", text=text))
    find.require_kept("activity", found)
    return found


def edit(act: Act, noted: Activity, asked: Asked) -> Outcome:
    """The activity corrected; what followed from it stays. By who noted it, who stands above them, a manager or an
    admin; refused for others, for an empty text, and for an instant that is not yet."""
    _require(act, noted)
    name = ref("activity", noted.id)
    after = replace(noted, **_changed(act, noted, asked))
    if after == noted:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved: Activity = act.door.save(noted, after)
    return Outcome(done=(say("{name} is corrected: {text}", name=name, text=saved.text),), ids=(name,))


def _require(act: Act, noted: Activity) -> None:
    if verb("activity edit").allows(relations(act.me, act.people, owner=noted.who)):
        return
    above = [login for login in superiors(noted.who, act.people) if act.people[login].active]
    raise NotAllowed(
        say("{login} may not change {task}", login=act.by, task=ref("activity", noted.id)),
        hint=say("{who} may", who=listed((noted.who, *above, say("a manager or an admin")))),
    )


def _changed(act: Act, noted: Activity, asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if asked.text is not None:
        text = asked.text.strip()
        if not text or len(text) > LONGEST:
            raise UsageError(
                say("a note has 1 to {longest:,} characters", longest=LONGEST),
                hint=command("activity", "edit", ref("activity", noted.id), "--text", BLANK),
            )
        found["text"] = text
    if asked.kind is not None:
        found["kind"] = kind_named(act.policy, asked.kind)
    if asked.at is not None:
        found["at"] = happened_at(act, asked.at)
    if asked.minutes is not None:
        found["minutes"] = asked.minutes
    if asked.contacts is not None:
        found["contacts"] = contacts_named(act, asked.contacts)
    if asked.inbound is not None:
        found["direction"] = IN if asked.inbound else OUT
    return found
