"""The house stands as it is described: layers, sizes, what a command loads, and that every command named exists."""

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from sources import teardown_module, tree
from stages import STAGES, team_policy

from oppcli.cli.completion import table
from oppcli.cli.tree import SYNONYMS

__all__ = ["teardown_module"]
ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "oppcli"
MODULES = sorted(PACKAGE.rglob("*.py"))
HOMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "services", "misc"}
"""Names of places for what has no place."""


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


# --- layers -------------------------------------------------------------------------------------------------------


def test_the_import_contracts_are_kept() -> None:
    pytest.importorskip("importlinter", reason="import-linter comes with the extra dev")
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "0 broken" in done.stdout, done.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    """At the top or within a function."""
    grimp = pytest.importorskip("grimp", reason="import-linter comes with the extra dev")
    graph = grimp.build_graph("oppcli", cache_dir=None)
    circles = [
        (here, there)
        for here in sorted(graph.modules)
        for there in sorted(graph.find_modules_directly_imported_by(here))
        if graph.chain_exists(there, here)
    ]
    assert circles == []


NAMED = {"named_here.py": "oppcli.cli.keystroke"}
"""What is loaded by its name, so that the contract of who may know Typer holds for who asks it."""


def test_no_import_hides_from_who_looks_for_circles() -> None:
    """What is known where it is written is imported, at the top or within a function, and not loaded by its name."""
    hidden = {
        shown(path): call.args[0].value
        for path in MODULES
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("import_module")
        if isinstance(call.args[0], ast.Constant) and str(call.args[0].value).startswith("oppcli")
    }
    assert hidden == NAMED


def test_what_is_loaded_with_a_module_is_imported_at_its_top() -> None:
    """A function imports what would not be loaded otherwise."""
    twice = []
    for path in MODULES:
        top = {str(each.module) for each in tree(path).body if isinstance(each, ast.ImportFrom)}
        twice += [
            f"{shown(path)}:{each.lineno} {each.module}"
            for function in ast.walk(tree(path))
            if isinstance(function, ast.FunctionDef)
            for each in ast.walk(function)
            if isinstance(each, ast.ImportFrom) and each.module in top and each.module.startswith("oppcli")
            if not is_room(each)
        ]
    assert twice == []


def is_room(each: ast.ImportFrom) -> bool:
    """Whether modules are imported out of a package, of which each is loaded by itself."""
    room = ROOT / (each.module or "").replace(".", "/")
    return room.is_dir() and any(
        (room / f"{name.name}.py").exists() or (room / name.name).is_dir() for name in each.names
    )


@pytest.mark.parametrize("room", ["rules", "model", "reads", "render", "policy"])
def test_what_is_computed_is_told_the_time_and_never_asks_for_it(room: str) -> None:
    asked = [
        f"{shown(path)}:{call.lineno}"
        for path in (PACKAGE / room).rglob("*.py")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in {"now", "utcnow", "today", "time", "time_ns"}
        if isinstance(call.func.value, ast.Name) and call.func.value.id in {"datetime", "date", "time"}
    ]
    assert asked == []


@pytest.mark.parametrize("room", ["actions", "cli", "policy", "render", "rules", "notify"])
def test_sql_is_written_in_the_store_and_in_reports_only(room: str) -> None:
    query = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|WITH) \S")
    texts = [
        (shown(path), node.lineno)
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and query.match(node.value)
    ]
    assert texts == []


COMMITS = {"store/sqlite_writing.py", "store/server.py", "store/schema.py", "store/migrate.py", "store/backup.py"}
"""The write doors; and what makes, upgrades or copies a whole database."""


def test_nothing_commits_but_the_write_doors_and_what_keeps_whole_databases() -> None:
    found = {
        shown(path)
        for path in MODULES
        for each in ast.walk(tree(path))
        if (isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "commit")
        or (isinstance(each, ast.Constant) and each.value == "COMMIT")
    }
    assert found == COMMITS


def test_no_code_is_made_of_text() -> None:
    calls = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}
    ]
    assert calls == []


# --- what a command loads -----------------------------------------------------------------------------------------

