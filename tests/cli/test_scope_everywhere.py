"""Every read in every format, completion and every refusal, for four people: nothing that is not theirs to see is in
the bytes. What is not theirs carries marks that turn up nowhere else."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from command_line import Answer, InProcess
from postgres import administer

from oppcli import fastpath, named_here, render
from oppcli.model.nouns import RECORDS
from oppcli.reads import catalog
from oppcli.reads.exports import EXPORTS
from oppcli.reads.index import MODULES

SCOPE = """
[scope]
see  = { sales = "own", manager = "team", finance = "all" }
hide = { margin = ["sales"], secret = ["sales"] }
mask = ["phone"]
"""
FIELDS = "\n[fields.secret]\n[fields.phone]\n[quote]\n[contract]\n"
COSTS = {"ANNMARK": ("689655.1724", "372496.2"), "BOBMARK": ("102042132.1839", "73388908.6122")}
"""Mark → list price and cost with which a discount of 13 % gives the amount and margin of the deal."""
MARGIN, SECRET, PHONE = "37.9173", "SECRET-QX", "13877770000"
"""Of ann's deal: hidden from her and from bob, masked for whoever is not above her."""


class Person(NamedTuple):
    """Who asks, and what must not be in any answer."""

    login: str
    unseen: tuple[str, ...]


ANNS, BOBS = ("ANNMARK",), ("BOBMARK", "88776655", "17.3331", "SECRET-BOB", "13866661111")
PEOPLE = (
    Person("ann", (*BOBS, MARGIN, SECRET, "372496", "3724962", "73388908")),
    Person("mia", BOBS),
    Person("bob", (*ANNS, MARGIN, SECRET, PHONE, "17.3331", "SECRET-BOB")),
    Person("cay", ()),
)
NEEDS = {
    "deal show": "{deal}",
    "show": "{deal} {request}",
    "deal history": "{deal}",
    "deal recap": "{deal}",
    "deal similar": "{deal}",
    "gate": "{deal}",
    "request show": "{request}",
    "request status": "{request}",
    "request wait": "{request} --timeout 1s",
    "request plan": "{deal} quote",
    "user show": "ann",
    "report absence": "--who me --until 2099-12-31",
    "report effect": "--policy 1 --measure approval",
    "forecast whatif": "--set {deal}.amount=1000",
    "policy check": "policy.toml",
    "policy diff": "1",
    "policy replay": "1",
    "mapping show": "hubspot",
    "sql": "'select * from entries'",
    "timeline": "{deal}",
    "quote show": "{deal}",
    "contract show": "{deal}",
    "customer show": "{customer}",
    "contact show": "{contact}",
    "db diff": "try.db",
}
"""What reads have to be given: things that one sees."""
MINE = {"ann": ("D-1", "R-1"), "mia": ("D-1", "R-1"), "bob": ("D-2", "R-2"), "cay": ("D-2", "R-2")}
WHOLE = (
    "audit verify",
    "audit anchor",
    "audit risks",
    "db check",
    "export journal",
    "export all",
    "sql 'select * from entries'",
)
"""What takes who sees everything."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[InProcess]:
    """Two sellers under two managers, each with a deal, a file, a request that was submitted, moved and lost ones."""
    opp = InProcess(tmp_path_factory.mktemp("scope"))
    if request.param == "postgresql":
        server = request.getfixturevalue("pg_server")
        administer(server, "CREATE DATABASE everywhere")
        request.addfinalizer(lambda: administer(server, "DROP DATABASE everywhere WITH (FORCE)"))
        opp.env["OPP_DB"] = server.format("everywhere")
    opp.ok("init --template b2b --lang en", user="boss")
    for line in ("mia --role manager", "max --role manager", "ann --manager mia", "bob --manager max"):
        opp.ok(f"user add {line}", user="boss")
    for line in ("cay --role finance", "ops --role sales_ops", "law --role legal", "tec --role tech"):
        opp.ok(f"user add {line}", user="boss")
    for line in ("vp --role vp_sales", "ceo --role ceo"):
        opp.ok(f"user add {line}", user="boss")
    text = opp.ok("policy show", user="boss").out
    policy = opp.folder / "policy.toml"
    policy.write_text(text + FIELDS, "utf-8")
    opp.ok(f"policy apply {policy}", user="boss")
    filled(opp, "ann", "ANNMARK", f"margin={MARGIN} secret={SECRET} phone={PHONE} discount=12")
    filled(opp, "bob", "BOBMARK", "margin=17.3331 secret=SECRET-BOB phone=13866661111 discount=12")
    for who, mark in (("ann", "ANNMARK"), ("bob", "BOBMARK")):
        proposed(opp, who, mark)
    policy.write_text(text + FIELDS + SCOPE, "utf-8")
    opp.ok(f"policy apply {policy}", user="boss")
    opp.ok("db backup try.db --sandbox", user="boss")
    for deal in ("D-1", "D-2"):
        opp.ok(f"--db try.db deal edit {deal} --set secret=tried --set phone=13800000000 -m why", user="boss")
    yield opp


@pytest.fixture(scope="module")
def told(house: InProcess) -> Callable[[str, str], Answer]:
    """What is answered to a read of somebody, asked once."""
    return cache(lambda line, login: house(line, user=login))


def proposed(opp: InProcess, who: str, mark: str) -> None:
    """A proposal of a deal that would be somebody's, S-1 and S-2."""
    (opp.folder / "p.csv").write_text(f"id,title,owner\n{mark}9,{mark} proposed,{who}\n", "utf-8")
    fields = '[fields]\nexternal_id = "id"\ntitle = "title"\nowner = "owner"\nstage = { constant = "Lead" }\n'
    (opp.folder / "m.toml").write_text(f'system = "{mark}"\nreview = true\n{fields}', "utf-8")
    opp.ok(f"import {opp.folder / 'p.csv'} --mapping {opp.folder / 'm.toml'}", user="boss")


