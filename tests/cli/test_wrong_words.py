"""Every command with wrong words in its places: refused with what is wrong, never a fault of the program."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from approvals_office import POLICY
from command_line import InProcess
from test_every_command import commands

WRONG = ("", " ", "zzz", "D-999", "R-999", "C-1", "e1", "D-99999999999999999999", "é\u3000", "a" * 5000)
"""Nothing, nobody, nothing that is there, another noun, numbers and names that are too long."""
PLACES = {
    line: [param for param in command.params if param.param_type_name == "argument"]
    for line, command in commands()
    if line not in ("demo", "mcp", "login", "import")
}
BEHIND = {"deal attach": ["x.pdf", "--kind", "x"], "view save": ["--", "ls"], "config set": ["x"], "policy diff": ["x"]}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[InProcess, bytes]]:
    opp = InProcess(tmp_path_factory.mktemp("wrong"))
    (opp.folder / "team.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy team.toml", user="root")
    opp.ok("add 电梯 --customer 江南精工", user="root")
    yield opp, opp.db.read_bytes()


@pytest.mark.parametrize("line", sorted(line for line, places in PLACES.items() if places))
def test_wrong_words_are_refused_in_every_place(team: tuple[InProcess, bytes], line: str) -> None:
    opp, kept = team
    answers = {}
    for word in WRONG:
        answers[word] = opp(*line.split(), word, *BEHIND.get(line, []), user="root")
        opp.db.write_bytes(kept)
        for made in set(opp.folder.iterdir()) - {opp.db, opp.folder / "team.toml", opp.folder / "home"}:
            made.unlink()
    broken = {word[:20]: answer.err for word, answer in answers.items() if answer.code == 1}
    assert broken == {}
    untold = {w[:20]: a.err for w, a in answers.items() if a.code in range(2, 9) and not a.err.startswith("error: ")}
    assert untold == {}


def test_what_is_no_number_is_told_in_words_of_people(team: tuple[InProcess, bytes]) -> None:
    opp, _ = team
    assert opp("ls -L x", user="root").err.splitlines()[0] == "error: invalid value for '-L': 'x' is not a whole number"


def test_a_backup_is_not_put_in_the_place_of_a_folder(team: tuple[InProcess, bytes]) -> None:
    opp, _ = team
    assert opp("db", "backup", "", user="root").code == 5
    assert not Path(opp.folder / ".part").exists()
