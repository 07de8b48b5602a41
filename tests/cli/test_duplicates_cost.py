"""What a look-up costs among many customers: statements and rows are counted, not time."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from oppcli.actions.act import Act
from oppcli.actions.duplicates import entered
from oppcli.model.deals import Customer
from oppcli.model.duplicates import DuplicateRule, Duplicates
from oppcli.model.noun import NOTHING
from oppcli.model.policy import Policy
from oppcli.policy import read
from oppcli.rules.duplicates import kept
from oppcli.store.doors import WriteDoor
from oppcli.store.matching import match_by, matched

TABLE = Duplicates(
    (
        DuplicateRule("信用代码", "customer", same=("tax_id",), cli="block"),
        DuplicateRule("同名", "customer", same=("name",)),
        DuplicateRule("同电话", "customer", same=("phone",), like={"name": 50}),
        DuplicateRule("近似", "customer", like={"name": 85}),
    )
)
MANY = 20_000
WORDS = "华信中恒达瑞丰泰安康盛鼎联创新科宏伟博远诚德金龙飞天海洋明光辉凯美嘉利通顺亿众和平正元"
PLACES = "上海 北京 深圳 广州 杭州 南京 苏州 成都".split()


def names(count: int) -> Iterator[str]:
    dice = random.Random(1)
    for number in range(count):
        yield f"{dice.choice(PLACES)}{''.join(dice.choices(WORDS, k=3))}科技{number}有限公司"


@contextmanager
def counted(door: WriteDoor) -> Iterator[list[tuple[str, int]]]:
    """Every statement that asks, with the rows it gave."""
    found: list[tuple[str, int]] = []
    plain = door.rows

    def rows(sql: str, /, **params: object) -> list[tuple[object, ...]]:
        answer = plain(sql, **params)
        found.append((" ".join(sql.split()), len(answer)))
        return answer

    door.rows = rows  # type: ignore[method-assign]
    yield found
    del door.rows


def policy() -> Policy:
    return Policy("p", "CNY", "c", (), (), NOTHING, duplicates=TABLE)


def test_a_look_up_among_many_is_one_statement_that_reads_what_begins_alike(door: WriteDoor) -> None:
    match_by(door, kept(TABLE, {}))
    door.add_many(Customer(name=name, key=name, phone=(f"138{n:08}",)) for n, name in enumerate(names(MANY)))
    matched(door)
    act = Act(door, rules=lambda _: policy())
    fresh = "上海全然不同的新公司"
    door.add(Customer(name=fresh, key=fresh, phone=("13900000000",), tax_id="91310000"))
    with counted(door) as told:
        entered(act)
    asked = [(sql, rows) for sql, rows in told if "FROM match_key" in sql and "kind0" in sql]
    assert len(asked) == 1
    assert asked[0][1] == 3  # its own
    # The keys it had, its own row for the keys and for the look-up: nothing that grows.
    assert len(told) <= 5
    assert sum(rows for _, rows in told) <= 7


def test_what_is_found_is_read_and_nothing_else(door: WriteDoor) -> None:
    match_by(door, kept(TABLE, {}))
    door.add_many(Customer(name=name, key=name, phone=(f"138{n:08}",)) for n, name in enumerate(names(MANY)))
    matched(door)
    act = Act(door, rules=lambda _: policy())
    twin = next(names(1)).replace("有限公司", "股份有限公司")
    door.add(Customer(name=twin, key=twin))
    with counted(door) as told:
        entered(act)
    assert len(act.warnings) == 1
    assert "同名 100 %" in act.warnings[0]
    asked = [rows for sql, rows in told if "FROM match_key" in sql and "kind0" in sql]
    # Those whose names begin with its three characters, of 20,000.
    assert len(asked) == 1
    assert asked[0] < MANY / 100


def test_the_look_up_goes_by_the_index(door: WriteDoor) -> None:
    match_by(door, kept(TABLE, {}))
    if door.dialect != "sqlite":
        return
    sql = (
        "EXPLAIN QUERY PLAN SELECT kind, key, id FROM match_key WHERE (noun = :noun AND kind = :a AND key = :b) "
        "OR (noun = :noun AND kind = :c AND key >= :d AND key < :e)"
    )
    plan = [row[-1] for row in door.rows(sql, noun="customer", a="name", b="x", c="name", d="x", e="y")]
    assert [line for line in plan if line.startswith("SCAN")] == []


def test_the_policy_that_is_read_says_the_same() -> None:
    text = '[policy]\nname="p"\ncurrency="CNY"\ncalendar="c"\nfallback="role:admin"\n[[stage]]\nname="a"\nkind="lead"\n'
    rules = (
        '[duplicates]\ncountry = "1"\nrule = [{ name = "n", of = "customer", like = { name = 85 }, import = "warn" }]\n'
    )
    found = read(text + rules).duplicates
    assert found == Duplicates((DuplicateRule("n", "customer", like={"name": 85}, imported="warn"),), country="1")
