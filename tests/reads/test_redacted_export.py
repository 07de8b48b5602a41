"""`opp export NOUN --redact KEYFILE`: joins and ratios hold, names, texts and true amounts are not in the bytes."""

import hmac
from fractions import Fraction
from pathlib import Path

import pytest
from begun import settled
from command_line import InProcess
from stages import team_policy

from oppcli import store
from oppcli.model.deals import Contact
from oppcli.model.follow import Activity, Match, Proposal, Task, Watch
from oppcli.model.journal import Stamp
from oppcli.model.nouns import RECORDS
from oppcli.reads.redacting import Key

KEY = b"0123456789abcdef"
POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[fields.wechat]
personal = true
[fields.born]
type = "date"
personal = true
[fields.line]
values = ["A", "B"]
[fields.remark]
[fields.cost]
type = "money"
[type.quote]
title = "Quote"
material = ["amount"]
[[type.quote.step]]
name = "Boss"
who = "user:boss"
""",
    name="secret policy",
)
SECRETS = ("Wangwu", "wangwu", "wx_138", "1971-02-03", "for a friend", "fine by", "boss", "zoe", "5000", "1250",
           "Line of", "scan.pdf", "a remark", "Anna", "secret policy")  # fmt: skip


@pytest.fixture
@settled
def house(opp: InProcess) -> InProcess:
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    (opp.folder / "scan.pdf").write_bytes(b"scan")
    (opp.folder / "key").write_bytes(KEY + b"\n")
    (opp.folder / "key").chmod(0o600)
    opp.ok("init --policy policy.toml", user="zoe")
    opp.ok("user add boss --role manager --name Anna", user="zoe")
    opp.ok("user add mrli --manager boss", user="zoe")
    own = "--set wechat=wx_138 --set born=1971-02-03 --set line=A --set remark='a remark' --set cost=1250"
    for line in (
        f"add 'Line of' --customer Wangwu --amount 5000 {own}",
        "add Other --customer Wangwu --amount 10000",
        f"deal attach D-1 {opp.folder / 'scan.pdf'} --kind id",
        "request submit D-1 quote -m 'for a friend'",
    ):
        opp.ok(line, user="mrli")
    opp.ok("approve R-1 -m 'fine by Wangwu'", user="boss")
    with store.open_write(str(opp.env["OPP_DB"]), Stamp(actor="mrli", now=1)) as door:
        for thing in (
            Contact(name="Wangwu", key="wangwu", customer_id=1, phone=("wx_138",), im="wx_138", created_by="mrli"),
            Activity(kind="call", text="for a friend of Wangwu", at=1, who="mrli", deal_id=1, contacts=(1,)),
            Task(title="call Wangwu", kind="follow", deal_id=1, assignee="boss", reason="for a friend"),
            Proposal(noun="contact", deal_id=1, changes={"name": "Wangwu"}, source="mail", evidence="a remark"),
            Match(noun="customer", first=1, second=2, rule="secret policy", likeness=90, reason="Wangwu twice"),
            Watch(login="boss", noun="deal", key=1),
        ):
            door.add(thing)
    return opp


def named(kind: str, value: str) -> str:
    return f"{kind}-{hmac.new(KEY, f'{kind}{chr(10)}{value}'.encode(), 'sha256').hexdigest()[:10]}"


def factor() -> Fraction:
    share = int(hmac.new(KEY, b"scale", "sha256").hexdigest()[:8], 16)
    return Fraction(1, 2) + Fraction(3, 2) * Fraction(share, 2**32)


def test_a_deal_is_told_by_its_ids_dates_stages_and_dictionaries(house: InProcess) -> None:
    plain = house.ok("export deals -o json", user="zoe").json
    first, second = house.ok("export deals --redact key -o json", user="zoe").json
    kept = ("id", "stage", "kind", "currency", "created_at", "updated_at", "version", "probability", "line")
    assert {name: first[name] for name in kept} == {name: plain[0][name] for name in kept}
    told = ("title", "customer", "owner", "wechat", "born", "remark", "next_step", "extra", "tags")
    assert {name: first[name] for name in told} == {
        "title": "deal D-1",
        "customer": named("customer", "Wangwu"),
        "owner": named("user", "mrli"),
        "extra": {},
        "tags": [],
    } | dict.fromkeys(("wechat", "born", "remark", "next_step"))
    amounts = [f"{round(minor * factor()) / 100:.2f}" for minor in (500_000, 1_000_000)]
    assert [first["amount"], second["amount"]] == amounts
    assert first["customer"] == second["customer"]
    assert float(first["cost"]) == round(125_000 * factor()) / 100


NONE = "delegations deliveries codes views mappings payments rates costs prices quotes contracts facts".split()
NONE += ["targets", "points", "forecasts", "judgements"]
"""What the house has none of."""


@pytest.mark.parametrize("noun", [noun.plural for noun in RECORDS] + ["visits"])
def test_of_no_kind_a_name_a_text_or_an_amount_is_in_the_bytes(house: InProcess, noun: str) -> None:
    told = house.ok(f"export {noun} --redact key -o jsonl", user="zoe")
    text = told.out.replace("manager", "")  # the role, not Anna
    assert [secret for secret in SECRETS if secret in text] == []
    assert text.count("\n") > 0 or noun in NONE


def test_joins_hold(house: InProcess) -> None:
    deals = house.ok("export deals --redact key -o json", user="zoe").json
    customers = house.ok("export customers --redact key -o json", user="zoe").json
    people = house.ok("export people --redact key -o json", user="zoe").json
    assert {deal["customer"] for deal in deals} == {each["name"] for each in customers}
    assert {deal["owner"] for deal in deals} <= {each["login"] for each in people}
    assert {each["manager"] for each in people} == {None, named("user", "boss")}


def test_a_key_that_is_not_there_is_made_for_its_owner_alone(house: InProcess) -> None:
    first = house("export deals --redact new -o csv", user="zoe")
    made = Path(house.folder / "new")
    assert (first.code, made.stat().st_mode & 0o777, len(made.read_bytes())) == (0, 0o600, 65)
    assert "a new key is in new" in first.err
    assert house.ok("export deals --redact new -o csv", user="zoe").out == first.out
    assert house.ok("export deals --redact key -o csv", user="zoe").out != first.out


@pytest.mark.parametrize(("content", "mode", "said"), [
    (b"0123456789abcde\n", 0o600, "has fewer than 16 bytes"),
    (KEY, 0o644, "others have rights on"),
])  # fmt: skip
def test_a_key_that_is_short_or_everybodys_is_refused(house: InProcess, content: bytes, mode: int, said: str) -> None:
    (house.folder / "key").write_bytes(content)
    (house.folder / "key").chmod(mode)
    answer = house("export deals --redact key", user="zoe")
    assert (answer.code, answer.out, said in answer.err) == (8, "", True)


def test_the_end_of_the_line_is_no_part_of_the_key(house: InProcess) -> None:
    wanted = house.ok("export deals --redact key", user="zoe").out
    (house.folder / "key").write_bytes(KEY)
    assert house.ok("export deals --redact key", user="zoe").out == wanted
    (house.folder / "key").write_bytes(KEY + b"\r\n")
    assert house.ok("export deals --redact key", user="zoe").out == wanted


def test_halves_go_to_the_even_one() -> None:
    key = Key(KEY)
    key._factor = Fraction(1, 2)
    assert [key.scaled(amount) for amount in (1, 3, 5, -1)] == [0, 2, 2, 0]
