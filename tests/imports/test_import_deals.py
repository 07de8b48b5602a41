"""`opp import` of deals, typed as a person types it: what is stored, what happens the second time, what is refused."""

import hashlib
from pathlib import Path

import pytest
from sales import GOOD, HEADER, MAPPING, House, table

from oppcli import store
from oppcli.actions.imports import run


@pytest.fixture
def house(opp, tmp_path: Path) -> House:
    return House(opp, tmp_path).begin()


def fingerprint(house: House) -> str:
    return hashlib.sha256((house.folder / "opp.db").read_bytes()).hexdigest()


def test_rows_become_deals_with_their_history_people_and_customers(house: House) -> None:
    answer = house.load(GOOD)
    assert answer.out.splitlines() == [
        "4 rows from deals.csv: 4 created, 0 updated, 0 unchanged, 0 rejected",
        "2 people and 2 customers added",
        "Next: opp report funnel",
        "Next: opp user list   # who came with it: no manager, perhaps no address yet",
        "Undo: opp undo e8",
    ]
    assert (answer.code, answer.err) == (0, "")
    first, second, third, fourth = house.deals()
    assert {name: first[name] for name in ("title", "customer", "stage", "amount", "currency", "owner", "source")} == {
        "title": "MES 二期",
        "customer": "上海精密",
        "stage": "报价",
        "amount": "800000.00",
        "currency": "EUR",
        "owner": "li.lei",
        "source": "web",
    }
    assert first["extra"] == {"line": "A"}
    assert (first["external_id"], first["system"], first["channel"]) == ("1", "old crm", "import")
    # Dates are days of the calendar's zone, Shanghai.
    assert first["created_at"] == "2025-11-02T16:00:00Z"
    assert (second["closed_at"], second["last_open_stage"]) == ("2025-12-23T16:00:00Z", "报价")
    assert (third["customer"], third["close_reason"], third["kind"]) == ("Acme", "price", "lost")
    assert (fourth["stage"], fourth["created_at"], fourth["owner"]) == ("谈判", None, None)


def test_only_the_stays_that_the_dates_show_are_recorded(house: House) -> None:
    house.load(GOOD)
    stays = [(deal, number, stage, entered, left) for deal, number, stage, _, entered, left in house.visits()]
    assert [(*stay, (entered or "")[:10], (left or "")[:10]) for *stay, entered, left in stays] == [
        ("D-1", 1, "线索", "2025-11-02", "2025-11-30"),
        ("D-1", 2, "报价", "2025-11-30", ""),
        ("D-2", 1, "线索", "2025-09-30", "2025-10-31"),
        ("D-2", 2, "报价", "2025-10-31", "2025-12-23"),
        ("D-2", 3, "赢单", "2025-12-23", ""),
        ("D-3", 1, "报价", "2025-10-04", "2025-10-05"),
        ("D-3", 2, "输单", "2025-10-05", ""),
        ("D-4", 1, "谈判", "", ""),
    ]  # fmt: skip


def test_importing_twice_changes_nothing(house: House) -> None:
    house.load(GOOD)
    before, entries = house.deals(), house.entries()
    answer = house.load(GOOD)
    assert answer.out == "4 rows from deals.csv: 0 created, 0 updated, 4 unchanged, 0 rejected\n"
    assert (house.deals(), house.entries()) == (before, entries)


def test_a_changed_row_updates_its_deal_field_by_field(house: House) -> None:
    house.load(GOOD)
    answer = house.load((GOOD[0].replace("800000,web,A", "810000.10,fair,"), *GOOD[1:]))
    assert answer.out.startswith("4 rows from deals.csv: 0 created, 1 updated, 3 unchanged, 0 rejected\n")
    first = house.deals()[0]
    assert (first["amount"], first["source"], first["extra"], first["version"]) == ("810000.10", "fair", {}, 2)
    entry = house.run("export journal -o json").json[-1]
    assert (entry["action"], entry["channel"]) == ("edit", "import")
    assert {name: pair for name, pair in entry["changes"].items() if name != "updated_at"} == {
        "amount": [80000000, 81000010],
        "source": ["web", "fair"],
        "extra.line": ["A", None],
    }


