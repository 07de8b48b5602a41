"""What a customer's debts cost to ask for among 100,000 payments of one customer, against the plain sum of those rows.

    python benchmarks/payments.py [--payments 100000] [--deals 1000] [--runs 15]

Builds a SQLite file of one customer's deals with instalments and receipts, half of them each, a tenth of all without
a deal; then what conditions ask for, and the sums of hand-written SQL over the same rows, take turns. Wanted: at most
20 ms for `customer.overdue`.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from oppcli import store
from oppcli.actions.owing import facts_of_customer, facts_of_deal
from oppcli.store.doors import ReadDoor

TODAY = "2026-11-30"
SUMS = 'SELECT kind, sum(amount), min("on") FROM payment WHERE voided_at IS NULL AND "on" < :day GROUP BY kind'


def build(file: Path, payments: int, deals: int) -> None:
    """The rows alone, without a journal: no read here asks for it."""
    store.create(str(file))
    with sqlite3.connect(file) as made:
        made.execute("INSERT INTO stage (id, name, kind, position, probability) VALUES (1, 'Won', 'won', 1, 100)")
        made.execute("INSERT INTO customer (id, name, key, created_by, version) VALUES (1, 'Acme', 'acme', 'wang', 1)")
        made.executemany(
            "INSERT INTO deal (id, title, customer_id, stage_id, currency, tags, collaborators, extra, created_by, "
            "updated_at, channel, version) VALUES (?, '', 1, 1, 'CNY', '[]', '[]', '{}', 'wang', 0, 'import', 1)",
            [(number,) for number in range(1, deals + 1)],
        )
        made.executemany(
            'INSERT INTO payment (deal_id, customer_id, kind, "on", amount, currency, created_at, created_by, version) '
            "VALUES (?, ?, ?, ?, ?, 'CNY', 0, 'wang', 1)",
            _payments(payments, deals),
        )
        made.execute("ANALYZE")


def _payments(payments: int, deals: int) -> Iterator[tuple[object, ...]]:
    dice = random.Random(7)
    for number in range(payments):
        loose = number % 10 == 0
        day = f"{dice.randrange(2020, 2028)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        kind = ("due", "received")[number // 10 % 2]
        yield None if loose else 1 + number % deals, 1 if loose else None, kind, day, dice.randrange(1, 10**7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("payments", 100_000), ("deals", 1_000), ("runs", 15)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    file = Path(tempfile.mkdtemp()) / "payments.db"
    build(file, given.payments, given.deals)
    asked: dict[str, Callable[[ReadDoor], object]] = {
        "plain sums in SQL": lambda door: door.rows(SUMS, day=TODAY),
        "customer.overdue": lambda door: facts_of_customer(door, 1, "CNY", TODAY, names={"customer.overdue"}),
        "customer.late_days, too": lambda door: facts_of_customer(
            door, 1, "CNY", TODAY, names={"customer.overdue", "customer.late_days"}
        ),
        "payment.overdue of a deal": lambda door: facts_of_deal(door, 1, "CNY", TODAY),
    }
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(given.runs):
        for name, read in asked.items():
            with store.open_read(str(file)) as door:
                begun = time.perf_counter()
                read(door)
                taken[name].append((time.perf_counter() - begun) * 1000)
    plain = median(taken["plain sums in SQL"])
    print(f"{given.payments:,} payments of one customer, median of {given.runs} runs: ms, ratio to the plain sums")
    for name, times in taken.items():
        print(f"{name:28} {median(times):7.1f} {median(times) / plain:6.2f}")


if __name__ == "__main__":
    main()
