"""What an entry of the journal says beyond the fields that changed: its events, as people read them.

An event is what a rule told the journal (`rules.approvals.transition.Event`): a verb, who, the step, states, a reason.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oppcli.model import journal
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.said import sentence as plainly
from oppcli.words.shown import of_iso

Told = Mapping[str, Any]
Show = Callable[[int], str]

SAID: Mapping[str, Callable[[Told], Said]] = {
    "approve": lambda event: say("{step} approved", **event),
    "reject": lambda event: say("{step} rejected", **event),
    "return": lambda event: say("{step} returned", **event),
    "redo": lambda event: say("asked again from {step} on", **event),
    "withdraw": lambda event: say("approval of {step} withdrawn", **event),
    "override": lambda event: say("approved by override", **event),
    "recuse": lambda event: say("{actor} stood aside from {step}", **event),
    "transfer": lambda event: say("{step}: {was} → {now}", **event),
    "seat": lambda event: say("{step}: {was} → {now}", **event),
    "movers": lambda event: say("returned to {was} → {now}", **event),
    "ask": lambda event: say("{actor} asks {now} in {step}", **event),
    "reply": lambda event: say("{actor} answers {now}", **event),
    "term": lambda event: say("{actor} agrees on a condition, before {now}: {reason}", **event),
    "met": lambda event: say("condition {now} met: {was}", **event),
    "waive": lambda event: say("condition {now} waived: {was}", **event),
    "foreseen": lambda event: say("as a condition asks for", **event),
    "nudge": lambda event: say("{now} nudged", **event),
    "resubmit": lambda event: say("resubmitted", **event),
    "remind": lambda event: say("{step} reminded ({reason})", **event),
    "overdue": lambda event: say("{step} overdue", **event),
    "timeout": lambda event: say("{step} timed out", **event),
    "due": lambda event: say("{step} due {was} → {now}", **event),
    "clock": lambda event: say("clock {was} → {now}, {entries} entries ahead", **event),
    "add-approver": lambda event: say("{login} added {where} by {actor}", **event),
    "escalate": lambda event: _ESCALATED.get(event["do"], _ESCALATED[""])(event),
}
"""Verb → what it says. A verb that is not listed says nothing: the fields that changed tell it."""
_ESCALATED: Mapping[str, Callable[[Told], Said]] = {
    "notify": lambda event: say("{now} told by escalation {level} of {step}", **event),
    "add": lambda event: say("{now} added by escalation {level} of {step}", **event),
    "reassign": lambda event: say("{step} handed to {now} by escalation {level}", **event),
    "": lambda event: say("{step}: escalation {level}, {now}", **event),
}
_CAUSES: Mapping[str, Said] = {each: each for each in (say("calendar changed"), say("clock set back"))}
"""Why a step is due at another time."""
ENDED = ("request", "timeout")
"""Events that tell how a request came to an end."""
OF_PEOPLE = ("escalate", "movers", "transfer", "seat")
"""Events that name people before or after, or none."""
_NONE = {journal.NOBODY: say("nobody"), journal.BLOCKED: say("blocked")}
BY_THE_CLOCK = ("remind", "escalate", "overdue")
"""Their `reason` names the entry of the policy; nobody gave it."""


def what(events: Iterable[Told], show: Show) -> tuple[Said, ...]:
    """One sentence for each event that says something, in order."""
    return tuple(said for event in events if (said := sentence(event, show)) is not None)


def sentence(event: Told, show: Show) -> Said | None:
    """`财务 approved for cay`; None for an event that the changed fields tell."""
    verb = event["verb"]
    if verb not in SAID:
        return None
    known = {"level": "?", "step": "", "was": "", "now": "", "reason": ""} | dict(event)
    if verb == "due":
        known |= {side: show(of_iso(event[side])) for side in ("was", "now") if event.get(side)}
    if verb == "add-approver":
        where, _, known["login"] = str(event.get("now", "")).partition(" ")
        known["where"] = Word("seated", where)
    if verb in OF_PEOPLE:
        known |= {side: _NONE.get(known[side], known[side]) for side in ("was", "now")}
    if verb == "escalate":
        known["do"] = str(event.get("reason", "")).partition(" ")[0]
    said = SAID[verb](known)
    behalf = event.get("on_behalf_of")
    return say("{what} for {who}", what=said, who=behalf) if behalf else said


def reason(events: Iterable[Told]) -> str | None:
    """Why, as somebody said it: a comment, an answer, what was asked; or as the program knows it."""
    told = (event for event in events if event["verb"] not in BY_THE_CLOCK and event.get("reason"))
    return next((_CAUSES.get(event["reason"]) or _ended(event) for event in told), None)


def _ended(event: Told) -> str:
    """The reason of an end is a word where the program gave it."""
    return Word("end", event["reason"]) if event["verb"] in ENDED else str(event["reason"])


def why(about: Told) -> str | None:
    """Why something was done or refused, as it was said; of entries that do not keep that the English of it."""
    if journal.SAID not in about:
        return about.get("reason") or plainly(about.get("refused"))
    from oppcli.model.kept import told_again

    return told_again(about[journal.SAID])


def spared(about: Told, called: Callable[[str], str]) -> tuple[Said, ...]:
    """Of a move, the approvals that its gates ask for and the deal did not need, each as it is `called`, with why."""
    found = about.get("spared") or {}
    if not found:
        return ()
    from oppcli.model.kept import told_again

    return tuple(say("{type}: {why}", type=called(name), why=told_again(why)) for name, why in found.items())


def joined(parts: Iterable[str]) -> str:
    """The parts as one text, none twice."""
    return listed(dict.fromkeys(part for part in parts if part), "; ")


def kept(about: Told) -> str:
    """What was done to the database as a whole: another schema, triggers put back, another file in its place."""
    said: list[str] = []
    if "from" in about:
        said.append(say("schema {was} → {now}", was=about["from"], now=about.get("to")))
    if names := about.get("triggers"):
        said.append(say("put back: {names}", names=listed(names)))
    if "head" in about:
        said.append(say("{file} in its place", file=about.get("file")))
    if "dropped" in about:
        said.append(say("{n} {n:entry|entries} dropped", n=about["dropped"]))
    return joined(said)


NOTED: Mapping[str, Callable[[str, Told, Show], Said]] = {
    "code": lambda key, about, show: (
        say("one-time code for {who}, until {until}", who=key, until=show(about["ends"]))
        if "ends" in about
        else say("one-time code for {who}", who=key)
    ),
    "pin refused": lambda key, about, show: (
        say("a wrong code of {who}", who=key) if about.get("what") == "code" else say("a wrong PIN of {who}", who=key)
    ),
    "login": lambda key, about, show: say("session of {who} begun", who=key),
    "lock": lambda key, about, show: (
        say("session of {who} ended, begun by e{entry}", who=key, entry=about["session"])
        if "session" in about
        else say("session of {who} ended", who=key)
    ),
    "export": lambda key, about, show: exported(key, about),
    "trust": lambda key, about, show: say("its imported approvals count"),
    "erase": lambda key, about, show: say("erased what may tell of a person"),
    "refused": lambda key, about, show: say("tried: {command}", command=about.get("command", "")),
}
"""Action → what an entry says that changes no field: of whom, how much, until when; never a secret."""


def noted(action: str, key: str, about: Told, show: Show) -> Said | None:
    """What such an entry says; None of any other."""
    return NOTED[action](key, about, show) if action in NOTED else None


def exported(noun: str, about: Told) -> Said:
    """`12 rows of deals as csv into deals.csv; stage = Quote`: what was taken out, how much, how it was chosen."""
    told = {"n": about.get("rows", 0), "noun": Word("plural", noun), "format": about.get("format")}
    said = say("{n:,} {n:row|rows} of {noun} as {format}", **told)
    if about.get("file"):
        said = say("{what} into {file}", what=said, file=about["file"])
    chosen = [text for name, value in (about.get("filters") or {}).items() for text in _chosen(name, value)]
    return say("{what}; {filters}", what=said, filters=listed(chosen)) if chosen else said


def _chosen(name: str, value: Any) -> list[str]:
    """A condition as it was typed; another filter with its name."""
    values = list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]
    return values if name == "where" else [f"{name}={','.join(values)}"]
