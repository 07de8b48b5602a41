"""What no program should be given, and people give all the same: each gets a clear answer, and nothing is changed."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Answer, InProcess, Process

BLNS = Path(__file__).resolve().parents[2] / "../shared/data/naughty_strings/blns.txt"
FORMATS = ("table", "plain", "csv", "tsv", "json", "jsonl", "md", "html", "ids")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor, rings its bell or turns its text around."""


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team on the b2b template with one lead, D-1, and a file; to be copied."""
    made = InProcess(tmp_path_factory.mktemp("b2b"))
    made.ok("init --template b2b --lang zh")
    made.ok("add 上海精密 --customer 上海精密仪器 --amount 80万 --source 展会")
    return made.db


@pytest.fixture
def team(opp: InProcess, blank: Path) -> InProcess:
    opp.db.write_bytes(blank.read_bytes())
    return opp


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def unchanged(team: InProcess) -> Iterator[InProcess]:
    """The team, whose database must be byte for byte the same afterwards."""
    before = digest(team.db)
    yield team
    assert digest(team.db) == before


# ---------- naughty strings ----------


def naughty() -> list[str]:
    lines = BLNS.read_text(encoding="utf-8").split("\n") if BLNS.exists() else []
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[InProcess, list[tuple[str, str]]]:
    """A team whose titles and customers are the naughty strings, and the (title, customer) pairs as they were typed."""
    strings = naughty()
    if not strings:
        pytest.skip(f"{BLNS} is not there")
    team = InProcess(tmp_path_factory.mktemp("naughty"))
    team.db.write_bytes(blank.read_bytes())
    pairs = list(zip(strings[::2], strings[1::2], strict=False))
    for title, customer in pairs:
        team.ok("lead", "add", "--customer", customer, "--amount", "100", "--", title)
    return team, pairs


def test_every_naughty_string_comes_back_from_json_as_it_was_typed(hostile):
    team, pairs = hostile
    rows = team.ok("deal list --json").json[1:]
    assert [row["title"] for row in rows] == [title.strip() for title, _ in pairs]
    # Spellings that mean one customer (case, width) share the record of the first.
    assert len([1 for row, (_, name) in zip(rows, pairs, strict=True) if row["customer"] == name.strip()]) > 200


@pytest.mark.parametrize("flags", ["--csv", "--csv --excel", "-o tsv"])
def test_every_naughty_string_survives_the_way_through_a_spreadsheet(hostile, flags):
    team, _ = hostile
    expected = [(row["id"], row["title"], row["customer"]) for row in team.ok("deal list --json").json]
    answer = team.ok(f"deal list -c id,title,customer {flags}")
    text = answer.raw.decode("utf-8-sig")
    if "tsv" in flags:
        rows = [tuple(_untabbed(cell) for cell in line.split("\t")) for line in text.rstrip("\n").split("\n")]
    else:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    if "--excel" in flags:
        rows = [tuple(cell[1:] if cell[:1] == "'" else cell for cell in row) for row in rows]
        expected = [tuple(cell[1:] if cell[:1] == "'" else cell for cell in row) for row in expected]
    assert rows[1:] == expected


def _untabbed(cell: str) -> str:
    escapes = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[0]), cell)


def test_no_naughty_string_is_a_live_formula_in_a_spreadsheet(hostile):
    team, _ = hostile
    text = team.ok("deal list -c title,customer --csv --excel").raw.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert len(cells) > 500
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell[:1]] == []


@pytest.mark.parametrize("format_", ["table", "plain", "md"])
def test_no_naughty_string_reaches_a_terminal_raw(hostile, format_):
    team, pairs = hostile
    answer = team.ok(f"deal list -o {format_}")
    assert len(answer.out.split("\n")) > len(pairs)
    assert CONTROL.findall(answer.out) == []


def test_a_naughty_string_stays_on_its_line(hostile):
    team, pairs = hostile
    assert len(team.ok("deal list -o plain --no-header").out.rstrip("\n").split("\n")) == len(pairs) + 1
    assert len(team.ok("deal list -o jsonl").out.rstrip("\n").split("\n")) == len(pairs) + 1


def test_no_naughty_string_becomes_markup(hostile):
    team, _ = hostile
    page = team.ok("deal list -o html").out
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_every_naughty_deal_can_be_shown_and_searched(hostile):
    team, pairs = hostile
    some = range(2, len(pairs) + 2, 17)
    assert {team(f"deal show {number} -o json").code for number in some} == {0}
    found = [team("deal", "list", "--json", "--text", title.strip()).json for title, _ in pairs[::17]]
    assert [] not in found


def test_bytes_that_are_no_text_are_refused(unchanged, opp_process):
    opp_process.db = unchanged.db
    answer = opp_process("add", os.fsdecode(b"caf\xe9"), "--amount", "1")
    assert answer.code == 2
    assert "title" in answer.err
    assert "Traceback" not in answer.err


# ---------- values ----------

REFUSED = [
    # line, exit code, what the answer must name
    ("add '' --customer X", 2, "title"),
    ("add '   ' --customer X", 2, "title"),
    ("add T --amount=-1", 2, "amount"),
    ("add T --amount 123456789012345678901", 2, "amount"),
    ("add T --amount 1e400", 2, "amount"),
    ("add T --amount NaN", 2, "amount"),
    ("add T --amount 三万五", 2, "amount"),
    ("add T --amount 250.000,00", 2, "amount"),
    ("add T --amount 1_5", 2, "amount"),
    ("add T --amount 1e5", 2, "amount"),
    ("add T --amount 1,5", 2, "amount"),
    ("add T --amount 0.001", 2, "amount"),
    ("add T --currency XYZ", 2, "currency"),
    ("add T --close 2026-02-30", 2, "2026-02-30"),
    ("add T --close 10/11/2026", 2, "10 November"),
    ("add T --close 10/11/2026", 2, "11 October"),
    ("add T --set nosuch=1", 2, "nosuch"),
    ("add T --set tier=Z", 2, "tier"),
    ("add T --set discount=101", 2, "discount"),
    ("add T --set discount=-1", 2, "discount"),
    ("add T --set probability=half", 2, "probability"),
    ("add T --set budget_confirmed=maybe", 2, "budget_confirmed"),
    ("add T --set payment_days=1.5", 2, "payment_days"),
    ("add T --set amount", 2, "FIELD=VALUE"),
    ("add T --set =1", 2, "FIELD=VALUE"),
    ("add T --owner nobody", 3, "nobody"),
    ("deal edit 1", 2, "nothing to change"),
    ("deal edit 1 --set stage=谈判", 2, "opp deal advance"),
    ("deal edit 1 --set owner=li", 2, "opp deal assign"),
    ("deal edit 1 --set title=", 7, "title"),
    ("deal edit 99 --set amount=1", 3, "D-99"),
    ("deal edit D-0 --set amount=1", 3, "D-0"),
    ("deal edit 99999999999999999999999 --set amount=1", 3, "99999999999999999999999"),
    ("deal edit 上海 --set amount=1", 3, "ids only"),
    ("deal advance 1 --to 天上", 3, "天上"),
    ("deal advance 1 --to 线索", 5, "already"),
    ("deal advance 1 --to 输单", 2, "opp deal lose"),
    ("deal advance nothing", 3, "nothing"),
    ("deal lose 1 --reason ''", 7, "reason"),
    ("deal reopen 1 -m x", 5, "open"),
    ("deal assign 1 --to ghost", 3, "ghost"),
    ("deal attach 1 /nonexistent --kind 报价单", 2, "/nonexistent"),
    ("deal attach 1 / --kind 报价单", 2, "directory"),
    ("deal attach 1 /dev/null --kind 报价单", 2, "is no file"),
    ("deal attach 1 /etc/passwd --kind ''", 2, "what the file is"),
    (f"deal attach 1 /etc/passwd --kind {'长' * 10_001}", 2, "10,001 characters"),
    (f"add {'长' * 10_001}", 2, "10,001 characters"),
    ("request submit 1 qoute", 3, "quote"),
    ("request submit 1 quote", 7, "file:报价单"),
    ("request plan 1 nosuch", 3, "nosuch"),
    ("request approve R-99", 3, "R-99"),
    ("request approve abc", 3, "abc"),
    ("request reject R-99", 3, "R-99"),
    ("request show D-1", 3, "D-1"),
    ("request list --state done", 2, "done"),
    ("request list --waiting-on ghost", 3, "ghost"),
    ("delegate add --to wang --end +3d", 7, "themselves"),
    ("delegate add --to ghost --end +3d", 3, "ghost"),
    ("delegate add --to ghost", 2, "--end"),
    ("delegate end 99", 3, "G-99"),
    ("import /nonexistent.csv --mapping /nonexistent.toml", 2, "/nonexistent.csv"),
    ("import /nonexistent.csv", 2, "/nonexistent.csv"),
    ("export songs", 2, "songs"),
    ("report funnel --cohort weekk", 2, "week"),
    ("report overdue --owner ghost", 3, "ghost"),
    ("log --since tomorrow-ish", 2, "tomorrow-ish"),
    ("db restore /nonexistent.db -y", 3, "/nonexistent.db"),
    ("db restore /etc/passwd -y", 6, "not a database"),
    ("audit verify --anchor zzz", 2, "zzz"),
    ("config set nosuch 1", 2, "nosuch"),
    ("completion tcsh", 2, "tcsh"),
    ("init --lang fr", 2, "fr"),
    ("lead qualify 99", 3, "D-99"),
    ("deal list --owner ghost", 3, "ghost"),
    ("deal list --stage 天上", 3, "天上"),
    ("deal list --customer ghost", 3, "ghost"),
    ("deal list --since 2026-02-30", 2, "2026-02-30"),
    ("deal list --since 10/11/2026", 2, "10 November"),
    ("deal list -c id,nosuch", 2, "nosuch"),
    ("deal list --sort nosuch", 2, "nosuch"),
    ("deal list -o xml", 2, "xml"),
    ("deal list -o csv --ids", 2, "one format"),
    ("deal list -L -1", 2, "-1"),
    ("deal list -L many", 2, "many"),
    ("deal show 上海 --nosuch", 2, "nosuch"),
    ("deal show", 2, "DEAL"),
    ("deal show 99", 3, "D-99"),
    ("deal history 99", 3, "D-99"),
    ("gate 1 --to 天上", 3, "天上"),
    ("log D-99", 3, "D-99"),
    ("user add 'a b'", 2, "login"),
    ("user add 12345", 2, "login"),
    ("user add wang", 5, "wang"),
    ("user add neu --role boss", 7, "boss"),
    ("user add neu --manager ghost", 3, "ghost"),
    ("user edit wang --manager wang", 5, "themselves"),
    ("user edit wang --role sales", 5, "only admin"),
    ("user deactivate wang", 5, "only admin"),
    ("user show ghost", 3, "ghost"),
    ("policy check /nonexistent.toml", 2, "/nonexistent.toml"),
    ("init", 5, "already"),
    ("--now yesterday-ish deal list", 2, "--now"),
    ("--tz Mars/Olympus deal list", 2, "Mars/Olympus"),
    ("--wait soon deal list", 2, "--wait"),
    ("--color pink deal list", 2, "--color"),
    ("--db", 2, "--db"),
    ("--as nobody add T", 4, "nobody"),
    ("--as nobody user whoami", 4, "nobody"),
]


@pytest.mark.parametrize(
    ("line", "code", "named"), REFUSED, ids=[f"{line[:60]} [{named}]" for line, _, named in REFUSED]
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(unchanged, line, code, named):
    answer = unchanged(line)
    assert (answer.code, answer.out) == (code, "")
    assert named in answer.err
    assert_reads_well(answer)


def assert_reads_well(answer: Answer) -> None:
    """`error: …`, perhaps reasons, perhaps `hint: …`; nothing of the program's inside."""
    lines = answer.err.rstrip("\n").split("\n")
    assert lines[0].startswith("error: ")
    assert not lines[0].endswith(".")
    assert all(line.startswith(("  ", "hint: ")) for line in lines[1:]), answer.err
    assert "Traceback" not in answer.err
    assert "unexpected" not in answer.err


