"""Which time a write may carry: the machine's clock on a real database, any time on a trial one."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from terminal import Terminal

REAL = {"OPP_NOW": None}
DAY = 86_400
REFUSED = "error: --now is for reads: this database runs on the real clock\n"


@pytest.fixture
@begun
def real(opp: InProcess) -> InProcess:
    """A database that was made by the machine's clock, and is used by it."""
    del opp.env["OPP_NOW"]
    opp.ok("init")
    return opp


def ago(days: float) -> str:
    """That many days before the machine's clock, as it is typed."""
    return datetime.fromtimestamp(time.time() - days * DAY, UTC).isoformat()


def entries(opp: InProcess) -> int:
    with sqlite3.connect(opp.db) as connection:
        (count,) = connection.execute("SELECT count(*) FROM journal").fetchone()
    connection.close()
    return int(count)


@pytest.mark.parametrize(
    "line",
    ["lead add X --customer Y", "user add li", "tick", "notices send"],
)
@pytest.mark.parametrize("days", [1, -1, 0.01, -3650])
def test_a_time_is_not_given_to_a_write_on_the_real_clock_by_an_admin_either(
    real: InProcess, line: str, days: float
) -> None:
    before = entries(real)
    typed, told = real(f"{line} --now {ago(days)}"), real(line, now=ago(days))
    assert [(answer.code, REFUSED in answer.err) for answer in (typed, told)] == [(2, True)] * 2
    assert entries(real) == before


def test_who_set_opp_now_is_told_to_unset_it(real: InProcess) -> None:
    assert real("lead add X --customer Y", now=ago(1)).err == REFUSED + "hint: unset OPP_NOW\n"


def test_a_time_within_five_minutes_of_the_clock_is_the_time(real: InProcess) -> None:
    real.ok(f"lead add X --customer Y --now {ago(-4 / 1440)}")


def test_reads_and_dry_runs_take_any_time(real: InProcess) -> None:
    real.ok("deal list --now 2031-01-01T00:00:00Z")
    real.ok("lead add X --customer Y --dry-run --now 2031-01-01T00:00:00Z")
    real.ok("tick --dry-run --now 2031-01-01T00:00:00Z")


def test_a_database_made_under_a_set_clock_is_a_trial_and_stays_one(opp: InProcess) -> None:
    opp.ok("init", now="2026-03-02T09:00:00Z")
    opp.ok("lead add X --customer Y", now="2000-01-01T00:00:00Z")
    opp.ok("lead add X --customer Y", env=REAL)
    opp.ok("lead add X --customer Y", now="2199-12-31T23:59:59Z")
    assert opp.ok("db info --json", env=REAL).json["trial"] is True


@pytest.mark.parametrize("at", ["1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"])
def test_a_trial_takes_no_time_before_2000_or_after_2199(opp: InProcess, at: str) -> None:
    refused = opp("init", now=at)
    assert (refused.code, opp.db.exists()) == (2, False)
    opp.ok("init")
    refused = opp("lead add X --customer Y", now=at)
    assert (refused.code, refused.err.partition("\n")[0]) == (
        2,
        "error: a trial database takes times from 2000 to 2199",
    )


def test_a_database_made_by_the_clock_is_none(real: InProcess) -> None:
    assert real.ok("db info --json").json["trial"] is False


def test_the_demo_is_a_trial(opp: InProcess) -> None:
    opp.ok("demo --keep there", env=REAL)
    found = opp.ok("--db there/opp.db db info --json", env=REAL).json
    assert found["trial"] is True
    opp.ok("--db there/opp.db tick", user="reed", now="2030-01-01T00:00:00Z")


def aged(opp: InProcess, days: float) -> None:
    """Let the real database be of `days` ago: its entries, and the clock that they kept."""
    connection = sqlite3.connect(opp.db)
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute(
        "UPDATE journal SET at = at - :ms, meta = json_set(meta, '$.wall', json_extract(meta, '$.wall') - :ms)",
        {"ms": int(days * DAY * 1000)},
    )
    connection.commit()
    connection.close()


def test_an_entry_over_366_days_after_the_last_needs_the_word_that_the_clock_is_right(real: InProcess) -> None:
    aged(real, 366.01)
    refused = real("lead add X --customer Y")
    assert (refused.code, "over a year ago" in refused.err, "--clock-ok" in refused.err) == (5, True, True)
    assert real.ok("deal list --ids").out == ""
    real.ok("lead add X --customer Y --dry-run")
    real.ok("lead add X --customer Y --clock-ok")
    real.ok("lead add X --customer Y")


def test_an_entry_366_days_after_the_last_is_one_like_all_others(real: InProcess) -> None:
    aged(real, 365.99)
    real.ok("lead add X --customer Y")


@pytest.mark.parametrize("line", ["tick", "notices send"])
def test_time_does_its_work_for_active_people_alone(real: InProcess, line: str) -> None:
    """A stranger's tick with a time of their own expired an approval."""
    real.ok("user add li")
    real.ok(line, user="li")
    stranger = real(line, user="cron")
    assert (stranger.code, stranger.err) == (
        4,
        "error: cron is not a user of this database\n"
        "hint: an admin types opp user add cron --role service; or the crontab says whose it is: "
        f"OPP_USER=LOGIN opp {line}\n",
    )
    real.ok("user deactivate li")
    left = real(line, user="li")
    assert (left.code, left.err.partition("\n")[0]) == (4, "error: li was deactivated")


def test_a_letter_says_that_it_is_of_a_trial_and_ends_with_the_last_entry() -> None:
    from oppcli.model.notices import Notice
    from oppcli.rules.digests import compose

    notice = Notice(to="li", kind="opened", text="R-1 waits")
    _, text = compose([notice], {}, witness=("This is a trial database.", "journal 811:9f86d081884c7d65"))
    assert text.splitlines()[-2:] == ["This is a trial database.", "journal 811:9f86d081884c7d65"]


def test_a_terminal_asks_whether_the_clock_is_right(real: InProcess) -> None:
    aged(real, 400)
    here = Terminal({**real.env, "PYTHONPATH": str(Path(__file__).parents[2])}, str(real.folder))
    asked = "is the clock right? [y/N]:"
    try:
        no, told = here("lead add X --customer Y", [(asked, "n")])
        yes, _ = here("lead add X --customer Y", [(asked, "y")])
    finally:
        here.close()
    assert (no, "over a year ago" in told, yes) == (5, True, 0)
    assert real.ok("deal list --ids").out == "D-1\n"


def test_a_given_time_shortens_no_wait_after_wrong_pins(real: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    (real.folder / "right").write_text("horse battery")
    (real.folder / "wrong").write_text("horse staple")
    for name in ("right", "wrong"):
        (real.folder / name).chmod(0o600)
    real.ok(f"user pin --new-file {real.folder / 'right'}")
    began = time.time_ns()

    def tried(name: str, minutes: float, ahead: float = 0) -> int:
        now = began + int(minutes * 60e9)
        monkeypatch.setattr(time, "time_ns", lambda: now)
        told = datetime.fromtimestamp((now + ahead * 60e9) / 1e9, UTC).isoformat()
        env = {"OPP_PIN_FILE": str(real.folder / name), "OPP_NOW": told if ahead else None}
        return real("audit mine", env=env).code

    assert [tried("wrong", 1) for _ in range(5)] == [4] * 5
    assert (tried("right", 12, ahead=4.5), tried("right", 16.1)) == (4, 0)