def test_a_row_that_moved_on_moves_its_deal(house: House) -> None:
    house.load(GOOD)
    house.load(
        (
            GOOD[0].replace(
                "报价,800000,web,A,,2025-11-03,2025-12-01,", "赢单,800000,web,A,,2025-11-03,2025-12-01,2026-01-05"
            ),
        )
    )
    first = house.deals()[0]
    assert (first["stage"], first["closed_at"], first["last_open_stage"]) == ("赢单", "2026-01-04T16:00:00Z", "报价")
    assert [stage for deal, _, stage, *_ in house.visits() if deal == "D-1"] == ["线索", "报价", "赢单"]


def test_what_people_did_since_the_last_import_stays(house: House) -> None:
    house.load(GOOD)
    assert house.run("deal edit D-1 --set amount=900000").code == 0
    assert house.run("deal advance D-1 --to 谈判").code == 0
    answer = house.load((GOOD[0].replace(",web,", ",fair,"),))
    assert answer.out.splitlines() == [
        "1 row from deals.csv: 0 created, 1 updated, 0 unchanged, 0 rejected",
        "1 deal left as people changed them since the last import",
        answer.out.splitlines()[-1],
    ]
    first = house.deals()[0]
    assert (first["amount"], first["source"], first["stage"]) == ("900000.00", "fair", "谈判")


def test_a_deal_moved_here_and_in_the_file_is_rejected(house: House) -> None:
    house.load(GOOD)
    house.run("deal advance D-1 --to 谈判")
    answer = house.load((GOOD[0].replace(",报价,", ",输单,") + "2026-01-05",))
    assert answer.code == 9
    assert house.rejects() == [("2", "stage: the file moved it to 输单, and it was moved to 谈判 here")]
    assert house.deals()[0]["stage"] == "谈判"