READS = [
    (line, code)
    for line, code in dict.fromkeys((line, code) for line, code, _ in REFUSED)
    if re.search("^(deal (list|show|history)|gate|log|user show|request (plan|show|list)|report|export|audit)", line)
    and not re.search("-o |--ids", line)
]


@pytest.mark.parametrize(("line", "code"), READS, ids=[line for line, _ in READS])
def test_an_error_is_one_json_object_where_json_is_asked_for(unchanged, line, code):
    answer = unchanged(f"{line} -o json")
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.count("\n") == 1
    assert answer.error["code"] == code
    assert {"code", "kind", "message", "hint", "reasons", "slug"} == set(answer.error)


@pytest.mark.parametrize("asked", ["-o full", "-ofull", "-o=jsonl", "--output=full", "--json"])
def test_an_error_is_an_object_however_json_is_asked_for(unchanged, asked):
    answer = unchanged(f"deal list -c nosuch {asked}")
    assert (answer.code, answer.error["code"], answer.err.count("\n")) == (2, 2, 1)


def test_all_that_is_wrong_is_said_at_once(unchanged):
    answer = unchanged("add '' --amount=-5 --currency XYZ --close 2026-02-30 --set tier=Z --set nosuch=1")
    assert answer.code == 2
    named = re.findall("^  ([a-z_]+) ", answer.err, re.MULTILINE)
    assert sorted(named) == ["amount", "currency", "expected_close", "nosuch", "tier", "title"]


