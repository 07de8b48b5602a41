"""A new deal like another: for the same customer again, or to renew what was won."""

from oppcli.actions.act import Act
from oppcli.errors import Refused
from oppcli.model.command import command
from oppcli.model.deals import WON, Deal
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.fields import own_fields

COPIED = ("customer_id", "contacts", "product", "region", "tier")


def copied(act: Act, source: Deal, lead: Deal, *, renewal: bool) -> Deal:
    """The new lead with customer, contacts, product, region, tier and the team's own fields of another deal; never its
    stage, owner, dates, amount or files. With `renewal` it renews that one. Refused (7) to renew what was not won."""
    if renewal:
        stage = act.policy.stage(source.stage)
        if stage is None or stage.kind != WON:
            name = ref("deal", source.id)
            raise Refused(say("{deal} is not won: only what was won is renewed", deal=name), hint=command("show", name))
    scores = {score.name for score in act.policy.scores}
    # An amount is in its deal's currency, and of the new one nobody has said which that is.
    own = {name for name, kind, _ in own_fields(act.policy) if name not in scores and kind != "money"}
    extra = {name: value for name, value in source.extra.items() if name in own}
    same = {name: getattr(source, name) or getattr(lead, name) for name in COPIED}
    return replace(
        lead, **same, extra={**lead.extra, **extra}, renewal_of=source.id if renewal else None, origin=source.id
    )
