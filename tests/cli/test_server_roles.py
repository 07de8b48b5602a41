"""A server with a role for each person: whose word an entry is, and what each of the three groups can and cannot do."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from approvals_office import PEOPLE, POLICY
from command_line import Answer, InProcess
from postgres import administer

psycopg = pytest.importorskip("psycopg")

GROUPS = {"rita": "opp_read", "wang": "opp_write", "li": "opp_write", "zhou": "opp_write", "ada": "opp_admin"}


class Server:
    """The office on a server: each person types by a role of their own, in a group of `opp db grants`."""

    def __init__(self, opp: InProcess, address: str, tag: str) -> None:
        self.opp, self.owner, self.tag = opp, address, tag
        (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        opp.env["OPP_DB"] = address
        opp.ok("init --policy policy.toml", user="root")
        for login, (manager, role) in PEOPLE.items():
            line = f"user add {login} --role {role}" + (f" --manager {manager}" if manager else "")
            opp.ok(line, user="root")
        opp.ok("user add ada --role admin", user="root")
        opp.ok("user add rita --role sales", user="root")
        self.run(opp.ok("db grants").out)
        for login, group in GROUPS.items():
            self.run(f"CREATE ROLE {self.role(login)} LOGIN; GRANT {group} TO {self.role(login)}")
            opp.ok(f"user edit {login} --server-role {self.role(login)}", user="root")

    def role(self, login: str) -> str:
        """Roles are the whole server's: another test has others."""
        return f"{login}_{self.tag}"

    def address(self, login: str) -> str:
        return self.owner.replace("postgres:@", f"{self.role(login)}@")

    def run(self, sql: str, login: str | None = None) -> str:
        """`done`, or the SQLSTATE of the refusal."""
        with psycopg.connect(self.owner if login is None else self.address(login)) as connection:
            try:
                connection.execute(sql.encode())
            except psycopg.Error as error:
                return str(error.sqlstate)
        return "done"

    def value(self, sql: str) -> object:
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row and row[0]

    def __call__(self, role: str, line: str, *, user: str | None = None) -> Answer:
        """A line typed by somebody's role, as themselves."""
        return self.opp(line, user=user, env={"OPP_DB": self.address(role), "OPP_USER": user})

    def ok(self, role: str, line: str, *, user: str | None = None) -> Answer:
        answer = self(role, line, user=user)
        assert answer.code == 0, f"{role}: {line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer

    def last(self) -> dict[str, str]:
        row: dict[str, str] = self.opp.ok("log -L 1 -o json", user="root").json[-1]
        return {name: row[name] for name in ("actor", "role", "by")}