def test_an_id_that_comes_twice_in_a_file_counts_once_however_far_apart(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
    twice = (*GOOD, GOOD[0].replace("MES", "ERP"))
    first, again = house.load(twice), house.load(twice)
    assert first.out.startswith("5 rows from deals.csv: 4 created, 0 updated, 0 unchanged, 1 rej")
    assert again.out.startswith("5 rows from deals.csv: 0 created, 0 updated, 4 unchanged, 1 rej")
    rejected = "1  id is in an earlier row already (D-1)   line 6 '1'"
    assert [answer.err.splitlines()[0] for answer in (first, again)] == [rejected] * 2
    assert house.deals()[0]["title"] == "MES 二期"


def test_known_deals_are_left_alone_when_the_mapping_says_so(house: House) -> None:
    house.load(GOOD)
    changed = tuple(row.replace("Retrofit", "Other") for row in GOOD)
    answer = house.load(changed, mapping='existing = "skip"\n' + MAPPING)
    assert answer.out == "4 rows from deals.csv: 0 created, 0 updated, 4 unchanged, 0 rejected\n"
    assert house.deals()[1]["title"] == "Retrofit"


BAD = (
    "5,,Acme,Li Lei,报价,-5,wob,C,,2025-11-03,2025-12-01,",
    "6,Late,Acme,Li Lei,赢单,5,web,A,,,2026-02-01,2026-01-01",
    "7,Odd,Acme,Li Lei,報價,123456789012345678901,web,A,,2026-02-30,,",
    ",No id,Acme,Li Lei,报价,5,web,A,,,,",
    "8,Lost,Acme,Li Lei,输单,5,web,A,weather,,,2027-01-01",
    "1,Again,Acme,Li Lei,报价,5,web,A,,,,",
    "9,Nobody,Acme,???,报价,5,web,A,,,,",
)


def test_all_problems_of_every_bad_row_are_told_and_the_good_rows_stored(house: House) -> None:
    answer = house.load((*GOOD, *BAD))
    assert answer.code == 9
    assert answer.out.startswith("11 rows from deals.csv: 4 created, 0 updated, 0 unchanged, 7 rejected\n")
    assert house.rejects() == [
        (
            "6",
            "source: 'wob' is not one of web, fair; did you mean web?; line: 'C' is not one of A, B;"
            " amount: -5.00 is below 0; title: is blank",
        ),
        ("7", "stage: 报价 was entered on 2026-02-01, after 赢单 (2026-01-01), where it is"),
        (
            "8",
            "amount: 123456789012345678901 is too large; at most EUR 1,000,000,000,000,000.00;"
            " stage: there is no stage 報價; 线索 entered: 2026-02-30 is not a date: day is out of range for month",
        ),
        ("9", "external_id: is blank"),
        ("10", "close_reason: 'weather' is not one of price, timing; 输单 entered: 2027-01-01 is in the future"),
        ("11", "external_id: 1 is on line 2 already"),
        ("12", "owner: no login can be made from '???'"),
    ]
    assert len(answer.err.splitlines()) == 13 + 1
    assert answer.err.splitlines()[-1] == (
        "rejected rows are in deals.csv.rejects.csv: correct them there and import that file"
    )
    assert len(house.deals()) == 4


def test_why_a_row_is_rejected_stands_in_its_file_in_the_readers_language_as_far_as_its_letters_go(
    house: House,
) -> None:
    """A file in Latin letters has none for Chinese."""
    wrong = '"6",Käse,Acme,Li Lei,,5,wob,A,,,,'
    told = []
    for name, encoding in (("utf.csv", "utf-8"), ("latin.csv", "latin-1")):
        (house.folder / name).write_bytes(table(wrong, encoding=encoding))
        assert house.run("--lang", "zh", "import", name, "--mapping", "mapping.toml").code == 9
        told.append((house.folder / f"{name}.rejects.csv").read_text(encoding).splitlines()[1])
    assert ["来源：'wob' 不在 web、fair 之列" in told[0], "source: 'wob' is not one of web, fair" in told[1]] == [
        True,
        True,
    ], told


def test_rejected_rows_import_after_correction(house: House) -> None:
    house.load((*GOOD, *BAD[:3]))
    rejects = house.folder / "deals.csv.rejects.csv"
    text = rejects.read_text("utf-8")
    assert text.splitlines()[0] == ",".join(f'"{name}"' for name in [*HEADER.split(","), "_error", "_line"])
    assert text.splitlines()[2].endswith('where it is","7"')
    corrected = (
        text.replace('"5",""', '"5","Named"').replace('"-5"', '"5"').replace('"wob"', '"web"').replace('"C"', '"B"')
        .replace('"2026-02-01","2026-01-01"', '"2026-01-01","2026-02-01"')
        .replace('"報價"', '"报价"').replace("123456789012345678901", "5").replace('"2026-02-30"', '""')
    )  # fmt: skip
    rejects.write_text(corrected, "utf-8")
    answer = house.run("import deals.csv.rejects.csv --mapping mapping.toml")
    assert (answer.code, answer.out.splitlines()[0]) == (
        0,
        "3 rows from deals.csv.rejects.csv: 3 created, 0 updated, 0 unchanged, 0 rejected",
    )
    assert len(house.deals()) == 7


def test_no_file_of_rejects_is_made_while_nothing_is_rejected(house: House) -> None:
    house.load(GOOD, "--rejects", "wrong.csv")
    assert not list(house.folder.glob("*rejects*")) and not (house.folder / "wrong.csv").exists()


def test_strict_imports_all_or_nothing(house: House) -> None:
    before = fingerprint(house)
    answer = house.load((*GOOD, *BAD[:2]), "--strict")
    assert answer.code == 7
    assert answer.err.startswith("error: 2 of 6 rows cannot be imported; nothing was\n")
    assert fingerprint(house) == before
    assert (house.folder / "deals.csv.rejects.csv").exists()
    assert house.load(GOOD, "--strict").code == 0


def test_a_dry_run_says_what_it_would_do_and_leaves_the_file_byte_identical(house: House) -> None:
    house.load(GOOD[:2])
    before = fingerprint(house)
    answer = house.load((GOOD[0].replace("800000", "7"), *GOOD[1:], *BAD[:1]), "--dry-run")
    assert answer.code == 9
    assert answer.out.splitlines() == [
        "5 rows from deals.csv: 2 to create, 1 to update, 1 unchanged, 1 rejected",
        answer.out.splitlines()[1],
    ]
    assert answer.out.splitlines()[1].startswith("  edit deal D-1: amount")
    assert answer.err.splitlines()[-1] == "Nothing was written."
    assert fingerprint(house) == before
    assert not (house.folder / "deals.csv.rejects.csv").exists()
    house.load((*GOOD, *BAD[:1]), "--dry-run", "--rejects", "wrong.csv")
    assert (house.folder / "wrong.csv").exists()


def test_a_dry_run_names_the_columns_that_are_not_used(house: House) -> None:
    raw = table(GOOD[0] + ",x,y", header=HEADER + ",memo,phone")
    assert "columns not used: memo, phone\n" in house.load(raw, "-n").err


def test_standard_input_is_read_when_asked_for(house: House) -> None:
    answer = house.run("import - --mapping mapping.toml", stdin=table(*GOOD))
    assert answer.out.startswith("4 rows from standard input: 4 created")
    refused = house.run("import - --mapping mapping.toml", stdin=b"").err
    assert refused.splitlines()[0] == "error: standard input is empty"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter_gives_the_same_deals(house: House, encoding: str, delimiter: str) -> None:
    text = table(*GOOD).decode().replace(",", delimiter).replace("\n", "\r\n")
    assert house.load(text.encode(encoding)).code == 0
    assert [deal["title"] for deal in house.deals()] == ["MES 二期", "Retrofit", "Spares", "New plant"]
    assert house.load(GOOD).out == "4 rows from deals.csv: 0 created, 0 updated, 4 unchanged, 0 rejected\n"


def test_how_an_uncommon_file_was_read_is_said(house: House) -> None:
    answer = house.load(table(*GOOD).decode().replace(",", ";").encode("gb18030"))
    assert answer.err == "deals.csv was read as gb18030, semicolon\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "error: deals.csv is empty"),
        (HEADER.encode() + b"\n", "error: deals.csv has a header and no rows"),
        (table(*GOOD, "5,x,,,,,,,,,,,more"), "error: deals.csv:6: rows have more cells than the header"),
        (table(*GOOD, '5,"x'), "error: deals.csv:6: the file ends inside a quoted cell; is a quote never closed?"),
        (table(*GOOD) + b"\0", "error: deals.csv:6: a NUL byte: not a text file"),
        (b"SQLite format 3\0\n", "error: deals.csv is a database, and no file of rows"),
        (table(*GOOD, header=HEADER.replace("reason", "id")), "error: deals.csv:1: the header cannot be used"),
    ],
)
def test_a_file_that_is_no_good_to_its_end_changes_nothing(house: House, raw: bytes, said: str) -> None:
    before = fingerprint(house)
    answer = house.load(raw)
    assert (answer.code, answer.err.splitlines()[0], answer.out) == (2, said, "")
    assert fingerprint(house) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import . --mapping mapping.toml", "error: . is a directory; give a file"),
        ("import no.csv --mapping mapping.toml", "error: there is no file no.csv"),
        ("import policy.toml --mapping no.toml", "error: no.toml: no such file or directory"),
        ("import policy.toml --mapping .", "error: .: is a directory"),
        ("import policy.toml --mapping mapping.toml --kind stays", "error: no such kind of rows: stays"),
        (
            "import policy.toml --mapping mapping.toml --rejects policy.toml",
            "error: --rejects policy.toml is the file that is read",
        ),
        (
            "import policy.toml --mapping mapping.toml --rejects opp.db",
            "error: --rejects opp.db is the database itself",
        ),
        (
            "import policy.toml --mapping mapping.toml --rejects no/x.csv",
            "error: --rejects no/x.csv cannot be written: not a file in a folder that exists",
        ),
    ],
)  # fmt: skip
def test_a_line_that_makes_no_sense_is_refused(house: House, line: str, said: str) -> None:
    answer = house.run(line)
    assert (answer.code, answer.err.splitlines()[0]) == (2, said)


