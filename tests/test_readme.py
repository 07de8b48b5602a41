"""The README is typed as it stands: every command of its tour gives what is printed below it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@@@"


def tour() -> list[tuple[str, str]]:
    """(command, what it prints), in order, of all console blocks together."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(README.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            else:
                command, printed = found[-1]
                found[-1] = (command, f"{printed}{line}\n")
    return found


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_every_command_of_the_tour_prints_what_the_readme_says(tmp_path: Path) -> None:
    typed = tour()
    assert len(typed) > 20
    lines = [f'opp() {{ "{sys.executable}" -m oppcli "$@"; }}', "exec 2>&1"]
    lines += [f"echo {MARK}\n{command}" for command, _ in typed]
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    env = kept | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    answers = done.stdout.split(f"{MARK}\n")[1:]
    assert [(command, answer) for (command, _), answer in zip(typed, answers, strict=True)] == typed