def filled(opp: InProcess, who: str, mark: str, values: str) -> None:
    """A deal with everything that goes with it, each part with the mark of whose it is."""
    amount = "88776655" if mark == "BOBMARK" else "600000"
    sets = " ".join(f"--set {pair}" for pair in values.split())
    opp.ok(f"add '{mark} deal' --customer '{mark} Ltd' --amount {amount} --source {mark}src {sets}", user=who)
    deal, person = ("D-1", "P-1") if who == "ann" else ("D-2", "P-2")
    opp.ok(f"contact add '{mark} person' --customer '{mark} Ltd' --title {mark}title", user=who)
    opp.ok(f"deal link {deal} {person} --role {mark}role", user=who)
    opp.ok(f"deal rival {deal} {mark}rival", user=who)
    file = Path(opp.folder) / f"{mark}.pdf"
    file.write_text(mark, "utf-8")
    opp.ok(f"deal attach {deal} {file} --kind quote", user=who)
    opp.ok(f"deal edit {deal} --set campaign={mark}camp -m '{mark} why'", user=who)
    for pair in (
        "budget=yes",
        "need=yes",
        "authority=yes",
        "timeline=yes",
        "tier=A",
        "payment_days=30",
        "solution=standard",
    ):
        opp(f"deal edit {deal} --set {pair}", user=who)
    submitted = opp(f"request submit {deal} quote -m '{mark} note'", user=who)
    assert submitted.code == 0, submitted.err
    opp(f"deal edit {deal} --set discount=13", user=who)
    offered(opp, deal, mark, *COSTS[mark])
    opp.ok(f"deal edit {deal} --close +1m", user=who)
    opp.ok(f"forecast submit next-month --team me --commit {amount}", user=who)


def offered(opp: InProcess, deal: str, mark: str, listed: str, cost: str) -> None:
    """A quote that comes to what the deal was before, amount, discount and margin, and a draft of the next."""
    sku = deal.replace("D", "SKU")
    opp.ok(f"price set {sku} --list {listed} --cost {cost} --floor {cost} --from 2020-01-01", user="boss")
    before = opp.ok("deal list -c id,amount,discount,margin -o json", user="boss").json
    opp.ok(f"quote line {deal} --sku {sku} --item '{mark} item' --discount 13", user="boss")
    assert opp.ok("deal list -c id,amount,discount,margin -o json", user="boss").json == before
    opp.ok(f"quote revise {deal}", user="boss")
    opp.ok(f"contract add {deal} {mark}.pdf --amount 600001", user="boss")


@pytest.fixture(params=PEOPLE, ids=lambda person: person.login)
def person(request: pytest.FixtureRequest) -> Person:
    found: Person = request.param
    return found


