"""Saved views: `opp NAME` is a read with its flags; private ones are nobody else's."""

import json

import pytest
from begun import begun
from command_line import InProcess

from oppcli.cli.app import load
from oppcli.cli.saved_line import of_views


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("user add bob --manager wang")
    opp.ok("add Plant --customer Acme --amount 60000")
    opp.ok("add Line --customer Bolt --amount 5 --owner bob")
    opp.ok("view", "save", "big", "--", "ls", "-w", "amount > 100", "-c", "id,title")
    return opp


def test_a_view_is_run_by_its_name_and_later_flags_win(team: InProcess) -> None:
    assert team.ok("big --csv").out == "id,title\nD-1,Plant\n"
    assert team.ok("big -c id --csv").out == "id\nD-1\n"
    assert team.ok("view run big --csv --owner bob").out == "id,title\n"


def test_a_view_is_run_where_the_flags_behind_it_say(team: InProcess) -> None:
    db, team.env["OPP_DB"] = team.env.get("OPP_DB") or str(team.db), str(team.folder / "nowhere.db")
    assert team("big", "--csv", "--db", db).out == "id,title\nD-1,Plant\n"
    assert team("big", "--csv", f"--db={db}", "--as", "bob").code == 2


def test_a_private_view_does_not_exist_for_others(team: InProcess) -> None:
    assert team("big", user="bob").code == 2
    assert team("view run big", user="bob").code == 3
    assert team("view drop big", user="bob").code == 3
    assert team.ok("view list --json", user="bob").json == []
    assert team.ok("export views -o ids", user="bob").out == ""
    assert [each for each in team.ok("log --json", user="bob").json if each["noun"] == "view"] == []


def test_its_entries_are_for_its_owner_and_for_admins(team: InProcess) -> None:
    team.ok("view save own -- inbox", user="bob")
    told = {user: team.ok("log --json -L 0", user=user).json for user in ("wang", "bob")}
    ids = {user: [each["id"] for each in rows if each["noun"] == "view"] for user, rows in told.items()}
    assert ids == {"wang": ["V-1", "V-2"], "bob": ["V-2"]}


def test_a_shared_view_is_everybodys_to_run_and_its_owners_to_change(team: InProcess) -> None:
    team.ok("view save big --shared -- ls --csv -c title")
    assert team.ok("big", user="bob").out == "title\nPlant\nLine\n"
    answer = team("view drop big", user="bob")
    assert (answer.code, "wang" in answer.err) == (4, True)
    assert team("view save big --shared -- inbox", user="bob").code == 5
    team.ok("view save big -- ls --ids --owner me", user="bob")
    assert team.ok("big", user="bob").out == "D-2\n", "one's own comes first"


def test_dropping_and_saving_are_undone(team: InProcess) -> None:
    team.ok("view drop big")
    assert team("big").code == 2
    team.ok("undo")
    team.ok("view save big -- inbox")
    team.ok("undo")
    assert team.ok("big --csv").out == "id,title\nD-1,Plant\n"
    team.ok("view save fresh -- inbox")
    team.ok("undo")
    assert [each["name"] for each in team.ok("view list --json").json] == ["big"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("view save x -- add foo", "a view keeps a read, not add foo"),
        ("view save x -- view run x", "a view keeps a read, not view run"),
        ("view save x --shared -- ls --db y.db --as bob", "a shared view keeps no --db, --as: type it behind its name"),
        ("view save x --shared -- ls --now 2020-01-01", "a shared view keeps no --now: type it behind its name"),
        ("view save x --shared -- ls -O y.csv", "a shared view keeps no -O: type it behind its name"),
        ("view save ls -- ls", "there is a command called ls"),
        ("view save 'two words' -- ls", "a view is called by one word"),
        ("view save x -- ls --nosuch", "no such option: --nosuch"),
        ("view save x -- ls -w", "requires an argument"),
        ("view save x -- nosuch", "a view keeps a read, not nosuch"),
        ("view save x", "missing argument"),
        ("view run --csv big", "the name of a view comes first"),
        ("bigg", "no such command: opp bigg"),
    ],
)
def test_what_is_no_view_is_refused(team: InProcess, line: str, says: str) -> None:
    answer = team(line)
    assert (answer.code, says in answer.err) == (2, True), answer.err


@pytest.mark.parametrize("words", [["view", "run", "loop"], ["loop"], ["add", "Made by a view"]])
def test_a_view_that_another_program_put_there_only_reads(team: InProcess, words: list[str]) -> None:
    """A file of `export all` brings views that `view save` never saw."""
    team.ok("view save loop -- ls")
    line = team.ok("export all").out.replace('["ls"]', json.dumps(words))
    (team.folder / "team.jsonl").write_text(line)
    team.env["OPP_DB"] = str(team.folder / "other.db")
    team.ok("init")
    team.ok("import team.jsonl")
    before = team.ok("export deals").out
    answer = team("loop")
    assert (answer.code, answer.err.splitlines()[0]) == (2, f"error: a view keeps a read, not {' '.join(words[:2])}")
    assert team.ok("export deals").out == before


def test_view_is_another_word_for_show_still(team: InProcess) -> None:
    assert team.ok("view D-1 --json").json["title"] == "Plant"


def test_a_name_behind_view_is_that_of_a_view_where_it_names_one(team: InProcess) -> None:
    assert team.ok("view big --csv").out == team.ok("big --csv").out
    assert team.ok("view Plant").out == team.ok("show D-1").out
    assert team("view big", user="bob").code == 3


@pytest.mark.parametrize("line", ["view 大单", "view run 大单", "view drop 大单"])
def test_a_name_that_no_view_has_is_answered_with_those_there_are(team: InProcess, line: str) -> None:
    mine, bobs = team(line), team(line, user="bob")
    save = "opp view save 大单 -- ls --owner me"
    assert (mine.code, mine.err) == (
        3,
        f"error: no such view: 大单\nhint: views there are: big; this saves another: {save}\n",
    )
    assert bobs.err == f"error: no such view: 大单\nhint: there are no views yet; this saves one: {save}\n"
    assert f"已有的视图：big；另存一个：opp --lang zh {save[4:]}" in team(f"--lang zh {line}").err
    assert "did you mean big?" in team(line.replace("大单", "bigg")).err


def test_every_verb_of_a_view_is_one_and_nothing_else_is() -> None:
    verbs = load("view").list_commands(None)
    assert [verb for verb in verbs if not of_views(["view", verb])] == []
    assert [of_views(["view", word]) for word in ("D-1", "stuck")] == [False, False]


def test_when_a_view_goes_out_is_said_as_the_reader_says_it(team: InProcess) -> None:
    save = "view save letter --every '每周一 8点' -- report stuck"
    assert "每周一 08:00 发给" in team.ok(f"--lang zh {save}").out
    assert "goes out weekdays 17:30 to" in team.ok(save.replace("每周一 8点", "mon-fri 17:30")).out
