"""Who acts, and how that is known: PINs, codes, marks, and what a policy asks for."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import Answer, InProcess, Process
from stages import STAGES, team_policy

from oppcli import store
from oppcli.config.machine import login
from oppcli.store import journal

ME = login()
"""The login of this machine: by it, and by nothing else, somebody is known here."""
PIN = {"ann": "horse battery", "cay": "correct staple", ME: "own machine"}
ASKS = '\n[identity]\nproof = "{}"\n'


class Team:
    """Ann, admin; Cay, manager; Dan, who sells; and a person called like the machine's login."""

    def __init__(self, opp: InProcess) -> None:
        self.opp = opp
        opp.ok("init --template b2b --lang en", user="ann")
        self.ok("user add cay --role manager", "ann")
        self.ok("user add dan --manager cay", "ann")
        self.ok(f"user add {ME} --role manager --role finance", "ann")

    @property
    def folder(self) -> Path:
        return self.opp.folder

    def __call__(self, line: str, user: str | None, pin: str | None = None, **given: Any) -> Answer:
        env = {**given.pop("env", {}), **({"OPP_PIN_FILE": self.file(pin)} if pin is not None else {})}
        return self.opp(line, env={**env, "OPP_USER": user}, **given)

    def ok(self, line: str, user: str | None, pin: str | None = None, **given: Any) -> Answer:
        answer = self(line, user, pin, **given)
        assert answer.code == 0, (line, answer)
        return answer

    def file(self, text: str, mode: int = 0o600) -> str:
        path = self.folder / f"{abs(hash(text))}.pin"
        path.write_text(text + "\n", "utf-8")
        path.chmod(mode)
        return str(path)

    def pin(self, *logins: str) -> None:
        for name in logins:
            self.ok(f"user pin --new-file {self.file(PIN[name])}", name)

    def asks(self, proof: str) -> None:
        """Ann applies a policy that asks for this."""
        (self.folder / "p.toml").write_text(self.ok("policy show", "ann").out + ASKS.format(proof), "utf-8")
        self.ok("policy apply p.toml", "ann")

    def entries(self) -> list[dict[str, Any]]:
        return list(self.ok("export journal --json", "ann").json)

    def last(self) -> dict[str, Any]:
        return self.entries()[-1]

    def submitted(self) -> None:
        """Dan's request waits for Cay."""
        self.ok("add Plant --customer Acme --owner dan --amount 90000 --source expo --set tier=A", "dan")
        self.ok("deal edit D-1 --set budget_confirmed=yes", "dan")
        self.ok("submit D-1 qualification", "dan")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


@pytest.fixture
@begun
def shop(opp: InProcess) -> Team:
    return Team(opp)


def test_without_identity_nobody_is_asked_and_every_entry_says_how_the_actor_was_known(team: Team) -> None:
    team.submitted()
    team.ok("approve R-1", "cay")
    assert team.last()["meta"]["by"] == "claim"
    team.ok("add x --customer y", ME)
    assert [entry["meta"]["by"] for entry in team.entries() if entry["actor"] == ME] == ["login"] * 2
    assert "mark" not in team.last()["meta"]


def test_without_identity_a_write_loads_nothing_that_proves(opp_process: Process) -> None:
    assert opp_process("init --template b2b --lang en").code == 0
    assert opp_process("add x --customer y").code == 0
    probe = (
        "import sys; from oppcli.cli.app import run; run(['deal', 'edit', 'D-1', '--set', 'amount=5']);"
        "print(*sorted({'hashlib', 'hmac', 'getpass', 'secrets', 'oppcli.cli.proving', 'oppcli.cli.sessions',"
        "'oppcli.rules.identity', 'oppcli.rules.pins', 'oppcli.store.credentials'} & set(sys.modules)), 'end')"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], env=opp_process.env, cwd=opp_process.folder, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "end"


WEAK = {
    "short": "has 6 to 128 characters",
    "x" * 129: "has 6 to 128 characters",
    "７７７７７７": "again and again",
    "123456": "a run of characters",
    "fedcba": "a run of characters",
    "1234567890": "a run of characters",
    "３２１０９８": "a run of characters",
    "my DAN pin": "does not hold the login",
}


