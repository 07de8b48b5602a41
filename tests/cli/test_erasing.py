"""`opp customer erase`: what may tell of a person is nowhere any more, and the journal holds."""

import json
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from aged import aged
from begun import settled
from command_line import InProcess
from postgres import administer
from stages import STAGES, team_policy

from oppcli import store
from oppcli.model.deliveries import Delivery
from oppcli.model.digest import sha256
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.store import journal

POLICY = team_policy(
    STAGES,
    """[fields.wechat]
personal = true
[fields.born]
type = "date"
personal = true
[fields.line]
[type.quote]
title = "Quote"
material = ["customer", "amount", "wechat", "born"]
[[type.quote.step]]
name = "Boss"
who = "user:boss"
[gate]
"Offer" = ["quote"]
""",
)
SECRETS = ("Wangwu Precision", "wangwu precision", "Line of Wangwu", "wx_13800001111", "1971-02-03", "call 13800001111",
           "wangwu-passport", "about Wangwu", "for Wangwu only", "too dear for old Wangwu")  # fmt: skip


@pytest.fixture
@settled
def house(opp_on_both: InProcess) -> InProcess:
    """Two customers; all of SECRETS belongs to the first, whose deals were approved and lost."""
    filled(opp_on_both)
    return opp_on_both


def filled(opp: InProcess, *, letters: bool = True) -> None:
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    (opp.folder / "wangwu-passport.pdf").write_bytes(b"scan")
    opp.ok("init --policy policy.toml", user="ann")
    opp.ok("user add boss --role manager", user="ann")
    opp.ok("user add li --manager boss", user="ann")
    li = (
        "add 'Line of Wangwu' --customer 'Wangwu Precision' --amount 5000 --set wechat=wx_13800001111 --set line=A",
        "deal edit D-1 --set next_step='call 13800001111' --set born=1971-02-03",
        f"deal attach D-1 {opp.folder / 'wangwu-passport.pdf'} --kind id",
        "request submit D-1 quote -m 'for Wangwu only'",
        "add 'Line of Wangwu' --customer 'Wangwu Precision' --amount 7",
        "add Plant --customer Acme --amount 6000 --set wechat=wx_acme",
        "deal lose D-2 --reason price -m 'too dear for old Wangwu'",
    )
    for line in li:
        opp.ok(line, user="li")
    opp.ok("approve R-1 -m 'fine by Wangwu Precision'", user="boss")
    if letters:
        sent(opp)


def sent(opp: InProcess) -> None:
    with store.open_write(str(opp.env["OPP_DB"]), Stamp(actor="ann", now=0, run=1)) as door:
        letter = Delivery(key="k", channel="mail", to="boss", notices=(1,), subject="about Wangwu", text="for Wangwu")
        door.add(replace(letter, state="sent"))
        door.add(replace(letter, key="l", notices=(99,), subject="about Acme", text="of Acme"))
    opp.ok("advance D-1", user="li")


def content(opp: InProcess) -> bytes:
    """Every byte of the file; of a server every value of every table."""
    db = str(opp.env["OPP_DB"])
    if "://" not in db:
        return b"".join(path.read_bytes() for path in Path(db).parent.glob(f"{Path(db).name}*"))
    with psycopg.connect(db) as server:
        names = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return "\n".join(
            repr(server.execute(f'SELECT * FROM "{name}"'.encode()).fetchall()) for (name,) in names
        ).encode()


def found_in(opp: InProcess) -> list[str]:
    held = content(opp)
    return [secret for secret in SECRETS if secret.encode() in held]


def clean(opp: InProcess) -> None:
    checked = opp("db check -o json", user="ann")
    assert (checked.code, [row for row in checked.json if not row["ok"]]) == (0, [])
    assert opp("audit verify", user="ann").code == 0


def erased(opp: InProcess) -> str:
    done = opp("customer erase C-1 -m 'asked us to' -y", user="ann")
    assert done.code == 0, done.err
    return done.err


def test_what_was_erased_is_nowhere_but_in_what_people_decided(house: InProcess) -> None:
    assert set(found_in(house)) == set(SECRETS)
    anchor = house.ok("audit anchor --ids", user="ann").out.strip()
    told = erased(house)
    # The reason of the decision is kept, as it was given, and named.
    assert found_in(house) == ["Wangwu Precision"]
    assert "R-1: decision 1 of boss holds an erased text in its reason" in told
    clean(house)
    assert house(f"audit verify --anchor {anchor}", user="ann").code == 0


