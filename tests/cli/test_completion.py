"""Completion: the generated files are current, and complete under the real shells what the database holds."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oppcli import fastpath, store
from oppcli.cli.completion import FILES, script, table
from oppcli.model.deals import Customer, Deal, File, Stage, Visit
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.model.requests import Request
from oppcli.model.saved import Mapping, View
from oppcli.model.versions import PolicyVersion

ROOT = Path(__file__).resolve().parents[2]
STAGES = (("线索", "lead"), ("方案 设计", "open"), ("谈判", "open"), ("赢单", "won"), ("it's $5", "lost"))

POLICY = """
[fields.plant_code]
title = "工厂"
values = ["PVG", "SZX"]
[[stage]]
name = "谈判"
enter = ["amount", "file:quote"]
leave = ["file:contract"]
[type.risk]
needs = ["file:offer", "file:quote"]
"""
"""As much of one as completion reads."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database: five stages, two people, twelve deals, the first of them won, and one pending request."""
    path = tmp_path_factory.mktemp("team") / "团队 100%.db"
    store.create(str(path))
    with store.open_write(str(path), Stamp(actor="wang", now=1_772_442_000_000)) as door:
        door.add(User(login="wang", name="王芳"))
        door.add(User(login="li", name="李雷"))
        for place, (name, kind) in enumerate(STAGES):
            door.add(Stage(id=place + 1, name=name, kind=kind, position=place))
        customer = door.add(Customer(name="上海精密仪器", key="上海精密仪器"))
        for number in range(1, 13):
            stage = "赢单" if number == 1 else "线索"
            visits = (Visit(stage=stage, entered_at=1),)
            title = f"MES\x1b[31m {number}"
            door.add(
                Deal(title=title, stage=stage, customer_id=customer.id, source="展会", tags=("急",), visits=visits)
            )
        door.add(Mapping(name="bitrix", text="", hash="", saved_by="wang", saved_at=1))
        for name, owner, shared in (("stuck", "li", False), ("monday", "wang", True), ("mine", "wang", False)):
            door.add(View(name=name, owner=owner, shared=shared, command=("ls",), created_at=1))
        door.add(PolicyVersion(hash="1", text=POLICY, name="p", number=1, applied_at=1, applied_by="wang"))
        door.derive("own_fields", '[["plant_code", "text", "工厂"]]')
        file = File(deal_id=2, kind="drawing", name="a.pdf", size=1, sha256="0", path="/a.pdf", attached_by="li")
        door.add(file)
        door.add(Request(deal_id=2, type="quote", submitted_by="li", submitted_at=1))
    return path


def asked(team: Path, kind: str, prefix: str) -> list[str]:
    return [word for word, _ in fastpath.complete(["--db", str(team), kind, prefix])]


@pytest.mark.parametrize("shell", sorted(FILES))
def test_the_file_of_each_shell_is_what_the_command_tree_makes_of_it(shell: str) -> None:
    current = (ROOT / "completions" / FILES[shell]).read_text("utf-8") == script(shell)
    assert current, "python -m oppcli.cli.completion --write"