@pytest.fixture(scope="module")
def place(pg_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    tag = uuid.uuid4().hex[:8]
    administer(pg_server, f"CREATE DATABASE roles_{tag}")
    made = Server(InProcess(tmp_path_factory.mktemp("server")), pg_server.format(f"roles_{tag}"), tag)
    yield made
    # The three groups stay: other databases of the server may give them rights.
    administer(
        pg_server, f"DROP DATABASE roles_{tag} WITH (FORCE)", *(f"DROP ROLE {made.role(login)}" for login in GROUPS)
    )


def test_who_types_is_known_by_their_role_and_what_they_decide_is_proven(place: Server) -> None:
    place.ok("li", "add 甲 --customer 甲 --amount 300000")
    assert place.last() == {"actor": "li", "role": place.role("li"), "by": "role"}
    before = place.opp.ok("audit verify -o json", user="root").json
    place.ok("li", "deal edit D-1 --set discount=5")
    place.ok("li", "submit D-1 quote")
    place.ok("wang", "approve R-1")
    after = place.opp.ok("audit verify -o json", user="root").json
    assert [after[key] - before[key] for key in ("decisions", "proven", "claimed")] == [1, 1, 0]
    assert "wang (role)" in place.ok("li", "request show R-1").out


def test_another_name_through_ones_own_role_is_a_claim(place: Server) -> None:
    place.ok("li", "add 乙", user="wang")
    assert place.last() == {"actor": "wang", "role": place.role("li"), "by": "claim"}


def test_a_claim_through_ones_own_role_names_the_role_where_it_is_refused_and_where_it_is_a_risk(place: Server) -> None:
    place.ok("li", "add 丑 --customer 丑 --amount 300000")
    deal = place.opp.ok("deal list -o json", user="root").json[-1]["id"]
    place.ok("li", f"deal edit {deal} --set discount=5")
    request = place.ok("li", f"submit {deal} quote").out.split()[0]
    place.ok("li", f"approve {request}", user="wang")
    risk = place.opp.ok("audit risks --risk claimed -o json", user="root").json[0]
    assert (risk["who"], str(risk["what"]).endswith(f" through the role {place.role('li')}")) == ("wang", True)
    policy = place.opp.folder / "policy.toml"
    asks = policy.with_name("asks.toml")
    asks.write_text(policy.read_text(encoding="utf-8") + '\n[identity]\nproof = "login"\n', encoding="utf-8")
    place.ok("ada", "policy apply asks.toml")
    refused = place("li", "add 寅", user="wang")
    place.ok("ada", "policy apply policy.toml")
    assert refused.err == (
        "error: li gave the name wang, and the policy asks for proof\nhint: act as li, or: opp login wang\n"
    )


FORGED = (
    "INSERT INTO journal SELECT seq + 1, txn, at, 'wang', NULL, channel, action, noun, noun_id, changes, "
    "'{{\"role\":\"{role}\"}}', hash, 'x', NULL FROM journal ORDER BY seq DESC LIMIT 1"
)


def test_the_server_refuses_an_entry_in_the_name_of_another_role(place: Server) -> None:
    assert place.run(FORGED.format(role=place.role("wang")), "li") == "23001"
    assert place.run(FORGED.format(role="postgres"), "ada") == "23001"
    assert place.run("SET ROLE opp_write; " + FORGED.format(role="opp_write"), "li") == "23001"


NEVER = [
    "UPDATE journal SET actor = 'x'",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "UPDATE decision SET verdict = 'reject'",
    "DELETE FROM decision",
    "UPDATE point SET points = 9",
    "UPDATE forecast SET best = 9",
    "DELETE FROM forecastline",
    "ALTER TABLE journal DISABLE TRIGGER journal_role",
    "DROP TRIGGER journal_role ON journal",
    "ALTER TABLE deal ADD COLUMN x TEXT",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE OR REPLACE FUNCTION journal_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
]


@pytest.mark.parametrize("login", ["rita", "wang", "ada"])
@pytest.mark.parametrize("sql", NEVER)
def test_no_group_changes_history_or_the_tables(place: Server, sql: str, login: str) -> None:
    assert place.run(sql, login) == "42501"


MAY = [
    ("SELECT 1 FROM deal, journal, decision, user_account, policy LIMIT 1", "read write admin"),
    ("SELECT salt, verifier FROM credential", "write admin"),
    ("UPDATE deal SET title = title WHERE id = 1", "write admin"),
    ("DELETE FROM holder WHERE request_id = -1", "write admin"),
    ("UPDATE user_account SET roles = roles", "admin"),
    ("UPDATE policy SET text = text", "admin"),
    ("UPDATE stage SET name = name", "admin"),
    ("DELETE FROM meta WHERE key = 'x'", "admin"),
    ("INSERT INTO meta VALUES ('language', 'xx') ON CONFLICT (key) DO UPDATE SET value = excluded.value", "admin"),
    (
        "INSERT INTO meta VALUES ('match_news', '1') ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        "write admin",
    ),
    ("UPDATE credential SET code = NULL", "admin"),
    ("UPDATE journal SET changes = changes, salt = salt WHERE seq = -1", "admin"),
]


@pytest.mark.parametrize(("sql", "groups"), MAY)
def test_each_group_has_the_rights_of_its_work_and_no_others(place: Server, sql: str, groups: str) -> None:
    done = {group: place.run(sql, login) for group, login in (("read", "rita"), ("write", "wang"), ("admin", "ada"))}
    assert done == {group: "done" if group in groups.split() else "42501" for group in done}


def test_a_reader_reads_everything_and_writes_nothing(place: Server) -> None:
    for line in ("deal list", "log", "report funnel", "user list", "request list", "policy show", "audit verify"):
        place.ok("rita", line)
    refused = place("rita", "add 丙")
    assert (refused.code, "permission denied" in refused.err) == (6, True)


def test_who_works_does_everyday_work_and_changes_no_authority(place: Server) -> None:
    place.ok("li", "add 丁 --customer 丁 --amount 300000")
    number = place.opp.ok("deal list --sort id -o json", user="root").json[-1]["id"]
    place.ok("li", f"deal edit {number} --set discount=5")
    place.ok("li", f"submit {number} quote")
    place.ok("wang", "delegate add --to zhou --end 2026-04-01")
    place.ok("wang", "forecast submit next-month --team me")
    place.ok("wang", "tick --no-delivery")
    assert place("wang", "user add new").code == 4
    assert place("wang", "user edit rita --role admin", user="root").code == 6


def test_who_works_finds_what_may_be_twice_and_tells_programs_what_happened(place: Server) -> None:
    """What is kept of how far that came stands in a table in which all else is of admins."""
    told = place.opp.folder / "told"
    config = Path(place.opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(
        f'[notify.erp]\nkind = "command"\ncommand = ["tee", "-a", "{told}"]\nevents = ["customer.*"]\n', "utf-8"
    )
    text = (place.opp.folder / "policy.toml").read_text(encoding="utf-8")
    rule = '\n[duplicates]\nrule = [{ name = "same", of = "customer", same = ["name"] }]\n'
    (place.opp.folder / "twice.toml").write_text(text + rule, encoding="utf-8")
    place.ok("ada", "policy apply twice.toml")
    place.ok("wang", "tick")
    place.ok("li", "customer add 庚")
    place.ok("wang", "tick")
    assert '"customer.create"' in told.read_text("utf-8")
    place.ok("ada", "policy apply policy.toml")
    config.unlink()


def test_who_works_goes_on_where_another_program_kept_the_policy(place: Server) -> None:
    """Only an admin keeps it read for the next: who may write it may write what everybody is held to."""
    kept = "SELECT md5(value) FROM meta WHERE key = 'policy_kept'"
    place.run("UPDATE meta SET value = 'x' WHERE key = 'policy_kept'")
    place.ok("li", "add 辛 --customer 辛")
    assert place.value(kept) == place.value("SELECT md5('x')")
    place.ok("ada", "add 壬 --customer 壬")
    assert place.value(kept) != place.value("SELECT md5('x')")


def test_an_admin_administers_and_does_not_upgrade_or_restore(place: Server) -> None:
    place.ok("ada", "user add neu --role sales")
    assert place.last() == {"actor": "ada", "role": place.role("ada"), "by": "role"}
    text = (place.opp.folder / "policy.toml").read_text(encoding="utf-8")
    (place.opp.folder / "next.toml").write_text(text.replace('"测试"', '"测试 2"'), encoding="utf-8")
    place.ok("ada", "policy apply next.toml")
    place.ok("ada", "add 戊 --customer 戊")
    number = place.opp.ok("deal list --sort id -o json", user="root").json[-1]["id"]
    customer = place.opp.ok(f"log {number} -o json", user="root").json[0]["changes"]["customer_id"][1]
    place.ok("ada", f"customer erase C-{customer} -m 要求 -y")
    assert place.opp("audit verify", user="root").code == 0


def test_a_role_is_one_persons(place: Server) -> None:
    taken = place.opp("user edit li --server-role " + place.role("wang"), user="root")
    assert (taken.code, "is the role of wang" in taken.err) == (5, True)
    assert place.opp("user edit li --server-role '\x07'", user="root").code == 2
    assert "role wang on the server" in place.opp.ok("user edit li --server-role wang", user="root").out
    place.opp.ok("user edit li --server-role ''", user="root")
    place.opp.ok(f"user edit li --server-role {place.role('li')}", user="root")
    assert place.opp("user edit li --server-role x", user="li").code == 4
    told = place.opp.ok("log li -L 1 -o json", user="root").json[0]["changes"]
    assert told["server_role"] == [None, place.role("li")]


def test_under_a_scope_each_role_sees_what_is_theirs(place: Server) -> None:
    place.ok("li", "add 己")
    place.ok("zhou", "add 庚")
    policy = place.opp.folder / "policy.toml"
    scoped = policy.with_name("scoped.toml")
    scoped.write_text(
        policy.read_text(encoding="utf-8") + '\n[scope]\nsee = "own"\nexport = ["manager"]\n', encoding="utf-8"
    )
    place.ok("ada", "policy apply scoped.toml")
    # What cannot be put on record is refused for its own reason.
    assert [place(who, "export deals").code for who in ("li", "rita")] == [4, 4]
    seen = {row["title"] for row in place.ok("li", "deal list -o json").json}
    everything = {row["title"] for row in place.ok("ada", "deal list -o json").json}
    place.ok("ada", "policy apply policy.toml")
    assert ({"己", "庚"} & seen, {"己", "庚"} <= everything) == ({"己"}, True)


def test_a_restore_loads_the_entries_of_other_roles_and_is_for_the_owner_of_the_tables(place: Server) -> None:
    copy = place.opp.folder / "copy.db"
    place.opp.ok(f"db backup {copy}", user="root")
    refused = place("ada", f"db restore {copy} -y")
    assert (refused.code, "must be owner" in refused.err) == (6, True)
    assert list(place.opp.folder.rglob("*.before-restore-*")) == []
    place.opp.ok(f"db restore {copy} -y", user="root")
    assert len(list(place.opp.folder.rglob("*.before-restore-*"))) == 1
    assert place.opp("audit verify", user="root").code == 0
    place.ok("li", "add 辛")
    assert place.run("UPDATE journal SET actor = 'li'", "li") == "42501"
    assert place.run(FORGED.format(role=place.role("wang")), "li") == "23001"


def test_the_grants_can_be_run_again(place: Server) -> None:
    assert place.run(place.opp.ok("db grants").out) == "done"


def test_what_people_are_is_changed_through_the_group_that_administers(place: Server) -> None:
    refused = place("wang", "user edit wang --name 王芳")
    assert (refused.code, "permission denied" in refused.err) == (6, True)
    place.ok("ada", "user edit ada --name 艾达")


def test_a_manager_imports_through_the_group_that_works(place: Server) -> None:
    (place.opp.folder / "m.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "name"\nstage = { constant = "线索" }\n',
        encoding="utf-8",
    )
    (place.opp.folder / "deals.csv").write_text("id,name\n1,Old one\n2,Old two\n", encoding="utf-8")
    place.ok("wang", "import deals.csv --mapping m.toml")
    assert place.last()["by"] == "import"
