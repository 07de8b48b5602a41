"""The applied policy in one's editor: checked until it is right, compared, applied."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from oppcli.actions import policies
from oppcli.actions.outcome import Outcome
from oppcli.cli import ask
from oppcli.cli.editor import Draft
from oppcli.errors import Conflict, PolicyError
from oppcli.model.command import command
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.policy import load, read

if TYPE_CHECKING:
    from oppcli.cli.context import Context


def edit(opp: "Context", renames: Mapping[str, str]) -> Outcome:
    """The policy as it was edited, applied. Refused for who may not apply one, for a text that stays wrong (8), and
    where somebody applied another meanwhile (5); what was written is kept then, and named."""
    with opp.read(COUNTED) as door:
        opp.look(door).require("policy apply", say("apply a policy"))
        before = opp.policy(door)
    file = Draft(opp, "policy.toml")
    done = False
    try:
        file.edited(before.text)
        if not renames and file.text.rstrip() == before.text.rstrip():
            done = True
            return Outcome(done=(say("the policy was not changed"),))
        _checked(opp, file, renames)
        _compared(opp, before, read(file.text), renames)
        if not ask.yes_no(opp, say("apply it?")):
            raise KeyboardInterrupt
        with opp.act("policy apply") as act:
            _require_same(act.policy, before)
            applied = policies.apply(act, file.text, source="policy edit", renames=renames)
        done = not opp.dry_run
        return applied.outcome
    finally:
        file.drop() if done else file.tell()


def _checked(opp: "Context", file: Draft, renames: Mapping[str, str]) -> None:
    """Show what is wrong, and edit again, until nothing is. Refused (8) where somebody leaves it wrong."""
    from oppcli.cli.failure import lines

    today = datetime.fromtimestamp(opp.now / 1000, ZoneInfo(opp.tz)).date()
    while True:
        with opp.read() as door:
            known = policies.known(door, renames)
        try:
            loaded = load(file.text, source=file.path.name, known=known, today=today)
        except PolicyError as wrong:
            for line in lines(wrong, opp.voice):
                opp.say(line)
            if ask.choice(opp, say("the policy cannot be applied so"), WRONG, "edit") == "leave":
                raise
            file.edited()
        else:
            for problem in loaded.warnings:
                opp.say(say("warning: {problem}", problem=str(problem)))
            return


WRONG = (ask.Option("edit", say("edit it again")), ask.Option("leave", say("leave; the text is kept")))


def _compared(opp: "Context", before: Policy, after: Policy, renames: Mapping[str, str]) -> None:
    """Show what changes in the rules, as `opp policy diff --rules` does."""
    from oppcli.cli.showing import show
    from oppcli.reads import policy_diff
    from oppcli.reads.policy_effects import compared

    with opp.read(COUNTED) as door:
        found = compared(door, before, after, opp.now, renames=renames)
    show(policy_diff.rules(found, say("what would change")), opp)


def _require_same(now: Policy, before: Policy) -> None:
    """Refuse to write over what somebody applied meanwhile."""
    if now.hash != before.hash:
        raise Conflict(
            say("somebody applied another policy meanwhile ({hash})", hash=now.hash[:12]),
            hint=command("policy", "diff", "FILE", ready=False),
        )