SIGNED = (
    POLICY
    + """[contract]
"""
)


def test_of_a_contract_who_signed_and_what_its_files_are_called_are_erased(opp_on_both: InProcess) -> None:
    opp, names = opp_on_both, ("Zhao Signs", "zhao-terms.txt", "zhao-signed.pdf")
    (opp.folder / "policy.toml").write_text(SIGNED, "utf-8")
    for name in names[1:]:
        (opp.folder / name).write_text(name, "utf-8")
    for line in (
        "init --policy policy.toml",
        "add Fans --customer 'Zhao Works' --amount 5k",
        "contract add D-1 zhao-terms.txt",
        "contract sign D-1 zhao-signed.pdf --on today --signer 'Zhao Signs'",
        "contract add D-1 --amount 6k",
    ):
        opp.ok(line, user="ann", now="2026-03-02T09:00:00Z")
    assert [name for name in names if name.encode() in content(opp)] == list(names)
    gone = opp.ok("customer erase C-1 -m 'asked us to' -y", user="ann", now="2026-03-09T09:00:00Z")
    assert ("1 contract" in gone.out, [name for name in names if name.encode() in content(opp)]) == (True, [])
    for when in ("", "--as-of 2026-03-05"):
        told = opp.ok(f"contract show K-1.1 -o full {when}", user="ann", now="2026-03-09T09:00:00Z").json["total"]
        assert (told["file"], told["signer"], told["signed_on"]) == ("(erased)", "(erased)", "2026-03-02")
    clean(opp)


OF_THEIRS = "('deal-1', 'deal-2', 'customer-1', 'file-1', 'request-1')"


def test_an_empty_text_of_a_personal_field_is_erased_as_the_journal_has_it(house: InProcess) -> None:
    house.ok("policy apply -", user="ann", stdin=f"{POLICY}[fact.rating]\n".encode())
    house.ok("fact set C-1 rating=A", user="boss")
    erased(house)
    clean(house)


def test_a_guessed_number_cannot_be_tried_out(house: InProcess) -> None:
    with store.open_read(str(house.env["OPP_DB"])) as door:
        salts = [row[0] for row in door.rows(f"SELECT salt FROM journal WHERE noun || '-' || noun_id IN {OF_THEIRS}")]
        acme = door.rows("SELECT salt FROM journal WHERE noun = 'deal' AND noun_id = '3'")
    erased(house)
    held = content(house).decode("utf-8", "replace")
    assert len([salt for salt in salts if salt]) == 7
    assert [salt for salt in salts if salt and salt in held] == []
    assert [salt for (salt,) in acme if salt not in held] == []
    # No hash that stays is one of the number without a salt: what was shown is hashed without it.
    shown = json.dumps({"amount": "5000.00"}, separators=(",", ":"))
    decided = house.ok("show R-1 -o json", user="ann").json["decisions"][0]["snapshot_hash"]
    assert decided == sha256(shown.encode())


def test_everything_else_is_as_it_was(house: InProcess) -> None:
    before = house.ok("export deals -o json", user="ann").json
    erased(house)
    after = house.ok("export deals -o json", user="ann").json
    gone = {"title", "customer", "next_step", "close_detail", "extra", "wechat", "born", "version"}
    assert [{k: v for k, v in row.items() if k not in gone} for row in after] == [
        {k: v for k, v in row.items() if k not in gone} for row in before
    ]
    first = {name: after[0][name] for name in ("title", "customer", "next_step", "wechat", "born", "line")}
    assert first == dict.fromkeys(("title", "customer", "next_step", "wechat"), "(erased)") | {
        "born": None,
        "line": "A",
    }
    assert after[2] == before[2]
    assert house.ok("show R-1 -o json", user="ann").json["state"] == "approved"
    assert house("gate D-1 --to Won", user="li").out.count("approval") == 0