@pytest.mark.parametrize("pin", WEAK)
def test_a_pin_that_is_guessed_first_is_refused(shop: Team, pin: str) -> None:
    answer = shop(f"user pin --new-file {shop.file(pin)}", "dan")
    assert (answer.code, WEAK[pin] in answer.err) == (2, True)


def test_a_pin_is_the_same_however_its_characters_are_composed(shop: Team) -> None:
    composed = shop.file("caf\u00e9 ５５５")
    shop.ok(f"user pin --new-file {composed}", "dan")
    shop.ok("audit mine", "dan", "cafe\u0301 555")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.chmod(0o640), "others have rights"),
        (lambda path: path.chmod(0o601), "others have rights"),
        (lambda path: path.write_text("\nsecond line"), "the first line"),
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: (path.unlink(), path.mkdir()), "is no file"),
        (lambda path: os.chown(path, 4242, -1), "is not your own file"),
    ],
)
def test_the_file_of_a_pin_is_ones_own_and_nobody_elses(
    shop: Team, change: Callable[[Path], object], said: str
) -> None:
    if said == "is not your own file" and os.getuid():
        pytest.skip("only root gives files away")
    shop.pin("cay")
    path = Path(shop.file(PIN["cay"]))
    change(path)
    answer = shop("audit mine", "cay", env={"OPP_PIN_FILE": str(path)})
    assert (answer.code, said in answer.err) == (8, True)


def test_a_policy_that_asks_for_pins_is_refused_while_who_applies_it_has_none(team: Team) -> None:
    (team.folder / "p.toml").write_text(team.ok("policy show", "ann").out + ASKS.format("pin"), "utf-8")
    refused = team("policy apply p.toml", "ann")
    assert refused.code == 7
    assert [line.split()[0] for line in refused.err.splitlines()[1:]] == sorted(["ann", "cay", "dan", ME])
    team.pin("ann")
    told = team.ok("policy apply p.toml", "ann").out
    assert f"without a PIN yet: {', '.join(sorted(['cay', 'dan', ME]))} (opp user pin --code)" in told


def test_a_database_is_not_made_with_a_policy_that_asks_for_pins_and_how_it_is_done_is_said(opp: InProcess) -> None:
    (opp.folder / "p.toml").write_text(team_policy(STAGES) + ASKS.format("pin"), "utf-8")
    refused = opp("init --policy p.toml", user=ME)
    assert (refused.code, refused.err.splitlines()[1:]) == (
        7,
        ["hint: make it without [identity], and then: opp user pin; opp policy apply FILE"],
    )


def test_under_login_a_name_that_was_given_writes_nothing_and_the_machines_own_does(team: Team) -> None:
    team.asks("login")
    refused = team("add x --customer y", "cay")
    assert refused.code == 4
    assert refused.err == (
        f"error: {ME} gave the name cay, and the policy asks for proof\nhint: act as {ME}, or: opp login cay\n"
    )
    team.ok("deal list", "cay")
    team.ok("add x --customer y -n", "cay")
    team.ok("add x --customer y", ME)
    assert team.last()["meta"]["by"] == "login"


def test_who_is_nobody_by_the_machine_is_not_told_to_act_as_that(shop: Team) -> None:
    shop.ok(f"user deactivate {ME}", "ann")
    shop.asks("login")
    refused = shop("add x --customer y", "cay")
    assert refused.err.splitlines()[1:] == ["hint: opp login cay"]


def test_a_tick_by_a_name_that_was_given_is_refused_before_anything_is_due(team: Team) -> None:
    team.pin("cay")
    team.ok("tick", "cay")
    team.asks("login")
    for line in ("tick", "notices send"):
        refused = team(line, "cay")
        assert (refused.code, "and the policy asks for proof" in refused.err) == (4, True)
    team.ok("tick -n", "cay")
    team.ok("tick", ME)
    team.ok("tick", "cay", PIN["cay"])


