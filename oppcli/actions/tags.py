"""Tags set and taken away by hand: never those that a rule of the policy sets."""

from collections.abc import Collection, Sequence

from oppcli.actions.act import Act
from oppcli.errors import Reason, Refused, UsageError
from oppcli.model.said import say


def tagged(act: Act, tags: Sequence[str], add: Collection[str], drop: Collection[str]) -> tuple[str, ...]:
    """The tags with these and without those, none twice. Refused (7) for a tag that the policy's `[[tag]]` sets and
    removes, (2) for a blank or one with a comma."""
    wanted = [tag.strip() for tag in add]
    gone = {tag.strip() for tag in drop}
    ruled = {rule.name for rule in act.policy.tags} if act.policy.tags else set[str]()
    if by_rule := [tag for tag in (*wanted, *gone) if tag in ruled]:
        raise Refused(
            say("a tag of the policy is not set by hand"),
            reasons=tuple(Reason(tag, say("set and removed by its rule")) for tag in by_rule),
        )
    if any(not tag or "," in tag or "，" in tag for tag in wanted):
        raise UsageError(say("a tag is a word or several, without commas"))
    return tuple(dict.fromkeys(tag for tag in (*tags, *wanted) if tag not in gone))
