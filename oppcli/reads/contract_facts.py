"""The facts of a deal's contract among the fields of a deal: what each is, and what it is now."""

from collections.abc import Mapping

from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.money import to_major
from oppcli.model.quotes import Quote
from oppcli.model.records import LIVE
from oppcli.model.requests import APPROVED, LIVE_STATES, Request
from oppcli.model.said import Said, say
from oppcli.model.spaces import CONTRACT, HIDDEN_WITH, KINDS
from oppcli.reads.quoted_lines import come_to
from oppcli.reads.table import Frame
from oppcli.rules.contract_facts import facts
from oppcli.rules.contracts import counted_apart
from oppcli.store.doors import ReadDoor

DEFINITIONS: Mapping[str, Said] = {
    CONTRACT: say("what is agreed, by its hash; in needs: that there is a contract"),
    "contract.amount": say("what the contract comes to, tax included"),
    "contract.difference": say("the contract's amount without the quote's gross"),
    "contract.start": say("the first day of the contract"),
    "contract.end": say("the last day of the contract"),
    "contract.version": say("the number of its last version"),
    "contract.clauses_open": say("how many of its clauses have no answer that counts"),
    "contract.deviations": say("how many of its clauses deviate"),
    "contract.signed": say("whether its last version was signed"),
}


def values(door: ReadDoor, deal: int, frame: Frame) -> dict[str, str]:
    """What they are now, as exports tell a field; nothing of a deal without a contract, nor what who asks has not."""
    from oppcli.reads.quote_facts import told

    contract = next(iter(door.find(Contract, id=deal, standing=LIVE)), None)
    version = contract.in_effect if contract is not None else None
    owned = door.find(Deal, id=deal)
    if version is None or not owned:
        return {}
    quote = next(iter(door.find(Quote, id=deal, standing=LIVE)), None)
    offered = quote.in_effect if quote is not None else None
    gross = None
    if offered is not None and offered.lines:
        gross = to_major(come_to(offered, frame).gross, offered.currency)
    policy = frame.policy()
    asked = door.find(Request, deal_id=deal, state=(*LIVE_STATES, APPROVED))
    left = version.unanswered(counted_apart(owned[0], asked, policy.contract.approval if policy.contract else None))
    found = facts(version, owned[0].currency, gross, len(left))
    gone = {name for field in frame.hidden for name in HIDDEN_WITH.get(field, ())}
    return {
        name: told(KINDS[name], value, version.currency)
        for name, value in found.items()
        if value is not None and name not in gone
    }