def test_through_sudo_rejected_rows_go_to_a_table_and_not_where_a_program_reads(house: House) -> None:
    house.env = {**(house.env or {}), "SUDO_UID": "4242"}
    answer = house.run("import policy.toml --mapping mapping.toml --rejects .profile")
    said = "error: --rejects .profile: through sudo it is called .csv, .tsv or .txt"
    assert (answer.code, answer.err.splitlines()[0]) == (2, said)


def test_a_mapping_that_does_not_fit_is_refused_with_every_problem(house: House) -> None:
    before = fingerprint(house)
    mapping = """
kinds = 3
[read]
date = "DD/MM"
[fields]
title       = "titel"
stage       = { column = "stage", values = { x = "报价单" } }
ownr        = "owner"
amount      = { column = "amount", else = { constant = "much" } }
source      = { constant = "wob" }
customer    = { template = "{customer} {city}" }
region      = { column = "owner", roles = ["bos"] }
[entered]
"报價" = "offered"
"""
    answer = house.load(GOOD, mapping=mapping)
    assert answer.code == 8
    assert [line.strip() for line in answer.err.splitlines()] == [
        "error: other.toml does not fit: 12 problems",
        "kinds                  line 2: unknown key 'kinds', did you mean 'kind'?",
        "read.date              line 4: date = 'DD/MM' must be iso, unix, unix_ms or a format such as %d/%m/%Y",
        "[fields] title         deals.csv has no column 'titel'; did you mean title?",
        "[fields] customer      deals.csv has no column 'city'",
        "[fields] external_id   is not mapped to anything",
        """system                 is missing: where the external ids come from, e.g. system = "old crm\"""",
        "[fields] stage         there is no stage 报价单; did you mean 报价?",
        "[fields] ownr          there is no such field; did you mean owner?",
        "[fields] amount        'much' is not a number; write 1234.50",
        "[fields] source        'wob' is not one of web, fair; did you mean web?",
        "[fields] region roles  there is no role bos",
        "[entered] 报價         there is no stage 报價; did you mean 报价?",
        "hint: opp help import",
    ]
    assert fingerprint(house) == before


