"""A large team's database with everything in it, which the other programs measure.

    python benchmarks/world.py FILE [--deals 1000000]

A million deals of 200 people with five visits and five activities each. For each hundred deals ten customers with ten
contacts, seven tasks and as many requests that wait, eight requests that were decided, ten quotes, five contracts,
twenty instalments and receipts, ten files, five facts; besides, prices, targets, costs, points, rates, submitted
forecasts and what managers think of them. All of it comes through the write door, week by week over two years: the
journal holds, and `opp db check` finds nothing. The indexes are made at the end. Of fewer deals there is less of
everything but people.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from policies import BY_MANAGER, HEAD, HOLIDAYS, HURRIED, KINDS, OFFICE, QUOTE, STAGES

from oppcli.model.contracts import Clause, Contract, ContractVersion
from oppcli.model.costs import Cost
from oppcli.model.deals import Contact, Customer, Deal, File
from oppcli.model.facts import Fact
from oppcli.model.follow import Activity, Task
from oppcli.model.forecasts import Forecast, ForecastLine
from oppcli.model.journal import Stamp
from oppcli.model.judgements import Judgement
from oppcli.model.noun import replace
from oppcli.model.payments import Payment
from oppcli.model.people import User
from oppcli.model.points import Point
from oppcli.model.quotes import Line, Price, Quote, QuoteVersion
from oppcli.model.rates import Rate
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.model.targets import COMPANY, TEAM, Target
from oppcli.rules.contracts import content
from oppcli.rules.quotes.versions import hashed
from oppcli.store import open_write
from oppcli.store.doors import WriteDoor

HOUR, DAY = 3_600_000, 86_400_000
NOW_TEXT = "2026-11-30T10:00:00+08:00"
NOW = int(datetime.fromisoformat(NOW_TEXT).timestamp() * 1000)
WEEKS = 104
BEGAN = NOW - WEEKS * 7 * DAY
PEOPLE, TEAMS = 200, 20
BOSS = "boss"
SELLER, MANAGER = "u001", "u000"
WON, LOST = 7, 8
SKUS = 2_000
POLICY = """{head}{stages}
[roles]
finance = ["u198"]
legal = ["u199"]
[fields.approved]
type = "bool"
[fields.seats]
type = "int"
{quote}material = ["amount", "discount"]
{manager}[[type.quote.step]]
name = "Finance"
who = ["role:finance"]
when = "discount > 15"
[gate]
"Signing" = ["quote"]
[bands]
amount = ["100万", "500万"]
[scope]
see = {{ sales = "own", manager = "team" }}
[payment]
[quote]
taxes = ["13%", "6%"]
[contract]
clauses = [ {{ name = "liability", who = "role:legal" }} ]
[fact.credit_limit]
type = "money"
fresh = "365d"
[follow]
cadence = [ {{ when = "tier == 'A'", every = "3 workdays" }}, {{ when = "kind == 'open'", every = "5 workdays" }} ]
[[follow.deadline]]
name = "first contact"
when = "source == 'website'"
from = "assigned"
within = "24h"
done = ["touch"]
[duplicates]
rule = [
  {{ name = "tax id", of = "customer", same = ["tax_id"], cli = "block" }},
  {{ name = "same name", of = "customer", same = ["name"] }},
  {{ name = "alike", of = "customer", like = {{ name = 85 }} }},
  {{ name = "telephone", of = "contact", same = ["phone"] }},
]
[[score]]
name = "fit"
rules = [ {{ when = "amount >= 50万", points = 40 }}, {{ when = "tier == 'A'", points = 30 }} ]
grades = {{ A = 70, B = 40, C = 0 }}
[sheet.record]
fields = {{ amount = 3, expected_close = 2, approved = 2, tier = 1 }}
[priority]
grade = {{ A = 1.5, B = 1, C = 0.5 }}
[win]
fields = ["source", "product", "region", "amount"]
[kpi]
{office}"""
PLACES = "上海 北京 深圳 广州 杭州 南京 苏州 成都 武汉 西安 重庆 天津 青岛 宁波 无锡 东莞 哈尔滨 石家庄".split()
WORDS = "华信中恒达瑞丰泰安康盛鼎联创新科宏伟博远诚德金龙飞天海洋明光辉凯美嘉利通顺亿众和平正元"
TRADES = "科技 信息技术 精密仪器 机械设备 电子 贸易 实业 自动化 软件 网络科技 生物医药 新材料 环保科技".split()
FORMS = "有限公司 有限公司 有限公司 股份有限公司 有限责任公司 集团有限公司".split()
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
TEXTS = (
    "电话：客户要方案",
    "visit: they want a reference",
    "mail: sent the offer",
    "拜访：预算已批",
    "message: asked for the delivery date",
)


def _step(**more: Any) -> Step:
    """The one of each request."""
    same: dict[str, Any] = {"revision": 1, "position": 1, "group": 1, "name": "Manager", "who": ("manager",)}
    return Step(**same, calendar="office", sla_ms=8 * HOUR, **more)


def firms(count: int) -> list[str]:
    """Names of companies that nobody has: a place, two to four characters, a trade, a legal form."""
    dice = random.Random(1)
    return [
        dice.choice(PLACES)
        + "".join(dice.choices(WORDS, k=dice.choice((2, 2, 3, 4))))
        + dice.choice(TRADES)
        + dice.choice(FORMS)
        for _ in range(count)
    ]


def login(number: int) -> str:
    return f"u{number % PEOPLE:03}"


def owner_of(deal: int) -> str:
    return login(deal * 7 + deal // 10)


def customer_of(deal: int, customers: int) -> int:
    return (deal * 7919 + deal // 10) % customers + 1


def boss_of(person: str) -> str:
    """The head of one's team, who is its first; of those the boss."""
    number = int(person[1:])
    return login(number - number % 10) if number % 10 else BOSS