def test_under_a_scope_the_pin_in_a_file_reads_where_the_name_alone_does_not(team: Team) -> None:
    team.pin("ann", "cay")
    team.asks("login")
    text = team.ok("policy show", "ann").out
    (team.folder / "s.toml").write_text(text + '\n[scope]\nsee = "own"\n', "utf-8")
    team.ok("policy apply s.toml", "ann", PIN["ann"])
    for line in ("deal list", "user list -o csv", "audit verify", "db check", "export deals", "inbox"):
        assert team(line, "ann").code == 4
        team.ok(line, "ann", PIN["ann"])
    assert team("deal list", "cay", PIN["ann"]).code == 4
    assert team.ok("export journal --json", "ann", PIN["ann"]).json[-1]["action"] in ("pin refused", "export")
    assert "pin refused" in team.ok("log -L 4", "ann", PIN["ann"]).out
    team.ok("user list", ME)


def test_nothing_is_recovered_where_there_is_no_database(opp: InProcess) -> None:
    answer = opp("user pin --code --recover")
    assert (answer.code, "no database at" in answer.err) == (6, True)


def test_who_left_is_told_what_lets_them_act_again(shop: Team) -> None:
    shop.ok("user deactivate dan", "ann")
    refused = shop("--as dan deal list", "ann")
    assert refused.err == ("error: dan was deactivated\nhint: an admin lets you act again: opp user reactivate dan\n")
    shop.ok("user reactivate dan", "ann")
    shop.ok("--as dan deal list", "ann")


def test_a_locked_pin_says_how_it_goes_on(shop: Team) -> None:
    shop.pin("cay")
    for _ in range(5):
        shop("audit mine", "cay", "not the pin")
    assert "an admin gives a code that is good after that: opp user pin cay --code" in shop("audit mine", "cay").err


@pytest.mark.parametrize(("line", "hint"), [("user pin --code cay", "opp user pin"), ("user pin", "opp user pin")])
def test_the_undo_of_a_pin_names_the_verb_that_helps(shop: Team, line: str, hint: str) -> None:
    shop.ok(f"{line} --new-file {shop.file(PIN['ann'])}" if line == "user pin" else line, "ann")
    assert shop("undo", "ann").err.splitlines()[1] == f"hint: {hint}"


def test_under_login_a_pin_stands_in_for_the_machines_login(team: Team) -> None:
    team.pin("cay")
    team.asks("login")
    team.ok("add x --customer y", "cay", PIN["cay"])
    assert (team.last()["meta"]["by"], len(team.last()["meta"]["mark"])) == ("pin", 64)
    assert team("add x --customer y", "cay", "not the pin").code == 4


@pytest.mark.parametrize(("proof", "code"), [("login", 4), ("pin", 2)])
def test_nobody_decides_by_a_name_that_was_given(team: Team, proof: str, code: int) -> None:
    team.pin("ann", "cay")
    team.submitted()
    team.asks(proof)
    assert team("--as cay approve R-1", "dan").code == code
    assert team("--as cay approve R-1", "dan", PIN["ann"]).code == 4
    assert team.ok("request list --json", "ann").json[0]["state"] == "pending"


def test_under_pin_a_decision_takes_the_pin_and_keeps_its_mark(team: Team) -> None:
    team.pin("ann", ME)
    team.submitted()
    team.ok(f"request transfer R-1 --to {ME} -m away", "cay")
    team.asks("pin")
    team.ok("add x --customer y", ME)
    no_terminal = team("approve R-1", ME)
    assert (no_terminal.code, f"PIN of {ME} is needed" in no_terminal.err) == (2, True)
    team.ok("approve R-1", ME, PIN[ME])
    entry = next(entry for entry in team.entries() if entry["action"] == "approve")
    assert (entry["meta"]["by"], list(entry["meta"])[-1]) == ("pin", "mark")
    assert team("audit verify", "ann").code == 0
    assert team.ok("audit mine", ME, PIN[ME]).out == "1 decision in your name: 1 yours\n"


def test_what_is_signed_only_sometimes_asks_then(shop: Team) -> None:
    shop.pin("ann", ME)
    shop.ok(f"add Plant --customer Acme --owner {ME}", ME)
    shop.ok(f"add Lost --customer Acme --owner {ME}", ME)
    shop.asks("pin")
    assert shop("deal assign D-1 --to dan", ME).code == 2
    shop.ok("deal assign D-1 --to dan", ME, PIN[ME])
    assert shop("undo", ME).code == 2
    shop.ok("undo", ME, PIN[ME])
    shop.ok("deal lose D-2 --reason price", ME)
    shop.ok("deal reopen D-2 -m again", ME)