def test_people_and_customers_that_may_not_be_made_are_problems_of_their_rows(house: House) -> None:
    strict = MAPPING.replace(", create = true", "")
    answer = house.load(GOOD[:2], mapping=strict)
    assert answer.code == 9
    assert house.rejects()[0] == ("2", "owner: no such user: Li Lei")
    assert house.run("user add li.lei --name 'Li Lei'").code == 0
    answer = house.load(GOOD[:1], mapping=strict)
    assert answer.err.startswith("1  there is no customer …   上海精密 (1)\n")
    assert house.deals() == []


def test_a_rejected_row_makes_neither_people_nor_customers(house: House) -> None:
    house.load((BAD[1].replace("Acme", "Ghost Ltd").replace("Li Lei", "Ghost"),))
    assert [user["login"] for user in house.run("user list -o json").json] == ["wang"]
    with store.open_read(str(house.folder / "opp.db")) as door:
        assert door.rows("SELECT count(*) FROM customer") == [(0,)]


def test_a_name_that_two_people_have_is_a_problem(house: House) -> None:
    house.run("user add li --name 'Li Lei'")
    house.run("user add lei --name 'Li Lei'")
    assert "owner could be lei or li" in house.load(GOOD[:1]).err


@pytest.mark.parametrize(
    "cell", ["Pat Doe (pat@x.com)", "Pat Doe <PAT@x.com>", "pat@x.com", "Patricia Doe (pat@x.com)"]
)
def test_an_owner_by_name_and_address_is_the_person_who_has_the_address(house: House, cell: str) -> None:
    house.run("user add pat --name 'Pat Doe' --email pat@x.com")
    house.load(tuple(row.replace("Li Lei", cell) for row in GOOD[:1]))
    assert [deal["owner"] for deal in house.deals()] == ["pat"]


