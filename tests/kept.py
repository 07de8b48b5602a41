"""A database with something of everything in it, made once: the demo, kept."""

import sqlite3
from pathlib import Path
from typing import Any

from command_line import InProcess

NOW = "2026-09-10T15:30:00+08:00"
"""A Thursday afternoon in Shanghai."""


class Kept:
    """A demo that was kept: what it printed, and somebody who types commands on it."""

    def __init__(self, folder: Path, lang: str, now: str = NOW) -> None:
        self.opp = InProcess(folder)
        self.now, self.place = now, folder / "team"
        self.answer = self.opp.ok("demo", "--keep", "team", "--lang", lang, now=now)
        self.opp.db = self.place / "opp.db"
        self.opp.env |= {"OPP_DB": str(self.opp.db), "OPP_NOW": now}

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.opp.db}?mode=ro", uri=True)
        try:
            return connection.execute(sql, params).fetchall()
        finally:
            connection.close()
