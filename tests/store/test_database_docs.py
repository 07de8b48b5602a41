"""docs/database.md: the check of the journal that the page shows, without the program."""

import re
import sqlite3
from pathlib import Path

from command_line import InProcess

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "database.md").read_text("utf-8")


def test_the_check_of_the_journal_that_the_page_shows_finds_the_first_altered_entry(
    opp: InProcess, tmp_path: Path
) -> None:
    opp.ok("init --template b2b --lang zh")
    opp.ok("add 扩建 --customer 上海精密 --amount 80万")
    shown: dict[str, object] = {}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(compile(code, "database.md", "exec"), shown)
    broken = shown["broken"]
    (path,) = tmp_path.glob("*.db")
    assert callable(broken)
    assert broken(path) is None
    with sqlite3.connect(path) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("UPDATE journal SET actor = 'somebody' WHERE seq = 2")
    file.close()
    assert broken(path) == 2