def test_an_owner_by_name_and_address_is_one_who_has_the_name_and_no_other_address(house: House) -> None:
    house.run("user add pat --name 'Pat Doe'")
    house.run("user add li --name 'Li Lei' --email other@x.com")
    rows = (GOOD[0].replace("Li Lei", "Pat Doe (pat@x.com)"), GOOD[1].replace("Han Mei", "Li Lei (li@x.com)"))
    house.load(rows)
    assert [deal["owner"] for deal in house.deals()] == ["pat", "li.lei"]
    made = house.run("user show li.lei -o json").json
    assert (made["name"], made["email"]) == ("Li Lei", "li@x.com")


def test_a_person_made_on_the_way_whose_name_is_the_login_stands_in_the_journal_as_a_text(house: House) -> None:
    rows = tuple(row.replace("Li Lei", "lilei") for row in GOOD)
    assert house.load(rows).code == 0
    assert house.run("undo").code == house.run("db check").code == 0
    assert house.run("log -L 0 -o json").code == 0


def test_only_managers_and_admins_import_and_only_admins_make_people(house: House) -> None:
    house.run("user add li --role sales")
    house.run("user add boss --role manager")
    (house.folder / "deals.csv").write_bytes(table(*GOOD))
    line = "import deals.csv --mapping mapping.toml"
    assert house.run(line, user="li").code == 4
    assert house.run(line, user="boss").code == 4
    (house.folder / "deals.csv").write_bytes(table(GOOD[3]))
    assert house.run(line, user="boss").code == 0


def test_currencies_decimals_and_blank_words_of_the_mapping(house: House) -> None:
    mapping = """
system = "x"
[read]
blank = ["n/a"]
decimal = ","
date = "%d.%m.%Y"
timezone = "UTC"
[fields]
external_id = { template = "{a}/{b}" }
title = "b"
stage = { constant = "报价" }
amount = "sum"
currency = "cur"
tags = "tags"
headcount = "n"
expected_close = "close"
created_at = "made"
"""
    rows = [
        'x;y;1.234,50;USD;"a, b";5;24.12.2026;01.02.2025',
        "x;z;1.234;JPY;;n/a;N/A;",
        "x;w;1,5;JPY;;0;30.02.2026;x",
    ]
    answer = house.load(table(*rows, header="a;b;sum;cur;tags;n;close;made"), mapping=mapping)
    assert answer.code == 9
    assert house.rejects() == [
        ("3", "expected_close: N/A is not a date: expected %d.%m.%Y"),
        (
            "4",
            "expected_close: 30.02.2026 is not a date: day is out of range for month; headcount: 0 is below 1;"
            " amount: 1,5 has more decimals than JPY (0); created_at: x is not a date: expected %d.%m.%Y",
        ),
    ]
    (deal,) = house.deals()
    assert (deal["external_id"], deal["amount"], deal["currency"], deal["tags"]) == (
        "x/y",
        "1234.50",
        "USD",
        ["a", "b"],
    )
    assert (deal["expected_close"], deal["created_at"]) == ("2026-12-24", "2025-02-01T00:00:00Z")
    assert deal["extra"] == {"headcount": "5"} or deal["extra"] == {"headcount": 5}


