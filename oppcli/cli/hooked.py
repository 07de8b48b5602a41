"""Asking hooks between two tries of a line: what is about to be committed is rolled back, the programs are asked while
nothing is locked, and it is done again and committed where deal and request are what they were asked of."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from oppcli.actions.hooks import Call
from oppcli.errors import Conflict, HooksWanted, PolicyError, Reason, Refused, Undelivered
from oppcli.model.hooking import WARN
from oppcli.model.refs import named
from oppcli.model.said import Said, Word, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.config.adapters import Adapter

Done = TypeVar("Done")
TRIES = 3
VETO, FAILED, MISSING = "hook_veto", "hook_failed", "no_hook"
NO = 1
"""The exit code of a program that says no."""


def again(opp: "Context", wanted: HooksWanted, verb: Callable[[], Done]) -> Done:
    """Ask, and do it once more; where deal or request moved meanwhile, ask anew, three times at most. Refused (7) where
    a hook says no; (8) where this machine has none of its name; (5) where they would not stand still."""
    try:
        for _ in range(TRIES):
            _ask(opp, cast("tuple[Call, ...]", wanted.calls))
            opp.again = True
            try:
                return verb()
            except HooksWanted as moved:
                wanted = moved
    finally:
        opp.again = False
    about = _about(cast("Call", wanted.calls[0]))
    raise Conflict(say("{about} changed {n} times while its hooks were asked", about=about, n=TRIES), slug="moved_on")


def _about(call: Call) -> str:
    return say("new {noun}", noun=Word("noun", call.noun)) if call.new else named(call.noun, call.noun_id)


def _ask(opp: "Context", calls: Sequence[Call]) -> None:
    """Ask each; all that say no are told in one refusal, which is journalled as an attempt."""
    from oppcli.config.adapters import hooks

    known = hooks(os.environ)
    reasons: list[Reason] = []
    for call in calls:
        program = known.get(call.hook.name)
        reason = _missing(call) if program is None else _answer(call, program)
        if reason is None:
            opp.cleared.add(call.mark)
        elif call.hook.fail == WARN and reason.slug != VETO:
            opp.say(say("hook {name}: {why}; it goes on", name=call.hook.name, why=reason.detail))
            opp.cleared.add(call.mark)
        else:
            reasons.append(reason)
    if reasons:
        _refuse(opp, calls[0], tuple(reasons))


def _missing(call: Call) -> Reason:
    return Reason(call.hook.name, lacks(call.hook.name), setting(call.hook.name), MISSING)


def lacks(name: str) -> Said:
    """What is wrong with a hook without a command."""
    return say("the hook {name} has no command on this machine", name=name)


def setting(name: str) -> Said:
    """What mends a hook without a command."""
    from oppcli.config.machine import user_file

    return say("write [hook.{name}] command = […] in {file}", name=name, file=user_file(os.environ))


def without_command(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these hooks that this machine has no command of."""
    from oppcli.config.adapters import hooks

    known = hooks(os.environ)
    return tuple(name for name in names if name not in known)


def _answer(call: Call, program: "Adapter") -> Reason | None:
    """Nothing where it agrees."""
    from oppcli.notify import payloads
    from oppcli.notify import program as running

    name = call.hook.name
    try:
        code, text = running.outcome(program.words, payloads.packed({**call.body}), call.hook.timeout_ms / 1000)
    except Undelivered as wrong:
        return Reason(name, wrong.message, slug=FAILED)
    if code == 0:
        return None
    if code == NO:
        return Reason(name, text or say("it says no to {event}", event=call.event), slug=VETO)
    how = say("exit {returncode}", returncode=code) if code > 0 else say("signal {returncode}", returncode=-code)
    return Reason(name, say("{how}: {text}", how=how, text=text) if text else how, slug=FAILED)


def _refuse(opp: "Context", call: Call, reasons: tuple[Reason, ...]) -> None:
    slugs = [reason.slug for reason in reasons]
    slug = next(each for each in (VETO, FAILED, MISSING) if each in slugs)
    told = {"about": _about(call), "event": call.event}
    if slug == VETO:
        refusal: Refused | PolicyError = Refused(say("{about}: a hook says no to {event}", **told), reasons=reasons)
    elif slug == FAILED:
        refusal = Refused(say("{about}: a hook gave no answer to {event}", **told), reasons=reasons)
    else:
        refusal = PolicyError(say("{about}: a hook of {event} is not set up here", **told), reasons=reasons)
    refusal.slug = slug
    if not call.new:
        refusal.attempt = (call.noun, call.noun_id)
        from oppcli.cli.writing import remember

        remember(opp, refusal, opp.stamp(call.command))
    raise refusal
