"""What a policy says of reports, in sentences."""

from collections.abc import Iterator

from oppcli.model.said import Said, label, listed, say
from oppcli.policy.sentences import Sentences
from oppcli.rules.bands import bands
from oppcli.words import percents
from oppcli.words.day_names import SHOWN_LONG_MONTHS


def reports(said: Sentences) -> Iterator[Said]:
    """When their year begins, where that is not January, what delay costs, and the bands of each number."""
    policy = said.policy
    if policy.fiscal_year > 1:
        yield say("The year of reports begins in {month}.", month=SHOWN_LONG_MONTHS[policy.fiscal_year - 1])
    if policy.delay_cost is not None:
        cost = percents.shown(policy.delay_cost)
        yield say("A day of waiting for approval costs {cost} of a deal's amount × probability.", cost=cost)
    for name, cuts in policy.bands.items():
        rule = policy.fields.get(name)
        field = label(name, rule.title if rule and rule.title else "")
        yield say("{field} is counted in bands: {bands}.", field=field, bands=listed(bands(cuts).labels))
    if policy.kpi is not None:
        own, team = policy.kpi
        yield say("What a person attained weighs {own}, what their team attained {team}.", own=own, team=team)
    if policy.win is not None:
        named = [(name, policy.fields.get(name)) for name in policy.win.fields]
        names = [label(name, (rule.title if rule else None) or "") for name, rule in named]
        yield say("How likely deals are won is learnt from {fields}.", fields=listed(names))
