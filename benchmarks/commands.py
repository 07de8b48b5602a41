"""What a command costs from the keystroke to the answer, as ratios to `python -c "import typer"` in the same run.

    python benchmarks/commands.py [--runs 15]

Every command is a process of its own on a small SQLite file, which is put back before each run outside the measured
time; baselines and commands take turns, so that a busy machine slows them alike. Bytecode is compiled first.
"""

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from policies import BY_MANAGER, FOUR, HEAD, OFFICE, QUOTE

import oppcli

POLICY = f"{HEAD}{FOUR}{QUOTE}{BY_MANAGER}{OFFICE}"
DEALS = 100


class Case(NamedTuple):
    """One line of the table."""

    name: str
    command: list[str]
    baseline: str
    times: float
    plus_ms: float = 0


def cases(opp: list[str]) -> list[Case]:
    """The commands and what each may cost: so many times its baseline, plus so many milliseconds."""
    everyday = {
        "report funnel -o csv": ["report", "funnel", "-o", "csv"],
        "report overdue": ["report", "overdue"],
        "deal list": ["deal", "list"],
        "deal list --json": ["deal", "list", "--json"],
        "deal show": ["deal", "show", "D-1"],
        "deal show in Chinese": ["--lang", "zh", "deal", "show", "D-1"],
        "deal list in Chinese": ["--lang", "zh", "deal", "list"],
        "gate": ["gate", "D-1"],
        "lead add": ["--as", "li", "lead", "add", "Plant", "--customer", "Acme", "--amount", "5000"],
        "advance": ["--as", "li", "advance", "D-1"],
        "request approve": ["--as", "wang", "request", "approve", "R-1"],
    }
    instant = {
        "--version": ["--version"],
        "complete a deal": ["__complete", "deal", "D-1"],
        "complete a stage": ["__complete", "stage", ""],
    }
    return [
        *(Case(name, [*opp, *words], "import typer", 1.5) for name, words in everyday.items()),
        *(Case(name, [*opp, *words], "pass", 1.2, 30) for name, words in instant.items()),
    ]


def program() -> list[str]:
    """The installed `opp` beside this Python, else the module."""
    script = Path(sys.executable).with_name("opp")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "oppcli"]


def prepare(folder: Path, opp: list[str], db: str) -> None:
    """A team of two with some deals, one of them in approval."""
    (folder / "policy.toml").write_text(POLICY)
    for line in ("--as wang init --policy policy.toml", "--as wang user add li --manager wang"):
        call([*opp, *line.split()], folder, db)
    for number in range(1, DEALS + 1):
        call(
            [*opp, "--as", "li", "lead", "add", f"Plant {number}", "--customer", f"C{number % 9}", "--amount", "9"],
            folder,
            db,
        )
    call([*opp, "--as", "li", "request", "submit", "D-1", "quote"], folder, db)


class Spent(NamedTuple):
    """Milliseconds of one process."""

    wall: float
    cpu: float
    """User and system time: what remains comparable on a machine that does other things too."""
    mb: float = 0
    """The most that it held in memory."""


def call(command: list[str], folder: Path, db: str = "") -> Spent:
    """What a command takes from start to end. Stops the benchmark when it fails: its time would mean nothing."""
    environ = os.environ | {"OPP_DB": db or str(folder / "opp.db"), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "errors").open("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = (time.perf_counter() - start) * 1000
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}: {errors.read()}")
    return Spent(wall, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024)


def measure(
    commands: dict[str, list[str]], runs: int, folder: Path, db: str, fresh: Callable[[], object]
) -> dict[str, Spent]:
    """Medians per name, the commands taking turns; `fresh` puts the database back before each."""
    spent: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            fresh()
            spent[name].append(call(command, folder, db))
    return {name: Spent(*(median(times) for times in zip(*all_, strict=True))) for name, all_ in spent.items()}


def asked(about: str | None) -> int:
    """How often each command is to be run; bytecode is compiled first."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=15, help="how often each command is run (15)")
    runs: int = options.parse_args().runs
    compileall.compile_dir(str(Path(oppcli.__file__).parent), quiet=2)
    return runs


def main() -> None:
    runs = asked(__doc__)
    opp = program()
    listed = cases(opp)
    baselines = {code: [sys.executable, "-c", code] for code in ("pass", "import typer")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db, kept = folder / "opp.db", folder / "kept.db"
        prepare(folder, opp, str(db))
        db.rename(kept)
        commands = baselines | {case.name: case.command for case in listed}
        spent = measure(commands, runs, folder, str(db), lambda: shutil.copyfile(kept, db))
    print(f"Python {sys.version.split()[0]}, opp {oppcli.__version__}, median of {runs} runs each, {DEALS} deals\n")
    print(f"{'command':24}{'ms':>8}{'ratio':>8}{'cpu ratio':>11}   limit")
    for code in baselines:
        show(f"python -c {code!r}", spent[code], spent["import typer"])
    for case in listed:
        base = spent[case.baseline]
        over = spent[case.name].wall - case.times * base.wall - case.plus_ms
        said = f"{case.times:g} x {case.baseline}" + (f" + {case.plus_ms:g} ms" if case.plus_ms else "")
        show(case.name, spent[case.name], base, said + (f", over by {over:.0f} ms" if over > 0 else ""))


def show(name: str, spent: Spent, base: Spent, limit: str = "") -> None:
    ratios = f"{spent.wall / base.wall:8.2f}{spent.cpu / base.cpu:11.2f}"
    print(f"{name:24}{spent.wall:8.1f}{ratios}   {limit}".rstrip())


if __name__ == "__main__":
    main()
