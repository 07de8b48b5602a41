"""A team that decides away from the terminal: letters leave by a program that keeps them, answers come as files."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
kind = "open"
[[stage]]
name = "Won"
kind = "won"
probability = 100
[[stage]]
name = "Lost"
kind = "lost"
[roles]
finance = ["chen", "zhao"]
[type.quote]
title = "报价审批"
away = ["mail", "packet"]
material = ["amount"]
reasons = ["price", "papers"]
[[type.quote.step]]
name = "Finance"
who = "role:finance"
[gate]
"Offer" = ["quote"]
""",
    name="away",
    hours='"09:00-12:00", "13:00-18:00"',
    head='language = "en"\n',
)
PERSONAL = """
[notify.mail]
kind = "sendmail"
path = "{folder}/sendmail"
from = "opp <opp@example.com>"
quiet = false
"""
CODE = re.compile(r"approve ([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})")


class Away:
    """li asks, chen and zhao are asked; each has an address."""

    def __init__(self, opp: InProcess, policy: str = POLICY, more: str = "") -> None:
        self.opp, self.folder = opp, Path(opp.folder)
        (self.folder / "letters").mkdir()
        (self.folder / "policy.toml").write_text(policy, "utf-8")
        program = self.folder / "sendmail"
        program.write_text(f'#!/bin/sh\ncat > "$(mktemp {self.folder}/letters/XXXXXXXX)"\n', "utf-8")
        program.chmod(0o755)
        config = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(PERSONAL.format(folder=self.folder) + more, "utf-8")
        opp.ok("init --policy policy.toml")
        for login in ("chen", "zhao"):
            opp.ok(f"user add {login} --role finance --email {login}@example.com")
        opp.ok("user add li --email li@example.com")
        opp.ok("add Plant --customer Acme --amount 800000", user="li")

    def submit(self) -> None:
        self.opp.ok("submit D-1 quote", user="li")

    def letters(self, login: str) -> list[str]:
        """What was sent to this person, in one order or another."""
        found = []
        for path in sorted((self.folder / "letters").iterdir()):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if f"{login}@" in str(message["To"]):
                found.append(message.get_content())
        return found

    def codes(self, login: str) -> list[str]:
        """The codes in letters that leave now, for this person."""
        for path in (self.folder / "letters").iterdir():
            path.unlink()
        self.opp.ok("tick")
        return [code for letter in self.letters(login) for code in CODE.findall(letter)]

    def write(self, name: str, sender: str, text: str, **headers: str) -> None:
        """A mail in a file."""
        lines = [f"From: {sender}", "To: opp@example.com", "Subject: Re: opp", f"Message-ID: <{name}@mail>"]
        lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
        lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
        (self.folder / name).write_text("\n".join([*lines, "", text]), "utf-8")

    def mail(self, sender: str, text: str, *, name: str = "a.eml", user: str = "li", **headers: str) -> Answer:
        """A mail that is handed in by somebody."""
        self.write(name, sender, text, **headers)
        return self.opp(f"mail {name}", user=user)

    @property
    def state(self) -> str:
        return str(self.opp.ok("request show R-1 -o json").json["state"])

    def notices(self, login: str) -> list[str]:
        rows = self.opp.ok("notices list -o json").json
        return [row["text"] for row in rows if (row["to"], row["kind"]) == (login, "answer")]

    def bad(self, action: str = "code refused") -> int:
        return len([1 for row in self.opp.ok("log -L 0 -o json").json if row["action"] == action])
