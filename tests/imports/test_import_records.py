"""Customers, contacts, activities and tasks from files: how a row is known again, and what it refers to."""

from pathlib import Path
from typing import Any

import pytest

CUSTOMERS = """kind = "customers"
system = "old"
known = ["external_id", "tax_id"]
[fields]
external_id = "No"
name = "Firm"
tax_id = "Tax"
phone = "Phone"
website = "Site"
owner = "Owner"
"""
FIRMS = """No,Firm,Tax,Phone,Site,Owner
1,上海精密仪器,9131,021-5888 1234,jm.example.cn,wang
2,Acme Ltd,77,,acme.example,
"""


class Room:
    """A database of its own with files beside it."""

    def __init__(self, opp: Any, folder: Path, db: str | None = None) -> None:
        self.opp, self.folder = opp, folder
        self.env = {"OPP_USER": "wang"} | ({"OPP_DB": db} if db else {})

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text, "utf-8")

    def ok(self, line: str) -> Any:
        return self.opp.ok(line, env=self.env)

    def run(self, line: str) -> Any:
        return self.opp(line, env=self.env)

    def all(self, noun: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ok(f"export {noun} -o json").json
        return found


@pytest.fixture(params=["file", "server"])
def room(request: pytest.FixtureRequest, opp: Any, tmp_path: Path) -> Room:
    url = None
    if request.param == "server":
        from oppcli.store import schema

        url = request.getfixturevalue("pg_url")
        schema.remove(url)
    found = Room(opp, opp.folder, url)
    found.ok("init --template b2b --lang en")
    found.write(customers_toml=CUSTOMERS, firms_csv=FIRMS)
    return found


def test_customers_are_known_again_by_the_first_field_that_hits(room: Room) -> None:
    room.ok("import firms.csv --mapping customers.toml")
    assert [(each["name"], each["phone"], each["owner"]) for each in room.all("customers")] == [
        ("上海精密仪器", ["021-5888 1234"], "wang"),
        ("Acme Ltd", [], None),
    ]
    again = room.ok("import firms.csv --mapping customers.toml").out
    assert "0 created, 0 updated, 2 unchanged" in again
    room.write(later_csv="No,Firm,Tax,Phone,Site,Owner\n,上海精密,9131,021-5888 1234,jm.example.cn,wang\n")
    assert "0 created, 1 updated" in room.ok("import later.csv --mapping customers.toml").out
    assert [each["name"] for each in room.all("customers")] == ["上海精密", "Acme Ltd"]


def test_a_row_that_hits_two_customers_is_rejected_naming_both(room: Room) -> None:
    room.ok("import firms.csv --mapping customers.toml")
    room.write(bad_csv="No,Firm,Tax,Phone,Site,Owner\n1,上海精密仪器,77,,,\n")
    answer = room.run("import bad.csv --mapping customers.toml")
    assert answer.code == 9
    assert "is C-1, and tax_id 77 is C-2" in answer.err
    told = (room.folder / "bad.csv.rejects.csv").read_text("utf-8")
    assert "external_id 1 is C-1, and tax_id 77 is C-2" in told


def test_what_people_changed_here_stays_unless_the_file_says_something_new(room: Room) -> None:
    room.ok("import firms.csv --mapping customers.toml")
    room.write(one_csv=FIRMS.replace("jm.example.cn", "new.example.cn"))
    room.ok("import one.csv --mapping customers.toml")
    assert room.all("customers")[0]["website"] == "new.example.cn"


CONTACTS = """kind = "contacts"
system = "old"
[fields]
external_id = "No"
name = "Name"
phone = "Phone"
customer = [{ column = "Tax", by = "tax_id" }, { column = "Firm", by = "name", create = true }]
"""
PEOPLE = """No,Name,Phone,Tax,Firm
p1,王总,13800001111,9131,
p2,李工,13900002222,,新客户
"""
ACTIVITIES = """kind = "activities"
system = "old"
[fields]
external_id = "No"
kind = "Kind"
text = "Text"
at = "At"
by = "By"
deal = { column = "Deal", by = "name" }
customer = { column = "Phone", by = "phone" }
contacts = "Who"
"""
CALLS = """No,Kind,Text,At,By,Deal,Phone,Who
a1,电话,问预算,2026-03-01 10:00,wang,MES,,
a2,Call,约拜访,2026-03-01 11:00,wang,,(021) 58881234,王总
a3,Call,,2036-03-01 11:00,wang,MES,,
a4,Call,,2026-03-01 12:00,nobody,MES,,
a5,Call,,2026-03-01 12:00,wang,,,
"""
TASKS = """kind = "tasks"
system = "old"
[fields]
external_id = "No"
title = "Title"
due_on = "Due"
deal = { column = "Deal", by = "id" }
assignee = "Who"
"""


def test_contacts_activities_and_tasks_find_what_they_belong_to(room: Room) -> None:
    room.ok("import firms.csv --mapping customers.toml")
    room.ok("lead add MES --customer Acme --source web")
    room.write(contacts_toml=CONTACTS, people_csv=PEOPLE, acts_toml=ACTIVITIES, calls_csv=CALLS)
    room.write(tasks_toml=TASKS, todo_csv="No,Title,Due,Deal,Who\nt1,Send the offer,2026-03-09,D-1,wang\n")
    room.ok("import people.csv --mapping contacts.toml")
    assert [(each["name"], each["customer_id"]) for each in room.all("contacts")] == [("王总", "C-1"), ("李工", "C-4")]
    answer = room.run("import calls.csv --mapping acts.toml")
    assert answer.code == 9 and "2 created" in answer.out
    assert "is in the future" in answer.err and "no such user: …   nobody" in answer.err
    assert "names no deal, customer" in answer.err
    assert [
        (each["kind"], each["who"], each["deal_id"], each["customer_id"], each["contacts"])
        for each in room.all("activities")
    ] == [("call", "wang", "D-1", None, []), ("call", "wang", None, "C-1", ["P-1"])]
    room.ok("import todo.csv --mapping tasks.toml")
    (task,) = [each for each in room.all("tasks") if each["kind"] == "todo"]
    assert (task["title"], task["promised_on"], task["deal_id"], task["assignee"]) == (
        "Send the offer",
        "2026-03-09",
        "D-1",
        "wang",
    )


def test_an_id_here_is_read_with_its_letter_or_without(room: Room) -> None:
    room.ok("lead add MES --customer Acme --source web")
    rows = "t1,a,,D-1,\nt2,b,,1,\nt3,c,,7,\n"
    room.write(tasks_toml=TASKS, todo_csv=f"No,Title,Due,Deal,Who\n{rows}")
    answer = room.run("import todo.csv --mapping tasks.toml")
    assert answer.code == 9 and "there is no deal …   7" in answer.err
    assert [(each["title"], each["deal_id"]) for each in room.all("tasks")] == [("a", "D-1"), ("b", "D-1")]


def test_an_export_comes_in_again_and_changes_nothing(room: Room) -> None:
    test_contacts_activities_and_tasks_find_what_they_belong_to(room)
    before = {noun: room.all(noun) for noun in ("customers", "contacts", "activities", "tasks")}
    answers = []
    for noun in before:
        room.write(**{f"{noun}_csv": room.ok(f"export {noun}").out})
        answers.append(room.ok(f"import {noun}.csv").out)
    assert [answer.split(": ", 1)[1].split(",")[:3] for answer in answers] == [
        ["0 created", " 0 updated", f" {len(rows)} unchanged"] for rows in before.values()
    ]
    assert {noun: room.all(noun) for noun in before} == before


KEPT = """
[assign]
protect = { max = 20, days = 30 }
[follow]
deadline = [ { name = "hello", from = "assigned", within = "24h", calendar = "always", done = ["touch"], escalate = [
  { after = "0h", to = "manager", do = "reassign" } ] } ]
"""


def test_an_export_of_what_the_program_did_and_of_what_hangs_at_a_customer_comes_in_again(room: Room) -> None:
    room.write(kept_toml=room.ok("policy templates blank --lang en").out + KEPT)
    room.ok("policy apply kept.toml")
    room.ok("user add boss --role manager")
    room.ok("user add lina --manager boss")
    room.ok("--now 2026-03-02T09:00:00Z lead add MES --customer Acme --source web --as lina")
    room.ok("--now 2026-03-02T09:00:00Z customer add Globex")
    room.ok("--now 2026-03-02T09:00:00Z customer protect C-2")
    room.ok("--now 2026-03-02T09:00:00Z note C-2 'call: later -> 2026-03-20 call again'")
    room.ok("--now 2026-03-05T09:00:00Z tick")
    before = {noun: room.all(noun) for noun in ("customers", "tasks")}
    assert [each["protected_until"] for each in before["customers"]] == [None, "2026-04-01T00:00:00Z"]
    assert {each["done_by"] for each in before["tasks"]} == {"system", None}
    assert ("follow", "C-2") in {(each["kind"], each["customer_id"]) for each in before["tasks"]}
    for noun in before:
        room.write(**{f"{noun}_csv": room.ok(f"export {noun}").out})
    answers = [room.run(f"--now 2026-03-05T09:00:00Z import {noun}.csv") for noun in before]
    assert [answer.code for answer in answers] == [0, 0]
    assert {noun: room.all(noun) for noun in before} == before


def test_an_imported_touch_ends_what_it_would_have_ended_at_its_own_time(room: Room) -> None:
    room.write(acts_toml=ACTIVITIES)
    room.write(calls_csv="No,Kind,Text,At,By,Deal,Phone,Who\na1,电话,问预算,2026-03-10 10:00,wang,MES,,\n")
    plan = "--set next_step=Call --set next_step_on"
    room.ok("--now 2026-03-02T09:00:00Z lead add MES --customer Acme --source web")
    room.ok("--now 2026-03-02T09:00:00Z lead add ERP --customer Acme --source web")
    room.ok(f"--now 2026-03-02T09:05:00Z deal edit D-1 {plan}=2026-03-10")
    room.ok(f"--now 2026-03-02T09:05:00Z deal edit D-2 {plan}=2026-03-10")
    room.ok("--now 2026-03-20T09:00:00Z import calls.csv --mapping acts.toml")
    steps = [each for each in room.all("tasks") if each["kind"] == "follow" and each["title"] == "Call"]
    told = [(each["deal_id"], each["state"], each["done_at"], each["done_by"], each["activity_id"]) for each in steps]
    assert told == [("D-1", "done", "2026-03-10T14:00:00Z", "wang", "A-1"), ("D-2", "open", None, None, None)]