def day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def months() -> Iterator[str]:
    """The months from the first week to half a year ahead."""
    first = datetime.fromtimestamp(BEGAN / 1000, UTC)
    for number in range(first.month - 1, first.month + 30):
        yield f"{first.year + number // 12}-{number % 12 + 1:02}"


class World:
    """What there is of a number of deals, drawn with the same dice whenever it is built."""

    def __init__(self, deals: int) -> None:
        self.deals, self.dice = deals, random.Random(7)
        self.customers = max(10, deals // 10)
        self.first = 1
        self.open: list[int] = []

    def week(self, door: WriteDoor, begun: int, count: int) -> None:
        """So many deals made in this week, with what belongs to them, and the activities of the week."""
        numbers = range(self.first, self.first + count)
        lives = [self._life(begun) for _ in numbers]
        fields = (
            *(
                "title",
                "stage",
                "customer_id",
                "owner",
                "amount",
                "discount",
                "margin",
                "score",
                "grade",
                "source",
                "product",
                "region",
                "tier",
            ),
            *("expected_close", "extra", "created_at", "updated_at", "closed_at", "last_open_stage", "visits"),
            "created_by",
        )
        made = door.bulk(Deal, fields, {"currency": "CNY", "channel": "cli"})
        self._chunks(made, (self._deal(number, life) for number, life in zip(numbers, lives, strict=True)))
        self._activities(door, begun, numbers)
        self._belongings(door, begun, numbers, lives)
        self.first += count
        self.open += [number for number, (path, *_) in zip(numbers, lives, strict=True) if path[-1] < WON]

    @staticmethod
    def _chunks(made: Any, rows: Iterator[tuple[Any, ...]]) -> None:
        kept: list[tuple[Any, ...]] = []
        for row in rows:
            kept.append(row)
            if len(kept) == 2_000:
                made.add(kept)
                kept = []
        made.add(kept)

    def _life(self, begun: int) -> tuple[list[int], list[int]]:
        """The ids of the stages a deal went through until now, some back, some by a jump; and when it entered each."""
        dice, path = self.dice, [1]
        wanted, fate = dice.choices(range(2, 10), (8, 10, 17, 25, 20, 12, 5, 3))[0], dice.random()
        entered = [begun + int(dice.random() * 7 * DAY)]
        while True:
            at = entered[-1] + int(dice.expovariate(1 / (9 * DAY)))
            over = len(path) >= wanted or path[-1] == 6
            if at > NOW or (over and fate > 0.92):
                return path, entered
            if over:
                return [*path, WON if path[-1] >= 5 and fate < 0.6 else LOST], [*entered, at]
            chance = dice.random()
            back, jump = chance < 0.12 and path[-1] > 1, chance > 0.95 and path[-1] < 5
            path.append(path[-1] - 1 if back else path[-1] + 2 if jump else path[-1] + 1)
            entered.append(at)

    def _deal(self, number: int, life: tuple[list[int], list[int]]) -> tuple[Any, ...]:
        (path, entered), dice = life, self.dice
        closed = path[-1] >= WON
        stays = [(STAGES[stage - 1], since, until) for stage, since, until in zip(path, entered, [*entered[1:], None])]  # noqa: B905
        owner, amount, discount, margin, tier = owner_of(number), 54_000, 100_000, 222_222, dice.choice("ABC")
        if number % 10:
            amount, discount, margin = int(dice.lognormvariate(17, 1)) * 100, dice.randrange(30) * 10_000, None
        fit = 40 * (amount >= 50_000_000) + 30 * (tier == "A")
        extra = {"fit": fit} if not closed else {}
        return (
            *(f"Retrofit of line {number}", STAGES[path[-1] - 1], customer_of(number, self.customers), owner),
            *(amount, discount, margin, fit if not closed else None),
            "A" if fit >= 70 else "B" if fit >= 40 else "C",
            *(dice.choice(("website", "fair", "call", "partner")), dice.choice(("Pump", "Valve", "Motor", "Sensor"))),
            *(dice.choice(("north", "south", "east", "west")), tier),
            day(entered[-1] + dice.randrange(-10, 60) * DAY),
            extra | {"approved": True, "seats": str(number % 90)} if number % 3 == 0 else extra,
            *(entered[0], entered[-1], entered[-1] if closed else None),
            STAGES[path[-2] - 1] if closed else None,
            tuple(stays),
            owner,
        )

    def _activities(self, door: WriteDoor, begun: int, fresh: range) -> None:
        """Five for each new deal: of these, and of those of the last three months, and of some older ones."""
        dice, kinds, count = self.dice, ("call", "visit", "mail", "note", "message"), len(fresh) * 5
        low = max(1, fresh.start - 12 * len(fresh))
        at = sorted(begun + int(dice.random() * 7 * DAY) for _ in range(count))
        rows = []
        for place, when in enumerate(at):
            deal = dice.choice(self.open) if self.open and place % 5 == 0 else dice.randrange(low, fresh.stop)
            who = owner_of(deal)
            rows.append((kinds[place % 5], f"{TEXTS[place % 5]} {place}", when, who, deal, when, who))
        fields = ("kind", "text", "at", "who", "deal_id", "recorded_at", "created_by")
        self._chunks(door.bulk(Activity, fields, {"channel": "cli"}), iter(rows))

    def _belongings(self, door: WriteDoor, at: int, numbers: range, lives: list[Any]) -> None:
        """Of each tenth or twentieth deal what it may have."""
        some = [(n, path) for n, (path, _) in zip(numbers, lives, strict=True)]
        tenth = [n for n, _ in some if n % 10 == 0]
        door.add_many(self._tasks(at, some))
        door.add_many(map(self._file, tenth))
        door.add_many(Quote(id=n, deal_id=n, versions=(self._offer(n, at),)) for n in tenth)
        door.add_many(Contract(id=n, deal_id=n, versions=(self._text(n, at),)) for n in tenth if n % 20)
        door.add_many(self._payments(at, tenth))
        door.add_many(self._asked(n, at) for n, path in some if path[-1] < WON and n % 2)
        door.add_many(self._decided(n + 1, at) for n in tenth if n + 1 in numbers)
        door.add_many(self._known(customer_of(n, self.customers), at) for n in tenth if n % 20 == 0)

    def _tasks(self, at: int, some: Iterable[tuple[int, list[int]]]) -> Iterator[Task]:
        """Of every other live deal a follow-up around now, of each tenth one that was done."""
        for number, path in some:
            owner = owner_of(number)
            made = {"deal_id": number, "created_at": at, "created_by": owner, "title": "send the offer"}
            if path[-1] < WON and number % 2 == 0:
                due = day(NOW + (number % 61 - 30) * DAY)
                yield Task(kind="follow", due_on=due, promised_on=due, **made)
            elif number % 10 == 0:
                due = day(at + 3 * DAY)
                over = {"state": "done", "done_at": at + 2 * DAY, "done_by": owner}
                yield Task(kind="todo", assignee=owner, due_on=due, promised_on=due, **made, **over)

    def _file(self, deal: int) -> File:
        digest = sha256(str(deal).encode()).hexdigest()
        name = f"offer-{deal}.pdf"
        return File(deal_id=deal, kind="offer", name=name, size=deal, sha256=digest, path=name, attached_by=BOSS)

    def _offer(self, deal: int, at: int) -> QuoteVersion:
        lines = tuple(
            Line(
                position=place,
                sku=f"S{(deal + place) % SKUS:04}",
                item=f"Part {(deal + place) % SKUS}",
                qty=place * 1_000_000,
                list=1_000_000,
                cost=700_000,
                discount=100_000,
                tax=130_000,
            )
            for place in (1, 2, 3)
        )
        opened = {"opened_on": day(at), "opened_at": at, "opened_by": owner_of(deal), "used_at": at}
        until = day(at + 30 * DAY)
        return hashed(QuoteVersion(number=1, currency="CNY", valid_until=until, lines=lines, **opened))

    def _text(self, deal: int, at: int) -> ContractVersion:
        made = {"opened_at": at, "opened_by": owner_of(deal), "amount": deal * 100}
        ends = day(NOW + (deal % 700 - 100) * DAY)
        clause = Clause(position=1, name="liability", who=("role:legal",))
        said = {"file": "contract.pdf", "sha256": "0" * 64, "starts_on": day(at), "ends_on": ends}
        text = ContractVersion(number=1, clauses=(clause,), **said, **made)
        return replace(text, hash=content(text))

    def _payments(self, at: int, deals: Iterable[int]) -> Iterator[Payment]:
        for deal in deals:
            same = {"deal_id": deal, "currency": "CNY", "created_at": at, "created_by": owner_of(deal)}
            yield Payment(kind="due", on=day(at + 60 * DAY), amount=deal * 100 + 100, **same)
            yield Payment(kind="received", on=day(at + deal % 90 * DAY), amount=deal * 60 + 100, **same)

    def _revision(self, owner: str, at: int) -> tuple[Revision, ...]:
        return (Revision(number=1, snapshot={"amount": "1000.00", "discount": "5"}, at=at, editor=owner),)

    def _asked(self, deal: int, at: int) -> Request:
        """Waits for the manager: a few are due within the hour, the others were late long ago or are not yet."""
        owner = owner_of(deal)
        late, soon = deal % 3 != 0, deal % 303 == 0
        due = NOW - (deal % 60 + 1) * DAY if late else NOW + (HOUR if soon else 10 * DAY)
        seat = Seat(number=1, holders=(Holder(login=boss_of(owner), via="manager"),))
        step = _step(
            state="open",
            opened_at=due - 3 * DAY,
            resumed_at=due - 3 * DAY,
            due_at=due,
            breached_at=due if late else None,
            level=1 if late else 0,
            reminded=("2h before",) if late else (),
            seats=(seat,),
        )
        return self._request(deal, at, steps=(step,), wake_at=None if late else due - 2 * HOUR)

    def _decided(self, deal: int, at: int) -> Request:
        """One step that the manager decided within some days."""
        owner, dice = owner_of(deal), self.dice
        by, ended = boss_of(owner), min(NOW, at + int(dice.expovariate(1 / (30 * HOUR))))
        verdict, state = ("approve", "approved") if dice.random() < 0.8 else ("reject", "rejected")
        seat = Seat(number=1, holders=(Holder(login=by, via="manager"),), state=state, decided_by=by)
        step = _step(state=state, opened_at=at, closed_at=ended, due_at=at + 36 * HOUR, seats=(seat,))
        decision = Decision(
            number=1, revision=1, step=1, seat=1, actor=by, actor_name=by, verdict=verdict, at=ended, policy=self.hash
        )
        return self._request(deal, at, state=state, steps=(step,), decided_at=ended, decisions=(decision,))

    def _request(self, deal: int, at: int, **more: Any) -> Request:
        owner = owner_of(deal)
        return Request(
            deal_id=deal,
            type="quote",
            title="Quote",
            policy=self.hash,
            submitted_by=owner,
            submitted_at=at,
            owner=owner,
            amount=deal * 100,
            revisions=self._revision(owner, at),
            **more,
        )

    def _known(self, customer: int, at: int) -> Fact:
        kept = {"name": "credit_limit", "value": f"{customer * 100}.00", "currency": "CNY"}
        return Fact(customer_id=customer, as_of=day(at), source="bank", at=at, by=BOSS, **kept)

    hash = ""

    def beginning(self, door: WriteDoor) -> None:
        """People, customers with contacts, prices, targets, costs, rates: what is there before the first deal."""
        ((self.hash,),) = door.rows("SELECT hash FROM policy")
        at = BEGAN
        people = [User(login=login(n), name=f"User {n}", created_at=at, **self._post(n)) for n in range(PEOPLE)]
        door.add_many(sorted(people, key=lambda person: person.manager != BOSS))
        names = firms(self.customers)
        customers = door.bulk(Customer, ("name", "key", "tax_id", "owner", "tier", "phone"), {"created_at": at})
        rows = (
            (name, name, f"9131{n:014}", owner_of(n), "ABC"[n % 3], (f"021{n:08}",)) for n, name in enumerate(names)
        )
        self._chunks(customers, rows)
        contacts = door.bulk(Contact, ("name", "key", "customer_id", "phone", "email"), {"created_at": at})
        self._chunks(contacts, map(self._contact, range(1, self.customers + 1)))
        door.add_many(
            Price(sku=f"S{n:04}", name=f"Part {n}", list=1_000_000 + n, cost=700_000, from_on="2024-01-01")
            for n in range(SKUS)
        )
        door.add_many(self._targets())
        spent = {"amount": 5_000_000, "currency": "CNY", "created_by": BOSS}
        sources = ("website", "fair", "call", "partner")
        door.add_many(
            Cost(source=source, first=f"{month}-01", last=f"{month}-28", **spent)
            for month in months()
            for source in sources
        )
        door.add_many(Rate(base="USD", currency="CNY", day=f"{month}-01", rate="7.1") for month in months())

    @staticmethod
    def _post(number: int) -> dict[str, Any]:
        """The first of each ten heads the others; the last two decide for finance and for the law."""
        if number >= PEOPLE - 2:
            return {"manager": BOSS, "roles": ("finance" if number % 2 == 0 else "legal",)}
        return {"manager": boss_of(login(number)), "roles": ("sales",) if number % 10 else ("manager", "sales")}

    def _contact(self, number: int) -> tuple[Any, ...]:
        name = "".join(self.dice.choices(WORDS + GIVEN, k=3))
        return name, name, number, (f"139{number:08}",), (f"p{number}@c{number}.example",)

    @staticmethod
    def _targets() -> Iterator[Target]:
        everybody = [COMPANY, *(f"{TEAM}{login(n)}" for n in range(0, PEOPLE, 10)), *map(login, range(PEOPLE))]
        for month in months():
            for who in everybody:
                yield Target(who=who, month=month, measure="won_amount", target="5000000.00", currency="CNY")

    def month(self, door: WriteDoor, at: int) -> None:
        """What each team submitted at the beginning of a month, with a tenth of its live deals; points; what managers
        think of some."""
        heads = [login(n) for n in range(0, PEOPLE, 10)]
        month = day(at)[:7]
        of: dict[str, list[int]] = {head: [] for head in heads}
        for number in self.open[-10_000:]:
            owner = owner_of(number)
            team = of[login(int(owner[1:]) // 10 * 10)]
            if len(team) < 50:
                team.append(number)
        door.add_many(
            Forecast(
                month=month,
                team=head,
                currency="CNY",
                committed=100_000_000,
                submitted_at=at,
                submitted_by=head,
                lines=tuple(
                    ForecastLine(deal_id=n, category="commit", amount=n * 100, currency="CNY", probability=60)
                    for n in deals
                ),
            )
            for head, deals in of.items()
        )
        door.add_many(
            Judgement(deal_id=n, amount=n * 90, currency="CNY", reason="too dear", judged_at=at, judged_by=head)
            for head, deals in of.items()
            if at > NOW - 28 * DAY
            for n in deals[:20]
        )
        door.add_many(
            Point(login=login(n), points=5, kind="visit", reason="visited", given_at=at, given_by=BOSS)
            for n in range(PEOPLE)
        )


def run(file: Path, *words: str) -> None:
    """One command of the program; its end is waited for."""
    more = {"OPP_DB": str(file), "OPP_USER": BOSS, "OPP_TZ": "UTC"}
    done = subprocess.run(
        [sys.executable, "-m", "oppcli", *words], env=os.environ | more, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"opp {' '.join(words)}: {done.stderr or done.stdout}")


def init(file: Path) -> None:
    """The database with its policy, made two years ago by the boss."""
    stages = "".join(
        f'[[stage]]\nname = "{name}"\nkind = "{kind}"\nprobability = {min(100, 15 * place) if kind != "lost" else 0}\n'
        + ('target = "40h"\nrotting = "160h"\n' if kind in ("lead", "open") else "")
        for place, (name, kind) in enumerate(zip(STAGES, KINDS, strict=True))
    )
    policy = file.with_suffix(".toml")
    stages = stages.replace("probability = 90", "probability = 100")
    step, office = BY_MANAGER + HURRIED, OFFICE + HOLIDAYS
    policy.write_text(POLICY.format(head=HEAD, stages=stages, quote=QUOTE, manager=step, office=office))
    began = datetime.fromtimestamp(BEGAN / 1000, UTC) - timedelta(days=1)
    run(file, "--now", began.isoformat(), "init", "--policy", str(policy))
    policy.unlink()


def indexes(file: Path) -> list[str]:
    """The statements that make what is taken away until everything is there: the indexes, but of what is looked up
    while it is written, and the trigger that would look in the journal without one."""
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA journal_mode = off")
        told = """SELECT type, name, sql FROM sqlite_master WHERE name = 'forecastline_no_more'
                  OR type = 'index' AND sql LIKE 'CREATE INDEX%' AND tbl_name <> 'match_key'"""
        found = db.execute(told).fetchall()
        for kind, name, _ in found:
            db.execute(f'DROP {kind} "{name}"')
    return [sql for _, _, sql in found]


def build(file: Path, deals: int) -> None:
    """The file, made from nothing; what is there under its name stays."""
    if file.exists():
        print(f"{file} is there already and is used as it is", file=sys.stderr)
        return
    begun, made = time.perf_counter(), file.with_suffix(".making")
    made.unlink(missing_ok=True)
    init(made)
    later, world = indexes(made), World(deals)
    for week in range(WEEKS):
        at = BEGAN + week * 7 * DAY
        with open_write(str(made), Stamp(actor=BOSS, now=at, command="import", channel="cli")) as door:
            if not week:
                world.beginning(door)
            world.week(door, at, deals * (week + 1) // WEEKS - deals * week // WEEKS)
            if week % 4 == 3:
                world.month(door, at)
    with sqlite3.connect(made) as db:
        db.execute("PRAGMA cache_size = -400000")
        for sql in later:
            db.execute(sql)
    made.rename(file)
    size, took = file.stat().st_size / 1e6, time.perf_counter() - begun
    print(f"{deals:,} deals in {size:,.0f} MB, made in {took:.0f} s", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--deals", type=int, default=1_000_000)
    asked = parser.parse_args()
    build(asked.file, asked.deals)


if __name__ == "__main__":
    main()