def test_a_field_the_policy_requires_must_be_mapped_and_filled(house: House) -> None:
    text = (house.folder / "policy.toml").read_text("utf-8").replace('values = ["web", "fair"]', "required = true")
    strict = text.replace(
        "[fields.line]",
        "[fields.customer]\nrequired = true\n[fields.region]\nrequired = true\n[fields.line]\nrequired = true",
    )
    (house.folder / "policy.toml").write_text(strict, "utf-8")
    assert house.run("policy apply policy.toml").code == 0
    assert "[fields] region  is required by the policy and not mapped to anything" in house.load(GOOD).err
    answer = house.load((GOOD[3],), mapping=MAPPING.replace("[entered]", 'region = { constant = "north" }\n[entered]'))
    assert house.rejects() == [("2", "customer: is blank; source: is blank; line: is blank")]
    assert answer.err.splitlines()[0] == "1  customer is blank   line 2"


STEPS = (("deal edit", "--set discount=20"), ("request submit", "discount"))
"""How a deal comes to wait for an approval."""


def test_approvals_follow_what_the_file_changes(house: House) -> None:
    """A request sees the new amount; a deal with a request pending cannot be won by a file; a lost one ends it."""
    house.load((GOOD[0], GOOD[0].replace("1,", "2,", 1)))
    house.run("user add ren --name Ren --role sales --manager wang")
    house.run("deal assign D-1 --to ren")
    house.run("deal assign D-2 --to ren")
    lines = [f"{verb} {deal} {more}" for deal in ("D-1", "D-2") for verb, more in STEPS]
    assert [house.run(line, user="ren").code for line in lines] == [0] * 4
    request = lambda number: house.run(f"request show R-{number} -o json").json  # noqa: E731
    assert (request(1)["state"], request(1)["revision"]) == ("pending", 1)

    assert house.load((GOOD[0].replace("800000", "900000"),)).code == 0
    assert (request(1)["state"], request(1)["revision"], request(1)["snapshot"]["amount"]) == (
        "pending",
        2,
        "900000.00",
    )

    won = house.load((GOOD[0].replace(",报价,800000", ",赢单,900000") + "2026-01-05",))
    assert won.code == 9
    assert "D-1 cannot enter 赢单 by a file yet: approval discount pending" in won.err
    assert (house.deals()[0]["stage"], request(1)["state"]) == ("报价", "pending")

    lost = GOOD[0].replace("1,", "2,", 1).replace(",报价,", ",输单,") + "2026-01-05"
    assert "reason is empty" in house.load((lost,)).err
    assert request(2)["state"] == "pending"
    assert house.load((lost.replace("web,A,,", "web,A,price,"),)).code == 0
    assert request(2)["state"] == "cancelled"


def test_rejected_rows_may_go_to_a_device_which_stays_one(house: House) -> None:
    answer = house.load(BAD[:1], "--rejects", "/dev/null")
    assert answer.code == 9
    assert Path("/dev/null").is_char_device()


def test_rejected_rows_that_cannot_be_written_stop_the_import(house: House) -> None:
    before = fingerprint(house)
    (house.folder / "deals.csv.rejects.csv.part").mkdir()
    answer = house.load((*GOOD, BAD[0]))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(
        "error: rejected rows cannot go to deals.csv.rejects.csv: is a directory\nhint: --rejects"
    )
    assert fingerprint(house) == before


def test_keys_are_short_enough_for_an_index_and_other_texts_for_a_screen(house: House) -> None:
    long = "长" * 501
    rows = (
        GOOD[0].replace("1,", f"{long},", 1),
        GOOD[1].replace("Acme", long),
        GOOD[2].replace("Spares", "x" * 10_001),
    )
    house.load(rows)
    assert [error for _, error in house.rejects()] == [
        "external_id: 501 characters; at most 500 are kept",
        "customer: 501 characters; at most 500 are kept",
        "title: 10,001 characters; at most 10,000 are kept",
    ]
