"""What a policy says of reports, in sentences."""

from collections.abc import Iterator

from oppcli.model.said import Said, label, listed, say
from oppcli.policy.sentences import Sentences
from oppcli.rules.bands import bands
from oppcli.words.day_names import SHOWN_LONG_MONTHS


def reports(said: Sentences) -> Iterator[Said]:
    """When their year begins, where that is not January, and the bands of each number."""
    policy = said.policy
    if policy.fiscal_year > 1:
        yield say("The year of reports begins in {month}.", month=SHOWN_LONG_MONTHS[policy.fiscal_year - 1])
    for name, cuts in policy.bands.items():
        rule = policy.fields.get(name)
        field = label(name, rule.title if rule and rule.title else "")
        yield say("{field} is counted in bands: {bands}.", field=field, bands=listed(bands(cuts).labels))
