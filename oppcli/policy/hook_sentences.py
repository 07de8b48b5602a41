"""What a policy says of hooks, in sentences."""

from oppcli.model.hooking import WARN, Hook
from oppcli.model.policy import ALWAYS, Policy
from oppcli.model.said import Said, listed, say
from oppcli.words import spans


def hooks(policy: Policy) -> tuple[Said, ...]:
    """One sentence for each."""
    return tuple(map(_hook, policy.hooks))


def _hook(hook: Hook) -> Said:
    told = {
        "name": hook.name,
        "events": listed(hook.on),
        "when": say(" where {condition}", condition=hook.when.text) if hook.when != ALWAYS else "",
        "time": spans.shown(hook.timeout_ms),
    }
    if hook.fail == WARN:
        return say("{name} is asked before {events}{when}, for {time}; without an answer it goes on.", **told)
    return say("{name} is asked before {events}{when}, for {time}; without an answer nothing is done.", **told)
