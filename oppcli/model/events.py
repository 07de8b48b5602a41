"""What an entry of the journal is called for other programs, and how they say which ones they want: `deal.win`."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from oppcli.model.nouns import BY_WORD

WIN = "deal.win"
"""That a deal got into a stage of kind won, by whatever verb."""
REFUSED = "refused"
"""The action of an attempt, of which nobody is told."""
ACTIONS = tuple(
    sorted(
        set(
            "create edit assign advance lose reopen withdraw restore import undo attach erase redact trust refused "
            "claim archive protect void "
            "submit resubmit approve reject return recall nudge transfer recuse cancel revoke override rebase "
            "tick apply end deactivate reactivate notice send sent drop queue requeue join leave pin code lock "
            "login upgrade export clock link unlink rival rename done cancel waive decline "
            "use revise freeze clause sign ask reply met score tier accept stale keep merge unmerge conflict read "
            "late spend".split()
        )
        | {
            "add-approver",
            "deal changed",
            "deal lost",
            "deal withdrawn",
            "policy applied",
            "give up",
            "not sent",
            "pin refused",
            "code refused",
        }
    )
)
"""Every action of the journal."""
_PATTERN = re.compile(r"([a-z]+)\.(\*|[a-z]+(?:[ _-][a-z]+)*)")


def sound(pattern: str) -> bool:
    """Whether it is a noun with a verb that the journal tells of, or with `*`."""
    found = _PATTERN.fullmatch(pattern)
    told = found is not None and found[1] in BY_WORD and found[2] in ("*", *ACTIONS) and found[2] != REFUSED
    return told or pattern == WIN


def names(noun: str, action: str, changes: Mapping[str, Any], won: Collection[str]) -> tuple[str, ...]:
    """What an entry is called, the most particular first; nothing for an attempt. `won`: the stages of that kind."""
    if action == REFUSED:
        return ()
    plain = f"{noun}.{action}"
    stage = changes.get("stage") if noun == "deal" else None
    entered = isinstance(stage, list | tuple) and stage[-1] in won and stage[0] not in won
    return (WIN, plain) if entered else (plain,)


def wants(patterns: Collection[str], called: Collection[str]) -> bool:
    """Whether something that is called so is among what is wanted."""
    return any(each in patterns or f"{each.partition('.')[0]}.*" in patterns for each in called)
