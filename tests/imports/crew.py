"""A team and files of another system, for the tests of what a later file, another shape or a workbook says."""

from pathlib import Path
from typing import Any

POLICY = """
[policy]
name     = "team"
currency = "EUR"
calendar = "office"
fallback = "role:admin"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name  = "Deal"
enter = ["discount"]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[lost]
reasons = ["price"]
[type.discount]
title    = "Discount"
when     = "discount > 10"
needs    = ["amount", "discount"]
material = ["amount", "discount"]
lock     = true
[[type.discount.step]]
name = "boss"
who  = "role:manager"
[gate]
Won = ["discount"]
[calendar.office]
timezone = "UTC"
mon_fri  = ["09:00-17:00"]
"""
MAPPING = """
system = "crm"
[fields]
external_id = "id"
title       = "title"
stage       = "stage"
"""
SINCE = MAPPING + 'entered_at  = "since"\n'
ENTERED = MAPPING + '[entered]\nLead = "lead"\nWon = "won"\n'


class Team:
    """A team, and files of another system."""

    def __init__(self, opp: Any, folder: Path, db: str | None = None) -> None:
        self.opp, self.folder = opp, folder
        self.env = {"OPP_DB": db} if db else None
        (folder / "policy.toml").write_text(POLICY)
        self.ok("init --policy policy.toml")

    def ok(self, line: str, **given: Any) -> Any:
        return self.opp.ok(line, env=self.env, **given)

    def take(self, mapping: str, *rows: str, code: int = 0, flags: str = "") -> str:
        (self.folder / "m.toml").write_text(mapping)
        (self.folder / "f.csv").write_text("\n".join(rows) + "\n")
        answer = self.opp(f"import f.csv --mapping m.toml {flags}", env=self.env)
        assert answer.code == code, answer.out + answer.err
        return str(answer.out + answer.err)

    def stays(self, deal: str = "D-1") -> list[tuple[str, str, str]]:
        """Stage, entered, left: days."""
        rows = self.ok("export visits -o json").json
        return [
            (row["stage"], (row["entered_at"] or "")[:10], (row["left_at"] or "")[:10])
            for row in rows
            if row["deal"] == deal
        ]

    def deal(self, number: int = 1) -> Any:
        return self.ok("deal list -o json").json[number - 1]
