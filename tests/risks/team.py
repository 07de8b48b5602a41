"""A small team under a policy with a limit, for stories about risks, typed as commands at their times."""

from pathlib import Path
from typing import Any

from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Contract"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[roles]
finance = ["fin"]
[sod]
submitter_may_approve = false
[type.quote]
title = "Quote"
when = "amount >= 500_000"
material = ["amount", "margin"]
[[type.quote.step]]
name = "Manager"
who = "manager"
[[type.quote.step]]
name = "Finance"
who = "role:finance"
[type.check]
title = "Check"
when = "discount > 10"
material = ["discount"]
[[type.check.step]]
name = "Manager"
who = "manager"
[gate]
"Contract" = ["quote"]
""",
    hours='"09:00-12:00", "13:00-18:00"',
)
PEOPLE = {
    "bob": "--role manager",
    "cay": "--role manager --manager bob",
    "dan": "--manager cay",
    "eve": "--manager cay",
    "fin": "--role finance --manager bob",
}
LONG_AGO = "2026-01-05T09:00:00+08:00"
"""When the team was made: nothing of it is fresh in March."""


class Team:
    """`team("dan", "lead add …", at="02 09:00")`: a time of March 2026 in Shanghai."""

    def __init__(self, opp: InProcess, policy: str = POLICY) -> None:
        self.opp, self.now = opp, LONG_AGO
        self.file = Path(opp.folder) / "policy.toml"
        self.file.write_text(policy, encoding="utf-8")
        self("ann", f"init --policy {self.file}")
        for login, rest in PEOPLE.items():
            self("ann", f"user add {login} {rest}")
        self.now = instant("02 09:00")

    def __call__(self, who: str, *words: str, at: str | None = None) -> Answer:
        """A line that must succeed."""
        self.now = instant(at) if at else self.now
        return self.opp.ok(*words, user=who, now=self.now)

    def refused(self, who: str, *words: str, at: str | None = None) -> Answer:
        self.now = instant(at) if at else self.now
        answer = self.opp(*words, user=who, now=self.now)
        assert answer.code != 0
        return answer

    def apply(self, policy: str, *, at: str | None = None) -> None:
        self.file.write_text(policy, encoding="utf-8")
        self("ann", f"policy apply {self.file}", at=at)

    def deal(self, who: str = "dan", customer: str = "Acme", more: str = "--amount 800000 --set margin=30") -> str:
        """Its number as it is referred to."""
        return str(self(who, f"lead add Plant --customer '{customer}' {more} -q").out.strip())

    def quote(self, deal: str, who: str = "dan") -> str:
        """A quote of it submitted."""
        return str(self(who, f"request submit {deal} quote -q").out.strip())

    def approved(self, request: str, *, at: str) -> None:
        """By everybody who is asked, an hour after each other."""
        day, _, hour = at.partition(" ")
        self("cay", f"approve {request}", at=at)
        self("fin", f"approve {request}", at=f"{day} {int(hour[:2]) + 1:02d}{hour[2:]}")

    def risks(self, line: str = "", *, at: str = "31 18:00", who: str = "ann") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.opp.ok(
            f"audit risks -o json {line}", user=who, now=instant(at), env={"OPP_TZ": "Asia/Shanghai"}
        ).json
        return found

    def kinds(self, *without: str, at: str = "31 18:00") -> list[str]:
        """The kinds that are found, but for decisions that nothing proves: here a name is all that anybody gives."""
        return sorted(row["risk"] for row in self.risks(at=at) if row["risk"] not in ("claimed", *without))

    def seq(self, action: str, *, noun: str = "", last: bool = True) -> str:
        """The last (or first) entry of an action, as it is referred to."""
        rows = self.opp.ok("log -o json", user="ann", now=instant("31 18:00")).json
        found = [row["seq"] for row in rows if row["action"] == action and noun in ("", row["noun"])]
        return str(found[-1 if last else 0])


def instant(text: str) -> str:
    """`02 09:00` of March 2026, `0402 09:00` of another month, or an instant as it is."""
    if len(text) > 12:
        return text
    day, _, hour = text.partition(" ")
    return f"2026-{day[:2] if len(day) == 4 else '03'}-{day[-2:]}T{hour}:00+08:00"
