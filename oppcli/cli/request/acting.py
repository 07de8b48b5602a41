"""What every verb on one request has in common: a transaction, the policy, the acting person, one transition."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.said import Word, say

if TYPE_CHECKING:
    from oppcli.model.requests import Request
    from oppcli.rules.approvals.transition import Transition
    from oppcli.rules.approvals.world import World

Given = ParamSpec("Given")


def act(
    opp: Context,
    requests: Sequence[str],
    verb: str,
    past: str,
    rule: "Callable[Concatenate[Request, World, str, Given], Transition]",
    *args: Given.args,
    **given: Given.kwargs,
) -> Outcome:
    """Do `verb` on each: a transition by who acts, whose `rule` is given what was typed. `past` is what is said of the
    request afterwards (`recalled`)."""
    from oppcli.actions.requests.verbs import change
    from oppcli.cli.batch import each

    def one(request: str) -> Outcome:
        with opp.act(say("request {verb}", verb=Word("verb", verb))) as act:
            return change(act, request, verb, lambda r, w: rule(r, w, act.by, *args, **given), past=past).outcome

    return each(opp, requests, "request", one)


def choice_of(opp: Context, given: Sequence[str] | None) -> dict[str, list[str]]:
    """`财务=chen,zhao` as step and logins. Refused for what has no `=`, and for nobody's name."""
    found: dict[str, list[str]] = {}
    for text in given or ():
        step, equals, people = text.partition("=")
        if not equals or not step.strip() or not people.strip():
            raise UsageError(say("--choose {text}: write STEP=LOGIN,LOGIN", text=text))
        found[step.strip()] = [login_of(opp, one.strip()) for one in people.split(",") if one.strip()]
    return found


def login_of(opp: Context, text: str) -> str:
    """The login of somebody named on the command line, active or not: the rules say what is wrong with them."""
    from oppcli.actions import find

    with opp.read() as door:
        return find.user(door, text, active=False).login
