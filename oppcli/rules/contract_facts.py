"""What a version of a contract is to conditions: every fact under its dotted name, comparable."""

from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.contracts import DEVIATES, ContractVersion
from oppcli.model.spaces import CONTRACT


def facts(version: ContractVersion, currency: str, gross: Decimal | None, unanswered: int) -> dict[str, Any]:
    """By dotted name. An amount in another currency than the deal's is compared with nothing; `gross`: the quote's."""
    ours = version.amount is not None and version.currency == currency
    amount = money.to_major(version.amount or 0, version.currency) if ours else None
    told = {
        "amount": amount,
        "difference": None if amount is None or gross is None else amount - gross,
        "start": None if version.starts_on is None else date.fromisoformat(version.starts_on),
        "end": None if version.ends_on is None else date.fromisoformat(version.ends_on),
        "version": Decimal(version.number),
        "clauses_open": Decimal(unanswered),
        "deviations": Decimal(sum(each.state == DEVIATES for each in version.clauses)),
        "signed": version.signed_on is not None,
    }
    return {CONTRACT: version.hash, **{f"{CONTRACT}.{name}": value for name, value in told.items()}}