def lines(person: Person) -> Iterator[str]:
    """Every read, with what it needs."""
    deal, number = MINE[person.login]
    for path in MODULES:
        if path == "export":
            yield from (f"export {noun}" for noun in EXPORTS)
        elif path == "proposal show":  # of a deal that is not there yet: nobody's but who sees all
            yield from ["proposal show S-1"] if person.login == "cay" else []
        elif path == "forecast show":  # of who submitted it, and of who is above them
            yield from [] if person.login == "cay" else [f"forecast show F-{deal.removeprefix('D-')}"]
        elif path not in ("policy simulate", "request wait"):
            thing = deal.removeprefix("D-")
            named = {"deal": deal, "request": number, "customer": f"C-{thing}", "contact": f"P-{thing}"}
            yield f"{path} {NEEDS.get(path, '')}".format(**named).strip()
    yield f"policy simulate --deal {deal}"
    yield f"fields {deal}"
    yield f"fields {number}"
    yield ""
    yield "log -L 0"
    yield "notices list --all"
    yield "request list --state pending"
    yield "deal list -w 'amount > 1'"


def formats(house: InProcess, person: Person, nth: int) -> Iterable[str]:
    """For ann, who sees least, table, json, full and three that are others each time; for the others, whose rows are
    others and whose formats the same, one besides; for who sees all json. On a server, where rows are others' work too,
    two for her and one for them."""
    if not person.unseen:
        return ("json",)
    if "://" in house.env["OPP_DB"]:
        return ("table", "json") if person.login == "ann" else ("json",)
    every, more = sorted(render.ALL), 3 if person.login == "ann" else 1
    turn = [every[(nth * more + place) % len(every)] for place in range(more)]
    return dict.fromkeys(("table", "json", *(["full"] if more > 1 else []), *turn))


def leaks(person: Person, text: bytes) -> list[str]:
    return [mark for mark in person.unseen if mark.encode() in text]


def opened(raw: bytes) -> bytes:
    """What was written; of a workbook what is packed in it."""
    if not raw.startswith(b"PK"):
        return raw
    with ZipFile(io.BytesIO(raw)) as book:
        return b"".join(map(book.read, book.namelist()))


def test_no_read_in_any_format_shows_what_is_not_theirs(
    house: InProcess, told: Callable[[str, str], Answer], person: Person
) -> None:
    found, codes = [], set()
    for nth, line in enumerate(lines(person)):
        for format in formats(house, person, nth):
            answer = told(f"{line} -o {format}", person.login)
            codes.add((answer.code, line.partition(" -o")[0]) if answer.code not in (0, 5) else (0, ""))
            found += [(line, format, mark) for mark in leaks(person, opened(answer.raw) + answer.err.encode())]
    assert found == []
    refused = {line for code, line in codes if code}
    assert refused <= {line for line in lines(person) if line.startswith(WHOLE) or line.startswith("config")}, codes


def test_everybody_else_sees_their_own(told: Callable[[str, str], Answer], person: Person) -> None:
    deal, _ = MINE[person.login]
    mark = "BOBMARK" if deal == "D-2" else "ANNMARK"
    seen = [line for line in lines(person) if mark in told(f"{line} -o json", person.login).out]
    assert len(seen) >= 12


FEW = ("", "D-", "R-", "C-", "BOB", "ANN")
"""What a completion is begun with for all but ann, who sees least: it is chosen by the same look-ups."""
BEGINNINGS = (*FEW, "X-", "F-", "e", "1", "2", "B", "A", "N-", "stage:", "customer:")
CONDITIONS = ("owner = ", "customer = ", "secret = ", "amount > 1 and source = ")


