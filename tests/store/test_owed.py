"""What a customer owes, in SQL, is what the rules make of the same payments; a ledger is added up from its index."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import made

from oppcli.actions import owing
from oppcli.model.deals import Customer
from oppcli.model.payments import DUE, RECEIVED, Payment
from oppcli.model.spaces import OWED
from oppcli.rules.ledger import Row, ledger, owed
from oppcli.store.doors import WriteDoor
from oppcli.store.owed import _SINCE, OF_CUSTOMER

DAYS = [(date(2026, 1, 1) + timedelta(days=day)).isoformat() for day in range(30)]


def payments(random: Random, places: list[dict[str, int]], count: int) -> list[Payment]:
    """Instalments and receipts without sense, in two currencies."""
    found = []
    for number in range(count):
        kind = random.choice((DUE, DUE, RECEIVED))
        on = random.choice(DAYS) if kind == RECEIVED or random.random() < 0.9 else None
        found.append(
            Payment(
                kind=kind,
                on=on,
                sign_days=None if on else 30,
                amount=random.randint(1, 500) if kind == DUE else random.randint(-200, 600),
                currency=random.choice(("CNY", "CNY", "EUR")),
                created_at=number,
                voided_at=5 if random.random() < 0.1 else None,
                **random.choice(places),  # type: ignore[arg-type]
            )
        )
    return found


def test_sql_and_rules_agree_on_what_is_owed_for_any_payments(door: WriteDoor) -> None:
    deal = made.deal(door)
    other = door.add(replace(made.DEAL, title="二", customer_id=deal.customer_id))
    gone = door.add(replace(made.DEAL, title="三", customer_id=deal.customer_id, standing="withdrawn"))
    stranger = door.add(Customer(name="别家", key="别家"))
    mine = [{"deal_id": deal.id}, {"deal_id": other.id}, {"customer_id": deal.customer_id or 0}]
    for seed in range(25):
        random = Random(seed)
        for before in door.find(Payment, voided_at=None):
            door.save(before, replace(before, voided_at=9))
        elsewhere = payments(random, [{"deal_id": gone.id}, {"customer_id": stranger.id}], 4)
        rows = payments(random, mine, 14)
        door.add_many([*rows, *elsewhere])
        day = random.choice(DAYS)
        buckets: dict[tuple[int | None, str], list[Row]] = defaultdict(list)
        for number, row in enumerate(rows):
            if row.voided_at is None:
                buckets[row.deal_id, row.currency].append(Row(number, row.kind, row.on, row.amount))
        ledgers = defaultdict(list)
        for (_, currency), found in buckets.items():
            ledgers[currency].append(ledger(found, day))
        wanted = {currency: owed(found) for currency, found in ledgers.items()}
        assert (seed, owing.of_customer(door, deal.customer_id or 0, day)) == (seed, wanted)
        of_deal = owing.of_deal(door, deal.id, day)
        assert {code: (each.outstanding, each.overdue) for code, each in of_deal.items()} == {
            code: (each.outstanding, each.overdue)
            for code in of_deal
            for each in [ledger(sorted(buckets[deal.id, code], key=lambda row: row.id), day)]
        }


def test_facts_of_payments_are_in_major_units_and_missing_where_no_rate_is_known(door: WriteDoor) -> None:
    deal = made.deal(door)
    for currency, amount in (("CNY", 10_000), ("EUR", 500)):
        door.add(Payment(kind=DUE, deal_id=deal.id, on="2026-01-01", amount=amount, currency=currency))
    found = owing.facts_of_deal(door, deal.id, "CNY", "2026-01-11")
    assert found["payment.outstanding"] is None
    assert found["payment.late_days"] == 10
    eightfold = owing.facts_of_deal(door, deal.id, "CNY", "2026-01-11", lambda amount, code: amount * 8)
    assert {name: str(value) for name, value in eightfold.items()} == {
        "payment.planned": "140.00",
        "payment.received": "0.00",
        "payment.outstanding": "140.00",
        "payment.overdue": "140.00",
        "payment.late_days": "10",
    }
    of_customer = owing.facts_of_customer(door, deal.customer_id or 0, "EUR", "2026-01-01", names=OWED)
    assert of_customer == {"customer.receivable": None, "customer.overdue": 0, "customer.late_days": 0}


def test_a_customer_without_payments_owes_nothing(door: WriteDoor) -> None:
    deal = made.deal(door)
    assert owing.facts_of_customer(door, deal.customer_id or 0, "CNY", "2026-01-01", names=OWED) == {
        "customer.receivable": 0,
        "customer.overdue": 0,
        "customer.late_days": 0,
    }


def test_the_ledger_of_a_customer_is_added_up_from_indexes_alone(door: WriteDoor) -> None:
    if door.dialect != "sqlite":
        return
    plan = [
        row[-1]
        for row in door.rows(f"EXPLAIN QUERY PLAN {OF_CUSTOMER.format(since=_SINCE)}", customer=1, day="2026-01-01")
    ]
    read = [line for line in plan if line.startswith(("SEARCH p", "SEARCH payment", "SCAN p"))]
    assert read and [line for line in read if "COVERING INDEX payment_" not in line] == []