POLICY = team_policy(
    STAGES,
    """[type.quote]
title = "Quote"
[[type.quote.step]]
name = "Manager"
who = ["manager"]
""",
)
STORY = (
    "--as wang init --policy policy.toml",
    "--as wang user add li --manager wang",
    "--as li lead add Plant --customer Acme --amount 5000",
    "--as li request submit D-1 quote",
    "--as li task add call --for D-1",
    "--as wang lead add Pool --owner none",
)
HEAVY = (
    *("sqlmodel", "sqlalchemy", "pydantic", "rich", "alembic", "psycopg", "dateutil", "click", "unittest"),
    *("hashlib", "hmac"),
)
"""`hashlib` loads OpenSSL, 3 ms."""
EVERYDAY = {
    "deal list": 66,
    "deal list --json": 69,
    "deal show D-1 --json": 77,
    "report funnel -o csv": 58,
    "report overdue --csv": 67,
    "gate D-1": 77,
    "--as li lead add Second --customer Acme --amount 1": 77,
    "--as li advance D-1": 77,
    # A deal under approval, which goes into its next revision.
    "--as li deal edit D-1 --set amount=6000": 100,
    "--as wang request approve R-1": 98,
    "--as wang inbox": 88,
    "--as wang request show R-1": 133,
    "--as li note D-1 'call: they have the money -> +3d offer'": 85,
    "--as li next": 98,
    "--as li done T-1": 85,
    "--as li claim D-2": 78,
    "show D-1": 103,
    "--lang zh show D-1": 104,
    "--lang zh deal list": 67,
    "--lang zh --as wang inbox": 88,
}
"""Command line → so many modules of ours it may load; each costs 0.1 ms, and what it says besides."""
PROBE = """
import sys
from oppcli.cli.app import run
code = run(sys.argv[1:])
print("loaded", code, *sorted(sys.modules), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which one request waits for a decision."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "policy.toml").write_text(POLICY)
    for line in STORY:
        done = typed(folder, "-m", "oppcli", *shlex.split(line))
        assert done.returncode == 0, f"{line}: {done.stderr}"
    return folder


def typed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"OPP_DB": str(folder / "opp.db"), "XDG_CONFIG_HOME": str(folder), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


def test_everyday_commands_load_nothing_heavy(team: Path) -> None:
    """One after another on one database, so that each has something to do."""
    found = {}
    for line, most in EVERYDAY.items():
        done = typed(team, "-c", PROBE, *shlex.split(line))
        code, *modules = done.stderr.rpartition("loaded ")[2].split()
        own = [name for name in modules if name.startswith("oppcli")]
        found[line] = (code, sorted({name.partition(".")[0] for name in modules} & set(HEAVY)), max(len(own) - most, 0))
    over = {line: told for line, told in found.items() if told != ("0", [], 0)}
    assert over == {}


DUPLICATES = '[duplicates]\nrule = [{ name = "same", of = "deal", same = ["customer", "product"] }]\n'


def test_what_cannot_be_a_duplicate_loads_nothing_of_how_they_are_looked_up(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(f"{POLICY}{DUPLICATES}")
    for line in STORY:
        assert typed(tmp_path, "-m", "oppcli", *shlex.split(line)).returncode == 0
    looked_up = {"oppcli.actions.duplicates", "oppcli.words.firms"}
    loaded = {}
    for line in ("--as li note D-1 'call: yes -> +3d offer'", "--as li deal edit D-1 --set product=MES"):
        done = typed(tmp_path, "-c", PROBE, *shlex.split(line))
        loaded[line] = looked_up & set(done.stderr.rpartition("loaded 0")[2].split())
    assert list(loaded.values()) == [set(), looked_up]


ENDING = """
import atexit, sys, threading, time
from oppcli.__main__ import leave
atexit.register(print, "taken apart")
sys.argv = ["opp", "--version"]
if {working}:
    threading.Thread(target=lambda: (time.sleep(0.2), print("thread done"))).start()
leave()
"""


@pytest.mark.parametrize(("working", "after"), [(False, []), (True, ["thread done", "taken apart"])])
def test_a_process_ends_at_once_when_all_is_told_but_waits_for_a_thread(working: bool, after: list[str]) -> None:
    code = ENDING.replace("{working}", str(working))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("\n")[1:-1]) == (0, after)


# --- size and names -----------------------------------------------------------------------------------------------


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function with the lines of its body, the docstring left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for() -> None:
    texts = {shown(path): (ast.get_docstring(tree(path)) or "").split("\n\n")[0] for path in MODULES}
    assert [name for name, text in texts.items() if not text.rstrip().endswith((".", "?", "…"))] == []


def test_modules_can_be_read_at_one_sitting() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    long = {name: lines for name, lines in lengths.items() if lines > 305}
    assert long == {}


def test_functions_are_short() -> None:
    lengths = {(shown(path), name): lines for path in MODULES for name, lines in functions(path)}
    assert [key for key, lines in lengths.items() if lines > 40] == []
    assert median(lengths.values()) < 10


def test_no_module_is_a_place_for_what_has_no_place() -> None:
    assert [shown(path) for path in MODULES if path.stem in HOMELESS or path.parent.name in HOMELESS] == []


# --- every command named exists -----------------------------------------------------------------------------------


@cache
def commands() -> dict[str, table.Row]:
    return {row.path: row for row in table.rows()}


def trouble(line: str) -> str | None:
    """Why a line that begins with `opp` could not be typed; None when it could."""
    known = commands()
    anywhere = {flag.name for flag in table.global_row()} | {"-h", "--help", "--version"}
    path, valued = "", {flag.name for flag in table.global_row() if flag.kind}
    words = iter(shlex.split(line, comments=True)[1:])
    for word in words:
        name = word.partition("=")[0]
        flags = {flag.name: flag for flag in known[path].flags}
        verbs = [verb for verb, _ in known[path].verbs]
        if word in ("|", ">", "&&", ";", "||"):
            return None
        if name in valued or (name in flags and flags[name].kind):
            _ = "=" in word or next(words, "")
        elif word.startswith("-") and len(word) > 1:
            if name not in anywhere and name not in flags:
                return f"opp {path} has no {name}"
        elif word in verbs or SYNONYMS.get(word) in verbs:
            path = f"{path} {word if word in verbs else SYNONYMS[word]}".strip()
        elif verbs and re.fullmatch(r"[a-z][a-z-]*", word):
            return f"there is no opp {path} {word}".replace("  ", " ")
        else:
            return None
    return None


def documents() -> list[Path]:
    return sorted(path for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md") for path in ROOT.glob(pattern))


def typed_in(path: Path) -> Iterator[str]:
    """Lines of code blocks that begin with `opp`, with or without a prompt."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        found = re.match(r"\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(opp\b.*)", line)
        if found and not re.search(r"\[|…|\.\.\.|<", found[1]):
            yield found[1]