def test_the_history_reads_erased(house: InProcess) -> None:
    erased(house)
    log = house.ok("deal history D-1 -o json", user="ann").json
    assert log[0]["changes"]["title"] == [None, "(erased)"]
    assert [secret for secret in SECRETS[2:7] if secret in json.dumps(log)] == []
    shown = house.ok("show R-1 -o json", user="ann").json["revisions"][0]["snapshot"]
    assert shown == {"customer": "(erased)", "amount": "5000.00", "wechat": "(erased)", "born": None}
    assert [row["text"] for row in house.ok("notices list -o json", user="ann").json if row["deal"] != "D-3"] != []
    texts = {row["text"] for row in house.ok("notices list -o json", user="ann").json if row["deal"] == "D-1"}
    assert texts == {"(erased)"}


def test_nothing_is_undone_and_nothing_erased_twice(house: InProcess) -> None:
    erased(house)
    last = house.ok("log -o json", user="ann").json[-1]
    run = last["meta"]["run"]
    undone = house("undo -m oops", user="ann")
    assert (undone.code, undone.err.splitlines()[0]) == (5, f"error: e{run} is not undone: erase D-1 stands")
    again = house.ok("customer erase C-1 -m again -y", user="ann")
    assert again.out.startswith("C-1 was erased already\n")
    assert house.ok("log -o json", user="ann").json[-1]["seq"] == last["seq"]


REFUSED = [
    ("customer erase C-1 -m why -y", "li", 4, "li may not erase a customer"),
    ("customer erase C-1 -y", "ann", 2, "say why it is erased"),
    ("customer erase C-1 -m why", "ann", 2, "this erases C-1 for good"),
    ("customer erase C-1", "ann", 2, "say why it is erased"),
    ("customer erase C-1 -m why", "li", 4, "li may not erase a customer"),
    ("customer erase C-7 -m why -y", "ann", 3, "C-7"),
    ("customer erase Nobody -m why -y", "ann", 3, "no such customer: Nobody"),
]


@pytest.mark.parametrize(("line", "who", "code", "said"), REFUSED)
def test_it_is_refused_to_others_and_without_what_it_needs(
    house: InProcess, line: str, who: str, code: int, said: str
) -> None:
    answer = house(line, user=who)
    assert (answer.code, said in answer.err) == (code, True)
    assert set(found_in(house)) == set(SECRETS)


def test_while_somebody_has_to_decide_nothing_is_erased(house: InProcess) -> None:
    house.ok("deal edit D-1 --amount 1000000", user="li")
    house.ok("request submit D-1 quote", user="li")
    answer = house("customer erase C-1 -m why -y", user="ann")
    assert (answer.code, "R-2" in answer.err) == (7, True)


def test_a_dry_run_lists_and_writes_nothing(house: InProcess) -> None:
    answer = house.ok("customer erase C-1 -m why -n", user="ann")
    assert "2 deals, 1 file, 1 task, 1 request" in answer.out
    assert set(found_in(house)) == set(SECRETS)


def test_the_same_texts_of_another_customer_stay(house: InProcess) -> None:
    house.ok("deal edit D-3 --title 'Line of Wangwu' --set wechat=wx_13800001111", user="li")
    erased(house)
    assert house.ok("show D-3 -o json", user="ann").json["title"] == "Line of Wangwu"
    clean(house)


def test_a_restore_erases_again_and_backups_are_named(house: InProcess) -> None:
    kept = house.folder / "kept.db"
    house.ok(f"db backup {kept}", user="ann")
    erased(house)
    restored = house("db restore kept.db -y", user="ann")
    assert (restored.code, "C-1 erased: 2 deals" in restored.out) == (0, True)
    # The copy that was made before of what was erased already holds nothing of it.
    assert "these backups still hold it: kept.db\n" in restored.out
    assert found_in(house) == ["Wangwu Precision"]
    assert house.ok("show D-1 -o json", user="ann").json["title"] == "(erased)"
    clean(house)


def test_a_backup_beside_the_database_is_named_whatever_it_is_called_and_other_files_are_not(opp: InProcess) -> None:
    filled(opp)
    opp.ok("db backup", user="ann")
    (called,) = opp.folder.glob("opp.backup-*.db")
    called.rename(opp.folder / "monday.bak")
    (opp.folder / "other").mkdir()
    other = InProcess(opp.folder / "other")
    filled(other)
    (opp.folder / "other" / "opp.db").rename(opp.folder / "theirs.bak")
    answer = opp.ok("customer erase C-1 -m why -y", user="ann")
    assert f"these backups still hold it: {opp.folder / 'monday.bak'}\n" in answer.out
    assert "keeps a field that was not personal" not in opp.ok("customer erase C-1 -m why -y", user="ann").err


