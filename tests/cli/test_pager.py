"""On a real terminal: what is longer than the screen goes through a pager; `--watch` shows a read until Ctrl-C."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kept import Kept
from terminal import Terminal

MINE = """#!/bin/sh
echo "paged $(wc -l)"
"""


@pytest.fixture
def screen(chinese: Kept, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal of 80 columns and 24 lines, with a pager that says how many lines it was given."""
    pager = tmp_path / "mine"
    pager.write_text(MINE, "utf-8")
    pager.chmod(0o755)
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    made = Terminal(
        {**kept, **chinese.opp.env, "OPP_PAGER": str(pager), "NO_COLOR": "1", "TERM": "xterm"}, str(tmp_path)
    )
    made("--version; stty cols 80 rows 24")
    yield made
    made.close()


def test_what_is_longer_than_the_screen_goes_through_the_pager(screen: Terminal) -> None:
    code, shown = screen("ls")
    assert code == 0
    lines = shown.strip().splitlines()
    assert lines[0].startswith("paged ") and int(lines[0].split()[1]) > 24
    assert "closed left out: --all" in lines[-1]


def test_what_fits_and_what_is_no_terminal_s_does_not(screen: Terminal) -> None:
    assert "paged" not in screen("ls -L 3")[1]
    assert "paged" not in screen("ls > all; wc -l < all")[1]
    assert "paged" not in screen("ls --json | tail -1")[1]


@pytest.mark.parametrize("none", ["", "cat", "'no-such-pager -x'"])
def test_cat_nothing_and_what_is_not_installed_are_no_pager(screen: Terminal, none: str) -> None:
    code, shown = screen(f"--version > /dev/null; export OPP_PAGER={none}; python3 --version > /dev/null", [])
    shown = screen("ls")[1]
    assert (code, "paged" in shown, "D-" in shown) == (0, False, True)


def test_through_sudo_the_pager_is_one_that_starts_nothing(screen: Terminal, tmp_path: Path) -> None:
    """`!sh` in it would be a shell with the rights that sudo lends, past all that a guarded file proves."""
    less = tmp_path / "less"
    less.write_text('#!/bin/sh\ncat > /dev/null; echo "less $* secure=$LESSSECURE open=$LESSOPEN"\n', "utf-8")
    less.chmod(0o755)
    screen(f"--version; export SUDO_UID=4242 LESSOPEN=x PATH={tmp_path}:$PATH")
    assert "less -FRX secure=1 open=\n" in screen("ls")[1]


def test_a_pager_that_is_quit_early_is_no_error(screen: Terminal) -> None:
    screen("--version; export OPP_PAGER='head -1'")
    code, shown = screen("log -L 0")
    assert code == 0
    assert shown.strip().startswith("SEQ")
    assert "error:" not in shown and len(shown.strip().splitlines()) == 1


def test_long_help_goes_through_the_pager_too(screen: Terminal) -> None:
    assert screen("deal list -h")[1].strip().startswith("paged ")
    assert screen("help filters")[1].strip().startswith("paged ")


def test_watching_ends_with_ctrl_c_and_leaves_the_screen_as_it_was(screen: Terminal) -> None:
    code, shown = screen("report overdue --watch --interval 2", [("REQUEST", "\x03")])
    assert (code, "Nothing was written" in shown) == (0, False)
    assert shown.count("\x1b[?1049h") == shown.count("\x1b[?1049l") == 1