def test_every_command_of_the_tree_can_be_completed() -> None:
    paths = [row.path for row in table.rows()]
    assert {"", "deal", "deal list", "lead add", "advance", "completion"} <= set(paths)
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize(
    ("kind", "prefix", "words"),
    [
        ("deal", "", [f"D-{number}" for number in range(12, 1, -1)]),
        ("deal", "D-1", ["D-12", "D-11", "D-10", "D-1"]),
        ("deal", "d1", ["d12", "d11", "d10", "d1"]),
        ("deal", "12", ["12"]),
        ("deal", "D-0", []),
        ("deal", "D-13", []),
        ("deal", "MES", []),
        ("deal", "D-99999999999999999999", []),
        ("request", "", ["R-1"]),
        ("ref", "R", ["R-1"]),
        ("stage", "", [name for name, _ in STAGES]),
        ("stage", "方", ["方案 设计"]),
        ("user", "W", ["wang"]),
        ("owner", "", ["me", "li", "wang"]),
        ("owner", "!l", ["!li"]),
        ("customer", "上海", ["上海精密仪器"]),
        ("customer", "%", []),
        ("source", "", ["展会"]),
        ("currency", "c", ["CNY"]),
        ("tag", "", ["急"]),
        ("role", "m", ["manager"]),
        ("set", "payment", ["payment_days="]),
        ("set", "budget=y", ["budget=yes"]),
        ("set", "title=", []),
        ("mapping", "", ["bitrix"]),
        ("columns deal list", "am", ["amount"]),
        ("columns deal list", "id,amount,+dis", ["id,amount,+discount"]),
        ("columns deal list", "amount,am", []),
        ("columns deal list", "plant", ["plant_code"]),
        ("columns show", "id,expected", ["id,expected_close"]),
        ("columns export", "tax", ["tax", "tax_id"]),
        ("columns sql", "owner_n", ["owner_name"]),
        ("columns inbox", "plant", []),
        ("sort deal list", "-plant", ["-plant_code"]),
        ("where deal list", "pla", ["plant_code"]),
        ("where deal list", "amount > 5 and not (own", ["amount > 5 and not (owner"]),
        ("where deal list", "plant_code = ", ["plant_code = PVG", "plant_code = SZX"]),
        ("where deal list", "plant_code in [PVG, S", ["plant_code in [PVG, SZX"]),
        ("where deal list", "stage = 谈", ["stage = 谈判"]),
        ("where deal list", "owner != l", ["owner != li"]),
        ("where deal list", "plant_code = X", []),
        ("by board", "", ["stage", "owner", "holder"]),
        ("by report funnel", "cu", ["customer", "currency"]),
        ("set", "plant_code=", ["plant_code=PVG", "plant_code=SZX"]),
        ("evidence", "", ["quote", "contract", "offer", "drawing"]),
        ("evidence", "dr", ["drawing"]),
        ("described", "dea", ["deal"]),
        ("described", "R", ["R-1"]),
    ],
)
def test_candidates_begin_with_what_was_typed(team: Path, kind: str, prefix: str, words: list[str]) -> None:
    assert asked(team, kind, prefix) == words