def test_backups_beside_the_database_are_named(opp: InProcess) -> None:
    filled(opp)
    opp.ok("db backup", user="ann")
    answer = opp.ok("customer erase C-1 -m why -y", user="ann")
    (copy,) = opp.folder.glob("opp.backup-*.db")
    assert f"these backups still hold it: {copy}\n" in answer.out
    copy.unlink()
    opp.ok("db backup", user="ann")
    assert "these backups" not in opp.ok("customer erase C-1 -m why -y", user="ann").out


def test_letters_with_its_notices_are_erased_and_others_are_not(house: InProcess) -> None:
    erased(house)
    letters = house.ok("export deliveries -o json", user="ann").json
    assert [(each["subject"], each["text"]) for each in letters] == [("(erased)",) * 2, ("about Acme", "of Acme")]


def test_what_was_shown_of_a_deal_that_is_anothers_now_is_named(house: InProcess) -> None:
    house.ok("deal edit D-1 --customer Acme", user="li")
    told = house("customer erase C-1 -m why -y", user="ann").err
    assert "R-1 holds an erased text in what was said or shown" in told
    clean(house)


def test_a_field_that_becomes_personal_later_is_erased_but_in_the_entries_that_kept_it(house: InProcess) -> None:
    late = POLICY.replace("[fields.line]\n", "[fields.line]\npersonal = true\n")
    (house.folder / "late.toml").write_text(late, "utf-8")
    house.ok("policy apply late.toml", user="ann")
    seq = next(row["seq"] for row in house.ok("log D-1 -o json", user="ann").json if row["action"] == "create")
    told = erased(house)
    assert f"{seq} keeps a field that was not personal when it was written" in told
    assert house.ok("show D-1 -o json", user="ann").json["line"] == "(erased)"
    clean(house)


def test_what_somebody_exported_by_an_erased_text_is_named(house: InProcess) -> None:
    (house.folder / "scoped.toml").write_text(f'{POLICY}[scope]\nsee = "team"\n', "utf-8")
    house.ok("policy apply scoped.toml", user="ann")
    house.ok("export deals -w \"customer == 'Wangwu Precision'\" -o csv", user="ann")
    seq = next(row["seq"] for row in house.ok("log -o json", user="ann").json if row["action"] == "export")
    assert f"{seq} holds an erased text" in erased(house)


def test_why_somebody_gave_points_or_judged_a_forecast_is_named(house: InProcess) -> None:
    house.ok("points give li 5 --kind care -m 'for Wangwu Precision'", user="ann")
    house.ok("forecast adjust D-1 --amount 5 -m 'Wangwu Precision buys less'", user="boss")
    told, log = erased(house), house.ok("log -o json", user="ann").json
    made = [row["seq"] for row in log if row["noun"] in ("point", "judgement")]
    assert [f"{seq} holds an erased text" in told for seq in made] == [True, True]
    clean(house)


def test_a_file_that_is_imported_again_brings_nothing_back(house: InProcess) -> None:
    (house.folder / "m.toml").write_text(
        'kind = "deals"\nsystem = "crm"\n[fields]\nexternal_id = "id"\ntitle = "name"\n'
        'customer = { column = "customer", create = true }\n'
        'stage = { constant = "Lead" }\n',
        "utf-8",
    )
    (house.folder / "d.csv").write_text("id,name,customer\n1,Old title of Zhao,Zhao Ltd\n", "utf-8")
    house.ok("import d.csv --mapping m.toml", user="ann")
    customer = house.ok("export customers -o json", user="ann").json[-1]["id"]
    house.ok(f"customer erase {customer} -m why -y", user="ann")
    house("import d.csv --mapping m.toml", user="ann")
    last = house.ok("export deals -o json", user="ann").json[-1]
    assert (last["title"], last["customer"]) == ("(erased)", "(erased)")
    clean(house)


PAST = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")


