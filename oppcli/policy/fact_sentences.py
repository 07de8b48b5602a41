"""What a policy says of the facts of customers, in sentences."""

from oppcli.model.facts import FactRule
from oppcli.model.policy import Policy
from oppcli.model.said import Said, Word, label, listed, say


def facts(policy: Policy) -> tuple[Said, ...]:
    """One sentence for each fact."""
    return tuple(_fact(name, rule) for name, rule in policy.facts.items())


def _fact(name: str, rule: FactRule) -> Said:
    told = {
        "name": label(name, rule.title),
        "kind": Word("holds", rule.kind),
        "by": say("; the adapter {source} is asked for it", source=rule.source) if rule.source else "",
        "fresh": say("; it counts for {n} {n:day|days}", n=rule.fresh_days) if rule.fresh_days else "",
        "who": listed(rule.who) if rule.who else say("managers and admins"),
    }
    return say("{name} holds {kind}{by}{fresh}; {who} may enter it.", **told)