def test_no_completion_offers_what_is_not_theirs(
    house: InProcess, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "://" in house.env["OPP_DB"]:
        pytest.skip("a server is not asked for completions")
    monkeypatch.setenv("OPP_USER", person.login)
    kinds = (
        *named_here.NAMED,
        *(noun.word for noun in RECORDS),
        "ref",
        "owner",
        "type",
        "reason",
        "role",
        "evidence",
        "described",
    )
    fields = [
        f"{what} {path}" for what in ("columns", "sort", "where") for path in ("deal list", "request list", "log")
    ]
    offered = []
    begins = BEGINNINGS if person.login == "ann" else FEW
    for kind in (*kinds, *fields, "set"):
        for begun in (*begins, *(CONDITIONS if kind.startswith("where") else ())):
            try:
                offered += fastpath.complete(["--db", str(house.db), kind, begun])
            except Exception:  # completion itself says nothing then
                continue
    assert leaks(person, repr(offered).encode()) == []
    assert len(offered) > 10


def test_a_hidden_field_is_no_column_and_no_condition_that_is_offered(
    house: InProcess, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "://" in house.env["OPP_DB"]:
        pytest.skip("a server is not asked for completions")
    monkeypatch.setenv("OPP_USER", person.login)
    kinds = ("columns deal list", "sort deal list", "where deal list", "set")
    offered = {
        word.rstrip("=")
        for kind in kinds
        for begun in ("mar", "sec", "pho")
        for word, _ in fastpath.complete(["--db", str(house.db), kind, begun])
    }
    answer = house("ls -o json -L 1", user=person.login)
    seen = {name for name in ("margin", "secret", "phone") if name in answer.json[0]}
    assert offered == seen
    assert "phone" in offered


THINGS = ("D-{}", "R-{}", "C-{}")
SAYING = (
    "show {}",
    "log {}",
    "deal show {}",
    "deal history {}",
    "gate {}",
    "deal edit {} --amount 5",
    "advance {}",
    "win {}",
    "lose {} --reason price",
    "deal reopen {} -m x",
    "deal assign {} --to ann",
    "deal attach {} policy.toml --kind x",
    "submit {} quote",
    "request plan {} quote",
    "request show {}",
    "request status {}",
    "approve {}",
    "reject {} -m x",
    "request return {} -m x",
    "request recall {}",
    "request nudge {}",
    "request cancel {} -m x",
    "request revoke {} -m x",
    "request transfer {} --to ann -m x",
    "withdraw {} -m x",
    "restore {}",
    "undo {}",
    "request list --deal {}",
    "deal list --customer {}",
    "deal list --customer 'BOBMARK Ltd'",
    "show 'BOBMARK deal'",
    "policy simulate --deal {}",
)


def test_what_is_unseen_and_what_is_absent_are_refused_in_the_same_words(house: InProcess) -> None:
    """Ann asks of bob's things and of things that are not there."""
    different, said = [], []
    for line in SAYING:
        for thing in THINGS:
            answers = [house(line.format(thing.format(number)), user="ann") for number in (2, 99)]
            told = [re.sub(r"\b(2|99)\b", "N", f"{answer.code} {answer.err}{answer.out}") for answer in answers]
            if told[0] != told[1]:
                different.append((line, thing, told))
            for word in ("'BOBMARK Ltd'", "BOBMARK Ltd", "BOBMARK deal"):  # what ann typed herself
                told = [text.replace(word, "") for text in told]
            said += [(line, thing) for text in told if leaks(PEOPLE[0], text.encode())]
    assert different == []
    assert said == []


def test_a_read_that_takes_who_sees_everything_is_refused_to_all_others(house: InProcess) -> None:
    codes = {(who, line): house(line, user=who).code for who in ("ann", "mia", "cay", "boss") for line in WHOLE}
    assert {pair: code for pair, code in codes.items() if code == 4} == {
        (who, line): 4 for who in ("ann", "mia") for line in WHOLE
    }


def test_every_read_is_asked_here() -> None:
    asked = {line for person in PEOPLE for line in lines(person)}
    assert {path for path in MODULES if not any(line.startswith(path) for line in asked)} == {"request wait"}
    assert catalog.read("request wait").params[0] == catalog.read("request status").params[0]


WRITES = (
    "deal edit D-1 --amount 654321",
    "deal edit D-1 --set discount=14 --set tier=B",
    "deal assign D-1 --to mia",
    "advance D-1",
    "advance D-1 --to Negotiation",
    "win D-1",
    "lose D-1 --reason price -m x",
    "submit D-1 quote",
    "submit D-1 risk",
    "request recall R-1",
    "request nudge R-1",
    "request resubmit R-1 -m x",
    "request reply R-1 -m x",
    "deal attach D-1 policy.toml --kind contract",
    "withdraw D-1 -m x",
    "undo",
    "add 'BOBMARK deal' --customer 'ANNMARK Ltd'",
)


def test_no_write_tells_what_is_not_theirs(house: InProcess) -> None:
    """Dry runs of ann on her own deal, which has fields that she does not have; and of the admin's change of them."""
    house("deal edit D-1 --set margin=38.9173 --set secret=SECRET-QX2 -m x", user="boss")
    last = house.ok("log D-1 -o json -L 1", user="boss").json[0]["seq"]
    unseen = (*PEOPLE[0].unseen, "38.9173")
    found = []
    for line in (*WRITES, f"undo {last}", f"undo {last} --force"):
        for more in ("-n", "-n -q"):
            answer = house(f"{line} {more}", user="ann")
            said = answer.out + answer.err
            said = said.replace("BOBMARK deal", "") if line.startswith("add") else said
            found += [(line, mark, said) for mark in unseen if mark in said]
    assert found == []
    assert leaks(PEOPLE[0], (house("log D-1 -o json", user="ann").out).encode()) == []