@pytest.mark.parametrize(("person", "names"), [("li", ["monday", "stuck"]), ("wang", ["mine", "monday"])])
def test_views_are_ones_own_and_those_of_everybody(
    team: Path, person: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPP_USER", person)
    assert asked(team, "view", "") == names


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", [("amount", "金额")]), ("en", [("amount", "AMOUNT")]), ("", [("amount", "AMOUNT")])]
)
@pytest.mark.parametrize("kind", ["columns deal list", "sort deal list", "where deal list"])
def test_columns_are_offered_with_what_this_person_calls_them(
    team: Path, kind: str, lang: str, words: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPP_LANG", lang)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert fastpath.complete(["--db", str(team), kind, "amo"]) == words


def test_a_column_may_be_begun_by_its_title(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPP_LANG", "zh")
    assert asked(team, "columns deal list", "id,金") == ["id,金额"]


def test_the_team_s_own_field_is_offered_with_its_title(team: Path) -> None:
    assert fastpath.complete(["--db", str(team), "columns deal list", "pl"]) == [("plant_code", "工厂")]
    assert fastpath.complete(["--db", str(team), "set", "pl"]) == [("plant_code=", "工厂")]


@pytest.mark.parametrize(("kind", "words"), [("columns deal list", b"amount"), ("by board", b"stage"), ("set", b"")])
def test_what_every_team_has_is_offered_without_a_database(tmp_path: Path, kind: str, words: bytes) -> None:
    done = run(tmp_path / "none.db", "__complete", kind, words[:2].decode())
    assert (done.stdout.partition(b"\t")[0], done.stderr) == (words, b"")
    assert not (tmp_path / "none.db").exists()


def test_a_server_is_not_asked_for_its_fields(team: Path) -> None:
    assert fastpath.complete(["--db", "postgresql://nowhere.invalid/x", "columns deal list", "pl"]) == []
    assert asked(team, "columns deal list", "pl") == ["plant_code"]


def test_columns_load_the_module_of_their_read_and_no_command(team: Path) -> None:
    probe = (
        "import sys; from oppcli.__main__ import main; sys.argv = ['opp', *sys.argv[1:]]; main(); "
        "print(sorted({'typer', 'dataclasses', 'inspect', 'oppcli.cli.app', 'oppcli.policy'} & set(sys.modules)), "
        "sum(each.startswith('oppcli.') for each in sys.modules))"
    )
    asked = [sys.executable, "-c", probe, "__complete", "--db", str(team), "columns deal list", "am"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    heavy, _, modules = told.rpartition(" ")
    assert (heavy, int(modules) <= 45) == ("[]", True), told


def run(team: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"OPP_DB": str(team)} | environ
    return subprocess.run([sys.executable, "-m", "oppcli", *words], capture_output=True, env=env, check=False)


def test_a_candidate_comes_with_a_description_that_cannot_speak_to_the_terminal(team: Path) -> None:
    done = run(team, "__complete", "deal", "D-12", LC_ALL="C", PYTHONIOENCODING="gbk")
    assert done.stdout.decode("utf-8") == "D-12\tMES [31m 12 · 上海精密仪器 · 线索\n"


@pytest.mark.parametrize(
    "words",
    [("deal", ""), ("nonsense", ""), ("columns nonsense", ""), ("deal",), (), ("--db", "/no/such.db", "deal", "")],
)
def test_a_question_that_cannot_be_answered_is_met_with_silence(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path / "none.db", "__complete", *words)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert not (tmp_path / "none.db").exists()


def test_completing_leaves_the_database_as_it_was(team: Path) -> None:
    before = team.read_bytes()
    run(team, "__complete", "stage", "")
    assert team.read_bytes() == before


def test_neither_completion_nor_version_loads_the_command_tree(team: Path) -> None:
    probe = (
        "import sys; from oppcli.__main__ import main; sys.argv = ['opp', *sys.argv[1:]]; main(); "
        "print(sorted({'typer', 'dataclasses', 'inspect', 'oppcli.store', 'oppcli.errors'} & set(sys.modules)))"
    )
    lines = [
        subprocess.run([sys.executable, "-c", probe, *words], capture_output=True, text=True, check=True).stdout
        for words in (
            ["--version"],
            *(["__complete", "--db", str(team), kind, "l"] for kind in ("user", "set", "view")),
        )
    ]
    assert [text.splitlines()[-1] for text in lines] == ["[]"] * 4


# --- in the shells themselves -------------------------------------------------------------------------------------

CASES: list[tuple[list[str], list[str]]] = [
    (["dea"], ["deal"]),
    (["deal", "sh"], ["show"]),
    (["deal", "show", "D-12"], ["D-12"]),
    (["show", "D-1"], ["D-12", "D-11", "D-10", "D-1"]),
    (["-q", "--as", "li", "deal", "advance", "D-1", "D-12"], ["D-12"]),
    (["deal", "advance", "D-2", "--to", "谈"], ["谈判"]),
    (["deal", "assign", "D-2", "--to", "w"], ["wang"]),
    (["ls", "--owner", "l"], ["li"]),
    (["ls", "-o", "j"], ["json", "jsonl"]),
    (["ls", "--own"], ["--owner"]),
    (["completion", "f"], ["fish"]),
    (["ls", "-c", "amo"], ["amount"]),
    (["ls", "--sort", "expected"], ["expected_close"]),
    (["deal", "edit", "D-1", "--set", "payment"], ["payment_days="]),
    (["mapping", "show", "b"], ["bitrix"]),
    (["ls", "-c", "id,pla"], ["id,plant_code"]),
    (["ls", "-c", "+pla"], ["+plant_code"]),
    (["ls", "--sort", "-pla"], ["-plant_code"]),
    (["ls", "-w", "plant"], ["plant_code"]),
    (["board", "--by", "h"], ["holder"]),
    (["deal", "attach", "D-1", "a.pdf", "--kind", "dr"], ["drawing"]),
    (["import", "a.csv", "--kind", "v"], ["visits"]),
    (["fields", "D-12"], ["D-12"]),
    (["fields", "dea"], ["deal"]),
    (["mond"], ["monday"]),
    (["request", "plan", "D-1", "quote", ""], []),
    (["lead", "add", "--", "-"], []),
    (["--db", "/no/such.db", "show", ""], []),
]


@pytest.fixture
def program(team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`opp` as an executable, with the team's database in the environment."""
    path = tmp_path / "opp"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m oppcli "$@"\n')
    path.chmod(0o755)
    monkeypatch.setenv("OPP_DB", str(team))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return path


Asked = Callable[[list[list[str]]], list[list[str]]]


def output_of(command: list[str], text: str) -> list[list[str]]:
    """Lines of tab-separated candidates that a shell printed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [line.split("\t") if line else [] for line in done.stdout.splitlines()]


def in_bash(lines: list[list[str]]) -> list[list[str]]:
    """What bash would offer for each line; the words are split as readline does, `--owner=li` into three."""
    from shlex import join

    calls = "".join(f"COMP_WORDS=({join(['opp', *line])}) COMP_CWORD={len(line)}; _opp; show\n" for line in lines)
    show = "show() { local IFS=$'\\t'; printf '%s\\n' \"${COMPREPLY[*]}\"; }\n"
    return output_of(["bash", "--norc", "--noprofile"], f"source {ROOT}/completions/opp.bash\n{show}{calls}")


def in_fish(lines: list[list[str]]) -> list[list[str]]:
    """What fish would offer for each line."""
    asked = "".join(f"offers 'opp {' '.join(line)}'\n" for line in lines)
    offers = "function offers; echo (complete -C $argv[1] | string replace -r '\\t.*' '' | string join \\t); end\n"
    return output_of(["fish", "--no-config"], f"source {ROOT}/completions/opp.fish\n{offers}{asked}")


@pytest.mark.parametrize(("shell", "ask"), [("bash", in_bash), ("fish", in_fish)])
def test_the_shell_offers_what_fits(program: Path, shell: str, ask: Asked) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert program.is_file()
    found = ask([line for line, _ in CASES])
    assert list(zip([line for line, _ in CASES], found, strict=True)) == CASES


def test_bash_quotes_a_stage_with_spaces_the_way_it_was_begun(program: Path) -> None:
    assert program.is_file()
    lines = [["deal", "advance", "D-2", "--to", begun] for begun in ("方", "方案\\ ", '"方', "it", '"it')]
    assert in_bash(lines) == [["方案\\ 设计"], ["方案\\ 设计"], ["方案 设计"], ["it\\'s\\ \\$5"], ["it's \\$5"]]


def test_bash_completes_a_value_behind_an_equals_sign(program: Path) -> None:
    assert program.is_file()
    assert in_bash([["ls", "--owner", "=", "l"], ["ls", "--owner", "="]]) == [["li"], ["me", "li", "wang"]]


def test_bash_completes_what_a_field_may_be(program: Path) -> None:
    assert program.is_file()
    line = ["deal", "edit", "D-1", "--set", "budget", "="]
    assert in_bash([[*line, "y"], line]) == [["yes"], ["unknown", "no", "yes"]]


def test_zsh_completes_and_shows_titles(program: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    assert program.is_file()
    offered = zsh_offers("opp deal advance D-12")
    assert offered == ["D-12 -- MES [31m 12 · 上海精密仪器 · 线索"]
    assert zsh_offers("opp deal advance D-2 --to 方") == ["方案 设计 -- open"]


def zsh_offers(line: str) -> list[str]:
    """What _describe is given for the word at the end of a line: zsh has no way to ask without a terminal."""
    script_text = f"""
        compdef() {{ : }}
        _describe() {{ local name=$argv[-1]; print -rl -- "${{(@)${{(P)name}}/:/ -- }}" }}
        source {ROOT}/completions/_opp
        words=({line}); CURRENT=$#words; PREFIX=$words[-1]
        _opp
    """
    done = subprocess.run(["zsh", "-f"], input=script_text, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()