def test_an_owner_that_nobody_is_is_said_with_the_rest(unchanged):
    answer = unchanged("add T --owner zz --amount=-5")
    assert (answer.code, re.findall("^  ([a-z_]+) ", answer.err, re.MULTILINE)) == (2, ["amount", "owner"])
    assert unchanged("add T --owner zz").code == 3


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("lst", "opp ls"),
        ("deel list", "opp deal"),
        ("deal lsit", "opp deal list"),
        ("repot funnel", "opp report"),
        ("report funel", "opp report funnel"),
        ("deal advance 1 --to 谈判中", "谈判"),
        ("deal list --ownr me", "--owner"),
        ("deal list --owner wnag", "wang"),
        ("deal list -c titel", "title"),
        ("deal list --sort amuont", "amount"),
        ("add T --set discont=5", "discount"),
        ("add T --currency CNX", "CNY"),
        ("user add neu --role manger", "manager"),
        ("--tz Asia/Shanghia deal list", "Asia/Shanghai"),
        ("help dats", "dates"),
        ("init --template b2c", "b2b"),
    ],
)
def test_a_slip_of_the_fingers_is_answered_with_what_was_meant(unchanged, line, meant):
    answer = unchanged(line)
    assert answer.code in (2, 3, 5, 7)
    assert meant in answer.err
    assert answer.out == ""
    assert_reads_well(answer)


