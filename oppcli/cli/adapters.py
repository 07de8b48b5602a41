"""Asking the adapters of this machine before anything is locked; what they say is stored in its own transaction."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import OppError, PolicyError, Undelivered
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.model.deals import Customer, Deal


def fetched(
    opp: Context, customer: "Customer", deal: "Deal | None", names: Iterable[str], *, again: bool, strict: bool
) -> list[Outcome]:
    """Ask for these facts of a customer where they are missing or too old. Refused (7) where an adapter fails; where it
    is none of this machine's (8) only if `strict`: what nobody said is then told as missing."""
    from oppcli.actions import fetching
    from oppcli.config.adapters import adapters
    from oppcli.config.machine import user_file
    from oppcli.notify.asking import ask

    with opp.read(whole=True) as door:
        want = fetching.wanted(opp.look(door), customer.id, names, again=again)
    known = adapters(os.environ) if want else {}
    found: list[Outcome] = []
    for adapter, wanted in want.items():
        if adapter not in known:
            if strict:
                hint = say("write [adapter.{name}] command = […] in {file}", name=adapter, file=user_file(os.environ))
                raise PolicyError(say("there is no adapter {name} on this machine", name=adapter), hint=hint)
            continue
        try:
            question = fetching.question(adapter, customer, deal, wanted)
            answer = ask(known[adapter].words, question, known[adapter].seconds)
        except Undelivered as wrong:
            raise fetching.failed(customer, adapter, wrong.message, deal) from None
        with opp.act("fact fetch") as act:
            found.append(fetching.taken(act, customer, adapter, wanted, answer))
    return found


def before_submit(opp: Context, ref: str, name: str | None) -> None:
    """What a submit of this type to this deal reads and nobody knows any more; nothing where the policy asks no
    adapter, and for what the submit itself refuses."""
    with opp.read(whole=True) as door:
        look = opp.look(door)
        if not any(rule.source for rule in look.policy.facts.values()):
            return
        from oppcli.actions import fetching, find
        from oppcli.model.deals import Customer
        from oppcli.rules.approvals.planning import type_meant

        try:
            deal = find.deal(door, ref, ids_only=not opp.interactive)
            names = fetching.of_type(look.policy, type_meant(look.policy, name) if name else None)
        except OppError:
            return
        if deal.customer_id is None or not names:
            return
        customer = door.get(Customer, deal.customer_id)
    fetched(opp, customer, deal, names, again=False, strict=False)


def before_resubmit(opp: Context, request: str) -> None:
    """The same of a request that goes on."""
    from oppcli.model.refs import number
    from oppcli.model.refs import ref as named
    from oppcli.model.requests import Request

    known = number("request", request)
    with opp.read(whole=True) as door:
        found = door.find(Request, id=known) if known is not None else ()
        told = [(named("deal", each.deal_id), each.type) for each in found]
    for deal, type_ in told:
        before_submit(opp, deal, type_)