@pytest.fixture(params=PAST)
def old(request: pytest.FixtureRequest, opp: InProcess, tmp_path: Path) -> InProcess:
    """The same two customers in a file of an older schema, whose entries are hashed as they are."""
    filled(opp, letters=request.param > "0001")
    opp.env["OPP_DB"] = str(aged(str(opp.env["OPP_DB"]), request.param, tmp_path / "old.db"))
    return opp


def proven(opp: InProcess) -> tuple[bool, int]:
    row = opp("audit verify -o json", user="ann").json
    return row["clean"], row["redacted"]


def test_entries_older_than_the_seals_are_erased_and_vouched_for(old: InProcess) -> None:
    old.ok("db upgrade", user="ann")
    assert proven(old) == (True, 0)
    faults = [row for row in old("db check -o json", user="ann").json if not row["ok"]]
    anchor = old.ok("audit anchor --ids", user="ann").out.strip()
    told = erased(old)
    # What a journal of then said twice, in meta too, is a reason, and is named.
    assert set(found_in(old)) <= {"Wangwu Precision", "for Wangwu only", "too dear for old Wangwu"}
    assert "R-1: decision 1 of boss holds an erased text in its reason" in told
    clean, redacted = proven(old)
    assert (clean, redacted > 5) == (True, True)
    assert old(f"audit verify --anchor {anchor}", user="ann").code == 0
    # The journal is of today's program: of a column that an older schema has not, it tells all the same.
    assert [row for row in old("db check -o json", user="ann").json if not row["ok"]] == faults
    assert old.ok("deal history D-1 -o json", user="ann").json[0]["changes"]["title"] == [None, "(erased)"]


@pytest.mark.parametrize("version", ["0001", "0008"])
def test_an_old_backup_on_a_server_is_erased_the_same_way(
    opp: InProcess, tmp_path: Path, pg_server: str, version: str
) -> None:
    filled(opp, letters=version > "0001")
    backup = aged(str(opp.env["OPP_DB"]), version, tmp_path / "old.db")
    name = f"erase_{uuid.uuid4().hex[:12]}"
    administer(pg_server, f"CREATE DATABASE {name}")
    opp.env["OPP_DB"] = pg_server.format(name)
    try:
        opp.ok(f"db restore {backup} -y", user="ann")
        erased(opp)
        assert set(found_in(opp)) <= {"Wangwu Precision", "for Wangwu only", "too dear for old Wangwu"}
        clean, redacted = proven(opp)
        assert (clean, redacted > 5) == (True, True)
    finally:
        administer(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


def test_nothing_vouches_for_what_was_changed_past_the_program(opp: InProcess, tmp_path: Path) -> None:
    filled(opp)
    path = aged(str(opp.env["OPP_DB"]), "0008", tmp_path / "old.db")
    opp.env["OPP_DB"] = str(path)
    opp.ok("db upgrade", user="ann")
    erased(opp)
    with closing(sqlite3.connect(path)) as file:
        (seq,) = file.execute("SELECT min(seq) FROM journal WHERE changes LIKE '%(erased)%'").fetchone()
        file.execute("UPDATE journal SET changes = replace(changes, '(erased)', 'Zhao') WHERE seq = ?", [seq])
        file.commit()
    found = opp("audit verify -o json", user="ann")
    assert (found.code, found.json["first_bad"]) == (5, f"e{seq}")


def test_an_entry_of_after_the_upgrade_is_vouched_for_by_nobody(opp: InProcess) -> None:
    filled(opp)
    with closing(sqlite3.connect(str(opp.env["OPP_DB"]))) as file:
        rows = file.execute("SELECT * FROM journal WHERE noun = 'customer' AND noun_id = '1'").fetchall()
        forged = (*rows[0][:9], rows[0][9].replace("Wangwu", "Zhao"), *rows[0][10:12], rows[0][12], None)
        file.execute("UPDATE journal SET changes = ?, salt = NULL WHERE seq = ?", [forged[9], forged[0]])
        file.commit()
    with store.open_write(str(opp.env["OPP_DB"]), Stamp(actor="ann", now=0)) as door:
        door.note("upgrade", "database", "1", {"from": "0008", "to": "0009"})
        vouched = {str(forged[0]): sha256(journal.text_of(forged).encode())}
        door.note("erase", "customer", "1", {"reason": "x", "vouches": vouched})
    assert proven(opp) == (False, 0)