def test_a_pin_has_no_undo(team: Team) -> None:
    team.pin("cay")
    answer = team("undo", "cay")
    assert answer.code == 5


def test_after_five_wrong_pins_none_is_looked_at_for_a_quarter_of_an_hour(team: Team) -> None:
    team.pin("cay")
    codes = [team("audit mine", "cay", "not the pin").code for _ in range(6)]
    assert codes == [4] * 6
    assert [entry["action"] for entry in team.entries()].count("pin refused") == 5
    locked = team("audit mine", "cay", PIN["cay"], now="2026-03-02T17:14:59+08:00")
    assert (locked.code, "none is looked at until" in locked.err) == (4, True)
    team.ok("audit mine", "cay", PIN["cay"], now="2026-03-02T17:15:00+08:00")
    team.pin("ann")
    team.ok("audit mine", "ann", PIN["ann"])


def test_five_wrong_pins_over_a_longer_time_lock_nothing(shop: Team) -> None:
    shop.pin("cay")
    for minute in ("00", "04", "08", "12", "16"):
        shop("audit mine", "cay", "not the pin", now=f"2026-03-02T17:{minute}:00+08:00")
    shop.ok("audit mine", "cay", PIN["cay"], now="2026-03-02T17:16:00+08:00")


def test_ten_terminals_at_once_get_five_tries_together(shop: Team, opp_process: Process) -> None:
    shop.pin("cay")
    env = {"OPP_USER": "cay", "OPP_PIN_FILE": shop.file("not the pin"), "OPP_DB": str(shop.opp.db)}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: opp_process("audit mine", env=env).code, range(10)))
    assert answers == [4] * 10
    assert [entry["action"] for entry in shop.entries()].count("pin refused") == 5


def code_for(team: Team, login: str, **given: Any) -> str:
    """The one-time code that Ann gives somebody."""
    told = team.ok(f"user pin {login} --code", "ann", **given).out.split()
    assert told[0] == login
    assert len(told[1]) == 10
    assert not set(told[1]) - set("abcdefghijkmnpqrstuvwxyz23456789")
    return told[1]


def test_a_code_takes_the_old_pin_and_sets_a_new_one_once(team: Team) -> None:
    team.pin("ann", "cay")
    team.asks("pin")
    code = code_for(team, "cay", pin=PIN["ann"])
    assert team("audit mine", "cay", PIN["cay"]).code == 4
    new = team.file("another staple")
    assert team(f"user pin --new-file {new}", "cay", "abcdefghij").code == 4
    team.ok(f"user pin --new-file {new}", "cay", code.upper())
    assert team(f"user pin --new-file {new}", "cay", code).code == 4
    team.ok("audit mine", "cay", "another staple")
    notices = team.ok("notices list --json", "ann").json
    assert [(notice["to"], notice["kind"]) for notice in notices] == [("cay", "code")]


def test_a_code_is_good_for_a_day(shop: Team) -> None:
    shop.pin("ann")
    code = code_for(shop, "cay")
    shop.asks("pin")
    new = shop.file("another staple")
    assert shop(f"user pin --new-file {new}", "cay", code, now="2026-03-03T17:00:00+08:00").code == 4
    shop.ok(f"user pin --new-file {new}", "cay", code, now="2026-03-03T16:59:59+08:00")


def test_codes_go_to_everybody_active_without_a_pin_and_to_no_service(shop: Team) -> None:
    shop.pin("cay")
    shop.ok("user add robot --role service", "ann")
    shop.ok("user add bot --role service --role sales", "ann")
    told = shop.ok("user pin --code", "ann").out
    assert sorted(line.split()[0] for line in told.splitlines()) == sorted(["ann", "dan", ME])
    assert shop("user pin --code", "cay").code == 4


def test_a_first_pin_is_anybodys_only_while_nothing_is_asked(team: Team) -> None:
    team.pin("ann")
    team.asks("pin")
    refused = team(f"user pin --new-file {team.file('another staple')}", "dan")
    assert (refused.code, "needs a one-time code" in refused.err) == (4, True)
    assert team(f"user pin --new-file {team.file(PIN[ME])}", ME).code == 4


