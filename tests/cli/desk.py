"""A team whose people type without a terminal, and one who sits at one."""

from pathlib import Path

from command_line import InProcess, Process
from terminal import Terminal

LOST = '\n[lost]\nreasons = ["价格", "竞品", "其他"]\ndetail_required = ["其他"]\n'


class Desk:
    """A database, somebody who types without a terminal (`opp`), and one who sits at one (`at`)."""

    def __init__(self, opp: InProcess, real: Process, policy: str) -> None:
        self.opp, self.real = opp, real
        (opp.folder / "team.toml").write_text(policy, encoding="utf-8")
        opp.ok("init --policy team.toml", user="root")
        for login in ("li", "wang", "chen", "tang", "zhao", "qian", "gao", "lin", "xu"):
            opp.ok("user", "add", login, user="root")
        self.terminal = Terminal({**real.env, "PYTHONPATH": str(Path(__file__).parents[2])}, str(real.folder))

    def at(self, line: str, *answers: tuple[str, str], code: int = 0) -> str:
        """What stood on the screen of `opp LINE`, with these (prompt, answer)."""
        ended, shown = self.terminal(line, answers)
        assert ended == code, shown
        return shown

    def missing(self, line: str, user: str = "li") -> list[str]:
        """What is refused (2) where nobody can be asked."""
        answer = self.opp(line, user=user)
        assert answer.code == 2, answer.err
        return answer.err.splitlines()
