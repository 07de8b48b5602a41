"""Every command that is printed repeats `--db`, `--as`, `--tz` and `--lang` of its line, wherever it is printed."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matrix
import pytest
from command_line import Answer, InProcess

PRINTED = re.compile(r"\bopp (?!policy:)(?=[-a-z\[])[^\n；，。]*")

TOLD_BACK = ("opp advnce", "opp ls")
"""What was typed and is no command, and what a view keeps: nobody is to type them."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, dict[str, str]]:
    """A team in which everybody has something to do; it is copied for each line."""
    opp = InProcess(tmp_path_factory.mktemp("repeated"))
    return opp, matrix.team(opp)


def typed(opp: InProcess, folder: Path, who: str, line: str, lang: str) -> tuple[list[str], Answer]:
    """The flags that were typed on the line, and what came back; the environment says other things."""
    db = str(shutil.copy(opp.db, folder / "my team.db"))
    flags = ["--db", db, "--as", who, "--tz", "Europe/Berlin", "--lang", lang]
    env = {"OPP_DB": "elsewhere.db", "OPP_LANG": "en", "OPP_USER": "root", "COLUMNS": "400", "LINES": "400"}
    return flags, opp(*flags, *shlex.split(line), env=env, screen="json" not in line)


def astray(flags: list[str], texts: list[str]) -> list[str]:
    """Commands in the texts that repeat something else than these flags; what another person is to type says not who
    acts."""
    heads = [shlex.join(["opp", *flags]), shlex.join(["opp", *flags[:2], *flags[4:]])]
    found = [command for text in texts for command in PRINTED.findall(text)]
    wrong = [command for command in found if not any(command.startswith(f"{head} ") for head in heads)]
    return [command for command in wrong if command not in TOLD_BACK]


def texts_of(answer: Answer) -> list[str]:
    return [answer.out, answer.err]


def commands(value: Any) -> Iterator[dict[str, Any]]:
    """Every `{command, argv, ready}` of an answer."""
    if isinstance(value, dict) and list(value) == ["command", "argv", "ready"]:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from commands(each)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("verb", matrix.LINES)
def test_what_a_write_prints_repeats_the_flags_whether_it_was_done_or_refused(
    office: tuple[InProcess, dict[str, str]], verb: str, lang: str, tmp_path: Path
) -> None:
    opp, given = office
    who, line = matrix.allowed(verb, given)
    flags, done = typed(opp, tmp_path, who, line, lang)
    _, refused = typed(opp, tmp_path, "pia", line, lang)
    assert astray(flags, texts_of(done)) == []
    assert astray([*flags[:3], "pia", *flags[4:]], texts_of(refused)) == []


@pytest.mark.parametrize("verb", matrix.LINES)
def test_what_a_write_gives_a_program_repeats_them_in_the_line_and_in_its_words(
    office: tuple[InProcess, dict[str, str]], verb: str, tmp_path: Path
) -> None:
    opp, given = office
    who, line = matrix.allowed(verb, given)
    flags, answer = typed(opp, tmp_path, who, f"{line} -o json", "en")
    found = list(commands(answer.json)) if answer.code == 0 else []
    lines = [each["command"] for each in found]
    words = [["sh", "-c", line] if "|" in line else shlex.split(line) for line in lines]
    assert words == [each["argv"] for each in found]
    assert [each for each in found if each["ready"] == ("…" in each["command"])] == []
    assert astray(flags, [*lines, answer.err]) == []


READS = (
    ("home", "han", "", 1),
    ("home as rows", "han", "-o json", 1),
    ("COMMAND of a gate", "li", f"gate {matrix.ASKED} --to 赢单", 0),
    ("FIX of a refusal", "li", f"win {matrix.FREE}", 1),
    ("a deal", "li", f"show {matrix.ASKED}", 1),
    ("a request", "han", f"show {matrix.R_ASKED}", 3),
    ("a request that came back", "sun", f"show {matrix.R_BACK}", 1),
    ("a hint: no such command", "li", "advnce D-1", 1),
    ("a hint: no such deal", "li", "deal show D-999", 0),
    ("what is missing", "li", "submit --no-input", 1),
    ("nothing found", "li", "ls --stage 签约 --source nowhere", 0),
    ("nothing found", "li", "ls --source nowhere", 1),
    ("the inbox of nobody", "pia", "inbox", 0),
    ("an empty list of a manager", "wang", "ls --owner wang", 1),
    ("undo of nothing", "pia", "undo", 0),
    ("runs to undo", "li", "undo --list", 0),
    ("a stranger", "xeno", "", 1),
    ("a check", "root", "doctor", 0),
)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("what", "who", "line", "least"), READS, ids=lambda value: str(value).replace(" ", "-"))
def test_what_a_read_prints_repeats_them(
    office: tuple[InProcess, dict[str, str]], what: str, who: str, line: str, least: int, lang: str, tmp_path: Path
) -> None:
    flags, answer = typed(office[0], tmp_path, who, line, lang)
    assert astray(flags, texts_of(answer)) == []
    assert len(PRINTED.findall("\n".join(texts_of(answer)))) >= least, what


def test_a_line_without_flags_prints_none_though_the_environment_has_them(
    office: tuple[InProcess, dict[str, str]], tmp_path: Path
) -> None:
    opp, _ = office
    db = str(shutil.copy(opp.db, tmp_path / "opp.db"))
    env = {"OPP_DB": db, "OPP_USER": "li", "OPP_TZ": "Europe/Berlin", "OPP_LANG": "zh"}
    told = "".join(texts_of(opp(f"deal edit {matrix.ASKED} --title 新名", env=env)))
    assert PRINTED.findall(told) != []
    assert [each for each in PRINTED.findall(told) if each.startswith("opp --")] == []