def test_under_login_a_first_pin_is_set_by_the_machines_own_login(shop: Team) -> None:
    shop.asks("login")
    shop.ok(f"user pin --new-file {shop.file(PIN[ME])}", ME)
    assert shop(f"user pin --new-file {shop.file('another staple')}", "dan").code == 4


def test_changing_a_pin_takes_the_old_one_and_keeps_the_marks_of_before(team: Team) -> None:
    team.pin("ann", ME)
    team.submitted()
    team.ok(f"request transfer R-1 --to {ME} -m away", "cay")
    team.asks("pin")
    team.ok("approve R-1", ME, PIN[ME])
    new = team.file("another staple")
    assert team(f"user pin --new-file {new}", ME).code == 2
    assert team(f"user pin --new-file {new}", ME, "not the pin").code == 4
    team.ok(f"user pin --new-file {new}", ME, PIN[ME])
    assert team("audit mine", ME, PIN[ME]).code == 4
    assert "2 decisions in your name: 2 yours" in team.ok("audit mine", ME, "another staple").out
    team.ok(f"user pin {ME} --code", "ann", PIN["ann"])


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Every entry as another tool would write it that knows how the chain is made: all hashes right."""
    from oppcli.model.digest import sha256

    with closing(sqlite3.connect(path)) as file, file:
        for name in ("journal_no_update", "journal_no_delete", "journal_no_replace"):
            file.execute(f"DROP TRIGGER {name}")
        prev = journal.GENESIS
        for row in file.execute(journal.SELECT).fetchall():
            told = dict(zip(journal.COLUMNS, row, strict=True))
            change(told)
            told["prev"] = prev
            whole = tuple(told.values())
            prev = sha256(journal.text_of(whole).encode())
            file.execute(
                "UPDATE journal SET meta = ?, prev = ?, hash = ? WHERE seq = ?",
                (told["meta"], told["prev"], prev, told["seq"]),
            )


def test_a_decision_forged_in_ones_name_is_told_from_ones_own(shop: Team) -> None:
    shop.pin("ann", "cay", ME)
    shop.submitted()
    shop.ok("approve R-1", "cay")
    shop.asks("pin")
    forged = next(entry["seq"] for entry in shop.entries() if entry["action"] == "approve")

    def forge(entry: dict[str, Any]) -> None:
        if f"e{entry['seq']}" == forged:
            meta = {**json.loads(entry["meta"]), "by": "pin", "mark": "ab" * 32}
            entry["meta"] = json.dumps(meta, ensure_ascii=False, separators=(",", ":"))

    assert "claimed" in shop.ok("audit mine", "cay", PIN["cay"]).out
    rewritten(shop.opp.db, forge)
    assert shop("audit verify", "ann").code == 0
    answer = shop("audit mine", "cay", PIN["cay"])
    assert (answer.code, f"1 not yours: {forged}" in answer.out) == (5, True)


def test_an_exchanged_pin_is_found(shop: Team) -> None:
    shop.pin("cay", "ann")
    shop.ok("db check", "ann")
    with closing(sqlite3.connect(shop.opp.db)) as file, file:
        file.execute(
            "UPDATE credential SET (salt, verifier) = (SELECT salt, verifier FROM credential WHERE login = 'ann') "
            "WHERE login = 'cay'"
        )
    answer = shop("db check --json", "ann")
    assert [row["detail"] for row in answer.json if row["check"] == "pins"] == [
        "user cay: the PIN is not the one that was set"
    ]


def test_the_owner_of_the_database_recovers_it_and_nobody_through_sudo(team: Team) -> None:
    team.pin("ann")
    team.asks("pin")
    told = team.ok("user pin --code --recover", "nobody-at-all").out.split()
    assert told[0] == "ann"
    assert [entry["meta"].get("recovered") for entry in team.entries() if entry["action"] == "code"] == [True]
    assert team("user pin cay --code --recover", ME).code == 4
    if team.opp.db.exists():
        assert team("user pin --code --recover", ME, env={"SUDO_UID": "4242"}).code == 4


def test_in_a_guarded_file_people_are_who_sudo_says(shop: Team) -> None:
    shop.folder.chmod(0o755)
    shop.opp.db.chmod(0o600)
    shop.ok("user add uid4242", "ann")
    shop.asks("login")
    shop.ok("add x --customer y", None, env={"SUDO_UID": "4242"})
    assert (shop.last()["actor"], shop.last()["meta"]["os_user"], shop.last()["meta"]["by"]) == (
        *("uid4242", "uid4242"),
        "login",
    )
    shop.ok("add y --customer y", None, env={"SUDO_UID": "4242", "SUDO_USER": "dan"})
    assert (shop.last()["actor"], shop.last()["meta"]["os_user"]) == ("dan", "dan")


@pytest.mark.parametrize("wide", ["folder", "file"])
def test_a_file_that_others_can_write_believes_no_sudo(shop: Team, wide: str) -> None:
    (shop.folder if wide == "folder" else shop.opp.db).chmod(0o775)
    shop.ok("add x --customer y", "dan", env={"SUDO_UID": "4242"})
    assert shop.last()["meta"]["os_user"] == ME


def test_on_a_server_ones_role_is_the_proof(opp: InProcess, pg_url: str) -> None:
    from oppcli.store import schema

    schema.remove(pg_url)
    opp.env["OPP_DB"] = pg_url
    team = Team(opp)
    team.ok("user add postgres --role manager", "ann")
    team.pin("ann")
    team.submitted()
    team.ok("request transfer R-1 --to postgres -m away", "cay")
    team.asks("pin")
    assert team.ok("user whoami --json", None).json["by"] == "role"
    team.ok("approve R-1", None)
    entry = next(entry for entry in team.entries() if entry["action"] == "approve")
    assert (entry["actor"], entry["meta"]["by"], entry["meta"]["role"]) == ("postgres", "role", "postgres")


def test_whoami_says_by_what_one_is_known(team: Team) -> None:
    found = [team.ok("user whoami --json", who).json for who in ("cay", ME)]
    assert [(one["by"], one["until"]) for one in found] == [("claim", None), ("login", None)]


def test_the_kept_scope_follows_the_policy(team: Team) -> None:
    team.pin("ann")
    team.asks("pin")
    url = team.opp.env["OPP_DB"]
    with store.open_read(url) as door:
        kept = [row[0] for row in door.rows("SELECT scope FROM policy ORDER BY number")]
    assert kept[0] is None
    assert json.loads(kept[1]) == {"identity": {"proof": "pin", "idle_ms": None}}


@pytest.mark.parametrize(
    ("mode", "asks", "status", "said"),
    [
        (0o700, True, "ok", "guarded: one login writes the file; sudo alone tells apart who shares it"),
        (0o777, True, "warn", "others may write the file"),
        (0o777, False, "ok", "others may write the file"),
    ],
)
def test_doctor_says_what_the_names_are_worth(shop: Team, mode: int, asks: bool, status: str, said: str) -> None:
    if asks:
        shop.asks("login")
    shop.folder.chmod(mode)
    found = {row["check"]: row for row in shop("doctor --json", ME).json}["identity"]
    assert (found["status"], said in found["finding"]) == (status, True)


def test_what_a_backup_asks_does_not_stop_its_restore_half_way(shop: Team) -> None:
    shop.ok(f"user edit {ME} --role admin", "ann")
    shop.asks("login")
    shop.ok("db backup b.db", ME)
    assert shop("db restore b.db -y", "ann").code == 4
    (shop.folder / "q.toml").write_text((shop.folder / "p.toml").read_text().replace('"login"', '"claim"'))
    shop.ok("policy apply q.toml", ME)
    shop.ok("db restore b.db -y", "ann")
    assert (shop.last()["action"], shop.last()["meta"]["by"]) == ("restore", "claim")


def test_under_a_scope_reads_need_what_writes_need(team: Team) -> None:
    team.ok("add Plant --customer Acme --owner dan", "dan")
    text = team.ok("policy show", "ann").out + ASKS.format("login")
    (team.folder / "p.toml").write_text(text + '\n[scope]\nsee = "own"\n', "utf-8")
    team.ok("policy apply p.toml", "ann")
    refused = team("deal list", "dan")
    assert (refused.code, "the policy asks for proof" in refused.err) == (4, True)
    assert team.ok("deal list --json", ME).json == []
