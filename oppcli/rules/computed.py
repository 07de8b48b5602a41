"""What follows from the scores and tags of a policy for one deal: its fields that are computed."""

from collections.abc import Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.relations import ScoreRule
from oppcli.model.said import say
from oppcli.rules import conditions, scoring, segments
from oppcli.rules.scoring import FLAGS, RISK, Scored


def read_by(policy: Policy) -> frozenset[str]:
    """The fields and facts that the conditions of scores and tags read."""
    rules = [each.when for score in policy.scores for each in score.rules] + [tag.when for tag in policy.tags]
    return frozenset().union(*(conditions.reads(when) for when in rules))


def graded(policy: Policy) -> ScoreRule | None:
    """The score with grades, which fills the fields `score` and `grade`."""
    found: ScoreRule | None = next((rule for rule in policy.scores if rule.grades), None)
    return found


def by_hand(deal: Deal, was: str | None, policy: Policy, reason: str | None) -> Deal:
    """The deal whose grade was typed, with why: it then stands beside the computed one, until it is cleared. Refused
    (2) without a reason where a score has grades."""
    if deal.grade == was or not policy.scores or graded(policy) is None:
        return deal
    if deal.grade is None:
        return replace(deal, grade_reason=None)
    if not (reason or "").strip():
        raise UsageError(
            say("the grade is computed: say why it is to be {grade}", grade=deal.grade), hint=say("add -m REASON")
        )
    return replace(deal, grade_reason=reason)


def computed(deal: Deal, policy: Policy, facts: Mapping[str, Any]) -> tuple[Deal, Mapping[str, Scored]]:
    """The deal with its scores, its grade unless that was set by hand, and the tags of rules; and the scores with what
    they are made of. Tags read the new scores."""
    found = scoring.scores(policy.scores, facts)
    extra = {name: value for name, value in deal.extra.items() if name not in found}
    extra |= {name: each.points for name, each in found.items() if each.points is not None}
    if RISK in found:
        extra = {name: value for name, value in extra.items() if name != FLAGS}
        extra |= {FLAGS: ", ".join(flags)} if (flags := scoring.flags(found[RISK])) else {}
    after = replace(deal, extra=extra) if extra != deal.extra else deal
    if (rule := graded(policy)) is not None:
        score = found[rule.name]
        grade = deal.grade if deal.grade_reason is not None else score.grade
        after = replace(after, score=score.points, grade=grade)
    if policy.tags:
        known = {**facts, **{name: each.points for name, each in found.items()}}
        after = replace(after, tags=segments.tagged(after.tags, policy.tags, known))
    return after, found