# ---------- places that are no database ----------


def no_file(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def text(path: Path) -> None:
    path.write_text("dear diary, today I learned what a database is\n" * 99)


def other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")
    connection.close()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    """The pages after the first hold something else."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere" / "opp.db")


def from_tomorrow(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


PLACES = (no_file, folder, text, other_database, cut_short, overwritten, empty, dangling, from_tomorrow)


@pytest.mark.parametrize("line", ["deal list", "add T --customer X", "deal advance 1", "report funnel", "log", ""])
@pytest.mark.parametrize("spoil", PLACES, ids=[place.__name__ for place in PLACES])
def test_what_is_no_database_is_said_to_be_none_and_left_alone(team, spoil, line):
    spoil(team.db)
    before = digest(team.db) if team.db.is_file() else team.db.is_dir()
    answer = team(*line.split())
    assert (answer.code, answer.out) == (6, "")
    assert_reads_well(answer)
    assert (digest(team.db) if team.db.is_file() else team.db.is_dir()) == before


@pytest.mark.parametrize("spoil", [place for place in PLACES if place not in (no_file, empty, dangling)])
def test_init_overwrites_nothing(team, spoil):
    spoil(team.db)
    before = digest(team.db) if team.db.is_file() else team.db.is_dir()
    answer = team("init")
    assert answer.code in (5, 6)
    assert_reads_well(answer)
    assert (digest(team.db) if team.db.is_file() else team.db.is_dir()) == before


def test_a_folder_that_is_a_file_is_said_to_be_one(team):
    answer = team(f"--db {team.db}/opp.db init")
    assert answer.code == 6
    assert_reads_well(answer)


def test_a_server_that_is_not_there_is_said_to_be_unreachable(opp):
    pytest.importorskip("psycopg")
    answer = opp("--db postgresql://nobody@127.0.0.1:1/none deal list")
    assert answer.code == 6
    assert_reads_well(answer)


def test_a_password_in_an_address_is_never_shown(opp):
    pytest.importorskip("psycopg")
    answer = opp("--db postgresql://nobody:geheim@127.0.0.1:1/none deal list")
    assert answer.code == 6
    assert "geheim" not in answer.err + answer.out


@pytest.fixture
def nobody(team: InProcess, opp_process: Process) -> Iterator[Process]:
    """Processes that rights apply to, also where the tests are run by root."""
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may do anything, and there is no setpriv to make it otherwise")
        opp_process.before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
    yield opp_process
    opp_process.db.chmod(0o600)


def test_a_file_that_may_not_be_written_is_read_and_not_written(nobody):
    nobody.db.chmod(0o444)
    before = digest(nobody.db)
    assert nobody("deal list --ids").out == "D-1\n"
    answer = nobody("add T")
    assert answer.code == 6
    assert "read-only" in answer.err
    assert_reads_well(answer)
    assert digest(nobody.db) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_file_that_somebody_else_lets_one_read_only_says_whose_it_is(nobody, tmp_path, place):
    path = nobody.db if place == "file" else shutil.copy(nobody.db, (tmp_path / "theirs"))
    if place == "folder":
        (tmp_path / "shut").mkdir()
        path = (tmp_path / "theirs").replace(tmp_path / "shut" / "opp.db")
    given = path if place == "file" else path.parent
    given.chmod(0o644 if place == "file" else 0o755)
    os.chown(given, 1, -1)
    answer = nobody("add T", env={"OPP_DB": str(path)})
    whose = f"it is {given.owner()}'s" if place == "file" else f"the folder {given} is {given.owner()}'s"
    assert (answer.code, answer.err) == (
        6,
        f"error: {path} may not be written by you: {whose}\n"
        f"hint: {given.owner()} can let you in; --db names another database\n",
    )


def test_a_file_that_may_not_be_read_is_said_to_be_closed_to_you(nobody):
    nobody.db.chmod(0)
    answers = [nobody("deal list"), nobody("add T")]
    assert [answer.code for answer in answers] == [6, 6]
    assert_reads_well(answers[0])
    assert_reads_well(answers[1])
    assert f"may not be read by you: it is {nobody.db.owner()}'s" in answers[0].err


@pytest.fixture
def shut(nobody: Process) -> Iterator[Path]:
    """A folder that nobody but root may enter."""
    folder = nobody.folder / "shut"
    folder.mkdir()
    shutil.copy(nobody.db, folder / "opp.db")
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("line", ["deal list", "add T", "db info"])
def test_of_a_file_in_a_folder_that_is_shut_it_is_said_whose_the_folder_is(nobody, shut, line):
    answer = nobody(f"--db {shut}/opp.db {line}")
    assert (answer.code, f"the folder {shut} is {nobody.folder.owner()}'s" in answer.err) == (6, True)
    assert_reads_well(answer)


def test_the_doctor_tells_of_a_file_in_a_folder_that_is_shut(nobody, shut):
    assert f"the folder {shut} is" in nobody(f"--db {shut}/opp.db doctor").out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
@pytest.mark.parametrize("place", ["opp.db", "of/mine/opp.db"])
def test_of_a_folder_in_which_no_database_is_made_it_is_said_whose_it_is(nobody, tmp_path, place):
    folder = tmp_path / "theirs"
    folder.mkdir(0o755)
    os.chown(folder, 1, -1)
    answer = nobody(f"--db {folder}/{place} init")
    assert (answer.code, answer.err) == (
        6,
        f"error: {folder}/{place} cannot be made: the folder {folder} is {folder.owner()}'s\n"
        f"hint: {folder.owner()} can let you in; --db names another database\n",
    )


def test_whoever_shut_their_own_folder_or_file_is_told_what_opens_it(nobody, shut):
    folder = nobody.folder / "my folder"
    folder.mkdir(0o500)
    assert nobody("--db", f"{folder}/opp.db", "init").err == (
        f"error: {folder}/opp.db cannot be made: the folder {folder} is read-only\nhint: chmod u+wx '{folder}'\n"
    )
    assert nobody(f"--db {shut}/new.db init").err.endswith(f"\nhint: chmod u+wx {shut}\n")
    nobody.db.chmod(0o444)
    assert nobody("add T").err.endswith(f"is read-only\nhint: chmod u+w {nobody.db}\n")


def test_an_answer_goes_into_no_folder_that_is_shut(nobody, shut):
    answer = nobody(f"deal list -O {shut}/deals.csv")
    assert (answer.code, answer.err) == (2, f"error: {shut}/deals.csv: the folder {shut} may not be written\n")


# ---------- files that are no policy ----------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 8),
        (b"not toml at all", 8),
        (b"[policy]\nname = 1\n", 8),
        ("[policy]\nname='x'\n".encode("utf-16"), 2),
        (b"\xff\xfe\x00binary", 2),
    ],
)
def test_a_policy_that_cannot_be_read_leaves_no_database_behind(opp, content, code):
    file = opp.folder / "team.toml"
    file.write_bytes(content)
    answer = opp("init", "--policy", str(file))
    assert (answer.code, answer.out) == (code, "")
    assert "team.toml" in answer.err
    assert_reads_well(answer)
    assert not opp.db.exists()


def test_a_settings_file_that_is_wrong_is_named(unchanged):
    (unchanged.folder / ".opp.toml").write_text("db = [1]\n")
    answer = unchanged("deal list")
    assert answer.code in (2, 8)
    assert ".opp.toml" in answer.err
    assert_reads_well(answer)
    (unchanged.folder / ".opp.toml").write_text("this is = not = toml")
    answer = unchanged("deal list", env={"OPP_DB": None})
    assert answer.code == 8
    assert json.dumps(answer.err)


def test_a_mapping_and_a_policy_come_from_standard_input_too(opp: InProcess) -> None:
    mapping = (
        b'kind = "deals"\nsystem = "old"\n[fields]\nexternal_id = "id"\ntitle = "t"\nstage = { constant = "Lead" }\n'
    )
    opp.ok("init")
    policy = opp.ok("policy show").raw
    (opp.folder / "d.csv").write_text("id,t\n1,A\n", "utf-8")
    opp.ok("import d.csv --mapping -", stdin=mapping)
    assert opp.ok("deal list --json").json[0]["title"] == "A"
    opp.ok("--db other.db init --policy -", stdin=policy)
    assert opp("import - --mapping -", stdin=mapping).code == 2


FROM_STDIN = ["import d.csv --mapping -", "policy check -", "policy apply -", "--db other.db init --policy -"]


@pytest.mark.parametrize("line", FROM_STDIN)
def test_what_comes_from_standard_input_is_bounded_like_a_file(opp: InProcess, line: str) -> None:
    opp.ok("init")
    (opp.folder / "d.csv").write_text("id,t\n1,A\n", "utf-8")
    answer = opp(line, stdin=b"# x\n" * 300_000)
    assert (answer.code, "larger than 1 MB" in answer.err, (opp.folder / "other.db").exists()) == (8, True, False)
