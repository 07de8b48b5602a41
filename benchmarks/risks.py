"""What `opp audit risks` costs over 20,000 requests that were all decided within its 90 days, and `opp policy replay`.

    python benchmarks/risks.py [--requests 20000] [--runs 5] [--keep DIR]

One SQLite file. A deal, its quote and both approvals are made by commands; the others are copies of them, written
through the store's own door with their journal: five entries of the deal and three of the request, each a transaction.
Forty sellers, ten managers; every tenth deal is won. The command is a process of its own.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from approvals import fresh
from commands import call, measure, program
from policies import BY_MANAGER, FOUR, HEAD, OFFICE, QUOTE

from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.model.requests import APPROVE, Request
from oppcli.store import open_read, open_write
from oppcli.store.doors import WriteDoor

POLICY = f"""{HEAD}{FOUR}[roles]
finance = ["fin"]
{QUOTE}when = "amount >= 50_000"
material = ["amount", "discount"]
{BY_MANAGER}[[type.quote.step]]
name = "Finance"
who = "role:finance"
[gate]
"Won" = ["quote"]
{OFFICE}"""
BEGUN, NOW = "2026-01-05T09:00:00+08:00", "2026-03-31T18:00:00+08:00"
FIRST_MS, SPAN_MS = 1_767_603_600_000, 84 * 86_400_000
MANAGERS, SELLERS = 10, 40


def team(opp: list[str], file: Path) -> None:
    """Everybody, and one deal with a quote that was approved."""
    folder = file.parent
    (folder / "policy.toml").write_text(POLICY)

    def typed(line: str, at: str = BEGUN) -> None:
        call([*opp, "--db", str(file), "--now", at, *line.split()], folder)

    typed("--as ann init --policy policy.toml")
    typed("--as ann user add fin --role finance")
    for number in range(MANAGERS):
        typed(f"--as ann user add m{number} --role manager")
    for number in range(SELLERS):
        typed(f"--as ann user add s{number} --manager m{number % MANAGERS}")
    typed("--as s0 lead add Plant --customer Acme --amount 80000 --set discount=5")
    typed("--as s0 advance D-1 --to Offer")
    typed("--as s0 request submit D-1 quote", "2026-01-05T09:10:00+08:00")


def fill(opp: list[str], file: Path, requests: int) -> None:
    """The team, and copies of its deal with their quotes and approvals."""
    team(opp, file)
    stages = [_request(file)]
    for who, at in (("m0", "2026-01-05T09:20:00+08:00"), ("fin", "2026-01-05T09:30:00+08:00")):
        call([*opp, "--db", str(file), "--now", at, "--as", who, "request", "approve", "R-1"], file.parent)
        stages.append(_request(file))
    with open_write(str(file), Stamp(actor="ann", now=FIRST_MS, command="fill")) as door:
        model = door.get(Deal, 1)
        for number in range(requests - 1):
            _case(door, model, stages, number, FIRST_MS + SPAN_MS * (number + 1) // requests)


def _request(file: Path) -> Request:
    with open_read(str(file)) as door:
        return door.get(Request, 1)


def _case(door: WriteDoor, model: Deal, stages: list[Request], number: int, at: int) -> None:
    """One more deal from its first entry to the last approval, a minute after each other."""
    seller, manager = f"s{number % SELLERS}", f"m{number % MANAGERS}"
    names = {"s0": seller, "m0": manager}

    def act(who: str, minute: int, command: str) -> None:
        door.begin(Stamp(actor=who, now=at + minute * 60_000, command=command, os_user=who))

    act(seller, 0, "lead add")
    amount = 4_500_000 + number * 7_919 % 9_000_000
    deal = door.add(
        replace(model, id=0, title=f"Plant {number}", owner=seller, amount=amount, created_by=seller, created_at=at)
    )
    for edit in range(4):
        act(seller, edit, "deal edit")
        deal = door.save(deal, replace(deal, discount=(edit + 1) * 10_000))
    made = [renamed(stage, names, deal.id) for stage in stages]
    act(seller, 5, "request submit")
    request = door.add(replace(made[0], id=0), action="submit", meta=told("submit", seller))
    for who, later in ((manager, made[1]), ("fin", made[2])):
        act(who, 10 + later.version, "request approve")
        after = replace(later, id=request.id, version=request.version)
        request = door.save(request, after, action=APPROVE, meta=told(APPROVE, who))
    if number % 10 == 0:
        act(seller, 30, "deal advance")
        door.save(deal, replace(deal, stage="Won", closed_at=door.at), action="advance")


def told(verb: str, who: str) -> dict[str, Any]:
    return {"events": [{"verb": verb, "actor": who, "step": "Manager", "seat": 1}], "revision": 1}


def renamed(request: Request, names: dict[str, str], deal: int) -> Request:
    """The request of another seller and manager, decided when the transaction is."""
    steps = tuple(
        replace(
            step,
            seats=tuple(
                replace(seat, holders=tuple(replace(h, login=names.get(h.login, h.login)) for h in seat.holders))
                for seat in step.seats
            ),
        )
        for step in request.steps
    )
    decisions = tuple(replace(each, actor=names.get(each.actor, each.actor)) for each in request.decisions)
    who = names[request.submitted_by]
    return replace(request, deal_id=deal, submitted_by=who, owner=who, steps=steps, decisions=decisions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", metavar="DIR", help="keep the file there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="opp-bench-") as name:
        folder = Path(asked.keep or name)
        folder.mkdir(exist_ok=True)
        file = folder / "risks.db"
        opp = program()
        if not file.exists():
            fill(opp, file, asked.requests)
        fresh(file, folder / "copy.db")
        (folder / "next.toml").write_text(POLICY.replace("50_000", "90_000").replace('"role:finance"', '"role:admin"'))
        print(f"{asked.requests:,} requests, {file.stat().st_size / 1e6:,.0f} MB")
        for line in ("audit risks", "policy replay next.toml"):
            words = [*opp, "--db", str(file), "--now", NOW, "--as", "ann", *line.split(), "--csv"]
            spent = measure({line: words}, asked.runs, folder, "", lambda: None)[line]
            print(f"{line}: {spent.wall:,.0f} ms, cpu {spent.cpu:,.0f} ms")


if __name__ == "__main__":
    main()