def test_every_command_in_the_documents_can_be_typed() -> None:
    wrong = {f"{path.name}: {line}": said for path in documents() for line in typed_in(path) if (said := trouble(line))}
    assert wrong == {}


def test_every_place_in_the_guide_is_there() -> None:
    """`cli/tree.py:TREE`: a module, and a name that it defines."""
    gone = []
    for place in set(re.findall(r"`([\w/]+\.py(?::\w+)?)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))):
        path, _, name = place.partition(":")
        known = [*PACKAGE.rglob(path), *(ROOT / "tests").rglob(path), *ROOT.glob(path)]
        if not any(re.search(rf"^(?:def )?{name}\b", each.read_text("utf-8"), re.MULTILINE) for each in known):
            gone.append(place)
    assert gone == []


def hinted(path: Path) -> Iterator[str]:
    """Commands in the texts of a module: `opp deal list` in a hint, a docstring, a message."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"(?:^|[\s:`(])(opp [a-z]+(?: [a-z][a-z-]+)?)(?!\w)", node.value)


PROSE = {"database", "for", "runs"}
"""Words that follow the program's name in a sentence."""


def unknown(text: str) -> bool:
    """Whether `opp NOUN VERB` names a command there is none of; prose behind a command without verbs is no verb."""
    noun, _, verb = text.removeprefix("opp ").partition(" ")
    row = commands().get(noun)
    if row is None:
        return noun not in PROSE
    return bool(verb and row.verbs) and verb not in dict(row.verbs) and verb not in SYNONYMS


def test_every_command_in_a_hint_exists() -> None:
    said = sorted({(shown(path), text) for path in MODULES for text in hinted(path)})
    assert len(said) > 20
    assert [f"{place}: {text}" for place, text in said if unknown(text)] == []


# --- the README's own commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "says"), [("install-and-run", "pip install"), ("test", "pytest")])
def test_the_readme_has_the_two_commands_that_ci_runs(mark: str, says: str) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^<!-- ci: {mark} -->\n\s*```[a-z]*\n(.+)\n```$", text, re.MULTILINE)
    assert found, f"README.md has no one-line code block below <!-- ci: {mark} -->"
    assert says in found[1]


def test_everything_the_wheel_promises_is_there() -> None:
    import tomllib

    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    sources = [*wheel["force-include"], *wheel["shared-data"]]
    assert [source for source in sources if not (ROOT / source).exists()] == []


WHEN = re.compile(r"[Rr]efus|[Rr]aise")
HELP = {"cli", "files/kinds.py"}
"""What the docstrings of commands tell is for people; a converter of cells raises what `words` do."""


def raising() -> Iterator[tuple[str, str]]:
    """Public functions that raise something of their own, and their docstrings."""
    for path in MODULES:
        name = str(path.relative_to(PACKAGE))
        if name.split("/")[0] in HELP or name in HELP:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _raises(node):
                yield f"{name}: {node.name}", ast.get_docstring(node) or ""


def _raises(node: ast.AST) -> bool:
    """Whether it says `raise X` itself, the functions within it aside."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(child, ast.Raise) and child.exc is not None and "NotImplemented" not in ast.unparse(child.exc):
            return True
        if _raises(child):
            return True
    return False


def test_who_raises_says_when() -> None:
    found = list(raising())
    assert len(found) > 100
    assert [name for name, said in found if not WHEN.search(said)] == []
